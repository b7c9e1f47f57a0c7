// The days of a case on which something became known.

type Days = { start: string; end: string; days: readonly string[] };

/** Days before a day that its answer can be compared with, the last first; the case's start is one of them. */
export function earlierDays(view: Days, day: string): string[] {
  const known = view.days.filter((one) => one >= view.start && one < day);
  return [...new Set([...known, ...(view.start < day ? [view.start] : [])])].sort().reverse();
}
