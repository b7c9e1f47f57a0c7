// How a change, a portfolio and an effect are written, as in the terminal.

import type { Part } from "$lib/answers";
import { change, digitsOf, told } from "$lib/change";
import { listed, percent, plus, share, titled, type Chance } from "$lib/format";

type Options = Part<"Options">;
type Paired = Part<"Paired">;
type Lever = Part<"LeverAnswer">;
type Doubtful = Part<"DoubtfulNumber">;
type Switch = Part<"Switch">;
type Level = Part<"Level">;

export const NOTHING = "nothing";
const UNITS: Record<string, string> = {
  threat: "nats",
  pull: "nats",
  provokes: "rungs",
  tie: "of strength",
};

/** The 95 % interval of a change, in points. */
export function interval(of: Paired): string {
  const digits = digitsOf(of.mc_error);
  const end = (value: number | null) => (value === null ? "unknown" : plus(100 * value, digits));
  return `${end(of.low)} to ${end(of.high)}`;
}

/** A share of histories in percent, with its error. */
export function small(chance: Chance): string {
  if (chance.probability === null) return "unknown";
  if (chance.probability === 0) return "0 %";
  return chance.probability < 0.0005 ? "under 0.1 %" : percent(chance);
}

/** A portfolio by the ids of its levers. */
export function portfolio(levers: readonly string[]): string {
  return levers.join(" + ") || NOTHING;
}

/** A cost without needless digits. */
export function cost(value: number | null): string {
  return value === null ? "unknown" : `${Number(value.toPrecision(6))}`;
}

/** An effect as a case states it. */
export function effect(part: Part<"EffectOutcome">): string {
  if (part.kind === "deal") return `${(part.shift ?? 0) > 0 ? "signs" : "ends"} ${part.reference}`;
  if (part.kind === "table")
    return `${(part.shift ?? 0) > 0 ? "puts on the table" : "takes off the table"} ${part.reference}`;
  const unit = UNITS[part.kind] ? ` ${UNITS[part.kind]}` : "";
  return `${part.kind} ${part.reference} ${plus(part.shift ?? 0, 2)}${unit}${part.at_once ? " at once" : ""}`;
}

/** When a lever works. */
export function whenItWorks(lever: Lever): string {
  return `works from ${lever.works_from}${lever.works_until ? ` until ${lever.works_until}` : ""}`;
}

/** That a lever has been pulled already, if it has. */
export function asDone(lever: Lever): string {
  return lever.done.length ? `Already done (${listed(lever.done)}); shown as if pulled again.` : "";
}

/** Where a lever lowers the risk, by the opponent's disposition; empty if that makes no difference.

It helps *only* if the opponent is so where it cannot help half as much otherwise, by the 95 % interval. */
export function whoItHelpsWith(lever: Lever): string {
  const byActor = new Map<string, { label: string; change: Paired }[]>();
  for (const group of lever.groups)
    if (group.kind === "disposition")
      byActor.set(group.actor, [
        ...(byActor.get(group.actor) ?? []),
        { label: group.label, change: group.outcome.change },
      ]);
  const parts: string[] = [];
  for (const [actor, found] of byActor) {
    const helped = found.filter((one) => told(one.change) && (one.change.value ?? 0) < 0);
    const hurt = found.filter((one) => told(one.change) && (one.change.value ?? 0) > 0);
    const most = Math.max(...helped.map((one) => one.change.value ?? 0));
    const rest = found.filter((one) => !helped.includes(one));
    const names = (ones: { label: string }[]) =>
      listed(
        ones.map((one) => one.label),
        "or",
      );
    if (helped.length && rest.length && rest.every((one) => (one.change.low ?? -Infinity) > 0.5 * most))
      parts.push(`helps only if ${actor} is ${names(helped)}`);
    if (helped.length && hurt.length) parts.push(`makes it worse if ${actor} is ${names(hurt)}`);
  }
  return parts.length ? `${titled(parts.join("; "))}.` : "";
}

/** A number in its own unit. */
export function figure(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(2).replace("-", "−");
}

/** How wrong a number would have to be to one side, or that it cannot be told. */
export function switched(number: Doubtful, which: Switch | null, side: 0 | 1): string {
  if (which)
    return (
      `from ${figure(number.median)} to ${figure(which.median)} (${plus(which.shift ?? 0, 2)} sd): then ` +
      `${portfolio(which.instead)}, ${change(which.gain)}${which.clear ? "" : ", not clearly"}`
    );
  const reach = number.supported[side];
  return reach ? `none within ${plus(reach, 2)} sd` : "not known: too few particles";
}

/** From where on a number makes the choice no better than doing nothing, by the estimate alone. */
export function asNothing(number: Doubtful, to: Level): string {
  return (
    `no better than nothing from ${figure(number.median)} to ${figure(to.median)} on ` +
    `(${plus(to.shift ?? 0, 2)} sd)`
  );
}

const least = <T>(items: readonly T[], by: (item: T) => number): T | null =>
  items.reduce<T | null>((best, item) => (best === null || by(item) < by(best) ? item : best), null);

/** The number that needs to be least wrong for the choice to be no better than doing nothing. */
export function nearestNothing(numbers: readonly Doubtful[]): { number: Doubtful; level: Level } | null {
  const found = numbers.flatMap((number) =>
    number.as_nothing.flatMap((one) => (one ? [{ number, level: one }] : [])),
  );
  return least(found, ({ level: { shift } }) => Math.abs(shift ?? Infinity));
}

/** The number that needs to be least wrong for the choice to change, clear changes first. */
export function closest(
  numbers: readonly Doubtful[],
): { number: Doubtful; which: Switch; side: 0 | 1 } | null {
  const found = numbers.flatMap((number) =>
    ([number.down, number.up] as const).flatMap((which, k) =>
      which ? [{ number, which, side: k as 0 | 1 }] : [],
    ),
  );
  return least(found, ({ which }) => Math.abs(which.shift ?? 1e6) + (which.clear ? 0 : 1e9));
}

/** How far the numbers may be off, in standard deviations. */
export function horizon(row: Part<"Robustness">): string {
  if (row.horizon === null || row.horizon.value === null) return "does not meet it even as estimated";
  if (row.reaches_end) return `at least ${row.horizon.value.toFixed(2)}`;
  const error = row.horizon.mc_error === null ? "" : ` ±${row.horizon.mc_error.toFixed(2)}`;
  return `${row.horizon.value.toFixed(2)}${error}`;
}

/** What the choice is about, in a sentence. */
export function whatRisk(answer: Options): string {
  const only = answer.risk[0];
  if (answer.risk.length === 1 && only) return only[1];
  return `the weighted mean of ${listed(answer.risk.map(([name, , weight]) => `${share(weight)} ${name}`))}`;
}

/** Levers, those that lower the risk most first and those done already last. */
export function inOrder(levers: readonly Lever[]): Lever[] {
  return [...levers].sort(
    (a, b) =>
      Number(a.done.length > 0) - Number(b.done.length > 0) ||
      (a.risk.change.value ?? 0) - (b.risk.change.value ?? 0) ||
      a.id.localeCompare(b.id),
  );
}

/** The scale that all levers' bars share: a tenth of a point at the least, so that nothing small looks large. */
export function largestChange(levers: readonly Lever[]): number {
  return Math.max(
    0.001,
    ...levers.map(({ risk }) => Math.max(Math.abs(risk.change.low ?? 0), Math.abs(risk.change.high ?? 0))),
  );
}
