// Shares that sum to one, step by step, as bands to draw.

export type Step = { day: string; shares: readonly (number | null)[] };
export type Slice = { day: string; rung: number; from: number; to: number };
export type BandLabel = { rung: number; day: string; middle: number; atEnd: boolean };

/** The day after the last step, which lasts as long as the one before it. */
export function endOf(steps: readonly Step[]): string {
  const last = steps.at(-1);
  const before = steps.at(-2);
  if (!last) return "";
  const length = before ? Date.parse(last.day) - Date.parse(before.day) : 7 * 86_400_000;
  return new Date(Date.parse(last.day) + length).toISOString().slice(0, 10);
}

/** Each rung's band, lowest below; the last step is drawn to its end. */
export function stacked(steps: readonly Step[]): Slice[] {
  const last = steps.at(-1);
  const drawn = last ? [...steps, { day: endOf(steps), shares: last.shares }] : [];
  return drawn.flatMap(({ day, shares }) => {
    let from = 0;
    return shares.map((share, rung) => {
      const to = Math.min(from + (share ?? 0), 1);
      const slice = { day, rung, from, to };
      from = to;
      return slice;
    });
  });
}

/** Where each rung is named: at the end if its band is thick enough there, else where it is thickest. */
export function labels(steps: readonly Step[], least: number): BandLabel[] {
  const last = steps.at(-1);
  if (!last) return [];
  return last.shares.flatMap((_, rung): BandLabel[] => {
    const middle = (step: Step) => {
      const below = step.shares.slice(0, rung).reduce<number>((sum, share) => sum + (share ?? 0), 0);
      return below + (step.shares[rung] ?? 0) / 2;
    };
    if ((last.shares[rung] ?? 0) >= least)
      return [{ rung, day: endOf(steps), middle: middle(last), atEnd: true }];
    // Not at the very edge, where the name would leave the picture.
    const inner = steps.slice(1, -1);
    const thickest = inner.reduce<Step | undefined>(
      (best, step) => (!best || (step.shares[rung] ?? 0) > (best.shares[rung] ?? 0) ? step : best),
      undefined,
    );
    return thickest && (thickest.shares[rung] ?? 0) >= 1.3 * least
      ? [{ rung, day: thickest.day, middle: middle(thickest), atEnd: false }]
      : [];
  });
}
