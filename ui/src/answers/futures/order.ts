// What of an outlook stands in the open, and in which order.

import type { Part } from "$lib/answers";

type Outlook = Part<"Outlook">;
type Reach = Part<"Reach">;

export const OPEN = { fronts: 4, turns: 6, joinings: 8, links: 6, reaches: 10 };

/** A front's fan and when it first reaches each rung above where it stands. */
export type FrontAhead = { fan: Part<"Fan">; reaches: Reach[] };

/** The first fronts that the questions ask about, in their order, and the others; if none is asked about, those with
most ahead of them first. `first` are put before all. */
export function fronts(
  answer: Outlook,
  first: readonly string[] = [],
): { open: FrontAhead[]; folded: FrontAhead[] } {
  const asked = answer.asked.length ? answer.asked : likeliest(answer).map((reach) => reach.front);
  const order = [...new Set([...first, ...asked, ...answer.fans.map((fan) => fan.ref)])];
  const all = order.flatMap((ref) =>
    answer.fans
      .filter((fan) => fan.ref === ref)
      .map((fan) => ({ fan, reaches: answer.reaches.filter((reach) => reach.front === ref) })),
  );
  // A question about two fronts gets two, and one about a region no more than a few.
  const count = first.length ? Math.min(Math.max(first.length, 2), OPEN.fronts) : OPEN.fronts;
  return { open: all.slice(0, count), folded: all.slice(count) };
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
