// What of an outlook stands in the open, and in which order.

import type { Part } from "$lib/answers";

type Outlook = Part<"Outlook">;
type Reach = Part<"Reach">;

export const OPEN = { turns: 6, joinings: 8, links: 6, reaches: 10 };

/** A front's fan and when it first reaches each rung above where it stands. */
export type FrontAhead = { fan: Part<"Fan">; reaches: Reach[] };

/** The fronts that a question asks about, and the others; if none is asked about, those with most ahead of them. */
export function fronts(answer: Outlook): { asked: FrontAhead[]; others: FrontAhead[] } {
  const all = answer.fans.map((fan) => ({
    fan,
    reaches: answer.reaches.filter((reach) => reach.front === fan.ref),
  }));
  const first = answer.asked.length ? answer.asked : likeliest(answer).map((reach) => reach.front);
  const open = new Set(first.slice(0, 12));
  return {
    asked: all.filter(({ fan }) => open.has(fan.ref)),
    others: all.filter(({ fan }) => !open.has(fan.ref)),
  };
}

/** The rungs from the joining rung on, the likeliest to be reached first. */
export function likeliest(answer: Outlook): Reach[] {
  const rungs = answer.head.rungs;
  const high = rungs.indexOf(answer.joining_rung);
  return answer.reaches
    .filter((reach) => rungs.indexOf(reach.rung) >= high)
    .sort((a, b) => (a.never.probability ?? 1) - (b.never.probability ?? 1));
}

/** Those that ever happen, in the order of the answer. */
export function reachable(answer: Outlook): Reach[] {
  return answer.reaches.filter((reach) => (reach.never.probability ?? 1) < 0.999);
}
