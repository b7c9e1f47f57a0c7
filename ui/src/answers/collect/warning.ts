// Which fronts, looks and losses a view of `collect` shows, and in what order.

import type { Collection, Part } from "$lib/answers";
import { isUncertain, measured, percent, type Measured } from "$lib/format";

type Front = Part<"FrontWarning">;
type Alarm = Part<"TimeToWarning">;
type Look = Part<"Look">;

// Weeks of the time in which false alarms are counted.
const QUARTER_WEEKS = 13;
// A share that moves by less than this stays where it is, for a reader.
const TELLING_SHARE = 0.005;
// Smaller changes of an area, or of the share of attacks warned of, are not worth a reader's time.
const TELLING_AREA = 0.01;
const TELLING_WARNED = 0.02;

/** The alarm at the middle rate of false alarms. */
export function middle(alarms: readonly Alarm[]): Alarm | null {
  return alarms[Math.floor(alarms.length / 2)] ?? null;
}

/** A rate of false alarms as it is named: "5 %". */
export function rate(alarm: Alarm): string {
  return `${Number((100 * (alarm.false_alarms ?? 0)).toPrecision(3))} %`;
}

/** Share of attacks that an alarm told ahead at all. */
export function told(alarm: Alarm): string {
  const { probability, mc_error } = alarm.never;
  return percent({ probability: probability === null ? null : 1 - probability, mc_error });
}

/** Share of attacks that an alarm at the middle rate would come before by luck alone. */
export function byLuck(answer: Collection): number | null {
  const alarm = answer.ahead.map((front) => middle(front.alarms)).find((one) => one !== null);
  if (!alarm || alarm.false_alarms === null || answer.within_weeks === null) return null;
  return alarm.false_alarms * Math.min(answer.within_weeks / QUARTER_WEEKS, 1);
}

/** Fronts with a curve, likeliest attack first. */
export function byThreat(fronts: readonly Front[]): Front[] {
  return fronts.filter((front) => front.auc !== null).toSorted((a, b) => attack(b) - attack(a));
}

/** Fronts of which no warning is to be had, likeliest attack first, and why. */
export function blind(fronts: readonly Front[]): { front: Front; why: string }[] {
  return fronts
    .flatMap((front) => {
      if (front.auc === null) return [{ front, why: front.why_none ?? "there is no curve" }];
      if (noBetterThanGuessing(front.auc))
        return [{ front, why: `what is seen does no better than guessing: AUC ${measured(front.auc)}` }];
      return [];
    })
    .toSorted((a, b) => attack(b.front) - attack(a.front));
}

function noBetterThanGuessing(auc: Measured): boolean {
  return auc.value === null || auc.mc_error === null || auc.value - 2 * auc.mc_error <= 0.5;
}

const attack = (front: Front) => front.attack.probability ?? 0;

/** Shares now and at the optimum, the largest change first, and those that stay. */
export function moves(found: Part<"Allocation">): { moved: [Look, Look][]; stay: [Look, Look][] } {
  const pairs = found.now.flatMap((now, k): [Look, Look][] => {
    const then = found.optimum[k];
    return then ? [[now, then]] : [];
  });
  const change = ([now, then]: [Look, Look]) => Math.abs((then.share ?? 0) - (now.share ?? 0));
  return {
    moved: pairs.filter((pair) => change(pair) > TELLING_SHARE).toSorted((a, b) => change(b) - change(a)),
    stay: pairs.filter((pair) => change(pair) <= TELLING_SHARE),
  };
}

const matters = (change: Measured, least: number) =>
  change.value !== null && Math.abs(change.value) >= least && !isUncertain(change);

/** Whether a front's share of attacks told ahead changes by enough to matter, and by more than two errors. */
export function isTelling(loss: Part<"FrontLoss">): boolean {
  return matters(loss.warned_change, TELLING_WARNED);
}

/** Fronts told of better or worse by enough to matter, and by more than two errors. */
export function lost(neglect: Part<"Neglect">): Part<"FrontLoss">[] {
  return neglect.fronts.filter((loss) => matters(loss.auc_change, TELLING_AREA) || isTelling(loss));
}

/** Information in thousandths of a bit: "1.23 ±0.20". */
export function millibits(bits: Measured): string {
  if (bits.value === null) return "unknown";
  const error = bits.mc_error === null ? "(error unknown)" : `±${(1000 * bits.mc_error).toFixed(2)}`;
  return `${(1000 * bits.value).toFixed(2)} ${error}`;
}

/** The look that tells most of each question, most telling first. */
export function byQuestion(worth: readonly Part<"Worth">[]): { look: Look; told: Part<"QuestionWorth"> }[] {
  const best = new Map<string, { look: Look; told: Part<"QuestionWorth"> }>();
  for (const one of worth)
    for (const told of one.questions) {
      const before = best.get(told.question);
      if (!before || (told.bits.value ?? 0) > (before.told.bits.value ?? 0))
        best.set(told.question, { look: one.look, told });
    }
  return [...best.values()]
    .filter(({ told }) => (told.bits.value ?? 0) > 0)
    .toSorted((a, b) => (b.told.bits.value ?? 0) - (a.told.bits.value ?? 0));
}

/** The look by which each indicator tells most, most telling first. */
export function byIndicator(
  worth: readonly Part<"Worth">[],
): { look: Look; question: string; told: Part<"IndicatorWorth"> }[] {
  const best = new Map<string, { look: Look; question: string; told: Part<"IndicatorWorth"> }>();
  for (const one of worth)
    for (const told of one.indicators) {
      const before = best.get(told.indicator);
      if (!before || (told.bits.value ?? 0) > (before.told.bits.value ?? 0))
        best.set(told.indicator, { look: one.look, question: one.best.question, told });
    }
  return [...best.values()].toSorted((a, b) => (b.told.bits.value ?? 0) - (a.told.bits.value ?? 0));
}
