// A ledger's forecasts as rows to be filtered and sorted.

import type { Part } from "$lib/answers";
import { percent } from "$lib/format";

type Forecast = Part<"ListedForecast">;
type Question = Part<"ListedQuestion">;
export type Row = { question: Question; forecast: Forecast };
export type Column = "question" | "author" | "asOf" | "closes" | "said" | "state" | "outcome" | "score";
export type Filter = { words: string; state: string; author: string; hindsight: boolean };

export const ALL: Filter = { words: "", state: "", author: "", hindsight: true };

/** Every forecast with its question. */
export function rowsOf(account: Part<"Account">): Row[] {
  return account.questions.flatMap((question) =>
    question.forecasts.map((forecast) => ({ question, forecast })),
  );
}

/** What a forecast says, in a few characters. */
export function said(forecast: Forecast): string {
  if (forecast.probability !== null)
    return forecast.mc_error === null
      ? `${Number((100 * forecast.probability).toPrecision(4))} %`
      : percent({ probability: forecast.probability, mc_error: forecast.mc_error });
  const parts = forecast.shares.length
    ? forecast.shares.map(([name, share]) => `${name}: ${Number((100 * (share ?? 0)).toPrecision(3))} %`)
    : forecast.quantiles.map(
        ([level, value]) => `${Number((100 * (level ?? 0)).toPrecision(3))} %: ${value}`,
      );
  return parts.join(", ");
}

/** How a question came out, and when: "yes on 2030-06-01". */
export function came(question: Question): string {
  if (question.outcome === null) return "–";
  return question.outcome === "void" ? "void" : `${question.outcome} on ${question.on}`;
}

/** Why a forecast has no score. */
export function whyUnscored({ question, forecast }: Row): string {
  if (question.status === "void") return "void";
  if (question.status !== "resolved") return "not yet";
  if (forecast.knew) return "knew the outcome";
  return forecast.probability === null ? "not of yes or no" : "chain broken";
}

/** The rows that a reader asked for. */
export function filtered(rows: readonly Row[], { words, state, author, hindsight }: Filter): Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ question, forecast }) => {
    const text = [question.key, question.text, question.case, forecast.author, forecast.note]
      .join(" ")
      .toLowerCase();
    return (
      (!state || question.status === state) &&
      (!author || forecast.author === author) &&
      (hindsight || !forecast.hindsight) &&
      wanted.every((word) => text.includes(word))
    );
  });
}

const KEYS: { [column in Column]: (row: Row) => string | number | null } = {
  question: ({ question }) => question.text.toLowerCase(),
  author: ({ forecast }) => forecast.author.toLowerCase(),
  asOf: ({ forecast }) => forecast.as_of,
  closes: ({ question }) => question.closes,
  said: ({ forecast }) => forecast.probability,
  state: ({ question }) => question.status,
  outcome: ({ question }) => question.outcome,
  score: ({ forecast }) => forecast.brier,
};

/** Rows in the order of a column; what has no value there comes last, either way. */
export function sorted(rows: readonly Row[], column: Column, falling: boolean): Row[] {
  const key = KEYS[column];
  return rows.toSorted((a, b) => {
    const [one, two] = [key(a), key(b)];
    if (one === null || two === null) return Number(one === null) - Number(two === null);
    const order = one < two ? -1 : one > two ? 1 : a.forecast.number - b.forecast.number;
    return falling && one !== two ? -order : order;
  });
}
