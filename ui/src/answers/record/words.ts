// A track record in words: what was scored, how it did, and what cannot be judged yet.

import type { Part } from "$lib/answers";
import { counted, fixed, plus } from "$lib/format";

type Interval = Part<"Interval">;
type Record = Part<"TrackRecord">;

/** A score with its 90 % interval: "0.120 (0.080 to 0.171)". */
export function interval(found: Interval | null, digits = 3, sign = false): string {
  if (found === null || found.value === null) return "cannot be told";
  const told = (value: number) => (sign ? plus(value, digits) : fixed(value, digits));
  if (found.low === null || found.high === null)
    return `${told(found.value)} (too few questions for an interval)`;
  return `${told(found.value)} (${told(found.low)} to ${told(found.high)})`;
}

/** Where a ledger's questions stand. */
export function standing(questions: Part<"Questions">): string {
  const { resolved, open, decided_early: early, overdue } = questions;
  return [
    `${resolved} resolved`,
    `${open} open`,
    `${early} decided before ${early === 1 ? "its" : "their"} close`,
    `${overdue} overdue`,
    `${questions.void} voided`,
  ].join(", ");
}

/** How much of a ledger is scored, in a sentence. */
export function scored(record: Record): string {
  if (record.forecasts === 0) {
    const held = Object.values(record.questions).reduce((sum, count) => sum + count, 0);
    return held === 0
      ? "The ledger holds no forecast yet."
      : "Nothing is scored yet: no yes-or-no forecast is of a question that is closed and resolved.";
  }
  const questions = counted(record.brier?.blocks ?? 0, "question");
  const are = record.forecasts === 1 ? "is" : "are";
  return `${counted(record.forecasts, "forecast")} of ${questions} ${are} scored, up to ${record.day}.`;
}

/** Whether skill is there, as far as its interval tells. */
export function skillWords(found: Interval | null): string {
  if (found === null || found.low === null || found.high === null) return "too little to tell";
  if (found.low > 0) return "better than the base rate";
  if (found.high < 0) return "worse than the base rate";
  return "no difference can be told";
}

/** Bins in which what came lies outside the bar that would hold it nine times in ten, were forecasts right. */
export function outside(curve: readonly Part<"CurveBin">[]): number {
  return curve.filter(
    ({ observed, bar_low, bar_high }) =>
      observed !== null &&
      bar_low !== null &&
      bar_high !== null &&
      (observed < bar_low || observed > bar_high),
  ).length;
}
