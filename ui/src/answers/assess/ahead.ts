// What an estimate says of the time after its day, as tables and charts want it.

import type { Estimate, Part } from "$lib/answers";
import type { Chance } from "$lib/format";

export type Milestone = { by: string; fronts: { ref: string; chances: ReadonlyMap<string, Chance> }[] };

/** For each day up to which it is counted: each front's chance of having reached each rung. */
export function milestones(answer: Estimate): Milestone[] {
  const days = new Set(answer.futures.fans.flatMap((fan) => fan.reached.map(([, by]) => by)));
  return [...days].sort().map((by) => ({
    by,
    fronts: answer.futures.fans.map((fan) => ({
      ref: fan.ref,
      chances: new Map(fan.reached.filter((one) => one[1] === by).map(([rung, , chance]) => [rung, chance])),
    })),
  }));
}

/** A front's shares of rungs, step by step: up to the estimate's day as they were believed, then as they may be. */
export function courseOf(answer: Estimate, front: Part<"FrontEstimate">): Part<"FanStep">[] {
  const ahead = answer.futures.fans.find((fan) => fan.ref === front.ref)?.steps ?? [];
  const first = ahead[0]?.day;
  return [
    ...lived(front.posture_over_time).filter((one) => first === undefined || one.day < first),
    ...ahead,
  ];
}

/** The steps that lasted: where the case's start and its first step share a day, the step stands for it. */
export function lived(moments: readonly Part<"Moment">[]): Part<"Moment">[] {
  return moments.filter((one, k) => moments[k + 1]?.day !== one.day);
}
