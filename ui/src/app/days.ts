// The days of a case on which something became known.

type Days = { start: string; end: string; days: readonly string[] };

/** Days before a day that its answer can be compared with, the last first; the case's start is one of them. */
export function earlierDays(view: Days, day: string): string[] {
  const known = view.days.filter((one) => one >= view.start && one < day);
  return [...new Set([...known, ...(view.start < day ? [view.start] : [])])].sort().reverse();
}

/** Whether a text is a day of the calendar, written 2023-10-11. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}
