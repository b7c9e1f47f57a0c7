// What the reader asks of the options and the deals, as the server takes it.

import type { Json } from "../api";

export type Weighing = {
  budget: number | null;
  /** Questions to avoid and their weights; none for the first that is open. */
  questions: Readonly<Record<string, number>>;
  /** Only these actors' levers; none for all. */
  by: readonly string[];
  /** Percent; none for the risk of doing nothing. */
  atMost: number | null;
};

/** The options of the ask; what is left out takes its default. */
export function optionsOf({ budget, questions, by, atMost }: Weighing): Record<string, Json> {
  const weights = Object.fromEntries(Object.entries(questions).filter(([, weight]) => weight > 0));
  return {
    ...(budget !== null && budget >= 0 ? { budget } : {}),
    ...(Object.keys(weights).length ? { questions: weights } : {}),
    ...(by.length ? { by: [...by] } : {}),
    ...(atMost !== null && atMost >= 0 && atMost <= 100 ? { at_most: atMost / 100 } : {}),
  };
}

export type Dealing = { deal: string; by: string; push: number | null };

export function dealingOf({ deal, by, push }: Dealing): Record<string, Json> {
  return {
    ...(deal ? { deal } : {}),
    ...(by ? { by } : {}),
    ...(push !== null && push > 0 ? { push } : {}),
  };
}
