// Chances of having reached a rung, as curves to draw.

import type { Chance } from "$lib/format";

export type By = { day: string; chance: Chance };

/** A curve's points from nothing on its first day; one whose chance is unknown is left out. */
export function curve(
  { by }: { by: readonly By[] },
  from: string,
): { day: string; p: number; error: number }[] {
  const known = by.flatMap(({ day, chance }) =>
    chance.probability === null ? [] : [{ day, p: chance.probability, error: chance.mc_error ?? 0 }],
  );
  return known.length ? [{ day: from, p: 0, error: 0 }, ...known] : [];
}

/** Every day that a curve has a point on. */
export function days(curves: readonly { by: readonly By[] }[]): string[] {
  return [...new Set(curves.flatMap(({ by }) => by.map(({ day }) => day)))].sort();
}

/** Labels at least so far apart and within the scale, each as near to its place as that allows. */
export function apart<T extends { at: number }>(labels: readonly T[], least: number, most: number): T[] {
  const up = [...labels].sort((a, b) => a.at - b.at).map((label) => ({ ...label }));
  up.forEach((label, k) => {
    const below = up[k - 1];
    if (below) label.at = Math.max(label.at, below.at + least);
  });
  let ceiling = most;
  for (const label of up.toReversed()) {
    label.at = Math.min(label.at, ceiling);
    ceiling = label.at - least;
  }
  return up;
}
