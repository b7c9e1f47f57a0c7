// Which part of a case's time the page shows.

import { daysBetween, daysLater } from "$charts/frame";

export type Span = "until" | "around" | "whole";
export const SPANS: readonly (readonly [Span, string])[] = [
  ["until", "up to the as-of day"],
  ["around", "eight weeks about it"],
  ["whole", "the whole case"],
];
const BEFORE = 42;
const AFTER = 14;
const LEAST_AHEAD = 7;

/** First and last day shown, with some room after the as-of day to drag it into. */
export function spanOf(
  span: Span,
  view: { start: string; end: string },
  day: string,
): { from: string; to: string } {
  const within = (one: string) => (one < view.start ? view.start : one > view.end ? view.end : one);
  if (span === "whole") return { from: view.start, to: view.end };
  if (span === "around") return { from: within(daysLater(day, -BEFORE)), to: within(daysLater(day, AFTER)) };
  const ahead = Math.max(LEAST_AHEAD, Math.ceil(0.12 * daysBetween(view.start, day)));
  return { from: view.start, to: within(daysLater(day, ahead)) };
}

/** The day that a step by keys leads to, among the days that count: so many on, or to an end. */
export function stepped(days: readonly string[], now: string, key: string): string | null {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  const before = days.filter((one) => one < now);
  const after = days.filter((one) => one > now);
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return before.at(-1) ?? first;
    case "ArrowRight":
    case "ArrowUp":
      return after[0] ?? last;
    case "PageDown":
      return before.at(-7) ?? first;
    case "PageUp":
      return after[6] ?? last;
    case "Home":
      return first;
    case "End":
      return last;
    default:
      return null;
  }
}
