// A figure for a room: type so large that an axis has room for fewer numbers, and none for its name.

/** @typedef {import("./plotly.js").Attributes} Attributes */

const LEAST = 20; // pixels

const CLEAR = 6; // pixels from an axis to its numbers: the first ones of two axes do not meet

const APART = 2.2; // sizes of the type from one number to the next

const CLOSE = 1.3; // the same, of a list

const WIDE = 0.55; // sizes of the type that a letter is wide, about

/**
 * Move two panels apart, so that the numbers at their ends do not meet; in place.
 *
 * @param {Attributes} layout
 */
export function apart(layout) {
  if (!layout.yaxis2?.domain) return;
  layout.yaxis = { ...layout.yaxis, domain: [0, 0.4] };
  layout.yaxis2 = { ...layout.yaxis2, domain: [0.6, 1] };
}

/**
 * Names beside points that can be read from afar, and the points with them; in place.
 *
 * @param {Attributes[]} traces
 * @param {number} enlarged
 * @param {number} height  Of the whole figure, in pixels.
 */
export function readable(traces, enlarged, height) {
  for (const trace of traces) {
    const { text } = trace;
    if (Array.isArray(text) && trace.x) trace.text = sparse(trace, Math.floor(height / (2 * LEAST)));
    const dense = text !== trace.text && text.join() !== trace.text.join();
    // Names at corners grow to both sides: there is room, and they would meet.
    if (trace.mode === "text" && Array.isArray(trace.textposition))
      trace.textposition = trace.textposition.map((at) => at.replace(/^bottom .*/, "bottom center"));
    if (!trace.textfont || trace.meta?.ink) continue;
    trace.textfont = { ...trace.textfont, size: LEAST };
    const { size } = trace.marker ?? {};
    if (typeof size === "number" && !dense) trace.marker = { ...trace.marker, size: size * enlarged };
  }
}

/**
 * The names of a trace's points, without those of a column that has more than there is room for.
 *
 * @param {Attributes} trace
 * @param {number} most
 * @returns {string[]}
 */
function sparse({ text, x }, most) {
  const column = (/** @type {number} */ at) =>
    text.filter((/** @type {string} */ one, /** @type {number} */ n) => one && x[n] === x[at]);
  return text.map((/** @type {string} */ one, /** @type {number} */ at) =>
    column(at).length > most ? "" : one,
  );
}

/**
 * Give each y axis of a layout as many numbers as its height holds, and put its name, if it is longer
 * than the axis, into the panel; in place.
 *
 * @param {Attributes} layout  As it is drawn.
 * @param {number} height  Of the whole figure, in pixels.
 */
export function spacious(layout, height) {
  const { size } = layout.font;
  layout.margin.b += 2 * CLEAR;
  const room = height - layout.margin.t - layout.margin.b;
  for (const [key, axis] of Object.entries(layout)) {
    if (/^xaxis\d*$/.test(key)) axis.ticklabelstandoff = CLEAR;
    if (!/^yaxis\d*$/.test(key)) continue;
    axis.ticklabelstandoff = CLEAR;
    const [low, high] = axis.domain ?? [0, 1];
    const long = (high - low) * room;
    if (axis.tickvals) thin(axis, long / (CLOSE * size));
    else axis.nticks = Math.max(1, Math.floor(long / (APART * size)));
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

/**
 * Leave an axis at most so many of its numbers, evenly; in place.
 *
 * @param {Attributes} axis
 * @param {number} most
 */
function thin(axis, most) {
  const every = Math.ceil(axis.tickvals.length / Math.max(1, most));
  const left = (/** @type {unknown} */ _, /** @type {number} */ at) => at % every === 0;
  axis.tickvals = axis.tickvals.filter(left);
  if (axis.ticktext) axis.ticktext = axis.ticktext.filter(left);
}

/** @param {number} high  Where a panel ends, of the figure's height. */
function topOf(high) {
  return { yref: "paper", y: high, yanchor: "top" };
}
