// Shares over time, made ready to be drawn.

export type Moment = { day: string; shares: readonly (number | null)[] };
export type Step = { day: string; shares: number[] };
export type Stack = { day: string; name: number; from: number; to: number };

/** The shares at each day, the last of a day alone, and the last of all held on to the day `until`. */
export function steps(moments: readonly Moment[], until: string): Step[] {
  const byDay = new Map(moments.map((one) => [one.day, one.shares.map((part) => part ?? 0)]));
  const found = [...byDay].map(([day, shares]) => ({ day, shares }));
  const last = found.at(-1);
  return last && last.day < until ? [...found, { day: until, shares: last.shares }] : found;
}

/** Each share from the sum of those before it to its own end. */
export function stacks(found: readonly Step[]): Stack[] {
  return found.flatMap(({ day, shares }) => {
    let from = 0;
    return shares.map((part, name) => ({ day, name, from, to: (from += part) }));
  });
}

/** Places from 0 to 1, moved as little as need be so that any two lie `gap` apart; in the order given. */
export function apart(places: readonly number[], gap: number): number[] {
  const order = places.map((place, k) => ({ place, k })).sort((one, other) => one.place - other.place);
  let least = -Infinity;
  for (const one of order) least = (one.place = Math.max(one.place, least)) + gap;
  let most = 1;
  for (const one of order.toReversed()) most = (one.place = Math.min(one.place, most)) - gap;
  const found = Array<number>(places.length);
  for (const one of order) found[one.k] = one.place;
  return found;
}
