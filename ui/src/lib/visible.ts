// What a case's text may show: every character that prints, and none that would reverse or break its line.

/** Text without control characters and marks of direction; line breaks and tabs become spaces. */
export function visible(text: string): string {
  return text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "");
}

/** Read an answer's JSON; every text in it comes out fit to be shown. */
export function read<T>(json: string): T {
  return JSON.parse(json, (_, value: unknown) => (typeof value === "string" ? visible(value) : value)) as T;
}
