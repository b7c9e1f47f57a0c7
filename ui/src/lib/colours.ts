// Colours that mean something. Names of CSS variables wherever the theme may change; a ramp where rungs are many.

import { interpolateRgbBasis } from "d3-interpolate";

// From pale to deep in the light, from deep to bright in the dark: rank shows without colour vision.
const LIGHT = ["#e6ebf0", "#c8d3de", "#f3dfa2", "#eeb765", "#dd8244", "#b04a33", "#5f1a33"];
const DARK = ["#2a323c", "#3d4a63", "#66508c", "#a04f86", "#dd6069", "#f6975c", "#fde490"];

/** One colour a rung, lowest first. */
export function rungColours(count: number, dark: boolean): string[] {
  const ramp = interpolateRgbBasis(dark ? DARK : LIGHT);
  return Array.from({ length: count }, (_, k) => ramp(k / Math.max(count - 1, 1)));
}

/** Up to six things without an order, told apart. */
export const DISTINCT = ["var(--d0)", "var(--d1)", "var(--d2)", "var(--d3)", "var(--d4)", "var(--d5)"];
