// Shares of rungs, step by step, as cells of a ladder.

import type { Frame } from "./frame";

export type Step = { day: string; shares: readonly (number | null)[] };
export type Held = { rung: number; from: string; to: string; share: number };

// What is paler than this cannot be seen.
const SEEN = 0.004;

/** One cell for each rung of each step that lies in the frame, cut to it; a rung with hardly any share has none. */
export function rungsHeld(steps: readonly Step[], end: string, frame: Pick<Frame, "from" | "to">): Held[] {
  return steps.flatMap((step, k) => {
    const until = steps[k + 1]?.day ?? end;
    const from = step.day < frame.from ? frame.from : step.day;
    const to = until > frame.to ? frame.to : until;
    if (from >= to) return [];
    return step.shares.flatMap((share, rung) =>
      share !== null && share >= SEEN ? [{ rung, from, to, share: Math.min(share, 1) }] : [],
    );
  });
}

/** The likeliest rung of the step that a day lies in, and its share; null before the first step. */
export function standing(steps: readonly Step[], day: string): { rung: number; share: number } | null {
  const step = steps.findLast((one) => one.day <= day);
  if (!step) return null;
  return step.shares.reduce<{ rung: number; share: number } | null>(
    (best, share, rung) => (share !== null && (!best || share > best.share) ? { rung, share } : best),
    null,
  );
}
