// A network as it is drawn: actors at their places, ties as lines between them.

import type { Manner } from "$answers/ties/ties";

export type Node = { id: string; name: string; x: number; y: number; skill: number };
export type Edge = {
  id: string;
  from: string;
  to: string;
  manner: Manner;
  /** Arrows lead from patron, guarantor, trainer or host; a tie that binds both ways has none. */
  arrow: boolean;
  state: "before" | "held" | "broken";
  strength: number;
  bend: number;
  /** Whether it changed at the time that is shown. */
  turned: boolean;
};
