// How the questions of an estimate are named and introduced, the same in every part of it.

import type { Part } from "$lib/answers";
import { fixed, isUncertain, percent, share, type Chance } from "$lib/format";

export type Question = Part<"QuestionEstimate">;

/** What else is to be said of a question whose day has passed, or that may have come true already. */
export function already(question: Pick<Question, "by" | "already">, asOf: string): string | null {
  if (question.by < asOf) return "Its day has passed: the chance that it had come true by then.";
  const done = question.already.probability ?? 0;
  if (done >= 0.995) return "It has come true already.";
  return done >= 0.005 ? `May have come true already: ${percent(question.already)}.` : null;
}

/** A level of confidence as a mark and a word. */
export function level(of: string): string {
  const mark = { low: "●○○", moderate: "●●○", high: "●●●" }[of];
  return mark ? `${mark} ${of}` : of;
}

/** What a word stands for: "5 % to 20 %". */
export function range(low: number | null, high: number | null): string {
  return `${share(low)} to ${share(high)}`;
}

/** The share of an answer that nobody would have wanted, with its error, in whole percent: "45 % ±6". */
export function inadvertent(question: Pick<Question, "inadvertent">): string | null {
  const part = question.inadvertent;
  if (!part || part.value === null) return null;
  const error = part.mc_error === null ? " (error unknown)" : ` ±${(100 * part.mc_error).toFixed(0)}`;
  return `${fixed(100 * part.value, 0)} %${error}`;
}

// A share of less than this is not worth a reader's time.
const TELLING_SHARE = 0.02;

/** The same in a sentence, where it can be told from nothing: chance may bring what is asked about, or prevent it. */
export function byChance(question: Pick<Question, "inadvertent">): string | null {
  const part = question.inadvertent;
  const share = inadvertent(question);
  if (!part || part.value === null || share === null || isUncertain(part)) return null;
  if (Math.abs(part.value) < TELLING_SHARE) return null;
  return part.value > 0
    ? `${share} of this is gone if from now on nobody misreads and no incident happens.`
    : `It is larger by ${share.replace("−", "")} of itself if from now on nobody misreads and no incident happens.`;
}

/** A difference of two answers in points, and whether two of the larger error could make it. */
export function moved(before: Chance, after: Chance): { points: number; told: boolean } | null {
  if (before.probability === null || after.probability === null) return null;
  const points = 100 * (after.probability - before.probability);
  const error = 100 * Math.max(before.mc_error ?? Infinity, after.mc_error ?? Infinity);
  return { points, told: Math.abs(points) > 2 * error };
}
