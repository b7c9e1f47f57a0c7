// The answer that follows the sliders: one request under way at a time, always the latest next, and the changed
// case inferred in full by itself once the sliders rest.

import type { Part } from "$lib/answers";
import { read } from "$lib/visible";
import { api, call, Refused, type Job, type Json, type Refusal } from "../api";

export type WhatIf = Part<"WhatIf">;
export type InFull = Part<"InFull">;
type Quick = Part<"Quick">;
export type Wanted = {
  case: string;
  reading: string;
  as_of?: string;
  variant?: string;
  question?: string;
  changes: Record<string, Json>;
  without: string[];
  levers: string[];
};

// After so long without a movement the sliders rest.
export const REST_MS = 600;
const CLIENT = { "X-Tocsin-Client": `page-${Math.random().toString(36).slice(2, 14)}` };
let number = 0;

export class Moving {
  answer = $state.raw<WhatIf | null>(null);
  /** The number of the request that `answer` is of. */
  answered = $state(0);
  /** Why only a full run answers what is asked; the answer shown is then an older one. */
  why = $state<string | null>(null);
  error = $state.raw<Refusal | null>(null);
  /** The job that lays the case out. */
  preparing = $state.raw<Job | null>(null);
  full = $state.raw<InFull | null>(null);
  fullJob = $state.raw<Job | null>(null);
  fullError = $state.raw<Refusal | null>(null);
  readonly inFull = $derived(this.fullJob?.state === "waiting" || this.fullJob?.state === "running");

  #wanted: Wanted | null = null;
  #sent: Wanted | null = null;
  #busy = false;
  #closed = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #fullEvents: EventSource | undefined;
  #laying: EventSource | undefined;
  #layingJob: string | null = null;

  /** Ask for something else. What is under way is answered first, unless something newer comes still. */
  want(wanted: Wanted, onrest: () => void = () => undefined): void {
    const before = this.#wanted;
    if (before?.reading !== wanted.reading || before.case !== wanted.case) this.answer = null;
    if (before && placeOf(before) !== placeOf(wanted)) this.#stopLaying();
    this.#wanted = wanted;
    this.#drop();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      onrest();
      if (isChanged(wanted)) void this.inferInFull();
    }, REST_MS);
    void this.#pump();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#rest);
    this.#stopLaying();
    this.#drop();
  }

  async #pump(): Promise<void> {
    while (!this.#busy && !this.#closed && this.#wanted && this.#wanted !== this.#sent) {
      const wanted = this.#wanted;
      this.#busy = true;
      this.#sent = wanted;
      try {
        const { case: id, reading: _, ...body } = wanted;
        const quick = await call<Quick>(
          "POST",
          `/api/cases/${encodeURIComponent(id)}/whatif`,
          { ...body, number: ++number },
          undefined,
          CLIENT,
        );
        this.#take(quick, wanted);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (!this.#closed) this.error = error.refusal;
      } finally {
        this.#busy = false;
      }
    }
  }

  #take(quick: Quick, wanted: Wanted): void {
    if (this.#closed || quick.number < this.answered) return;
    this.error = null;
    this.why = quick.why;
    if (quick.answer && wanted.reading === this.#wanted?.reading) {
      this.answer = quick.answer;
      this.answered = quick.number;
    }
    if (!quick.job) return;
    if (this.#wanted && placeOf(this.#wanted) === placeOf(wanted)) this.#wait(quick.job);
    else void leave(quick.job);
  }

  /** Wait until the case is laid out, and ask again. */
  #wait(job: string): void {
    this.#laying?.close();
    this.#layingJob = job;
    this.#laying = listen(job, (now) => {
      this.preparing = now;
      if (now.state === "waiting" || now.state === "running") return;
      this.preparing = null;
      this.#layingJob = null;
      if (now.state === "failed") {
        this.error = now.error;
        return;
      }
      this.#sent = null;
      void this.#pump();
    });
  }

  /** Let go the laying out of what is no longer looked at. */
  #stopLaying(): void {
    this.#laying?.close();
    this.preparing = null;
    if (this.#layingJob) void leave(this.#layingJob);
    this.#layingJob = null;
  }

  /** Infer the changed case anew; a new movement ends that. */
  async inferInFull(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted || this.#closed) return;
    const { case: id, reading: _, ...body } = wanted;
    this.fullError = null;
    try {
      const job = await call<Job>(
        "POST",
        `/api/cases/${encodeURIComponent(id)}/whatif/full`,
        body,
        undefined,
        CLIENT,
      );
      if (this.#wanted !== wanted || this.#closed) return;
      this.#fullEvents?.close();
      this.fullJob = job;
      this.#fullEvents = listen(job.id, (now) => void this.#takeFull(now, wanted));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.#wanted === wanted) this.fullError = error.refusal;
    }
  }

  async #takeFull(job: Job, wanted: Wanted): Promise<void> {
    if (this.#wanted !== wanted || this.#closed) return;
    this.fullJob = job;
    if (job.state === "failed") this.fullError = job.error;
    if (job.state !== "done") return;
    const full = await api.answer<InFull>(job.id);
    if (this.#wanted === wanted) this.full = full;
  }

  /** Stop the full run. */
  async stop(): Promise<void> {
    const job = this.fullJob;
    if (!job || !this.inFull) return;
    this.fullJob = await call<Job>(
      "DELETE",
      `/api/jobs/${encodeURIComponent(job.id)}`,
      undefined,
      undefined,
      CLIENT,
    );
  }

  /** Let go the full run of what is no longer asked. */
  #drop(): void {
    const job = this.inFull ? this.fullJob : null;
    this.#fullEvents?.close();
    this.full = null;
    this.fullJob = null;
    this.fullError = null;
    if (job) void leave(job.id);
  }
}

export function isChanged(wanted: Wanted): boolean {
  return Object.keys(wanted.changes).length + wanted.without.length + wanted.levers.length > 0;
}

/** What a case is laid out for: another place is laid out anew. */
function placeOf(wanted: Wanted): string {
  return JSON.stringify([wanted.case, wanted.reading, wanted.as_of, wanted.variant]);
}

/** Say that a job is wanted no more. */
async function leave(job: string): Promise<void> {
  await call("DELETE", `/api/jobs/${encodeURIComponent(job)}`, undefined, undefined, CLIENT).catch(
    () => undefined,
  );
}

/** Hear how a job goes on, until it is over. */
function listen(job: string, heard: (now: Job) => void): EventSource {
  const events = new EventSource(`/api/jobs/${encodeURIComponent(job)}/events`);
  events.addEventListener("job", (event) => {
    const now = read<Job>((event as MessageEvent<string>).data);
    if (now.state !== "waiting" && now.state !== "running") events.close();
    heard(now);
  });
  return events;
}
