// Heat maps and lines on a canvas below Plotly's axes. Plotly keeps the axes and the hovering; its own way to
// draw other numbers, all of the figure anew, takes some 10 ms a picture.

import { isCrosses, isLine, paintCrosses, paintLine } from "./lines.js";
import { make } from "./make.js";
import { darkInkOn, SHADES, shadesOf } from "./shades.js";
import { setPath } from "./theme.js";

const INKS = ["#131313", "#FFFFFF"]; // as in figures/style.py

// What of a trace is painted; Plotly only hovers with it.
const HELD = {
  heatmap: ["z", "text"],
  scatter: ["x", "y", "line.width", "line.color", "marker.opacity"],
};

const LIMITS = ["cmin", "cmax"]; // of a colour axis

const NUMBERS = { f: "toFixed", e: "toExponential", g: "toPrecision" };

/** What stands in a cell, by templates as `%{z:.2f}` or `%{text}`. */
function written(template, z, text) {
  const [, letter, digits, format] = template.match(/^%\{(\w+)(?::\.(\d)(\w))?\}$/);
  if (letter === "text") return String(text);
  const number = z[NUMBERS[format]](Number(digits));
  return Number(number) === 0 ? number.replace("-", "") : number.replace("-", "−");
}

export class Pixels {
  /** On a canvas that goes before the element `plot`, in the same place. */
  constructor(plot) {
    this.plot = plot;
    this.canvas = make("canvas", { class: "nnviz-pixels", "aria-hidden": "true", hidden: "" });
    this.context = this.canvas.getContext("2d");
    this.cells = document.createElement("canvas").getContext("2d"); // a pixel a cell
    this.traces = []; // those painted here: the first ones of the figure
    this.shades = new Map(); // by colour scale
    this.dark = new Map(); // by shades, where dark ink is read
  }

  /**
   * Take over the heat maps, lines and crosses at the beginning of a figure; what lies over them stays Plotly's.
   * Returns the traces for Plotly: without what it need not draw.
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

  /** Whether the value at a place of the figure, by the keys that lead there, is painted here and nowhere else. */
  takes([part, key, ...attribute], value) {
    const path = attribute.join(".");
    if (part === "traces") {
      const trace = this.traces[key];
      return Boolean(trace) && HELD[trace.type].includes(path) && this.fits(trace, path, value);
    }
    const of = (trace) => trace.coloraxis === key || trace.marker?.coloraxis === key;
    if (part !== "layout" || !LIMITS.includes(path) || !this.plot.data.some(of)) return false;
    return this.plot.data.every((trace, i) => this.traces[i] || !of(trace));
  }

  /** Whether a line's other numbers leave Plotly's axes as they are. */
  fits(trace, attribute, value) {
    if (trace.type === "heatmap" || attribute.includes(".")) return true;
    if (value.length !== trace[attribute].length) return false;
    const { autorange, rangemode, type } = this.axisOf(trace, attribute);
    if (!autorange) return true;
    const start = rangemode === "tozero" && type === "linear" ? 0 : Number.POSITIVE_INFINITY;
    const [before, after] = [trace[attribute], value].map((values) => extent(values, start));
    return before.low === after.low && before.high === after.high;
  }

  axisOf(trace, letter) {
    const id = trace[`${letter}axis`] ?? letter;
    return this.plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
  }

  /** The figure's traces as they are drawn, without anything left out. */
  whole() {
    return this.plot.data.map((trace, i) => this.traces[i] ?? trace);
  }

  /** Give a painted trace another value, and Plotly the same to hover with; nothing is drawn. */
  set(number, attribute, value) {
    const hovered = this.plot.calcdata[number];
    for (const trace of [this.traces[number], this.plot.data[number], hovered[0].trace]) {
      setPath(trace, attribute, value);
    }
    // What is undefined is no number, to Plotly.
    const known = (z) => (Number.isNaN(z) ? undefined : z);
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
    let below = null;
    for (const [number, trace] of this.traces.entries()) {
      const axes = ["x", "y"].map((letter) => this.axisOf(trace, letter));
      const place = axes.map((axis) => placesOn(axis, density));
      const from = axes.map(({ _offset }) => Math.round(_offset * density));
      const to = axes.map(({ _offset, _length }) => Math.round((_offset + _length) * density));
      if (trace.type === "heatmap")
        this.paintMap(trace, this.plot.calcdata[number][0], { place, from, to, density });
      else below = this.paintLine(trace, below, { place, from, to, density });
    }
  }

  paintLine(trace, below, { place, from, to, density }) {
    const points = ["x", "y"].map((letter, i) =>
      Float32Array.from(trace[letter], (value) => place[i](value ?? Number.NaN)),
    );
    if (trace.mode === "markers") paintCrosses(this.context, trace.marker, points, density);
    else this.within(from, to, (context) => paintLine(context, trace, points, below, density));
    return points;
  }

  paintMap(trace, { x, y }, { place, from, to, density }) {
    if (!x?.length) return; // an empty map
    const edges = [x, y].map((side, i) => Array.from(side, place[i]));
    const shown = { trace, edges, from, to, density, colours: this.coloursOf(trace) };
    if (trace.zsmooth) this.paintSmooth(shown);
    else this.paintCells(shown);
    if (trace.texttemplate) this.write(shown);
  }

  /** Draw what is seen between two corners alone. */
  within(from, to, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(...from, to[0] - from[0], to[1] - from[1]);
    context.clip();
    draw(context);
    context.restore();
  }

  /** The colour scale of a trace: shades, and which of them a number has. */
  coloursOf(trace) {
    const { coloraxis, zmin, zmax, colorscale } = trace;
    const axis = coloraxis ? this.plot.layout[coloraxis] : { cmin: zmin, cmax: zmax, colorscale };
    const key = JSON.stringify(axis.colorscale);
    if (!this.shades.has(key)) this.shades.set(key, shadesOf(axis.colorscale));
    const steps = (SHADES - 1) / (axis.cmax - axis.cmin);
    const shadeOf = (z) => Math.max(0, Math.min(SHADES - 1, Math.round((z - axis.cmin) * steps)));
    return { shades: this.shades.get(key), shadeOf };
  }

  /** A pixel a cell, which the browser enlarges, and passes smoothly from one to the next. */
  paintSmooth({ trace: { z }, edges: [x, y], from, to, colours: { shades, shadeOf } }) {
    const [columns, rows] = [z[0].length, z.length];
    const flip = [x.at(-1) < x[0], y.at(-1) < y[0]];
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
    const corner = [x, y].map((side) => Math.min(side[0], side.at(-1)));
    const size = [x, y].map((side) => Math.abs(side.at(-1) - side[0]));
    this.within(from, to, (context) => context.drawImage(this.cells.canvas, ...corner, ...size));
  }

  /** Each cell in one colour, to the pixel. */
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

  /** The numbers in the cells, each in the ink that is read best there. */
  write({ trace, edges: [x, y], from, to, density, colours: { shades, shadeOf } }) {
    const { z, text, texttemplate, textfont } = trace;
    const { context } = this;
    const { family } = this.plot._fullLayout.font;
    if (!this.dark.has(shades)) this.dark.set(shades, darkInkOn(shades));
    const dark = this.dark.get(shades);
    context.save();
    Object.assign(context, {
      font: `${textfont.size * density}px ${family}`,
      textAlign: "center",
      textBaseline: "middle",
    });
    const middle = (side, i) => (side[i] + side[i + 1]) / 2;
    for (let row = 0; row < z.length; row += 1) {
      const top = middle(y, row);
      if (top < from[1] || top > to[1]) continue;
      for (let column = 0; column < z[row].length; column += 1) {
        const [left, number] = [middle(x, column), z[row][column]];
        if (left < from[0] || left > to[0] || Number.isNaN(number)) continue;
        context.fillStyle = dark[shadeOf(number)] ? INKS[0] : INKS[1];
        context.fillText(
          written(texttemplate, number, text?.[row]?.[column]),
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

/** The function from a value to its place in pixels of the screen, also while Plotly's axes are moved by hand. */
function placesOn({ range, type, _offset, _length, _id }, density) {
  const [low, high] = _id.startsWith("y") ? [range[1], range[0]] : range;
  const [start, step] = [density * _offset, (density * _length) / (high - low)];
  if (type === "log") return (value) => start + step * (Math.log10(value) - low);
  return (value) => start + step * (value - low);
}

/** The smallest, or `start` if that is smaller, and the largest of some numbers. */
function extent(values, start) {
  let [low, high] = [start, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** The whole pixels of each row or column of cells that is in sight, counted from there. */
function pixelsOf(edges, from, to, gap) {
  const before = gap >> 1;
  return edges.slice(1).flatMap((edge, at) => {
    const [low, high] = [edges[at], edge].map(Math.round).sort((a, b) => a - b);
    const begin = Math.max(from, low + before);
    const end = Math.min(to, high + before - gap);
    return end > begin ? [{ at, begin: begin - from, end: end - from }] : [];
  });
}
