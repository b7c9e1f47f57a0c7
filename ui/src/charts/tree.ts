// Where the branches of a tree of courses run: together in a trunk, each on its own from the day that parts it.

export type Branch = {
  key: string;
  share: number;
  /** The day on which it parts from all others; null if nothing does. */
  day: string | null;
  /** Up if it parts by what happens, down if by what does not. */
  up: boolean;
};
export type Laid = { key: string; trunk: [number, number]; leaf: [number, number] };

const LATE = "9999";

/** From top to bottom, such that no branch crosses another: the earliest to part lie farthest out. */
export function ordered(branches: readonly Branch[]): Branch[] {
  const early = (a: Branch, b: Branch) => (a.day ?? LATE).localeCompare(b.day ?? LATE) || b.share - a.share;
  const up = branches.filter((one) => one.up && one.day !== null).sort(early);
  const middle = branches.filter((one) => one.day === null);
  const down = branches.filter((one) => !one.up && one.day !== null).sort((a, b) => early(b, a));
  return [...up, ...middle, ...down];
}

/** Where each branch lies, in pixels from the top: `branches` and the room that each needs at its end, from the top.

The trunk lies where those that part upward end, so that every branch only ever leaves it outward. `thick` is what
a share of one is drawn at; no branch needs less room than it is thick. */
export function laid(branches: readonly Branch[], rooms: readonly number[], thick: number): Laid[] {
  const above = branches.filter((one) => one.up && one.day !== null).length;
  const sum = (parts: readonly number[]) => parts.reduce((whole, part) => whole + part, 0);
  const heights = branches.map((one) => one.share * thick);
  const edge = sum(rooms.slice(0, above)) - sum(heights.slice(0, above));
  return branches.map((one, k) => {
    const height = heights[k] ?? 0;
    const trunk = edge + sum(heights.slice(0, k));
    const middle = sum(rooms.slice(0, k)) + (rooms[k] ?? 0) / 2;
    return {
      key: one.key,
      trunk: [trunk, trunk + height],
      leaf: [middle - height / 2, middle + height / 2],
    };
  });
}
