// The outlines of land and states that maps are drawn on.
//
// The outline is Natural Earth's at 1:110 million: good for where states lie, and for nothing finer.

import { feature, mesh } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";

type Outline = NonNullable<Parameters<typeof mesh>[1]>;
const topology = atlas as unknown as Parameters<typeof mesh>[0] & {
  objects: Record<"land" | "countries", Outline>;
};

export const land = feature(topology, topology.objects.land);
export const borders = mesh(topology, topology.objects.countries, (one, other) => one !== other);
