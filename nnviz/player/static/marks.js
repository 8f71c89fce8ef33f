// What is marked in every picture, over what Plotly draws: the chosen sample, and one hidden unit.

import { draw } from "./draw.js";

/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./plotly.js").Axis} Axis */
/** @typedef {import("./plotly.js").Plot} Plot */

/**
 * A mark, in pixels of the plot.
 *
 * @typedef {{ kind: "ring", x: number, y: number, r: number }
 *   | { kind: "box", x: number, y: number, width: number, height: number }
 *   | { kind: "line", x1: number, y1: number, x2: number, y2: number }} Shape
 */

/**
 * How a trace shows hidden units: what of it each one is, and the units' numbers, from 1. Tiles are images side by
 * side, so many `across`, each of `rows` and `columns`.
 *
 * @typedef {object} Units
 * @property {"rows" | "columns" | "points" | "lines" | "tiles"} by
 * @property {number[]} ids
 * @property {number} [across]
 * @property {number} [rows]
 * @property {number} [columns]
 */

/** The numbers of what is marked, from 1; 0 for none. The player's drawer sets the sample. */
const marked = { sample: 0, unit: 0 };

const RADIUS = { sample: 8.5, unit: 11 };
const LEAST = 4; // pixels of a box's sides
const NEAR = { points: 14, lines: 7 }; // pixels within which the pointer is at a unit

/**
 * Mark something else, in all pictures on the page.
 *
 * @param {Partial<typeof marked>} what
 */
export function mark(what) {
  const before = { ...marked };
  Object.assign(marked, what);
  if (before.sample !== marked.sample || before.unit !== marked.unit)
    document.dispatchEvent(new Event("nnviz-marks"));
}

/**
 * The traces that are seen, and their axes.
 *
 * @param {Plot} plot
 * @returns {{ trace: Attributes, x: Axis, y: Axis }[]}
 */
function seen(plot) {
  return (plot.data ?? []).flatMap((trace, i) => {
    const { visible, xaxis, yaxis } = plot._fullData?.[i] ?? {};
    if (visible !== true || !xaxis) return [];
    const [x, y] = [xaxis, yaxis].map((id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")]);
    return x && y ? [{ trace, x, y }] : [];
  });
}

/**
 * A box between two corners, as far as the axes go; wide enough to be seen.
 *
 * @param {Axis} x
 * @param {Axis} y
 * @param {[number, number]} across
 * @param {[number, number]} down
 * @returns {Shape[]}
 */
function box(x, y, across, down) {
  const sides = [sideOf(x, across), sideOf(y, down)];
  if (sides.some((side) => !side)) return [];
  const [[left, width], [top, height]] = /** @type {[number, number][]} */ (sides);
  return [{ kind: "box", x: left, y: top, width, height }];
}

/**
 * Where a side begins and how long it is, in pixels; null if none of it is seen.
 *
 * @param {Axis} axis
 * @param {[number, number]} ends
 * @returns {[number, number] | null}
 */
function sideOf(axis, ends) {
  const pixels = ends.map((end) => axis.d2p(end));
  const [low, high] = [Math.max(0, Math.min(...pixels)), Math.min(axis._length, Math.max(...pixels))];
  if (high <= low) return null;
  const more = Math.max(0, LEAST - (high - low));
  return [low - more / 2 + axis._offset, high - low + more];
}

/**
 * @param {Axis} x
 * @param {Axis} y
 * @param {number} atX
 * @param {number} atY
 * @param {number} r
 * @returns {Shape[]}
 */
function ring(x, y, atX, atY, r) {
  const [left, top] = [x.d2p(atX), y.d2p(atY)];
  const inside = left >= -r && left <= x._length + r && top >= -r && top <= y._length + r;
  return inside ? [{ kind: "ring", x: left + x._offset, y: top + y._offset, r }] : [];
}

/** @param {Axis} axis @returns {[number, number]} */
const whole = (axis) => [axis.p2d(0), axis.p2d(axis._length)];

/**
 * Where a training sample is: its points, its bar, its column.
 *
 * @param {Plot} plot
 * @param {number} sample  From 1.
 * @param {boolean} points  Whether the numbers of its points are those of samples.
 */
export function sampleShapes(plot, sample, points) {
  if (!sample) return [];
  return seen(plot).flatMap(({ trace, x, y }) => {
    const column = trace.meta?.samples?.indexOf(sample) ?? -1;
    if (column >= 0) return box(x, y, [column - 0.5, column + 0.5], whole(y));
    const { customdata } = trace;
    const at = points && customdata && trace.type !== "heatmap" ? customdata.indexOf(sample) : -1;
    if (at < 0) return [];
    if (trace.type === "bar") return box(x, y, whole(x), [trace.y[at] - 0.45, trace.y[at] + 0.45]);
    const around = trace.meta?.around; // of what stands around the point, in data
    if (around) {
      const [left, top, right, bottom] = around;
      return box(x, y, [trace.x[at] + left, trace.x[at] + right], [trace.y[at] + top, trace.y[at] + bottom]);
    }
    return ring(x, y, trace.x[at], trace.y[at], RADIUS.sample);
  });
}

/**
 * Where a hidden unit is: its row, column, node, fold line or image.
 *
 * @param {Plot} plot
 * @param {number} unit  From 1.
 */
export function unitShapes(plot, unit) {
  if (!unit) return [];
  return seen(plot).flatMap(({ trace, x, y }) => {
    const units = /** @type {Units | undefined} */ (trace.meta?.units);
    const n = units ? units.ids.indexOf(unit) : -1;
    return units && n >= 0 ? shapesOf(units, n, trace, x, y) : [];
  });
}

/**
 * @param {Units} units
 * @param {number} n  Place of the unit among them.
 * @param {Attributes} trace
 * @param {Axis} x
 * @param {Axis} y
 * @returns {Shape[]}
 */
function shapesOf({ by, across = 1, rows = 1, columns = 1 }, n, trace, x, y) {
  if (by === "rows") return box(x, y, whole(x), [n - 0.5, n + 0.5]);
  if (by === "columns") return box(x, y, [trace.x[n], trace.x[n + 1]], whole(y));
  if (by === "points") return ring(x, y, trace.x[n], trace.y[n], RADIUS.unit);
  if (by === "tiles") {
    const [left, top] = [(n % across) * columns - 0.5, Math.floor(n / across) * rows - 0.5];
    return box(x, y, [left, left + columns], [top, top + rows]);
  }
  const [x1, y1, x2, y2] = endsOf(trace, n, x, y);
  return Number.isFinite(x1 + y1 + x2 + y2) ? [{ kind: "line", x1, y1, x2, y2 }] : [];
}

/**
 * The ends of the line that is so many before it in a trace of lines of two points and a gap.
 *
 * @param {Attributes} trace
 * @param {number} n
 * @param {Axis} x
 * @param {Axis} y
 */
function endsOf(trace, n, x, y) {
  return [3 * n, 3 * n + 1].flatMap((i) => [
    x.d2p(trace.x[i] ?? Number.NaN) + x._offset,
    y.d2p(trace.y[i] ?? Number.NaN) + y._offset,
  ]);
}

/**
 * The hidden unit at a place of the plot, in pixels, from 1; 0 if there is none.
 *
 * @param {Plot} plot
 * @param {number} left
 * @param {number} top
 */
export function unitAt(plot, left, top) {
  for (const { trace, x, y } of seen(plot).reverse()) {
    const units = /** @type {Units | undefined} */ (trace.meta?.units);
    const [px, py] = [left - x._offset, top - y._offset];
    if (!units || px < 0 || py < 0 || px > x._length || py > y._length) continue;
    const found = units.ids[placeAt(units, trace, x, y, px, py)];
    if (found) return found;
  }
  return 0;
}

/**
 * The place among the units of what is at a place of the panel; -1 for none.
 *
 * @param {Units} units
 * @param {Attributes} trace
 * @param {Axis} x
 * @param {Axis} y
 * @param {number} px
 * @param {number} py
 */
function placeAt({ by, ids, across = 1, rows = 1, columns = 1 }, trace, x, y, px, py) {
  const [atX, atY] = [x.p2d(px), y.p2d(py)];
  if (by === "rows") return Math.round(atY);
  if (by === "columns") return ids.findIndex((_, n) => atX >= trace.x[n] && atX < trace.x[n + 1]);
  if (by === "tiles") {
    const column = Math.floor((atX + 0.5) / columns);
    return column < across ? Math.floor((atY + 0.5) / rows) * across + column : -1;
  }
  const far = ids.map((_, n) => {
    if (by === "points") return Math.hypot(x.d2p(trace.x[n]) - px, y.d2p(trace.y[n]) - py);
    return fromLine(endsOf(trace, n, x, y), px + x._offset, py + y._offset);
  });
  const nearest = far.reduce(
    (best, one, n) => (one < (far[best] ?? Number.POSITIVE_INFINITY) ? n : best),
    -1,
  );
  return far[nearest] <= NEAR[by] ? nearest : -1;
}

/**
 * How far a point is from a line between two ends; infinitely far where there is none.
 *
 * @param {number[]} ends
 * @param {number} x
 * @param {number} y
 */
function fromLine([x1, y1, x2, y2], x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  const far = Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
  return Number.isNaN(far) ? Number.POSITIVE_INFINITY : far;
}

/** The marks of one picture. */
export class Marks {
  /** @param {Plot} plot */
  constructor(plot) {
    this.plot = plot;
    this.element = /** @type {SVGSVGElement} */ (
      draw("svg", { class: "nnviz-marks", "aria-hidden": "true" })
    );
    this.opens = false; // whether its points are samples
    this.drawn = "";
    this.onMarks = () => this.place();
    document.addEventListener("nnviz-marks", this.onMarks);
  }

  /** Put the marks where the axes and the points are now. */
  place() {
    const shapes = {
      sample: sampleShapes(this.plot, marked.sample, this.opens),
      unit: unitShapes(this.plot, marked.unit),
    };
    const drawn = JSON.stringify(shapes);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const elements = Object.entries(shapes).flatMap(([what, found]) =>
      // Each twice: the wider one below sets it off from what it lies on.
      found.flatMap((shape) =>
        [`nnviz-mark-below`, `nnviz-mark-${what}`].map((name) => drawnAs(shape, name)),
      ),
    );
    this.element.replaceChildren(...elements);
  }

  remove() {
    document.removeEventListener("nnviz-marks", this.onMarks);
  }
}

/**
 * @param {Shape} shape
 * @param {string} name
 */
function drawnAs({ kind, ...at }, name) {
  if (kind === "line") return draw("line", { ...at, class: name });
  if (kind === "box") return draw("rect", { ...at, rx: 1.5, class: name });
  const { x, y, r } = /** @type {{ x: number, y: number, r: number }} */ (at);
  return draw("circle", { cx: x, cy: y, r, class: name });
}
