// A picture's legend and colour scale; Plotly would draw its own anew at every frame.

import { make } from "./make.js";
import { short } from "./numerals.js";

/**
 * @param {import("./protocol.js").Picture} spec
 * @param {import("./protocol.js").Themes} scales
 * @param {import("./theme.js").Theme} theme
 */
export function legendOf(spec, scales, theme) {
  const marks = spec.legend.map(({ label, colour, shape }) => {
    const mark = make("i", { class: `nnviz-${shape}` });
    mark.style.setProperty("--mark", colour);
    return make("span", {}, mark, label);
  });
  if (!spec.colourAxis) return marks;
  const { cmin, cmax, colorbar } = spec.layout[spec.colourAxis];
  const [low, high] = colorbar?.ticktext ?? [short(cmin), short(cmax)]; // of a logarithm, what it is of
  /** @type {[number, string][]} */
  const scale = scales[theme.name][`${spec.colourAxis}.colorscale`];
  const bar = make("i", { class: "nnviz-scale" });
  bar.style.background = `linear-gradient(to right, ${scale.map(([, colour]) => colour).join(", ")})`;
  const title = "colour scale, the same in the whole run";
  return [...marks, make("span", { title }, low, bar, high)];
}
