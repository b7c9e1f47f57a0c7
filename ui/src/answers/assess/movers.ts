// Which new reports are worth a line of their own.

import type { Part } from "$lib/answers";

type Shift = [id: string, shift: number];

// A shift of less than half a point is not worth a reader's time.
const TELLING = 0.005;
const MOST = 8;

/**
 * The reports that moved an answer, those first that moved it most; at most eight, and none by less than half a
 * point unless no other did.
 */
export function split(change: Part<"Change">): {
  shown: Shift[];
  rest: Shift[];
  below: number;
} {
  const all = change.moved_by
    .filter((one): one is Shift => one[1] !== null && one[1] !== 0)
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const telling = all.filter(([, shift]) => Math.abs(shift) >= TELLING).length;
  const shown = all.slice(0, Math.min(Math.max(telling, Math.min(all.length, 3)), MOST));
  const rest = all.slice(shown.length);
  return { shown, rest, below: Math.abs(rest[0]?.[1] ?? 0) };
}
