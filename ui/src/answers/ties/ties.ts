// Ties as they stood on a day, and how their lines are drawn apart.

import type { Ties } from "$lib/answers";

export type Bond = Ties["bonds"][number];
export type Stretch = Bond["stretches"][number];
export type Learner = Ties["learners"][number];
export type Turn = Ties["turns"][number];

/** Whether a relation can teach, binds without teaching, or divides. */
export type Manner = "teaches" | "binds" | "divides";
export const MANNERS: readonly [Manner, string][] = [
  ["teaches", "can teach"],
  ["binds", "binds, but teaches nothing"],
  ["divides", "divides"],
];

// A change below half a tenth of a point shows as nothing.
export const SHOWN = 0.0005;

export function mannerOf(bond: Bond): Manner {
  return bond.teaches ? "teaches" : bond.kind === "rivalry" ? "divides" : "binds";
}

/** A tie on a day: not there yet, held at a strength, or broken since a day. */
export type State =
  { is: "before" } | { is: "held"; stretch: Stretch } | { is: "broken"; since: string; last: Stretch };

export function stateOn(bond: Bond, day: string): State {
  const begun = bond.stretches.filter((stretch) => stretch.since <= day);
  const held = begun.find((stretch) => stretch.until === null || stretch.until > day);
  if (held) return { is: "held", stretch: held };
  const last = begun.at(-1);
  return last?.until ? { is: "broken", since: last.until, last } : { is: "before" };
}

/** The years that a network can be looked at in, the last of them up to the day of the answer. */
export function yearsOf(answer: Ties): number[] {
  const first = Math.min(...answer.turns.map((turn) => Number(turn.day.slice(0, 4))));
  const last = Number(answer.head.as_of.slice(0, 4));
  return Number.isFinite(first) ? Array.from({ length: last - first + 1 }, (_, k) => first + k) : [];
}

/** The last day of a year, or the day of the answer if that comes before. */
export function endOfYear(answer: Ties, year: number): string {
  const last = `${year}-12-31`;
  return last < answer.head.as_of ? last : answer.head.as_of;
}

/** What changed in a year. */
export function turnsIn(answer: Ties, year: number): Turn[] {
  return answer.turns.filter((turn) => turn.day.startsWith(`${year}-`));
}

/** An actor's skill on a day: between the days that are told, on the line between them. */
export function skillOn(learner: Learner, day: string): number {
  const at = Date.parse(day);
  const after = learner.path.findIndex((level) => level.day >= day);
  const [before, next] = [learner.path[after - 1], learner.path[after]];
  if (!next) return learner.path.at(-1)?.skill ?? learner.skill ?? 0;
  if (!before) return next.day === day ? (next.skill ?? 0) : (learner.own ?? 0);
  const [from, to] = [Date.parse(before.day), Date.parse(next.day)];
  return (before.skill ?? 0) + ((at - from) / (to - from)) * ((next.skill ?? 0) - (before.skill ?? 0));
}

/** Those whom some tie taught something that shows, most first. */
export function learned(answer: Ties): Learner[] {
  const gain = (one: Learner) => (one.skill ?? 0) - (one.own ?? 0);
  return answer.learners.filter((one) => gain(one) >= SHOWN).sort((one, other) => gain(other) - gain(one));
}

/** How far each relation's line bends, so that those of one pair lie apart: whole or half steps, nothing if alone. */
export function bendsOf(bonds: readonly Bond[]): ReadonlyMap<string, number> {
  const pairs = new Map<string, Bond[]>();
  for (const bond of bonds) {
    const pair = [bond.one, bond.other].sort().join("\n");
    pairs.set(pair, [...(pairs.get(pair) ?? []), bond]);
  }
  return new Map(
    [...pairs.values()].flatMap((beside) =>
      beside.map((bond, k) => {
        const bend = k - (beside.length - 1) / 2;
        // To the same side of the pair whichever way the tie is written.
        return [bond.ref, bond.one < bond.other ? bend : -bend] as const;
      }),
    ),
  );
}

/** When a tie held, in words. */
export function heldFor(stretch: Stretch): string {
  return stretch.until ? `${stretch.since} to ${stretch.until}` : `since ${stretch.since}`;
}
