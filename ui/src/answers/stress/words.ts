// A stress test in words, and which of its parts belong together.

import type { Part, Stress } from "$lib/answers";
import { counted, isUncertain, listed, percent, share, signed } from "$lib/format";

type Plan = Part<"Plan">;
type Fewest = Part<"Fewest">;
type Played = Part<"Played">;

/** Ways to move an answer, as a sentence has them. */
export const MEANS: Readonly<Record<string, string>> = {
  plant: "planting",
  hide: "hiding",
  both: "planting, hiding or changing",
};
export const KINDS = [
  ["source", "One source"],
  ["origin", "One origin"],
  ["discipline", "One discipline"],
  ["actor", "The sources of one actor"],
] as const;
// A bound nearer to 0 or 1 than this says nothing.
const USEFUL = 0.005;
const SCALES = [0.1, 0.25, 0.5, 1];

const rough = (plan: Plan) => (plan.rough ? " (rough: few particles)" : "");

/** One entry of the fewest reports in a sentence or two. */
export function fewestWords(found: Fewest, stress: Stress): string {
  if (found.edge === null)
    return `there is no word ${found.direction === "up" ? "above" : "below"} ${stress.band.word}`;
  if (!found.plan) {
    if (!found.tried_up_to)
      return "nothing to play: no such trick moves the answer by as much as can be told from nothing";
    const told = found.exact
      ? "this is proved for the tricks searched"
      : "the search was cut short and proves nothing";
    return `not with ${counted(found.tried_up_to, "report")} or fewer (${told})`;
  }
  const plan = found.plan;
  const sure = found.clear ? "" : ", at the edge";
  const fewer =
    plan.reports > 1 ? (found.exact ? "; fewer do not do it" : "; that fewer do not was not proved") : "";
  return (
    `${counted(plan.reports, "report")}, controlling ${listed(plan.sources)}: ${percent(plan.after)}, ` +
    `${plan.word}${sure}${rough(plan)}${fewer}`
  );
}

/** The means of an earlier entry that has the same plan. */
export function sameAsBefore(found: Fewest, stress: Stress): string | null {
  if (!found.plan) return null;
  const plan = JSON.stringify(found.plan);
  for (const other of stress.fewest) {
    if (other === found) return null;
    if (other.direction === found.direction && other.plan && JSON.stringify(other.plan) === plan)
      return MEANS[other.means] ?? other.means;
  }
  return null;
}

/** How an entry of the fewest reports did when played, if it was. */
export function fewestPlayed(found: Fewest, stress: Stress): Played | null {
  const by = found.means === "plant" ? "planting" : "planting, hiding and changing";
  return playedOf(`fewest reports ${found.direction}, by ${by}`, stress);
}

/** How the best plan of a budget did when played, if it was. */
export function budgetPlayed(found: Part<"Budgeted">, stress: Stress): Played | null {
  return playedOf(`budget ${short(found.budget)}, ${found.direction}`, stress);
}

function playedOf(label: string, stress: Stress): Played | null {
  return stress.played.find((one) => one.label === label) ?? null;
}

/** A number with no more digits than it needs: "12", "1.5". */
export function short(value: number | null): string {
  return value === null ? "unknown" : String(Number(value.toPrecision(6)));
}

/** What was found when a plan was played. */
export function playedWords(played: Played, stress: Stress): string {
  if (!played.found || !played.moved) return `played, it breaks the case: ${played.note}`;
  const moved = isUncertain(played.moved)
    ? "did not move beyond error"
    : `moved ${signed(played.moved, 100)} points`;
  const told = played.agrees
    ? "as foreseen"
    : played.difference
      ? `${signed(played.difference, 100)} points off what was foreseen`
      : "";
  const word = played.word === stress.band.word ? `still ${played.word}` : played.word;
  return `played, the answer was ${percent(played.found)}, ${word}: it ${moved}, ${told}`;
}

const VERBS: Readonly<Record<string, string>> = {
  rises: "rises",
  falls: "falls",
  stays: "stays within error",
};

/** What became of the probabilities that actors deceive. */
export function flagWords(played: Played): string[] {
  return played.flags.map(
    (flag) =>
      `that ${flag.actor} deceives ${VERBS[flag.rises] ?? flag.rises}: ${percent(flag.before)}, then ${percent(flag.found)}`,
  );
}

/** What is proved of other plans within a budget. */
export function boundWords(found: Part<"Budgeted">): string {
  if (found.exact) return "the best there is, of the tricks searched";
  if (found.bound === null || found.bound <= USEFUL || found.bound >= 1 - USEFUL)
    return "the best found; no bound of use was proved";
  return `the best found; proved: none goes ${found.direction === "up" ? "above" : "below"} ${share(found.bound)}`;
}

/** One end of a reach. */
export function endWords(plan: Plan | null, stress: Stress): string {
  if (!plan) return `${share(stress.chance.probability)} (as it is)`;
  return percent(plan.after) + (plan.rough ? " rough" : "");
}

/** Ends of a scale as short as holds all reaches, so that small probabilities can be told apart. */
export function scaleOf(stress: Stress): [number, number] {
  const ends = [stress.chance.probability, ...stress.reach.flatMap(({ low, high }) => [low, high])].filter(
    (end) => end !== null,
  );
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  if (least > 0.5) return [1 - (SCALES.find((scale) => 1 - least <= scale) ?? 1), 1];
  return [0, SCALES.find((scale) => most <= scale) ?? 1];
}

export type Spent = { control: number; action: number; total: number };

/** What each trick of a plan costs, each source controlled once, and what is spent by then. */
export function spending(plan: Plan, stress: Stress): Spent[] {
  const price = new Map(stress.source_prices.map((one) => [one.source, one.price ?? 0]));
  const each: Readonly<Record<string, number>> = {
    plant: stress.prices.plant ?? 0,
    hide: stress.prices.hide ?? 0,
    change: stress.prices.change ?? 0,
  };
  const controlled = new Set<string>();
  let total = 0;
  return plan.tricks.map((trick) => {
    const fresh = trick.sources.filter((source) => !controlled.has(source));
    fresh.forEach((source) => controlled.add(source));
    const control = fresh.reduce((sum, source) => sum + (price.get(source) ?? 0), 0);
    const action = trick.count * (each[trick.kind] ?? 0);
    total += control + action;
    return { control, action, total };
  });
}

/** The logarithm of the odds, on which what is independent adds up; a little inside never and always. */
export function logOdds(probability: number | null): number {
  const p = Math.min(Math.max(probability ?? 0.5, 1e-6), 1 - 1e-6);
  return Math.log(p / (1 - p));
}

/** The probability that a logarithm of odds stands for. */
export function fromLogOdds(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** A probability and its error on the scale of log-odds. */
export function onOdds(chance: { probability: number | null; mc_error: number | null }): {
  value: number;
  error: number;
} {
  const value = logOdds(chance.probability);
  const p = fromLogOdds(value);
  return { value, error: (chance.mc_error ?? 0) / (p * (1 - p)) };
}

/** The steps of a plan in log-odds: what each trick does alone, and what they do together beyond that. */
export function stepsOnOdds(
  plan: Plan,
  stress: Stress,
): { alone: { value: number; error: number }[]; together: number } {
  const start = stress.chance.probability ?? 0;
  const begun = logOdds(start);
  const alone = plan.tricks.map(({ alone }) => {
    const after = onOdds({ probability: start + (alone.value ?? 0), mc_error: alone.mc_error });
    return { value: after.value - begun, error: after.error };
  });
  const whole = logOdds(plan.after.probability) - begun;
  return { alone, together: whole - alone.reduce((sum, one) => sum + one.value, 0) };
}
