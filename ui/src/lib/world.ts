// The outlines of land and states that maps are drawn on.
//
// The outline is Natural Earth's at 1:110 million: good for where states lie, and for nothing finer.

import { feature, mesh } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";

type Topology = Parameters<typeof mesh>[0];
const topology = atlas as unknown as Topology & {
  objects: Record<"land" | "countries", Topology["objects"][string]>;
};

export const land = feature(topology, topology.objects.land);
export const borders = mesh(topology, topology.objects.countries, (one, other) => one !== other);
