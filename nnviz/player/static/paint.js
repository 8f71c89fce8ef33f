// A place of the wall on its canvas: a matrix of small numbers, or lines over the epochs.

import { EpochScale, lastAtMost } from "./epochs.js";
import { penOf } from "./make.js";
import { shadeAt, shadesOf } from "./shades.js";

/** @typedef {import("./protocol.js").ChartOfWall} ChartOfWall */
/** @typedef {import("./protocol.js").MatrixOfPlace} MatrixOfPlace */
/** @typedef {import("./protocol.js").PlaceOfWall} PlaceOfWall */
/** @typedef {import("./protocol.js").ScaleOfWall} ScaleOfWall */
/** @typedef {import("./protocol.js").Themes} Themes */

const UNDEFINED = 255; // as in figures/moving.py

const LINES = ["solid", "dashed"]; // the first is of the training samples

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
 * Draw metrics of a run over the logarithm of the epoch, from 0 up.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PlaceOfWall} place
 * @param {ChartOfWall} chart
 * @param {number} end  The last epoch.
 * @param {string} colour
 */
export function paintLines(canvas, { epochs, metrics }, { lines, high }, end, colour) {
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  const pen = penOf(canvas);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!epochs || !metrics) return;
  const scale = new EpochScale(end, false);
  const count = epochs.flat.length;
  Object.assign(pen, { strokeStyle: colour, lineWidth: 1.6 * devicePixelRatio, lineJoin: "round" });
  for (const [i, row] of lines.entries()) {
    pen.setLineDash(LINES[i] === "dashed" ? [3 * devicePixelRatio, 3 * devicePixelRatio] : []);
    pen.beginPath();
    for (let at = 0; at < count; at += 1) {
      const value = metrics.flat[row * count + at];
      const [x, y] = [scale.share(epochs.flat[at]), 1 - value / high];
      pen.lineTo(x * canvas.width, (0.04 + 0.92 * y) * canvas.height);
    }
    pen.stroke();
  }
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
