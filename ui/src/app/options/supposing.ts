// A condition that the reader puts together, as the ask reads it.

import type { CaseView } from "../api";

export type Supposing = {
  kind: "lever" | "front" | "factor";
  lever: string;
  front: string;
  rung: string;
  factor: string;
  above: boolean;
  value: number;
  /** The day it is to happen by; none for the whole horizon. */
  by: string;
};

/** What there is to suppose in a case. */
export function choicesOf(view: CaseView) {
  return {
    levers: view.levers.map(({ id, name }) => ({ id, name })),
    fronts: view.fronts.map((front) => `${front.from} -> ${front.to}`),
    rungs: view.rungs.slice(1).map((rung) => rung.id),
    factors: view.factors.map(({ id, name }) => ({ id, name })),
  };
}

/** The line that the ask reads; null while something is missing. */
export function conditionOf(one: Supposing): string | null {
  const by = one.by.trim() ? ` by ${one.by.trim()}` : "";
  switch (one.kind) {
    case "lever":
      return one.lever ? `lever:${one.lever}` : null;
    case "front":
      return one.front && one.rung ? `${one.front} reaches ${one.rung}${by}` : null;
    case "factor":
      return one.factor && one.value >= 0 && one.value <= 1
        ? `${one.factor} ${one.above ? ">" : "<"} ${one.value}${by}`
        : null;
  }
}

type Rule = {
  front?: string | null;
  any?: Rule[] | null;
  all?: Rule[] | null;
  of?: Rule[] | null;
};

/** Fronts that a rule refers to, in its order. */
export function frontsOf(rule: Rule): string[] {
  const parts = [...(rule.any ?? []), ...(rule.all ?? []), ...(rule.of ?? [])];
  return [...new Set([...(rule.front ? [rule.front] : []), ...parts.flatMap(frontsOf)])];
}
