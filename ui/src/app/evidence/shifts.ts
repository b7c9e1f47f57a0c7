// What leaving out reports does to each answer: as it was, quickly, and in full.

import { shortNames } from "$answers/assess/order";
import type { Estimate, Part } from "$lib/answers";
import type { Chance, Measured } from "$lib/format";

export type Shifted = {
  id: string;
  name: string;
  text: string;
  before: Chance;
  /** By weighing the particles that are there; null while that is not known. */
  now: Chance | null;
  shift: Measured | null;
  /** With the one report that is left out left out alone, as the estimate has it; it has no error of its own. */
  alone: number | null;
  /** As the changed case inferred anew has it. */
  full: Chance | null;
};

/** Every question before and after some reports were left out.
 *
 * An answer that is of other reports is not told. The quick one compares with the case as it is written, so that its
 * shift is told only if nothing else is `changed`. */
export function shiftsOf(
  base: Estimate,
  dropped: readonly string[],
  answers: { quick: Part<"WhatIf"> | null; full: Part<"InFull"> | null; changed: boolean },
): Shifted[] {
  const { changed } = answers;
  const quick = isOf(answers.quick, dropped) ? answers.quick : null;
  const full = isOf(answers.full, dropped) ? answers.full : null;
  const names = shortNames(base.questions);
  const one = dropped.length === 1 ? base.evidence.find((piece) => piece.id === dropped[0]) : undefined;
  return base.questions.map(({ id, text, chance }) => {
    const moved = quick?.questions.find((question) => question.id === id);
    return {
      id,
      name: names.get(id) ?? id,
      text,
      before: chance,
      now: moved?.now ?? null,
      shift: moved && !changed ? moved.shift : null,
      alone: one?.weights.find((weight) => weight.hypothesis === id)?.without ?? null,
      full: full?.chances.find(([question]) => question === id)?.[1] ?? null,
    };
  });
}

/** Whether an answer is without these reports and no others. */
export function isOf(answer: { without: readonly string[] } | null, dropped: readonly string[]): boolean {
  return answer !== null && [...answer.without].sort().join("\n") === [...dropped].sort().join("\n");
}

/** Some ids with others added or taken away, each once and in order. */
export function toggled(ids: readonly string[], some: readonly string[], out: boolean): string[] {
  const rest = ids.filter((id) => !some.includes(id));
  return out ? [...rest, ...some] : rest;
}
