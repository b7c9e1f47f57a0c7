// What the reader looks at: case, page, as-of date, variant, changes. It lives in the address, so that a view can
// be kept, sent and gone back from.

import { getContext, setContext } from "svelte";
import {
  api,
  type About,
  type Ask,
  type CaseHead,
  type CaseView,
  type Json,
  type Refusal,
  Refused,
} from "./api";
import { Asking, type Request } from "./asking.svelte";

export const PAGES = [
  ["case", "Case"],
  ["timeline", "Timeline"],
  ["actors", "Actors"],
  ["evidence", "Evidence"],
  ["futures", "Futures"],
  ["options", "Options"],
  ["watching", "Collection and deception"],
  ["record", "Record"],
  ["whatif", "What if"],
  ["variants", "Variants"],
] as const;
export type Page = (typeof PAGES)[number][0];

export class Workbench {
  about = $state.raw<About | null>(null);
  cases = $state.raw<readonly CaseHead[]>([]);
  view = $state.raw<CaseView | null>(null);
  error = $state.raw<Refusal | null>(null);

  caseId = $state<string | null>(null);
  page = $state<Page>("case");
  /** The day asked for; null for the case's own. */
  asOf = $state<string | null>(null);
  variant = $state<string | null>(null);
  /** Numbers moved, as a variant writes them: path of the case -> value. */
  changes = $state.raw<Readonly<Record<string, Json>>>({});
  /** The question that pages are about; null for the case's first. */
  question = $state<string | null>(null);
  /** Reports left out. */
  without = $state.raw<readonly string[]>([]);

  readonly day = $derived(this.asOf ?? this.view?.as_of ?? null);
  readonly main = $derived(
    this.view?.questions.find((one) => one.id === this.question)?.id ?? this.view?.questions[0]?.id ?? null,
  );
  readonly changed = $derived(Object.keys(this.changes).length > 0 || this.without.length > 0);

  #watch: EventSource | undefined;

  async start(): Promise<void> {
    this.#read(location.hash);
    addEventListener("hashchange", () => this.#read(location.hash));
    try {
      const [about, { cases }] = await Promise.all([api.about(), api.cases()]);
      this.about = about;
      this.cases = cases;
      if (this.caseId === null || !cases.some((one) => one.id === this.caseId))
        this.caseId = cases[0]?.id ?? null;
    } catch (error) {
      if (error instanceof Refused) this.error = error.refusal;
      else throw error;
    }
  }

  /** Load the case that is looked at, and follow its folder. */
  follow(id: string): () => void {
    let gone = false;
    const load = async () => {
      try {
        const view = await api.case(id);
        if (gone) return;
        this.view = view;
        this.error = null;
      } catch (error) {
        if (gone) return;
        if (!(error instanceof Refused)) throw error;
        this.error = error.refusal;
      }
    };
    void load();
    const events = new EventSource(`/api/cases/${encodeURIComponent(id)}/watch`);
    this.#watch?.close();
    this.#watch = events;
    events.addEventListener("reading", () => void load());
    return () => {
      gone = true;
      events.close();
    };
  }

  open(id: string): void {
    if (id === this.caseId) return;
    this.view = null;
    this.caseId = id;
    this.asOf = null;
    this.variant = null;
    this.question = null;
    this.changes = {};
    this.without = [];
  }

  /** An answer that follows what is looked at. `options` of the ask may be read from state. */
  ask<T>(name: string, options?: () => Record<string, Json>): Asking<T> {
    return new Asking<T>(() => this.request(name, options?.()));
  }

  request(name: string, options?: Record<string, Json>): Request | null {
    if (!this.view || !this.caseId || this.view.id !== this.caseId) return null;
    const ask: Ask = { ask: name };
    if (this.asOf) ask.as_of = this.asOf;
    if (this.variant) ask.variant = this.variant;
    if (Object.keys(this.changes).length) ask.changes = { ...this.changes };
    if (this.without.length) ask.without = [...this.without];
    if (options && Object.keys(options).length) ask.options = options;
    return { case: this.caseId, reading: this.view.digest, ask };
  }

  /** The address of a page of what is looked at. */
  href(page: Page): string {
    const query = new URLSearchParams();
    if (this.asOf) query.set("as_of", this.asOf);
    if (this.variant) query.set("variant", this.variant);
    if (this.question) query.set("question", this.question);
    for (const id of this.without) query.append("without", id);
    for (const [path, value] of Object.entries(this.changes))
      query.append("change", `${path}: ${JSON.stringify(value)}`);
    const text = query.toString();
    return `#/${encodeURIComponent(this.caseId ?? "")}/${page}${text ? `?${text}` : ""}`;
  }

  #read(hash: string): void {
    const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
    const [id, page] = path.split("/").map(decodeURIComponent);
    if (id) this.caseId = id;
    this.page = PAGES.find(([name]) => name === page)?.[0] ?? "case";
    const read = new URLSearchParams(query);
    this.asOf = read.get("as_of");
    this.variant = read.get("variant");
    this.question = read.get("question");
    this.without = read.getAll("without");
    this.changes = Object.fromEntries(read.getAll("change").flatMap(changeOf));
  }
}

/** `path: value` as the address has it; what cannot be read is left out. */
function changeOf(text: string): [string, Json][] {
  const at = text.indexOf(": ");
  if (at < 1) return [];
  try {
    return [[text.slice(0, at), JSON.parse(text.slice(at + 2)) as Json]];
  } catch {
    return [];
  }
}

const KEY = Symbol("workbench");

export function provideWorkbench(workbench: Workbench): Workbench {
  return setContext(KEY, workbench);
}

export function useWorkbench(): Workbench {
  return getContext<Workbench>(KEY);
}
