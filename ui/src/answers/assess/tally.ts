/** Reports right and wrong, parts of one where old ones count less: "2.5 right, 0 wrong"; null if there are none. */
export function tally(right: number | null, wrong: number | null): string | null {
  if (!right && !wrong) return null;
  const count = (of: number | null) => String(Number((of ?? 0).toPrecision(3)));
  return `${count(right)} right, ${count(wrong)} wrong`;
}
