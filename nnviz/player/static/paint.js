// A place of the wall on its canvas: a matrix of small numbers, or lines over the epochs.

import { EpochScale, lastAtMost } from "./epochs.js";
import { penOf } from "./make.js";
import { shadeAt, shadesOf } from "./shades.js";

/** @typedef {import("./protocol.js").ChartOfWall} ChartOfWall */
/** @typedef {import("./protocol.js").MatrixOfPlace} MatrixOfPlace */
/** @typedef {import("./protocol.js").PlaceOfWall} PlaceOfWall */
/** @typedef {import("./protocol.js").ScaleOfWall} ScaleOfWall */
/** @typedef {import("./protocol.js").Themes} Themes */

/** A frame that no place has: -1 is that of one whose run is not trained. */
export const UNDRAWN = -2;

const UNDEFINED = 255; // as in figures/moving.py

/**
 * The shades of a matrix's colours.
 *
 * @param {ScaleOfWall} scale
 * @param {import("./plotly.js").Attributes} attributes  Of the theme.
 */
export function shadesOn({ colours, axis }, attributes) {
  return shadesOf(colours ?? attributes[`${axis}.colorscale`]);
}

/**
 * The pixels that stand for the 256 numbers of a byte.
 *
 * @param {Pick<MatrixOfPlace, "unit" | "zero">} matrix
 * @param {ScaleOfWall} scale
 * @param {Uint32Array} shades  Of the wall, by `shadesOn`.
 */
export function pixelsOfBytes({ unit, zero }, scale, shades) {
  const at = shadeAt(scale.low, scale.high);
  return Uint32Array.from({ length: 256 }, (_, code) =>
    code === UNDEFINED ? 0 : shades[at(code * unit + zero)],
  );
}

/**
 * Paint a frame, a pixel a cell; the browser enlarges it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {MatrixOfPlace} matrix
 * @param {number} frame
 * @param {Uint32Array} pixels
 * @param {boolean} upwards  Whether its first row is the lowest.
 */
export function paintFrame(canvas, { frames }, frame, pixels, upwards) {
  const [, rows, columns] = frames.shape;
  const size = rows * columns;
  const codes = frames.flat.subarray(frame * size, (frame + 1) * size);
  const image = new ImageData(columns, rows);
  const drawn = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row += 1) {
    const from = (upwards ? rows - 1 - row : row) * columns;
    for (let column = 0; column < columns; column += 1)
      drawn[row * columns + column] = pixels[codes[from + column]];
  }
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  penOf(canvas).putImageData(image, 0, 0);
}

/**
 * A line over the logarithm of the epoch, from 0 up.
 *
 * @typedef {object} Line
 * @property {ArrayLike<number>} epochs
 * @property {ArrayLike<number>} values
 * @property {number} width  In pixels of the page.
 * @property {boolean} dashed
 */

/**
 * Draw lines, and nothing else, on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Line[]} lines
 * @param {{ high: number, end: number, colour: string }} how  What the top and the right edge are.
 */
function draw(canvas, lines, { high, end, colour }) {
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  const pen = penOf(canvas);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const scale = new EpochScale(end, false);
  Object.assign(pen, { strokeStyle: colour, lineJoin: "round" });
  for (const { epochs, values, width: wide, dashed } of lines) {
    pen.lineWidth = wide * devicePixelRatio;
    pen.setLineDash(dashed ? [3 * devicePixelRatio, 3 * devicePixelRatio] : []);
    pen.beginPath();
    for (let at = 0; at < epochs.length; at += 1) {
      const [x, y] = [scale.share(epochs[at]), 1 - values[at] / high];
      pen.lineTo(x * canvas.width, (0.04 + 0.92 * y) * canvas.height);
    }
    pen.stroke();
  }
}

/**
 * Draw metrics of a run: the first is of the training samples, the second, dashed, of the test samples.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PlaceOfWall} place
 * @param {ChartOfWall} chart
 * @param {number} end  The last epoch.
 * @param {string} colour
 */
export function paintLines(canvas, { epochs, metrics }, { lines, high }, end, colour) {
  const count = epochs?.flat.length ?? 0;
  const drawn = lines.map((row, i) => {
    const values = metrics?.flat.subarray(row * count, (row + 1) * count) ?? [];
    return { epochs: epochs?.flat ?? [], values, width: 1.6, dashed: i === 1 };
  });
  draw(canvas, drawn, { high, end, colour });
}

/**
 * Draw the loss of each of a place's seeds: that of the first, which a click opens, is the thick one.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PlaceOfWall} place
 * @param {ChartOfWall} chart
 * @param {number} end  The last epoch.
 * @param {string} colour
 */
export function paintSeeds(canvas, { seeds }, { high }, end, colour) {
  const drawn = seeds.map(({ epochs, loss }, i) => {
    return { epochs: epochs.flat, values: loss.flat, width: i ? 0.9 : 2, dashed: false };
  });
  draw(canvas, drawn, { high, end, colour });
}

/**
 * The frame of a place at an epoch: the keyframe before it.
 *
 * @param {PlaceOfWall} place
 * @param {number} epoch
 */
export function frameAt({ epochs }, epoch) {
  return epochs ? lastAtMost(epochs.flat, epoch) : -1;
}

/**
 * A metric of a place's run at a keyframe.
 *
 * @param {PlaceOfWall} place
 * @param {number} metric
 * @param {number} frame
 */
export function metricAt({ epochs, metrics }, metric, frame) {
  return epochs && metrics ? metrics.flat[metric * epochs.flat.length + frame] : Number.NaN;
}
