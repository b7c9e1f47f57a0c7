// The server's answers, and its refusals in one shape.

import type { components } from "$lib/api";
import { read } from "$lib/visible";

type Schemas = components["schemas"];
export type About = Schemas["Serving"];
export type CaseHead = Schemas["CaseHead"];
export type CaseView = Schemas["CaseView"];
export type Job = Schemas["Job"];
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a job is asked for; what is left out takes the case's or the server's own. */
export type Ask = {
  ask: string;
  as_of?: string;
  variant?: string;
  changes?: Record<string, Json>;
  without?: string[];
  particles?: number;
  seed?: number;
  options?: Record<string, Json>;
};

export type Refusal = { where?: string | null; found: string; expected: string; mend?: string | null };

/** A refusal by the server, in the words that it gave. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(`found ${refusal.found}; expected ${refusal.expected}`);
  }
}

const GONE: Refusal = {
  found: "no answer from the server",
  expected: "the workbench to be running",
  mend: "start it again with tocsin serve; this page reconnects by itself",
};

export async function call<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { "Content-Type": "application/json", ...headers },
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, GONE);
  }
  if (!response.ok) throw new Refused(response.status, await refusalOf(response));
  return read<T>(await response.text());
}

async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const { error } = read<{ error?: Refusal }>(await response.text());
    if (error) return error;
  } catch {
    // Not of ours: said as it is below.
  }
  return { found: `the server's status ${response.status}`, expected: "an answer", mend: "reload the page" };
}

export const api = {
  about: () => call<About>("GET", "/api/about"),
  cases: () => call<{ cases: CaseHead[] }>("GET", "/api/cases"),
  case: (id: string) => call<CaseView>("GET", `/api/cases/${encodeURIComponent(id)}`),
  start: (id: string, ask: Ask) => call<Job>("POST", `/api/cases/${encodeURIComponent(id)}/jobs`, ask),
  answer: <T>(job: string, signal?: AbortSignal) =>
    call<T>("GET", `/api/jobs/${encodeURIComponent(job)}/answer`, undefined, signal),
  record: (signal?: AbortSignal) => call<Schemas["Account"]>("GET", "/api/record", undefined, signal),
  cancel: (job: string) => call<Job>("DELETE", `/api/jobs/${encodeURIComponent(job)}`),
};
