// Which evidence says most of a hypothesis.

import type { Estimate, Part } from "$lib/answers";

export type Telling = { piece: Part<"EvidenceEstimate">; weight: Part<"Weight"> };

// What weighs less hardly says anything.
const TELLING_DECIBANS = 0.5;
const strength = ({ weight }: Telling) => Math.abs(weight.decibans.value ?? 0);

/** The pieces of evidence that say most of a hypothesis, for or against, strongest first. */
export function telling(estimate: Estimate, hypothesis: string, most = 3): Telling[] {
  return estimate.evidence
    .flatMap((piece) =>
      piece.weights.filter((weight) => weight.hypothesis === hypothesis).map((weight) => ({ piece, weight })),
    )
    .filter((one) => strength(one) >= TELLING_DECIBANS)
    .sort((one, other) => strength(other) - strength(one))
    .slice(0, most);
}
