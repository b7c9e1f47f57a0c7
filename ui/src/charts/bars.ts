// A scale that reaches equally far to both sides of nothing.

/** Where a value lies on it, in percent of its width; what lies beyond it is put at its end. */
export function placeOf(value: number, largest: number): number {
  return 50 + 50 * Math.max(-1, Math.min(1, value / largest));
}

/** Round numbers on it, nothing among them. */
export function ticksOf(largest: number): number[] {
  const scale = 10 ** Math.floor(Math.log10(largest));
  const step = [5, 2, 1].map((n) => n * scale).find((n) => n <= largest) ?? scale;
  const count = Math.floor(largest / step);
  return Array.from({ length: 2 * count + 1 }, (_, k) => Number(((k - count) * step).toPrecision(6)) + 0);
}
