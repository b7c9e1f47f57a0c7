import type { Part } from "$lib/answers";

const MOST = 3;

/** The answers that a sign would move most, at most three. */
export function telling(sign: Part<"IndicatorEstimate">): Part<"Expectation">[] {
  return [...sign.expectations]
    .sort((a, b) => (b.expected_shift ?? 0) - (a.expected_shift ?? 0))
    .slice(0, MOST);
}
