// Heat maps as pixels on a canvas below Plotly's axes. Plotly keeps the axes and the hovering; its own way
// to draw a heat map, as an image or with a text in each cell, takes some 10 ms a picture.

import { make } from "./make.js";

const SHADES = 4096; // of a colour scale

const INKS = ["#131313", "#FFFFFF"]; // as in figures/style.py

const HELD = ["z", "text"]; // what Plotly only hovers with

const LIMITS = ["cmin", "cmax"]; // of a colour axis

const NUMBERS = { f: "toFixed", e: "toExponential", g: "toPrecision" };

/** `#rrggbb` or `rgba(…)` as four numbers, the last from 0 to 255, too. */
function channels(colour) {
  if (colour.startsWith("#")) {
    const number = Number.parseInt(colour.slice(1), 16);
    return [number >> 16, (number >> 8) & 255, number & 255, 255];
  }
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return [red, green, blue, 255 * alpha];
}

/** A colour scale's shades, each as the four bytes of a pixel. */
function shadesOf(scale) {
  const bytes = new Uint8ClampedArray(4 * SHADES);
  const stops = scale.map(([place, colour]) => [place, channels(colour)]);
  let stop = 0;
  for (let shade = 0; shade < SHADES; shade += 1) {
    const place = shade / (SHADES - 1);
    while (stop < stops.length - 2 && place >= stops[stop + 1][0]) stop += 1;
    const [[low, from], [high, to]] = [stops[stop], stops[stop + 1]];
    const along = (place - low) / (high - low);
    for (let i = 0; i < 4; i += 1) bytes[4 * shade + i] = from[i] + along * (to[i] - from[i]);
  }
  return new Uint32Array(bytes.buffer);
}

/** Of each shade, whether dark ink is read better on it than light ink: contrast as in WCAG 2. */
function darkInkOn(shades) {
  const bytes = new Uint8Array(shades.buffer);
  const light = (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  return Array.from(shades, (_, i) => {
    const [red, green, blue] = bytes.subarray(4 * i, 4 * i + 3);
    const luminance = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue) + 0.05;
    return luminance / 0.056 > 1.05 / luminance;
  });
}

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
    this.traces = []; // those painted here, by their number
    this.shades = new Map(); // by colour scale
    this.dark = new Map(); // by shades, where dark ink is read
  }

  /** Take over the heat maps of a figure; returns the traces for Plotly, with what it need not draw left out. */
  take(traces) {
    this.traces = traces.map((trace) => (trace.type === "heatmap" ? trace : null));
    return traces.map((trace, i) =>
      this.traces[i] ? { ...trace, texttemplate: undefined, xgap: 0, ygap: 0 } : trace,
    );
  }

  /** Whether a value of the figure, by the keys that lead there, is painted here and nowhere else. */
  takes([part, key, attribute]) {
    if (part === "traces") return Boolean(this.traces[key]) && HELD.includes(attribute);
    const of = (trace) => trace.coloraxis === key || trace.marker?.coloraxis === key;
    if (part !== "layout" || !LIMITS.includes(attribute) || !this.plot.data.some(of)) return false;
    return this.plot.data.every((trace, i) => this.traces[i] || !of(trace));
  }

  /** The figure's traces as they are drawn, without anything left out. */
  whole() {
    return this.plot.data.map((trace, i) => this.traces[i] ?? trace);
  }

  /** Give a painted trace other numbers or texts, and Plotly the same to hover with; nothing is drawn. */
  set(number, attribute, values) {
    const hovered = this.plot.calcdata[number][0];
    for (const place of [this.traces[number], this.plot.data[number], hovered.trace])
      place[attribute] = values;
    // Plotly's own way to say that there is no number.
    const known = (row) =>
      row.some(Number.isNaN) ? Array.from(row, (z) => (Number.isNaN(z) ? undefined : z)) : row;
    hovered[attribute] = attribute === "z" ? values.map(known) : values;
  }

  /** Paint anew what has other numbers now, and hover over them. */
  repaint() {
    if (this.traces.some(Boolean)) this.paint();
    this.plot._fullLayout._rehover?.();
  }

  /** Paint everything as it is now, where Plotly's axes are now. */
  paint() {
    const full = this.plot._fullLayout;
    const there = this.traces.flatMap((trace, i) =>
      trace && full ? [[trace, this.plot.calcdata[i][0]]] : [],
    );
    this.canvas.hidden = !there.length;
    if (!there.length) return;
    const density = devicePixelRatio;
    const [width, height] = [full.width, full.height].map((side) => Math.round(side * density));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
      Object.assign(this.canvas.style, { width: `${full.width}px`, height: `${full.height}px` });
    } else this.context.clearRect(0, 0, width, height);
    for (const [trace, { x, y }] of there) {
      const axes = [trace.xaxis ?? "x", trace.yaxis ?? "y"].map((id) => full[id.replace(/^[xy]/, "$&axis")]);
      const edges = [x, y].map((side, i) => edgesOn(axes[i], side, density));
      const from = axes.map(({ _offset }) => Math.round(_offset * density));
      const to = axes.map(({ _offset, _length }) => Math.round((_offset + _length) * density));
      const colours = this.coloursOf(trace);
      const shown = { trace, edges, from, to, density, colours };
      if (trace.zsmooth) this.paintSmooth(shown);
      else this.paintCells(shown);
      if (trace.texttemplate) this.write(shown);
    }
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
    const { context } = this;
    const [left, top] = [Math.min(x[0], x.at(-1)), Math.min(y[0], y.at(-1))];
    context.save();
    context.beginPath();
    context.rect(...from, to[0] - from[0], to[1] - from[1]);
    context.clip();
    context.drawImage(this.cells.canvas, left, top, Math.abs(x.at(-1) - x[0]), Math.abs(y.at(-1) - y[0]));
    context.restore();
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

/** Where the edges of cells are, in pixels of the screen; also while Plotly has its axes moved by a hand. */
function edgesOn({ range, _offset, _length, _id }, edges, density) {
  const [low, high] = _id.startsWith("y") ? [range[1], range[0]] : range;
  return edges.map((edge) => density * (_offset + (_length * (edge - low)) / (high - low)));
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
