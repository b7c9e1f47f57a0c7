// The views of a case side by side: what each holds otherwise, and how far their answers lie apart.

import type { components } from "$lib/api";
import type { Estimate } from "$lib/answers";
import type { Chance, Measured } from "$lib/format";
import type { Json } from "../api";

export type VariantView = components["schemas"]["VariantView"];

/** A column of the comparison. */
export type View = {
  /** Of the variant; "" for the case as it is written. */
  id: string;
  name: string;
  /** Whether what the reader has changed is in it. */
  changed: boolean;
};

/** One place of the case at which the views compared do not all agree. */
export type Row = { path: string; written: Json; held: ReadonlyMap<string, Json | undefined> };

export const keyOf = (view: View): string => `${view.id}${view.changed ? "*" : ""}`;

/** Where views differ from the case, in the order in which they write it; `undefined` where one holds what the
 * case does. `null` is what is taken away. What the reader has changed counts for the views that have it. */
export function rowsOf(
  views: readonly View[],
  known: readonly VariantView[],
  changes: Readonly<Record<string, Json>>,
  without: readonly string[],
): Row[] {
  const rows = new Map<string, { written: Json; held: Map<string, Json | undefined> }>();
  const put = (path: string, written: Json, view: View, after: Json) => {
    const row = rows.get(path) ?? { written, held: new Map<string, Json | undefined>() };
    row.held.set(keyOf(view), after);
    rows.set(path, row);
  };
  for (const view of views) {
    for (const one of known.find(({ id }) => id === view.id)?.differences ?? [])
      put(one.path, one.before as Json, view, one.after as Json);
    if (!view.changed) continue;
    for (const [path, value] of Object.entries(changes)) put(path, null, view, value);
    for (const report of without) put(`reports.${report}`, null, view, null);
  }
  return [...rows].map(([path, row]) => ({ path, ...row }));
}

/** A value as a case writes it, short: text without quotes, a mapping as {a: 1} without what it leaves out. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return `[${value.map(shownValue).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => `${key}: ${shownValue(inner)}`)
      .join(", ")}}`;
  return String(value);
}

/** How far an answer lies from another, with the errors of both: they were drawn apart. */
export function apart(one: Chance, from: Chance): Measured {
  if (one.probability === null || from.probability === null) return { value: null, mc_error: null };
  const errors = [one.mc_error, from.mc_error];
  return {
    value: one.probability - from.probability,
    mc_error: errors.every((error) => error !== null) ? Math.hypot(...(errors as number[])) : null,
  };
}

/** The answer of an estimate to a question. */
export function chanceOf(estimate: Estimate | undefined, question: string): Chance | null {
  return estimate?.questions.find((one) => one.id === question)?.chance ?? null;
}

/** An id made from a name: lower-case letters, digits and hyphens, beginning with a letter. */
export function idOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 64)
    .replace(/-+$/, "");
  return plain;
}

/** A line of a unified difference, by what it is. */
export type Line = { kind: "file" | "place" | "old" | "new" | "same" | "note"; text: string };

/** The lines of a unified difference, each by what it is. */
export function linesOf(diff: readonly string[]): Line[] {
  return diff.map((text, k): Line => {
    if (k < 2 && (text.startsWith("---") || text.startsWith("+++"))) return { kind: "file", text };
    if (text.startsWith("@@")) return { kind: "place", text };
    if (text.startsWith("-")) return { kind: "old", text };
    if (text.startsWith("+")) return { kind: "new", text };
    if (text.startsWith("\\")) return { kind: "note", text: text.slice(2) };
    return { kind: "same", text };
  });
}

/** How many lines a difference takes away and adds, in words. */
export function tally(diff: readonly string[]): string {
  const lines = linesOf(diff);
  const count = (kind: Line["kind"]) => lines.filter((line) => line.kind === kind).length;
  return `${count("new")} added, ${count("old")} taken away`;
}
