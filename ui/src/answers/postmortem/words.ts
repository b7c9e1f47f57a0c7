// A post-mortem in words: what was given to what came, on what the loss falls, when the evidence sufficed.

import type { Part, Postmortem } from "$lib/answers";
import { counted, fixed, isUncertain, percent, share, signed, type Measured } from "$lib/format";

type Verdict = Part<"Verdict">;
type Belief = Part<"Belief">;

export const CHANCE = "irreducible chance";
export const MEANING: Readonly<Record<string, string>> = {
  collection: "what was not looked at, or came too late",
  "source error": "what sources got wrong, and how far they were believed",
  deception: "what the target hid and planted",
  mindset: "priors, reasons, and reports set aside",
  [CHANCE]: "left when all four are repaired",
};
const TELLING = 3;

/** A part of a loss: "−0.50 ±0.12". */
export function nats(number: Measured): string {
  return signed(number, 1, 2);
}

/** What was given to what came; at the most, where no particle did it. */
export function given(verdict: Verdict): string {
  if (!verdict.bound) return percent(verdict.given);
  const most = 100 * Math.exp(-(verdict.loss.value ?? 0));
  return `under ${Math.max(most, 0.01).toFixed(2)} %`;
}

/** A loss, marked where it is a bound: "≥ 10.52 ±0.00". */
export function lossOf(verdict: Verdict): string {
  const error = verdict.loss.mc_error === null ? "(error unknown)" : `±${verdict.loss.mc_error.toFixed(2)}`;
  return `${verdict.bound ? "≥ " : ""}${fixed(verdict.loss.value)} ${error}`;
}

/** Every part with its cause, chance last; together they are the loss. */
export function rowsOf(
  verdict: Verdict,
): { cause: string; nats: Measured; part: Verdict["parts"][number] | null }[] {
  return [
    ...verdict.parts.map((part) => ({ cause: part.cause, nats: part.nats, part })),
    { cause: CHANCE, nats: verdict.irreducible, part: null },
  ];
}

/** What was given to what came, and on what the largest part falls. */
export function sentence(verdict: Verdict): string {
  const why = verdict.bound ? "; it came on no particle" : "";
  const told = `Given ${given(verdict)} (${verdict.band.word}${why}): a loss of ${lossOf(verdict)} nats.`;
  const blamed = rowsOf(verdict).find(({ cause }) => cause === verdict.blamed);
  if (!blamed) return `${told} There is little to explain.`;
  const sure =
    isUncertain(blamed.nats) || (blamed.nats.value ?? 0) < 0 ? ", though that is within two errors" : "";
  return `${told} The largest part falls on ${blamed.cause}${sure}.`;
}

/** Irreducible chance, taken apart by who knew the hidden state. */
export function split(verdict: Verdict): string {
  return (
    `Who had known the hidden state of the day would have given it ${share(verdict.knowing)}: of what is left, ` +
    `${nats(verdict.unseen)} could not be seen and ${nats(verdict.future)} is the future's own chance.`
  );
}

/** Whether a repair would have hurt, beyond its error. */
export function hurts(verdict: Verdict): boolean {
  return rowsOf(verdict).some(
    ({ nats: { value, mc_error } }) => value !== null && value < -0.02 && value < -2 * (mc_error ?? 0),
  );
}

/** From when on the evidence would have sufficed. */
export function days(found: Part<"Sufficed">): string {
  const goal = share(found.enough);
  const last = found.points.at(-1);
  const less = (chance?: { probability: number | null }) =>
    (chance?.probability ?? 0) < (found.enough ?? 1) ? " and less again by the last" : "";
  const hand = found.in_hand
    ? `what was in hand first gave ${goal} on ${found.in_hand}${less(last?.in_hand)}`
    : `what was in hand gave ${goal} on none of them`;
  const best = found.repaired ? `first on ${found.repaired}${less(last?.repaired)}` : "on none";
  return `Of ${counted(found.points.length, "day")} looked at, ${hand}; with every cause repaired ${best}.`;
}

/** The few reports that speak for what came by more than two errors. */
export function telling(verdict: Verdict): Part<"TellingReport">[] {
  return verdict.reports
    .filter(({ decibans: { value, mc_error } }) => (value ?? 0) > Math.max(2 * (mc_error ?? Infinity), 0.5))
    .slice(0, TELLING);
}

/** What became of a report: in hand, late, set aside, or not heard. */
export function fate(report: Part<"TellingReport">): string {
  return ["late", "set aside"].includes(report.status)
    ? `${report.status}, known ${report.known}`
    : report.status;
}

/** Whether any single belief would have done. */
export function beliefsSentence(verdict: Verdict): string {
  if ((verdict.given.probability ?? 0) >= 0.5)
    return "No other belief was needed for even odds. What would have moved it most:";
  if (verdict.beliefs.some((belief) => belief.reliable && belief.needed !== null))
    return "What would have had to be believed for even odds, alone and nearest first:";
  return "No single belief would have brought even odds. What would have come nearest:";
}

/** Where a belief stood or would have had to stand, in its own unit. */
export function place(belief: Belief, value: number | null): string {
  if (value === null) return "nowhere";
  if (belief.kind === "disposition") return share(value);
  return belief.kind === "reason" || belief.kind === "threat" ? `${fixed(value)} nats` : fixed(value);
}

/** A question to look at first: the costliest that is a miss of degree, for what was held impossible has little to divide. */
export function first(answer: Postmortem): Verdict | null {
  return answer.verdicts.find((verdict) => !verdict.bound) ?? answer.verdicts[0] ?? null;
}
