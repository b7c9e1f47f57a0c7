// How skills are written: computed, not drawn, and so without an error.

import { plus } from "$lib/format";

/** A share in per cent, to a tenth. */
export function exactly(share: number | null): string {
  return share === null ? "unknown" : `${(100 * share).toFixed(1)} %`;
}

/** A share, or a change of one, in points of a hundred. */
export function inPoints(share: number | null): string {
  return share === null ? "unknown" : plus(100 * share);
}
