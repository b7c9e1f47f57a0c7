// Which considerations stand in the open, and what a front's rungs and terms are in rows.

import type { Part } from "$lib/answers";
import { plus, type Chance } from "$lib/format";
import type { Bar } from "$charts/Bars.svelte";

type Front = Part<"FrontEstimate">;
type Term = Part<"TermEstimate">;

// How many considerations of each direction are in the open, and what weighs too little to be.
const OPEN = 6;
const LITTLE = 0.1;

/** The terms that stand in the open and those folded away, both from the strongest push to the strongest hold. */
export function opened(terms: readonly Term[]): { open: Term[]; folded: Term[] } {
  const weighty = terms.filter((term) => Math.abs(term.nats ?? 0) >= LITTLE);
  const pushes = weighty.filter((term) => (term.nats ?? 0) > 0).slice(0, OPEN);
  const holds = weighty.filter((term) => (term.nats ?? 0) < 0).slice(-OPEN);
  const open = terms.filter((term) => pushes.includes(term) || holds.includes(term));
  return { open, folded: terms.filter((term) => !open.includes(term)) };
}

/** A term as a bar, with its spread and its words. */
export function barOf(term: Term): Bar {
  return {
    key: `${term.kind} ${term.reference}`,
    label: term.label,
    note: term.kind,
    value: term.nats,
    spread: term.spread,
    figure:
      term.nats === null
        ? "unknown"
        : `${plus(term.nats, 2)}${term.spread === null ? "" : ` (spread ${term.spread.toFixed(2)})`}`,
    words: term.words,
  };
}

/** How far a front's bars reach: its farthest whisker. */
export function reachOf(terms: readonly Term[]): number {
  return Math.max(...terms.map((term) => Math.abs(term.nats ?? 0) + (term.spread ?? 0)), 1e-9);
}

export type Alternative = { name: string; chance: Chance };

/** The likeliest of some named alternatives, largest first; all but the first of at least 5 %. */
export function likeliest(names: readonly string[], chances: readonly Chance[], most = 3): Alternative[] {
  return chances
    .map((chance, k) => ({ name: names[k] ?? "", chance }))
    .sort((one, other) => (other.chance.probability ?? 0) - (one.chance.probability ?? 0))
    .slice(0, most)
    .filter(({ chance }, k) => k === 0 || (chance.probability ?? 0) >= 0.05);
}

/** A front's steps up to now and on into the futures, as one row of shares of the rungs. */
export function pastAndFuture(
  front: Front,
  fan: Part<"Fan"> | undefined,
): { day: string; shares: readonly (number | null)[] }[] {
  const ahead = fan?.steps ?? [];
  const seen = new Set(ahead.map((step) => step.day));
  return [...front.posture_over_time.filter((moment) => !seen.has(moment.day)), ...ahead];
}

/** A front in a line: where it likely stands, and what pushes and holds it most. */
export function inShort(front: Front): string {
  const push = front.terms.find((term) => (term.nats ?? 0) >= LITTLE);
  const hold = front.terms.findLast((term) => (term.nats ?? 0) <= -LITTLE);
  const parts = [
    `most likely at ${front.current}`,
    push ? `pushed most by “${push.label}”` : "pushed by nothing much",
    hold ? `held most by “${hold.label}”` : "held by nothing much",
  ];
  return parts.map((part) => part.replace(/[.?!]”$/, "”")).join("; ");
}
