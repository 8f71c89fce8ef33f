// Lines, the bands between two of them, and crosses, as Plotly draws them.

/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {[Float32Array, Float32Array]} Points  x and y, in pixels. */

const NAMES = "type x y xaxis yaxis name mode line fill fillcolor hovertemplate hoverinfo text customdata";
const KNOWN = new Set(NAMES.split(" "));

/** @type {Record<string, number[]>} */
const DASHES = { solid: [], dot: [1, 1], dash: [3, 3] }; // in widths of the line, or of three pixels if it is thinner

// Of a cross, all around.
const CORNERS = [
  [0, 1],
  [1, 2],
  [2, 1],
  [1, 0],
  [2, -1],
  [1, -2],
  [0, -1],
  [-1, -2],
  [-2, -1],
  [-1, 0],
  [-2, 1],
  [-1, 2],
];

/**
 * Whether what is noted of a trace is nothing to be drawn: which units it shows, but no label.
 *
 * @param {Attributes} trace
 */
function isSilent({ meta }) {
  return Object.keys(meta ?? {}).every((key) => key === "units");
}

/**
 * Whether there is nothing more to a trace than what is drawn here.
 *
 * @param {Attributes} trace
 */
export function isLine(trace) {
  const { mode, line, fill } = trace;
  const known = Object.keys(trace).every((key) => KNOWN.has(key) || (key === "meta" && isSilent(trace)));
  if (mode !== "lines" || !known) return false;
  return (line.dash ?? "solid") in DASHES && [undefined, null, "tonexty"].includes(fill);
}

/**
 * Whether a trace is crosses that say nothing, on or beside the axes.
 *
 * @param {Attributes} trace
 */
export function isCrosses({ mode, marker, hoverinfo, cliponaxis }) {
  return mode === "markers" && marker.symbol === "x" && hoverinfo === "skip" && cliponaxis === false;
}

/**
 * Draw a cross at each point, as opaque as each is.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Attributes} marker
 * @param {Points} points
 * @param {number} density
 */
export function paintCrosses(context, { size, color, opacity }, [x, y], density) {
  const reach = (0.8 * size * density) / (2 * Math.SQRT2);
  context.save();
  context.fillStyle = color;
  for (let i = 0; i < x.length; i += 1) {
    if (!opacity[i]) continue;
    context.globalAlpha = opacity[i];
    context.fill(cross(x[i], y[i], reach));
  }
  context.restore();
}

/**
 * Two bars that cross, aslant.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function cross(x, y, reach) {
  const drawn = new Path2D();
  for (const [right, down] of CORNERS) drawn.lineTo(x + right * reach, y + down * reach);
  return drawn;
}

/**
 * Draw a trace through points, and the band to the one `below` if it has one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Attributes} trace
 * @param {Points} points
 * @param {Points | null} below
 * @param {number} density
 */
export function paintLine(context, { line, fill, fillcolor }, points, below, density) {
  const width = line.width * density;
  context.save();
  if (fill && below) {
    context.fillStyle = fillcolor;
    context.fill(band(points, below));
  }
  if (width > 0) {
    const unit = Math.max(width, 3 * density);
    context.setLineDash(DASHES[line.dash ?? "solid"].map((part) => part * unit));
    Object.assign(context, { strokeStyle: line.color, lineWidth: width, miterLimit: 2 });
    context.stroke(path(points));
  }
  context.restore();
}

/**
 * A path with a gap wherever a number is missing.
 *
 * @param {Points} points
 */
function path([x, y]) {
  const drawn = new Path2D();
  let lifted = true;
  for (let i = 0; i < x.length; i += 1) {
    if (Number.isNaN(x[i] + y[i])) lifted = true;
    else if (lifted) {
      drawn.moveTo(x[i], y[i]);
      lifted = false;
    } else drawn.lineTo(x[i], y[i]);
  }
  return drawn;
}

/**
 * @param {Points} above
 * @param {Points} below
 */
function band(above, below) {
  const drawn = new Path2D();
  /**
   * @param {Points} points
   * @param {number} i
   */
  const go = ([x, y], i) => {
    if (!Number.isNaN(x[i] + y[i])) drawn.lineTo(x[i], y[i]);
  };
  for (let i = 0; i < above[0].length; i += 1) go(above, i);
  for (let i = below[0].length - 1; i >= 0; i -= 1) go(below, i);
  return drawn;
}
