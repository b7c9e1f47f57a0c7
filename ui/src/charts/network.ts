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

/** Nodes moved apart so that they fill a picture, whatever part of -1 to 1 they take up; in its pixels. */
export function fitted(
  nodes: readonly Node[],
  width: number,
  height: number,
  margin: { x: number; y: number },
): ReadonlyMap<string, { x: number; y: number }> {
  const along = (values: readonly number[], size: number, room: number) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value: number) =>
      high > low ? room + ((value - low) / (high - low)) * (size - 2 * room) : size / 2;
  };
  const x = along(
    nodes.map((node) => node.x),
    width,
    margin.x,
  );
  const y = along(
    nodes.map((node) => node.y),
    height,
    margin.y,
  );
  return new Map(nodes.map((node) => [node.id, { x: x(node.x), y: y(node.y) }]));
}
