// Changes of a probability, in points of a hundred, with as many digits as their error supports.

import { plus, type Measured } from "./format";

// Errors beyond which a change is called one.
const TELLING = 2;

/** Hundredths of a point where the error is that small, else tenths. */
export const digitsOf = (error: number | null) => ((error ?? 1) >= 0.00095 ? 1 : 2);

/** A change of a probability: "−2.4 ±0.2"; no error is rounded to none. */
export function change(of: Measured): string {
  if (of.value === null) return "unknown";
  if (of.value === 0 && of.mc_error === 0) return "0";
  const digits = digitsOf(of.mc_error);
  if (of.mc_error === null) return `${plus(100 * of.value, digits)} (error unknown)`;
  return `${plus(100 * of.value, digits)} ±${Math.max(100 * of.mc_error, of.mc_error > 0 ? 0.01 : 0).toFixed(digits)}`;
}

/** What is left on the table: a change without its plus. */
export function level(of: Measured): string {
  return change(of).replace(/^\+/, "");
}

/** Whether a change can be told from none. */
export function told(of: Measured): boolean {
  return of.value !== null && of.mc_error !== null && Math.abs(of.value) > TELLING * of.mc_error;
}
