// What a map of a case shows: actors with a place, and where each front most likely stands.

import type { Estimate } from "$lib/answers";
import type { Chance } from "$lib/format";
import type { Place } from "./map";

export type Located = { id: string; name: string; place: Place };
export type Standing = { ref: string; initiator: string; target: string; rung: number; chance: Chance };

/** Those actors of a case that have a place on a map. */
export function located(
  actors: readonly { id: string; name: string; place?: readonly number[] | null }[],
): Located[] {
  return actors.flatMap(({ id, name, place }) => {
    const [latitude, longitude] = place ?? [];
    return latitude === undefined || longitude === undefined
      ? []
      : [{ id, name, place: [latitude, longitude] }];
  });
}

/** The likeliest rung of each front. */
export function standing(estimate: Estimate): Standing[] {
  return estimate.fronts.flatMap(({ ref, initiator, target, current, posture }) => {
    const rung = estimate.rungs.indexOf(current);
    const chance = posture[rung];
    return chance ? [{ ref, initiator, target, rung, chance }] : [];
  });
}
