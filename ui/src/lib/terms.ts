// The technical words of a page and what they mean, handed down from its root.

import { getContext, setContext } from "svelte";

export type Terms = Readonly<Record<string, string>>;
const KEY = Symbol("terms");

export function provideTerms(terms: () => Terms): void {
  setContext(KEY, terms);
}

export function useTerms(): () => Terms {
  return getContext<(() => Terms) | undefined>(KEY) ?? (() => ({}));
}
