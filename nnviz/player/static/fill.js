// The picture of the progress, filled with what the browser knows of it.

/** @typedef {import("./plotly.js").Attributes} Attributes */

const SHOWN = { low: -2, high: 3 }; // of the progress, at most

/**
 * Give a picture the lines of its rules, an axis that holds them, and its heading; in place.
 *
 * @param {Attributes[]} traces
 * @param {Attributes} layout
 * @param {import("./holds.js").Holds} holds
 */
export function fill(traces, layout, holds) {
  let [low, high] = [-0.2, 1.2];
  for (const trace of traces) {
    const { rule, label } = trace.meta ?? {};
    if (!label || trace.yaxis === "y2") continue;
    if (rule) Object.assign(trace, holds.line(rule));
    for (const value of trace.y) {
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
  }
  layout.yaxis.range = [Math.max(low, SHOWN.low) - 0.25, Math.min(high, SHOWN.high) + 0.1];
  const note = layout.annotations?.[layout.annotations.length - 1];
  if (!note) return;
  const { horizon } = holds.criterion;
  const steps = horizon === 1 ? "the next step" : `the next ${horizon} steps`;
  note.text = `<b>Progress of ${steps}; the exact gradient's is 1</b>`;
}
