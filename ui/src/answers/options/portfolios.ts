// Which portfolios are drawn and named, and what picks them.

import type { Part } from "$lib/answers";

type Options = Part<"Options">;
export type Portfolio = Part<"PortfolioAnswer">;

// Portfolios in the open; the rest is folded away.
export const OPEN_PORTFOLIOS = 15;

const key = (levers: readonly string[]) => JSON.stringify([...levers].sort());

/** The portfolio of these levers. */
export function found(answer: Options, levers: readonly string[]): Portfolio | null {
  return answer.portfolios.find((one) => key(one.levers) === key(levers)) ?? null;
}

/** Those on the Pareto front, cheapest first, each with a letter to be known by. */
export function front(answer: Options): { letter: string; portfolio: Portfolio }[] {
  return answer.portfolios
    .filter((one) => one.on_front)
    .sort((a, b) => (a.cost ?? 0) - (b.cost ?? 0) || (b.risk.probability ?? 0) - (a.risk.probability ?? 0))
    .map((portfolio, k) => ({ letter: letter(k), portfolio }));
}

/** A, B, … Z, AA, AB, … */
export function letter(k: number): string {
  const last = String.fromCharCode(65 + (k % 26));
  return k < 26 ? last : letter(Math.floor(k / 26) - 1) + last;
}

export type Rule = { rule: string; levers: readonly string[] };

/** What each rule picks. */
export function picks({ choice }: Options): Rule[] {
  return [
    { rule: "least risk", levers: choice.least },
    { rule: "cheapest that does as well", levers: choice.cheapest },
    { rule: "least worst regret", levers: choice.minimax },
    { rule: "most robust", levers: choice.robust },
  ];
}

/** Every portfolio that some rule picks, with all rules that pick it. */
export function picked(answer: Options): { portfolio: Portfolio; rules: string[] }[] {
  const by = new Map<string, { portfolio: Portfolio; rules: string[] }>();
  for (const { rule, levers } of picks(answer)) {
    const portfolio = found(answer, levers);
    if (!portfolio) continue;
    const known = by.get(key(levers));
    if (known) known.rules.push(rule);
    else by.set(key(levers), { portfolio, rules: [rule] });
  }
  return [...by.values()];
}
