// A running total, step by step, on a scale that holds every step and its error.

export type Step = { value: number | null; error: number | null };
export type Placed = { from: number; to: number; error: number };

/** Where each step begins and ends, from a start on. */
export function running(start: number, steps: readonly Step[]): Placed[] {
  let total = start;
  return steps.map(({ value, error }) => {
    const from = total;
    total += value ?? 0;
    return { from, to: total, error: error ?? 0 };
  });
}

/** The ends of a scale that holds a start, every running total with its error, and the end with its own. */
export function reachOf(start: Step, placed: readonly Placed[], end: Step): [number, number] {
  const begun = start.value ?? 0;
  const ends = [
    begun - (start.error ?? 0),
    begun + (start.error ?? 0),
    ...placed.flatMap(({ to, error }) => [to - error, to + error]),
    (end.value ?? begun) - (end.error ?? 0),
    (end.value ?? begun) + (end.error ?? 0),
  ];
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  return high > low ? [low, high] : [low, low + 1e-9];
}

/** A few round numbers on a scale. */
export function ticksWithin(low: number, high: number, most = 5): number[] {
  const rough = (high - low) / most;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * scale).find((n) => n >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from(
    { length: Math.max(last - first + 1, 0) },
    (_, k) => Number(((first + k) * step).toPrecision(6)) + 0,
  );
}
