// A figure for little room: what it is called stands above it, and a click makes it large.

/** @typedef {import("./plotly.js").Attributes} Attributes */

/**
 * Take from a layout, and its traces, what would not be legible; in place.
 *
 * @param {Attributes[]} traces
 * @param {Attributes} layout
 */
export function compact(traces, layout) {
  layout.font.size *= 0.85;
  layout.margin = { l: 30, r: 6, t: 8, b: 22 };
  layout.annotations = [];
  let numbered = false;
  for (const [key, axis] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(key)) continue;
    axis.title = { text: "" };
    axis.automargin = false;
    if (axis.tickvals && axis.tickmode !== "array") axis.showticklabels = false;
    else if (axis.visible !== false) numbered = true;
    if (key.startsWith("y")) axis.nticks = 2;
    else axis.ticklabelstandoff = 5; // clear of the foot of the y axis
  }
  if (layout.yaxis2?.domain) Object.assign(layout, { yaxis: { ...layout.yaxis, domain: [0, 0.42] } });
  if (layout.yaxis2?.domain) Object.assign(layout, { yaxis2: { ...layout.yaxis2, domain: [0.6, 1] } });
  if (!numbered) layout.margin = { l: 4, r: 4, t: 4, b: 4 };
  for (const trace of traces) {
    delete trace.texttemplate;
    if (typeof trace.marker?.size === "number")
      trace.marker = { ...trace.marker, size: trace.marker.size * 0.6 };
    if (trace.mode?.includes("+text")) trace.mode = trace.mode.replace("+text", "");
  }
}
