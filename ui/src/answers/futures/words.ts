// What the outlook says in sentences.

import type { Part } from "$lib/answers";
import { counted, isUncertain, percent, plus, share, signed, type Chance, type Measured } from "$lib/format";

type Outlook = Part<"Outlook">;
type Fork = Part<"Fork">;

// A carrier that changed by less leaves the odds as they were.
export const TELLING_NATS = 0.05;

/** Whether a course parts from the others by what happens, and not by what does not. */
export function byReaching(fork: Fork): boolean {
  return (fork.reached_on.probability ?? 0) >= (fork.reached_off.probability ?? 0);
}

const missing = (chance: Chance) => share(chance.probability === null ? null : 1 - chance.probability);

/** Where a course parts from the others, in a line. */
export function forkShort(fork: Fork): string {
  return `${fork.front} ${byReaching(fork) ? "reaches" : "does not reach"} ${fork.rung} by ${fork.day}`;
}

/** The same with how far it parts them, and what the course is then at. */
export function forkWords(fork: Fork): string {
  if (byReaching(fork))
    return (
      `by ${fork.day} ${fork.front} has reached ${fork.rung} in ${share(fork.reached_on.probability)} of its ` +
      `runs, elsewhere in ${share(fork.reached_off.probability)}; if it does, this course is at ${percent(fork.then)}`
    );
  return (
    `by ${fork.day} ${fork.front} has not reached ${fork.rung} in ${missing(fork.reached_on)} of its runs, ` +
    `elsewhere in ${missing(fork.reached_off)}; if it does not, this course is at ${percent(fork.else_)}`
  );
}

/** What misreading and incidents do to a chance; less than nothing needs a word. */
export function inadvertentWords(number: Measured): string {
  if (isUncertain(number))
    return `misreading and incidents make no clear difference to it (${signed(number, 100, 0)} %)`;
  const value = number.value ?? 0;
  const error = (100 * (number.mc_error ?? 0)).toFixed(0);
  if (value < 0)
    return (
      `without misreading and incidents it would be likelier by ${(-100 * value).toFixed(0)} ±${error} % of ` +
      "itself: here errors lead elsewhere"
    );
  return `${(100 * value).toFixed(0)} ±${error} % of its chance is gone without misreading and incidents`;
}

/** How far the courses can be told apart, and how stable they are. */
export function groupingWords(answer: Outlook): string {
  const apart = Math.max(0, ...answer.courses.map(({ halves: [a, b] }) => Math.abs((a ?? 0) - (b ?? 0))));
  const silhouette = answer.grouping.silhouette;
  const how =
    silhouette === null
      ? "in a way that cannot be measured"
      : `${silhouette >= 0.5 ? "well" : silhouette >= 0.25 ? "fairly" : "weakly: many futures lie between"} ` +
        `(silhouette ${silhouette.toFixed(2)})`;
  return (
    `The groups part ${how}. Between two halves of the islands a probability differs by ` +
    `${counted(Math.round(100 * apart), "point")} at the most.`
  );
}

/** The chance of reaching a rung. */
export function reached(reach: Part<"Reach">): Chance {
  const never = reach.never.probability;
  return { probability: never === null ? null : 1 - never, mc_error: reach.never.mc_error };
}

/** What carries a joining: the terms of the decision that changed. */
export function carriedBy(joining: Part<"Joining">): string[] {
  const parts = joining.carried_by
    .filter((carrier) => (carrier.change ?? 0) >= TELLING_NATS)
    .map((carrier) => `${carrier.label.replace(/\.$/, "")} (${plus(carrier.change ?? 0)})`);
  const tie = joining.tie;
  if (tie && (tie.change ?? 0) >= 0.005) parts.push(`tie: ${tie.label} (${plus(tie.change ?? 0, 2)})`);
  return parts;
}

/** What a condition means in both ways. */
export function conditionWords(condition: Part<"Condition">): string {
  const parts = [`${condition.meaning}.`];
  if (condition.chance) parts.push(`Comes about by itself: ${percent(condition.chance)}.`);
  if (condition.refused !== null) parts.push(`If seen: nothing is said; ${condition.refused}.`);
  else
    parts.push(
      `If seen: among the particles in which it happens, worth ${Math.round(condition.effective ?? 0).toLocaleString("en")}.`,
    );
  parts.push(
    condition.intervention === null
      ? "It cannot be made so."
      : `If made so: ${condition.intervention}; other chance is the same.`,
  );
  return parts.join(" ");
}

/** A small chance with its relative error: "0.012 % (±9 % of it)". */
export function small(chance: Chance): string {
  if (chance.probability === null) return "unknown";
  if (chance.probability <= 0) return "0 % (none)";
  const figure = Number((100 * chance.probability).toPrecision(2));
  if (chance.mc_error === null) return `${figure} % (error unknown)`;
  return `${figure} % (±${((100 * chance.mc_error) / chance.probability).toFixed(0)} % of it)`;
}
