// A figure for a room: type so large that an axis has room for fewer numbers, and none for its name.

/** @typedef {import("./plotly.js").Attributes} Attributes */

const APART = 2.2; // sizes of the type from one number to the next

const WIDE = 0.55; // sizes of the type that a letter is wide, about

/**
 * Give each y axis of a layout as many numbers as its height holds, and put its name, if it is longer
 * than the axis, into the panel; in place.
 *
 * @param {Attributes} layout  As it is drawn.
 * @param {number} height  Of the whole figure, in pixels.
 */
export function spacious(layout, height) {
  const { size } = layout.font;
  if (layout.yaxis2?.domain) {
    layout.yaxis = { ...layout.yaxis, domain: [0, 0.4] };
    layout.yaxis2 = { ...layout.yaxis2, domain: [0.6, 1] };
  }
  const room = height - layout.margin.t - layout.margin.b;
  for (const [key, axis] of Object.entries(layout)) {
    if (!/^yaxis\d*$/.test(key)) continue;
    const [low, high] = axis.domain ?? [0, 1];
    const long = (high - low) * room;
    if (!axis.tickvals) axis.nticks = Math.max(2, Math.floor(long / (APART * size)));
    const name = axis.title?.text ?? "";
    if (!name || name.length * WIDE * size < long) continue;
    axis.title = { ...axis.title, text: "" };
    layout.annotations = [
      ...(layout.annotations ?? []),
      { text: name, showarrow: false, xref: "paper", x: 0, xanchor: "left", xshift: 6, ...topOf(high) },
    ];
  }
  return layout;
}

/** @param {number} high  Where a panel ends, of the figure's height. */
function topOf(high) {
  return { yref: "paper", y: high, yanchor: "top" };
}
