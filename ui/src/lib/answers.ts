// The values that pages render, as the server's own description of them has it.

import type { components } from "./api";

type Schemas = components["schemas"];

export type Estimate = Schemas["Estimate"];
export type Outlook = Schemas["Outlook"];
export type Options = Schemas["Options"];
export type CeaseFire = Schemas["CeaseFire"];
export type Collection = Schemas["Collection"];
export type Stress = Schemas["Stress"];
export type Postmortem = Schemas["Postmortem"];
export type Ties = Schemas["Ties"];
export type Timeline = Schemas["Timeline"];

/** Any part of an answer, by the name of its schema. */
export type Part<Name extends keyof Schemas> = Schemas[Name];

export type Answers = {
  assess: Estimate;
  futures: Outlook;
  options: Options;
  ceasefire: CeaseFire;
  collect: Collection;
  stress: Stress;
  postmortem: Postmortem;
  ties: Ties;
  timeline: Timeline;
};
