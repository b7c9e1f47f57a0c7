// What comes first in an estimate: the short names of its questions, and the fronts and actors that they ask about.

import type { Estimate, Part } from "$lib/answers";

type Front = Part<"FrontEstimate">;
type Actor = Part<"ActorEstimate">;

/** Q1 and on, by the question's id. */
export function shortNames(questions: readonly { id: string }[]): ReadonlyMap<string, string> {
  return new Map(questions.map((question, k) => [question.id, `Q${k + 1}`]));
}

/** The fronts that questions ask about, in the order of the questions, and the rest; all of them if none asks. */
export function byFocus(estimate: Estimate): { asked: Front[]; others: Front[] } {
  const refs = new Set(estimate.questions.flatMap((question) => question.fronts));
  const known = new Map(estimate.fronts.map((front) => [front.ref, front]));
  const asked = [...refs].flatMap((ref) => known.get(ref) ?? []);
  if (!asked.length) return { asked: estimate.fronts, others: [] };
  return { asked, others: estimate.fronts.filter((front) => !refs.has(front.ref)) };
}

/** The actors, those first that questions ask about. */
export function actorsInOrder(estimate: Estimate): Actor[] {
  const order = new Set(byFocus(estimate).asked.flatMap((front) => [front.initiator, front.target]));
  const rank = new Map([...order].map((id, k) => [id, k]));
  return [...estimate.actors].sort(
    (one, other) => (rank.get(one.id) ?? rank.size) - (rank.get(other.id) ?? rank.size),
  );
}
