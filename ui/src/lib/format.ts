// How numbers and names are written, so that page, report and terminal say the same thing in the same words.
//
// A probability is written with one Monte Carlo standard error and no more digits than the error supports. One
// that has no error of its own is written as a whole percentage after "about".

export type Chance = { probability: number | null; mc_error: number | null };
export type Measured = { value: number | null; mc_error: number | null };

// Decimals that an error in percentage points supports: one digit of the error, two at the most.
function digitsFor(error: number): number {
  if (!Number.isFinite(error) || error <= 0) return 1;
  return Math.min(Math.max(0, Math.ceil(-Math.log10(error) - 0.02)), 2);
}

/** A probability with its Monte Carlo error: "12.3 % ±0.4". */
export function percent(chance: Chance): string {
  if (chance.probability === null) return "unknown";
  const p = 100 * chance.probability;
  if (chance.probability <= 0) return "0 % (none)";
  if (chance.mc_error === null) return `${p.toFixed(0)} % (error unknown)`;
  const error = 100 * chance.mc_error;
  if (chance.probability >= 1 - 1e-12 && error < 0.005) return "100 % (all)";
  if (error < 0.005 && p < 0.01) return "under 0.01 % ±0.01";
  const digits = digitsFor(error);
  return error < 0.005 ? `${p.toFixed(digits)} % ±0.01` : `${p.toFixed(digits)} % ±${error.toFixed(digits)}`;
}

/** A share in whole percent, never rounded to none or all: "12 %", "under 1 %". */
export function share(probability: number | null): string {
  if (probability === null) return "unknown";
  if (probability > 0 && probability < 0.005) return "under 1 %";
  if (probability >= 0.995 && probability < 1) return "over 99 %";
  return `${(100 * probability).toFixed(0)} %`;
}

/** A probability without an error of its own: "about 12 %". */
export function about(probability: number | null): string {
  return probability !== null && probability >= 0.005 && probability < 0.995
    ? `about ${share(probability)}`
    : share(probability);
}

/** A number with its sign; a minus is written as one, and zero has none: "+1.2", "−0.5", "0.0". */
export function plus(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

/** A number with its sign and its error: "−3.2 ±0.4". */
export function signed(number: Measured, factor = 1, digits = 1): string {
  if (number.value === null) return "unknown";
  const value = plus(factor * number.value, digits);
  if (number.mc_error === null) return `${value} (error unknown)`;
  return `${value} ±${(factor * number.mc_error).toFixed(digits)}`;
}

/** A bare number, with a minus that is one: "0.123", "−0.500". */
export function fixed(value: number | null, digits = 2): string {
  if (value === null) return "unknown";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A number without a sign and its error, with a digit more where the error would else be nothing: "0.65 ±0.01". */
export function measured(number: Measured, digits = 2): string {
  if (number.value === null) return "unknown";
  if (number.mc_error === null) return `${fixed(number.value, digits)} (error unknown)`;
  const enough = number.mc_error > 0 && number.mc_error < 0.5 * 10 ** -digits ? digits + 1 : digits;
  return `${fixed(number.value, enough)} ±${number.mc_error.toFixed(enough)}`;
}

/** A change of probability in points of a hundred: "+1.2 ±0.3 points". */
export function points(number: Measured, digits = 1): string {
  return `${signed(number, 100, digits)} points`;
}

/** Whether a number is within two of its Monte Carlo errors of nothing, or its error is unknown. */
export function isUncertain(number: Measured): boolean {
  return number.value === null || number.mc_error === null || !(Math.abs(number.value) > 2 * number.mc_error);
}

/** What a weight in decibans does to the odds: "odds × 2.0". */
export function oddsWords(decibans: number): string {
  const factor = 10 ** (Math.abs(decibans) / 10);
  if (factor < 1.05) return "odds as they were";
  const text = factor >= 9.5 ? factor.toFixed(0) : factor.toFixed(1);
  return decibans > 0 ? `odds × ${text}` : `odds ÷ ${text}`;
}

/** A date as everywhere in tocsin; a dash where there is none. */
export function day(date: string | null | undefined): string {
  return date ?? "–";
}

/** A phrase as the start of a sentence. */
export function titled(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Some names as a sentence lists them: "a, b and c". */
export function listed(parts: readonly string[], last = "and"): string {
  if (parts.length < 2) return parts[0] ?? "";
  return `${parts.slice(0, -1).join(", ")} ${last} ${parts.at(-1)}`;
}

/** A count and its noun: "3 reports". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The class that colours a cell: p1 to p5 above nothing, n1 to n5 below it. */
export function heat(value: number, scale: number): string {
  const strength = Math.min(scale ? Math.round((5 * Math.abs(value)) / scale) : 0, 5);
  return strength ? `${value > 0 ? "p" : "n"}${strength}` : "";
}

/** A name that can stand in an address within the page. */
export function anchor(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "") || "x"
  );
}

/** A date of the case as a moment that charts can place (UTC, so that no zone moves it). */
export function moment(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}
