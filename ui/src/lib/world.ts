// The outlines of land and states that maps are drawn on, and the part of the world that a map shows.
//
// The outline is Natural Earth's at 1:110 million: good for where states lie, and for nothing finer.

import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json";

const topology = atlas as unknown as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export const land = feature(topology, topology.objects.land);
export const borders = mesh(topology, topology.objects.countries, (one, other) => one !== other);
