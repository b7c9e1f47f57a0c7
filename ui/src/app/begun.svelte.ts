// Long work waits until the reader asks for it; from then on it follows what is looked at, as all else does.

import { SvelteMap } from "svelte/reactivity";
import type { Json } from "./api";

export type Options = Record<string, Json>;

// Kept beyond the page that asked, so that who comes back finds it as it was left.
const begun = new SvelteMap<string, Options>();
const keyOf = (caseId: string | null, ask: string) => JSON.stringify([caseId, ask]);

/** The options with which the reader asked for it of this case; null before that. */
export function begunWith(caseId: string | null, ask: string): Options | null {
  return begun.get(keyOf(caseId, ask)) ?? null;
}

/** Ask for it, or ask again with other options. */
export function begin(caseId: string | null, ask: string, options: Options): void {
  begun.set(keyOf(caseId, ask), options);
}

/** Whether two sets of options ask the same. */
export function isSame(one: Options | null, other: Options): boolean {
  const sorted = (options: Options) => JSON.stringify(Object.entries(options).sort());
  return one !== null && sorted(one) === sorted(other);
}
