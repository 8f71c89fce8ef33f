// Heat maps and lines on a canvas below Plotly's axes. Plotly keeps the axes and the hovering; its own way to
// draw other numbers, all of the figure anew, takes some 10 ms a picture.

import { isCrosses, isLine, paintCrosses, paintLine } from "./lines.js";
import { make, penOf } from "./make.js";
import { inCell } from "./numerals.js";
import { extent, pixelsOf, placesOn } from "./places.js";
import { darkInkOn, shadeAt, shadesOf } from "./shades.js";
import { setPath } from "./theme.js";

/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./plotly.js").Plot} Plot */
/** @typedef {import("./lines.js").Points} Points */
/** @typedef {[number, number]} Pair  Of the x and the y axis. */
/** @typedef {{ shades: Uint32Array, shadeOf: (z: number) => number }} Colours */
/** @typedef {{ place: ((value: number) => number)[], from: Pair, to: Pair, density: number }} Panel */
/** @typedef {Panel & { trace: Attributes, edges: number[][], colours: Colours }} HeatMap */

const INKS = ["#131313", "#FFFFFF"]; // as in figures/style.py

// What of a trace is painted; Plotly only hovers with it.
/** @type {Record<string, string[]>} */
const HELD = {
  heatmap: ["z", "text"],
  scatter: ["x", "y", "line.width", "line.color", "marker.opacity"],
};

const LIMITS = ["cmin", "cmax"]; // of a colour axis

export class Pixels {
  /** @param {Plot} plot  A canvas goes before it, in the same place. */
  constructor(plot) {
    this.plot = plot;
    this.canvas = make("canvas", { class: "nnviz-pixels", "aria-hidden": "true", hidden: "" });
    this.context = penOf(this.canvas);
    this.cells = penOf(make("canvas")); // one pixel per cell
    /** @type {Attributes[]} Those painted here: the first ones of the figure. */
    this.traces = [];
    /** @type {Map<string, Uint32Array>} By colour scale. */
    this.shades = new Map();
    /** @type {Map<Uint32Array, boolean[]>} By shades, where dark ink is read. */
    this.dark = new Map();
  }

  /**
   * Take over the heat maps, lines and crosses at the beginning of a figure; what lies over them stays Plotly's.
   * Returns the traces for Plotly: without what it need not draw.
   *
   * @param {Attributes[]} traces
   */
  take(traces) {
    const first = traces.findIndex(
      (trace) => trace.type !== "heatmap" && !isLine(trace) && !isCrosses(trace),
    );
    this.traces = first < 0 ? traces : traces.slice(0, first);
    return traces.map((trace, i) => {
      if (!this.traces[i]) return trace;
      if (trace.type === "heatmap") return { ...trace, texttemplate: undefined, xgap: 0, ygap: 0 };
      return { ...trace, mode: "none", fill: "none" };
    });
  }

  /**
   * Whether the value at a place of the figure, by the keys that lead there, is painted here and nowhere else.
   *
   * @param {string[]} keys
   * @param {any} value
   */
  takes([part, key, ...attribute], value) {
    const path = attribute.join(".");
    if (part === "traces") {
      const trace = this.traces[Number(key)];
      return Boolean(trace) && HELD[trace.type].includes(path) && this.fits(trace, path, value);
    }
    /** @param {Attributes} trace */
    const of = (trace) => trace.coloraxis === key || trace.marker?.coloraxis === key;
    if (part !== "layout" || !LIMITS.includes(path) || !this.plot.data.some(of)) return false;
    return this.plot.data.every((trace, i) => this.traces[i] || !of(trace));
  }

  /**
   * Whether a line's other numbers leave Plotly's axes as they are.
   *
   * @param {Attributes} trace
   * @param {string} attribute
   * @param {any} value
   */
  fits(trace, attribute, value) {
    if (trace.type === "heatmap" || attribute.includes(".")) return true;
    if (value.length !== trace[attribute].length) return false;
    const { autorange, rangemode, type } = this.axisOf(trace, attribute);
    if (!autorange) return true;
    const start = rangemode === "tozero" && type === "linear" ? 0 : Number.POSITIVE_INFINITY;
    const [before, after] = [trace[attribute], value].map((values) => extent(values, start));
    return before.low === after.low && before.high === after.high;
  }

  /**
   * @param {Attributes} trace
   * @param {string} letter
   * @returns {import("./plotly.js").Axis}
   */
  axisOf(trace, letter) {
    const id = trace[`${letter}axis`] ?? letter;
    return this.plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
  }

  /** The figure's traces as they are drawn, without anything left out. */
  whole() {
    return this.plot.data.map((trace, i) => this.traces[i] ?? trace);
  }

  /**
   * Give a painted trace another value, and Plotly the same to hover with; nothing is drawn.
   *
   * @param {number} number
   * @param {string} attribute
   * @param {any} value
   */
  set(number, attribute, value) {
    const hovered = this.plot.calcdata[number];
    for (const trace of [this.traces[number], this.plot.data[number], hovered[0].trace]) {
      setPath(trace, attribute, value);
    }
    // What is undefined is no number, to Plotly.
    /** @param {number} z */
    const known = (z) => (Number.isNaN(z) ? undefined : z);
    /** @param {number[]} row */
    const knownOf = (row) => (row.some(Number.isNaN) ? Array.from(row, known) : row);
    if (this.traces[number].type === "heatmap")
      hovered[0][attribute] = attribute === "z" ? value.map(knownOf) : value;
    else if (attribute.length === 1)
      for (const [i, one] of value.entries()) hovered[i][attribute] = known(one);
  }

  /** Paint anew what has other numbers now, and hover over them. */
  repaint() {
    this.paint();
    this.plot._fullLayout._rehover?.();
  }

  /** Paint everything as it is now, where Plotly's axes are now. */
  paint() {
    const full = this.plot._fullLayout;
    this.canvas.hidden = !full || !this.traces.length;
    if (this.canvas.hidden) return;
    const density = devicePixelRatio;
    const [width, height] = [full.width, full.height].map((side) => Math.round(side * density));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      Object.assign(this.canvas.style, { width: `${full.width}px`, height: `${full.height}px` });
    } else this.context.clearRect(0, 0, width, height);
    /** @type {Points | null} */
    let below = null;
    for (const [number, trace] of this.traces.entries()) {
      const axes = ["x", "y"].map((letter) => this.axisOf(trace, letter));
      const place = axes.map((axis) => placesOn(axis, density));
      const from = pair(axes, ({ _offset }) => Math.round(_offset * density));
      const to = pair(axes, ({ _offset, _length }) => Math.round((_offset + _length) * density));
      if (trace.type === "heatmap")
        this.paintMap(trace, this.plot.calcdata[number][0], { place, from, to, density });
      else below = this.paintLine(trace, below, { place, from, to, density });
    }
  }

  /**
   * @param {Attributes} trace
   * @param {Points | null} below
   * @param {Panel} panel
   */
  paintLine(trace, below, { place, from, to, density }) {
    const points = pair(["x", "y"], (letter, i) =>
      Float32Array.from(trace[letter], (value) => place[i](value ?? Number.NaN)),
    );
    if (trace.mode === "markers") paintCrosses(this.context, trace.marker, points, density);
    else this.within(from, to, (context) => paintLine(context, trace, points, below, density));
    return points;
  }

  /**
   * @param {Attributes} trace
   * @param {Attributes} calculated
   * @param {Panel} panel
   */
  paintMap(trace, { x, y }, { place, from, to, density }) {
    if (!x?.length) return; // an empty map
    const edges = [x, y].map((side, i) => Array.from(side, place[i]));
    const shown = { trace, edges, place, from, to, density, colours: this.coloursOf(trace) };
    if (trace.zsmooth) this.paintSmooth(shown);
    else this.paintCells(shown);
    if (trace.texttemplate) this.write(shown);
  }

  /**
   * Draw what is seen between two corners alone.
   *
   * @param {Pair} from
   * @param {Pair} to
   * @param {(context: CanvasRenderingContext2D) => void} draw
   */
  within(from, to, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(...from, to[0] - from[0], to[1] - from[1]);
    context.clip();
    draw(context);
    context.restore();
  }

  /**
   * The colour scale of a trace: shades, and which of them a number has.
   *
   * @param {Attributes} trace
   * @returns {Colours}
   */
  coloursOf(trace) {
    const { coloraxis, zmin, zmax, colorscale } = trace;
    const axis = coloraxis ? this.plot.layout[coloraxis] : { cmin: zmin, cmax: zmax, colorscale };
    const key = JSON.stringify(axis.colorscale);
    const shades = this.shades.get(key) ?? shadesOf(axis.colorscale);
    this.shades.set(key, shades);
    return { shades, shadeOf: shadeAt(axis.cmin, axis.cmax) };
  }

  /**
   * A pixel a cell, which the browser enlarges, and passes smoothly from one to the next.
   *
   * @param {HeatMap} map
   */
  paintSmooth({ trace: { z }, edges: [x, y], from, to, colours: { shades, shadeOf } }) {
    const [columns, rows] = [z[0].length, z.length];
    const ends = [x[x.length - 1], y[y.length - 1]];
    const flip = [ends[0] < x[0], ends[1] < y[0]];
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < rows; row += 1) {
      const start = (flip[1] ? rows - 1 - row : row) * columns;
      for (let column = 0; column < columns; column += 1) {
        const number = z[row][column];
        if (Number.isNaN(number)) continue;
        pixels[start + (flip[0] ? columns - 1 - column : column)] = shades[shadeOf(number)];
      }
    }
    Object.assign(this.cells.canvas, { width: columns, height: rows });
    this.cells.putImageData(image, 0, 0);
    const corner = pair([x, y], (side, i) => Math.min(side[0], ends[i]));
    const size = pair([x, y], (side, i) => Math.abs(ends[i] - side[0]));
    this.within(from, to, (context) => context.drawImage(this.cells.canvas, ...corner, ...size));
  }

  /**
   * Each cell in one colour, to the pixel.
   *
   * @param {HeatMap} map
   */
  paintCells({ trace, edges, from, to, density, colours: { shades, shadeOf } }) {
    const { z, xgap = 0, ygap = 0 } = trace;
    const [columns, rows] = edges.map((side, i) =>
      pixelsOf(side, from[i], to[i], Math.round([xgap, ygap][i] * density)),
    );
    const [width, height] = [to[0] - from[0], to[1] - from[1]];
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const line = new Uint32Array(width);
    for (const { at: row, begin: top, end: bottom } of rows) {
      line.fill(0);
      for (const { at: column, begin, end } of columns) {
        const number = z[row][column];
        if (!Number.isNaN(number)) line.fill(shades[shadeOf(number)], begin, end);
      }
      for (let y = top; y < bottom; y += 1) pixels.set(line, y * width);
    }
    this.context.putImageData(image, ...from);
  }

  /**
   * The numbers in the cells, each in the ink that is read best there.
   *
   * @param {HeatMap} map
   */
  write({ trace, edges: [x, y], from, to, density, colours: { shades, shadeOf } }) {
    const { z, text, texttemplate, textfont } = trace;
    const { context } = this;
    const { family } = this.plot._fullLayout.font;
    const dark = this.dark.get(shades) ?? darkInkOn(shades);
    this.dark.set(shades, dark);
    context.save();
    Object.assign(context, {
      font: `${textfont.size * density}px ${family}`,
      textAlign: "center",
      textBaseline: "middle",
    });
    /**
     * @param {number[]} side
     * @param {number} i
     */
    const middle = (side, i) => (side[i] + side[i + 1]) / 2;
    for (let row = 0; row < z.length; row += 1) {
      const top = middle(y, row);
      if (top < from[1] || top > to[1]) continue;
      for (let column = 0; column < z[row].length; column += 1) {
        const [left, number] = [middle(x, column), z[row][column]];
        if (left < from[0] || left > to[0] || Number.isNaN(number)) continue;
        context.fillStyle = dark[shadeOf(number)] ? INKS[0] : INKS[1];
        context.fillText(
          inCell(texttemplate, number, text?.[row]?.[column]),
          Math.round(left),
          Math.round(top),
        );
      }
    }
    context.restore();
  }

  clear() {
    this.traces = [];
    this.canvas.hidden = true;
  }
}

/**
 * The same for the x and the y axis.
 *
 * @template T, R
 * @param {T[]} both
 * @param {(one: T, i: number) => R} of
 * @returns {[R, R]}
 */
function pair(both, of) {
  return [of(both[0], 0), of(both[1], 1)];
}
