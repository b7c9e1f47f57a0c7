// The matrix of evidence against hypotheses: its columns, its rows, their order and what is searched for.

import type { Estimate, Part } from "$lib/answers";
import { shortNames } from "./order";

export type Piece = Part<"EvidenceEstimate">;
export type Weight = Part<"Weight">;

export type Hypothesis = {
  /** As weights name it. */
  id: string;
  /** What stands above its column. */
  name: string;
  text: string;
};
/** Hypotheses that stand side by side: the questions, or what one actor is. */
export type Group = { id: string; name: string; hypotheses: Hypothesis[] };

export type Row = {
  piece: Piece;
  /** By hypothesis. */
  weights: ReadonlyMap<string, Weight>;
  /** The reports that this one counts for, being of one origin or saying the same. */
  standsFor: Piece[];
  /** What it is at odds with, in words. */
  conflicts: string[];
};

export const QUESTIONS = "questions";

/** The questions first, then each actor's dispositions and deception. */
export function groupsOf(estimate: Estimate): Group[] {
  const names = shortNames(estimate.questions);
  return [
    {
      id: QUESTIONS,
      name: "the questions",
      hypotheses: estimate.questions.map((question) => ({
        id: question.id,
        name: names.get(question.id) ?? question.id,
        text: question.text,
      })),
    },
    ...estimate.actors.map((actor) => ({
      id: actor.id,
      name: `what ${actor.name} is`,
      hypotheses: [...actor.dispositions.map(([name]) => name), "deceives"].map((name) => ({
        id: `${actor.id}: ${name}`,
        name,
        text: name === "deceives" ? `${actor.name} deceives` : `${actor.name} is ${name}`,
      })),
    })),
  ];
}

/** Every piece that carries weight of its own, in the estimate's order, the most diagnostic first. */
export function rowsOf(estimate: Estimate): Row[] {
  return estimate.evidence
    .filter((piece) => piece.stood_for_by === null)
    .map((piece) => ({
      piece,
      weights: new Map(piece.weights.map((weight) => [weight.hypothesis, weight])),
      standsFor: estimate.evidence.filter((other) => other.stood_for_by === piece.id),
      conflicts: estimate.conflicts
        .filter((conflict) => conflict.reports.includes(piece.id))
        .map((conflict) => conflict.text),
    }));
}

/** Those rows whose source, subject, id, grade, origin, value or text holds every word that is looked for. */
export function found(rows: readonly Row[], wanted: string): Row[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (piece: Piece) =>
    [piece.id, piece.source, piece.grade, piece.about, piece.value, piece.origin ?? "", piece.text].join(" ");
  return rows.filter((row) => {
    const text = [row.piece, ...row.standsFor].map(textOf).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export type Order = { by: "diagnosticity" | "known" | "source" | { hypothesis: string }; down: boolean };

/** The rows in another order; what has no number of a kind comes last, whichever way. */
export function ordered(rows: readonly Row[], order: Order): Row[] {
  const key = (row: Row): number | string | null => {
    if (order.by === "diagnosticity") return row.piece.diagnosticity;
    if (order.by === "known") return row.piece.known;
    if (order.by === "source") return row.piece.source;
    return row.weights.get(order.by.hypothesis)?.decibans.value ?? null;
  };
  const turn = order.down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return turn * (a < b ? -1 : a > b ? 1 : 0);
  });
}

/** The weight, in decibans, at which a cell is coloured in full: a little above what the strongest piece weighs. */
export function scaleOf(rows: readonly Row[]): number {
  return Math.min(1.25 * Math.max(0, ...rows.map((row) => row.piece.diagnosticity ?? 0)) + 1, 10);
}

/** The reports that share each one's origin, itself among them; alone where it shares none. */
export function sharers(estimate: Estimate, piece: Piece): Piece[] {
  return estimate.evidence.filter(
    (other) => other === piece || (piece.origin !== null && other.origin === piece.origin),
  );
}
