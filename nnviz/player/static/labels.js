// Names at the ends of lines, in place of a legend that the eye has to go to and fro.

/** @typedef {import("./plotly.js").Attributes} Attributes */

const APART = 1.7; // sizes of the type, which are larger on a projector

const LEAST = 12; // pixels above the foot of a panel, where the axis has its numbers

/**
 * The heights in pixels of the panels of a figure's y axes.
 *
 * @param {Attributes} layout
 * @param {number} height  Of the whole figure.
 * @param {number} enlarged  How many times its type and margins will be.
 */
export function panelHeights(layout, height, enlarged = 1) {
  const room = height - enlarged * (layout.margin.t + layout.margin.b);
  /** @type {Record<string, number>} */
  const heights = {};
  for (const axis of ["y", "y2"]) {
    const { domain = [0, 1], range } = layout[axis.replace("y", "yaxis")] ?? {};
    if (range) heights[axis] = (domain[1] - domain[0]) * room;
  }
  return heights;
}

/**
 * Notes beside the last points of the traces that have a `meta.label`, pushed apart where they meet.
 *
 * @param {Attributes[]} traces
 * @param {Attributes} layout
 * @param {Record<string, number>} heights  In pixels, of the panel of each y axis.
 * @param {number} enlarged  How many times the type will be.
 */
export function lineLabels(traces, layout, heights, enlarged = 1) {
  const found = [];
  const size = layout.font.size * enlarged;
  const apart = (enlarged > 1 ? 1.4 : APART) * size;
  for (const [axis, height] of Object.entries(heights)) {
    const [low, high] = layout[axis.replace("y", "yaxis")].range;
    const ends = [];
    for (const { meta, y, yaxis = "y", line } of traces) {
      if (!meta?.label || yaxis !== axis) continue;
      let last = y.length - 1;
      while (last >= 0 && !Number.isFinite(y[last])) last -= 1;
      if (last < 0) continue;
      const value = Math.min(Math.max(y[last], low), high);
      ends.push({ text: meta.label, at: ((value - low) / (high - low)) * height, color: line.color });
    }
    ends.sort((a, b) => a.at - b.at);
    // Up from the foot, and then down from the top: those in between only as far as they must.
    let free = LEAST * enlarged;
    for (const end of ends) {
      end.at = Math.max(end.at, free);
      free = end.at + apart;
    }
    free = height;
    for (const end of ends.toReversed()) {
      end.at = Math.min(end.at, free);
      free = end.at - apart;
    }
    for (const { text, at, color } of ends) {
      found.push({
        text: `<b>${text}</b>`,
        x: 1,
        xref: "paper",
        xanchor: "left",
        xshift: 4,
        y: low + (at / height) * (high - low),
        yref: axis,
        yanchor: "middle",
        showarrow: false,
        font: { color },
      });
    }
  }
  return found;
}
