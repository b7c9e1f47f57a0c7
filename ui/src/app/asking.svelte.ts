// One answer as a page sees it: asked for anew whenever what it depends on changes, with progress, cancellation,
// and the last good answer kept in sight (marked as old) until the new one is there.

import { untrack } from "svelte";
import { read } from "$lib/visible";
import { api, Refused, type Ask, type Job, type Refusal } from "./api";

/** A request: whose case, the reading it is of (a digest: a new reading asks anew), and what is asked. */
export type Request = { case: string; reading: string; ask: Ask };

const KEPT = 24;
const kept = new Map<string, unknown>();

function keep(key: string, answer: unknown): void {
  kept.delete(key);
  kept.set(key, answer);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
}

export class Asking<T> {
  answer = $state.raw<T | null>(null);
  job = $state.raw<Job | null>(null);
  error = $state.raw<Refusal | null>(null);
  /** Whether the answer shown is of an earlier request. */
  stale = $state(false);
  /** Whether it was stopped by the reader, who may ask again. */
  stopped = $state(false);
  readonly busy = $derived(
    this.job !== null && (this.job.state === "waiting" || this.job.state === "running"),
  );
  #again = $state(0);

  constructor(request: () => Request | null) {
    $effect(() => {
      const wanted = request();
      void this.#again;
      if (wanted === null) return;
      return untrack(() => this.#ask(wanted));
    });
  }

  /** Stop the work; what was there stays. */
  async cancel(): Promise<void> {
    const job = this.job;
    if (job && this.busy) this.job = await api.cancel(job.id);
    this.stopped = true;
  }

  /** Ask once more, after a stop or a failure. */
  again(): void {
    this.#again += 1;
  }

  #ask(wanted: Request): () => void {
    const key = JSON.stringify(wanted);
    const before = kept.get(key) as T | undefined;
    this.error = null;
    this.stopped = false;
    if (before !== undefined) {
      this.answer = before;
      this.job = null;
      this.stale = false;
      return () => undefined;
    }
    this.stale = this.answer !== null;
    const gone = new AbortController();
    let events: EventSource | undefined;
    const settle = async (job: Job): Promise<void> => {
      if (gone.signal.aborted) return;
      this.job = job;
      if (job.state === "done") {
        events?.close();
        const answer = await api.answer<T>(job.id, gone.signal);
        // A later request may have taken over while this one's answer was under way.
        if (gone.signal.aborted) return;
        keep(key, answer);
        this.answer = answer;
        this.stale = false;
      } else if (job.state === "failed") {
        events?.close();
        this.error = job.error ?? { found: "work that failed", expected: "an answer", mend: "ask again" };
      } else if (job.state === "cancelled") {
        events?.close();
        this.stopped = true;
      }
    };
    const fail = (error: unknown): void => {
      if (!gone.signal.aborted && error instanceof Refused) this.error = error.refusal;
    };
    void (async () => {
      try {
        const job = await api.start(wanted.case, wanted.ask);
        if (gone.signal.aborted) return;
        await settle(job);
        if (job.state !== "waiting" && job.state !== "running") return;
        events = new EventSource(`/api/jobs/${encodeURIComponent(job.id)}/events`);
        events.addEventListener("job", (event) => {
          settle(read<Job>((event as MessageEvent<string>).data)).catch(fail);
        });
      } catch (error) {
        fail(error);
      }
    })();
    return () => {
      gone.abort();
      // Whoever listens no more frees the job.
      events?.close();
    };
  }
}
