// The numbers of a case that can be moved: where each stands, what a change writes for it, and how it is found.

import type { Part } from "$lib/answers";
import { fixed } from "$lib/format";
import type { Json } from "../api";

export type Knob = Part<"Knob">;
export type Changes = Readonly<Record<string, Json>>;
export type Group = { name: string; knobs: readonly Knob[] };

const LETTERS = "ABCDEF";

/** A knob's own name: of shares each has its own under one path. */
export function keyOf(knob: Knob): string {
  return knob.part ? `${knob.path} ${knob.part}` : knob.path;
}

/** Whether a change is of what this knob writes. */
export function isMoved(knob: Knob, changes: Changes): boolean {
  return knob.path in changes;
}

/** Where a knob stands, with what has been changed. */
export function standsAt(knob: Knob, changes: Changes): number {
  const value = changes[knob.path];
  if (value === undefined || value === null) return knob.number;
  if (knob.form === "share") return numberIn((value as Record<string, Json>)[knob.part], knob.number);
  if (knob.form === "listed share") return numberIn((value as Json[])[Number(knob.part)], knob.number);
  if (knob.form === "letter") return Math.max(LETTERS.indexOf(String(value)), 0);
  if (typeof value === "string") return knob.marks.find((mark) => mark.word === value)?.number ?? knob.number;
  if (typeof value === "object" && !Array.isArray(value)) return numberIn(value.median, knob.number);
  return numberIn(value, knob.number);
}

function numberIn(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

/** Shares that sum to 1, one of them set and the others scaled; alike where they were all nothing. */
export function withShare(shares: readonly number[], which: number, share: number): number[] {
  const rest = shares.reduce((sum, one, k) => (k === which ? sum : sum + one), 0);
  const others = Math.max(shares.length - 1, 1);
  const scaled = shares.map((one, k) =>
    k === which ? share : rounded(rest > 0 ? (one / rest) * (1 - share) : (1 - share) / others),
  );
  // What rounding leaves over goes to the largest of the others.
  const largest = scaled.reduce(
    (best, one, k) => (k !== which && (best < 0 || one > (scaled[best] ?? 0)) ? k : best),
    -1,
  );
  if (largest >= 0) {
    const left = 1 - scaled.reduce((sum, one) => sum + one, 0);
    scaled[largest] = Math.max(rounded((scaled[largest] ?? 0) + left), 0);
  }
  return scaled;
}

function rounded(value: number): number {
  return Number(value.toFixed(12));
}

/** The changes with one knob moved; `all` are the case's knobs, among which shares find each other. */
export function moved(knob: Knob, to: number, changes: Changes, all: readonly Knob[]): Changes {
  const { [knob.path]: _, ...rest } = changes;
  if (knob.part) {
    const family = all.filter((one) => one.path === knob.path);
    const shares = withShare(
      family.map((one) => standsAt(one, changes)),
      family.findIndex((one) => one.part === knob.part),
      to,
    );
    if (family.every((one, k) => Math.abs((shares[k] ?? 0) - one.number) < 1e-9)) return rest;
    const value: Json =
      knob.form === "share" ? Object.fromEntries(family.map((one, k) => [one.part, shares[k] ?? 0])) : shares;
    return { ...rest, [knob.path]: value };
  }
  // Where it stood at first nothing is changed.
  if (Math.abs(to - knob.number) < 1e-9) return rest;
  return { ...rest, [knob.path]: valueOf(knob, to) };
}

function valueOf(knob: Knob, to: number): Json {
  if (knob.form === "letter") return LETTERS[Math.round(to)] ?? "F";
  if (knob.form === "whole") return Math.round(to);
  const value = rounded(to);
  return knob.spread === null ? value : { median: value, spread: knob.spread };
}

/** The changes with a knob put to a word of its table; as the case writes it, if that is its word. */
export function worded(knob: Knob, word: string, changes: Changes): Changes {
  const { [knob.path]: _, ...rest } = changes;
  return word === knob.written ? rest : { ...rest, [knob.path]: word };
}

/** The word that stands where the knob does, if there is one. */
export function wordAt(knob: Knob, at: number): string | null {
  return knob.marks.find((mark) => Math.abs(mark.number - at) < 1e-9)?.word ?? null;
}

/** A number as it is shown beside its slider. */
export function shown(knob: Knob, at: number): string {
  if (knob.form === "letter") return LETTERS[Math.round(at)] ?? "";
  if (knob.form === "whole") return String(Math.round(at));
  return fixed(at, knob.step < 0.01 ? 3 : 2);
}

/** Knobs of the groups of a case, in its order. */
export function grouped(knobs: readonly Knob[]): Group[] {
  const groups = new Map<string, Knob[]>();
  for (const knob of knobs) groups.set(knob.group, [...(groups.get(knob.group) ?? []), knob]);
  return [...groups].map(([name, inner]) => ({ name, knobs: inner }));
}

/** Knobs in which every word of a search is found. */
export function sought(knobs: readonly Knob[], search: string): Knob[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return knobs.filter((knob) => {
    const text = `${knob.group} ${knob.of} ${knob.label} ${knob.part} ${knob.path}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
