// What answers would be with some reports left out, asked of the server anew at every change and told at once: by
// weighing the particles that are there, without a run of its own.

import { untrack } from "svelte";
import type { Part } from "$lib/answers";
import { call, Refused, type Job, type Json, type Refusal } from "../api";

export type Wanted = {
  case: string;
  reading: string;
  as_of?: string;
  variant?: string;
  changes: Record<string, Json>;
  without: string[];
};

export class Quick {
  answer = $state.raw<Part<"WhatIf"> | null>(null);
  error = $state.raw<Refusal | null>(null);
  /** Why only a full run answers it. */
  why = $state<string | null>(null);
  /** Whether the case is being laid out, which it is once. */
  preparing = $state(false);
  #number = 0;

  constructor(wanted: () => Wanted | null) {
    $effect(() => {
      const now = wanted();
      return untrack(() => this.#ask(now));
    });
  }

  #ask(wanted: Wanted | null): () => void {
    const gone = new AbortController();
    this.answer = null;
    this.error = null;
    this.why = null;
    this.preparing = false;
    if (wanted) void this.#settle(wanted, gone.signal);
    return () => gone.abort();
  }

  async #settle(wanted: Wanted, gone: AbortSignal): Promise<void> {
    const { case: id, reading: _, ...body } = wanted;
    try {
      // A bench that was laid out may be put away again before it is asked; twice in a row it is not.
      for (let tries = 0; tries < 3; tries += 1) {
        this.#number += 1;
        const quick = await call<Part<"Quick">>(
          "POST",
          `/api/cases/${encodeURIComponent(id)}/whatif`,
          { ...body, number: this.#number },
          gone,
        );
        if (gone.aborted) return;
        this.preparing = quick.state === "preparing";
        if (quick.state !== "preparing" || quick.job === null) {
          this.answer = quick.answer;
          this.why = quick.why;
          return;
        }
        await over(quick.job, gone);
        if (gone.aborted) return;
      }
      this.preparing = false;
    } catch (error) {
      if (gone.aborted) return;
      this.preparing = false;
      if (error instanceof Refused) this.error = error.refusal;
    }
  }
}

/** Wait until a job is over, or nobody waits for it any more. */
function over(job: string, gone: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const events = new EventSource(`/api/jobs/${encodeURIComponent(job)}/events`);
    const end = () => {
      events.close();
      settle();
    };
    gone.addEventListener("abort", end, { once: true });
    events.addEventListener("job", (event) => {
      const { state } = JSON.parse((event as MessageEvent<string>).data) as Job;
      if (state !== "waiting" && state !== "running") end();
    });
  });
}
