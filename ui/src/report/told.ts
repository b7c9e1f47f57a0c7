import type { Answers } from "$lib/answers";
import type { Terms } from "$lib/terms";

/** What a report carries: one answer, of which kind it is, and what its technical words mean. */
export type Told = {
  [Name in keyof Answers]: { ask: Name; answer: Answers[Name]; terms: Terms };
}[keyof Answers];
