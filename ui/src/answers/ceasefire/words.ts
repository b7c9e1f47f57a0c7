// What is said of a deal in words.

import type { Part } from "$lib/answers";
import { isUncertain, listed, percent, plus, signed, type Measured } from "$lib/format";

type Deal = Part<"Settlement">;
type Side = Part<"Side">;
type Consideration = Side["parts"][number];
type Range = NonNullable<Deal["range"]>;
type Carried = Deal["fronts"][number]["carriers"][number];

// Nats below which a consideration says nothing.
const LEAST = 0.005;
export const OPEN = { fronts: 8, factors: 8 };

// What a family of considerations is called where a deal is weighed.
const FAMILIES: Record<string, string> = {
  deterrence: "fear of going on",
  disposition: "own appetite",
  event: "events",
};

/** A family of considerations in words. */
export function kind(family: string): string {
  return FAMILIES[family] ?? family;
}

/** Where the deal stands, in a sentence or two. */
export function status(deal: Deal): string {
  const table = deal.on_table
    ? "On the table."
    : "Not on the table; what follows is asked as if it were put there today.";
  const force = deal.in_force.probability ? ` In force already: ${percent(deal.in_force)}.` : "";
  return `${table}${force} It caps ${deal.between.join(" and ")} at ${deal.cap}.`;
}

/** What talks are like and what the terms are worth, as the case states them. */
export function statedWords(deal: Deal): string {
  const terms = deal.terms.map(([actor, nats]) => `${actor} ${plus(nats ?? 0)}`);
  return (
    `Rounds of talks a week: ${Number((deal.rounds_a_week ?? 0).toPrecision(3))}.` +
    (terms.length ? ` Its terms are stated to be worth, in nats: ${listed(terms)}.` : "")
  );
}

const counts = (part: Consideration) =>
  Math.abs(part.nats.value ?? 0) >= LEAST || (part.spread ?? 0) >= 10 * LEAST;

/** Nats with their error, neither rounded to nothing. */
export function worth(nats: Measured): string {
  const tiny = Math.abs(nats.value ?? 1) < LEAST && (nats.mc_error ?? 1) < LEAST;
  if (tiny) return "about 0";
  return signed({ value: nats.value, mc_error: nats.mc_error && Math.max(nats.mc_error, LEAST) }, 1, 2);
}

/** The families that say anything of this deal now, and the names of the others. */
export function familiesApart(side: Side): { telling: Side["families"]; idle: string[] } {
  const says = ([, nats]: Side["families"][number]) => worth(nats) !== "about 0";
  return {
    telling: side.families.filter(says),
    idle: side.families.filter((one) => !says(one)).map(([family]) => kind(family)),
  };
}

/** The considerations that say anything of this deal now. */
export function counting(side: Side): Consideration[] {
  return side.parts.filter(counts);
}

/** Why others say nothing, and which; empty if all do. */
export function idleWords(side: Side): string {
  const idle = side.parts.filter((part) => !counts(part));
  if (!idle.length) return "";
  const names = idle.map((part) => part.reference || kind(part.family)).join(", ");
  return `Nothing now, since they count from higher rungs, or their factor is at nothing: ${names}.`;
}

/** A consideration by its id and its words. */
export function what({ label, reference }: { label: string; reference: string }): string {
  return reference && reference !== label ? `${reference}: ${label}` : label;
}

/** The bargaining range now, in two sentences. */
export function rangeWords(deal: Deal, range: Range): string {
  const [first, second] = deal.between;
  const width = range.width.median.value;
  const gap =
    width === null
      ? "how far apart they are is unknown"
      : `${Math.abs(width).toFixed(1)} nats ${width >= 0 ? "to spare" : "short of each other"}`;
  return (
    `Bargaining range now: open with ${percent(range.open)}, as proposed with ${percent(range.as_proposed)}. ` +
    `For even odds ${second} needs ${worth(range.least.median)} from ${first}, who can give ` +
    `${worth(range.most.median)} at most (medians, on top of the terms): ${gap}.`
  );
}

/** What carries an effect, in words. */
export function carried(carriers: readonly Carried[]): string {
  return carriers
    .map(
      ({ family, reference, nats }) =>
        `${kind(family)}${reference ? ` ${reference}` : ""} ${plus(nats.value ?? 0, 2)}`,
    )
    .join(", ");
}

/** What carries a spoiler's effect; said plainly where nothing does. */
export function carriersOf(spoiler: Deal["spoilers"][number]): string {
  const told = spoiler.carriers
    .filter(({ nats }) => (nats.value ?? 0) < 0)
    .map(
      ({ actor, family, reference, nats }) =>
        `${actor}: ${reference || kind(family)} ${plus(nats.value ?? 0, 2)}`,
    );
  return told.join("; ") || "nothing that weighs with a party";
}

/** The scale of a deal's bars; a nat at the least, so that nothing small looks large. */
export function largestNats(deal: Deal): number {
  return Math.max(
    1,
    ...deal.sides.flatMap((side) =>
      side.parts.map((part) => Math.abs(part.nats.value ?? 0) + (part.spread ?? 0)),
    ),
  );
}

/** The fronts of others that it moves by more than two errors, and the rest. */
export function frontsApart(deal: Deal): { open: Deal["fronts"]; folded: Deal["fronts"] } {
  const open = deal.fronts
    .filter((front) => !front.party && !isUncertain(front.signed_change))
    .slice(0, OPEN.fronts);
  return { open, folded: deal.fronts.filter((front) => !open.includes(front)) };
}
