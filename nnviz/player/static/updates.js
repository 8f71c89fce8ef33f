// What an update says at a keyframe.

import { same } from "./differences.js";
import { nest, part } from "./wire.js";

/** @typedef {import("./protocol.js").Update} Update */
/** @typedef {import("./wire.js").Numbers} Numbers */

const UNDEFINED = 255; // as in figures/moving.py

/**
 * The codes that an update has at a keyframe.
 *
 * @param {Update} update
 * @param {number} keyframe
 * @param {number} choice
 */
function codesOf({ values, byChoice }, keyframe, choice) {
  let [frames, ...shape] = values.shape;
  let size = shape.reduce((product, side) => product * side, 1);
  let start = Math.min(keyframe, frames - 1) * size;
  if (byChoice) {
    size /= shape[0];
    start += choice * size;
    shape = shape.slice(1);
  }
  return { codes: values.flat.subarray(start, start + size), shape };
}

/**
 * Whether an update says the same at two keyframes.
 *
 * @param {Update} update
 * @param {number | null} before  None if there is nothing to compare with.
 * @param {number} keyframe
 * @param {number} choice
 */
export function sameFrame(update, before, keyframe, choice) {
  if (before === keyframe || update.values.shape[0] === 1) return true;
  if (before === null || update.trail) return false;
  const [was, is] = [before, keyframe].map((frame) => codesOf(update, frame, choice).codes);
  return same(was, is);
}

/**
 * The value that an update has at a keyframe, one entry a trace, as `Plotly.restyle` wants it.
 *
 * @param {Update} update
 * @param {number} keyframe
 * @param {number} choice
 * @returns {any[]}
 */
export function frameOf(update, keyframe, choice) {
  if (update.trail) return [trailOf(update, keyframe)];
  const { codes, shape } = codesOf(update, keyframe, choice);
  const numbers = meant(update, codes);
  if (update.traces.length === 1) return [nest(numbers, shape)];
  const each = codes.length / update.traces.length;
  return update.traces.map((_, trace) =>
    each === 1 ? numbers[trace] : nest(part(numbers, trace * each, each), shape.slice(1)),
  );
}

/**
 * A line for each number through its last keyframes, the lines one after the other with gaps.
 *
 * @param {Update} update
 * @param {number} keyframe
 */
function trailOf({ values, trail }, keyframe) {
  const count = values.shape[1];
  const first = Math.max(0, keyframe - trail);
  const each = keyframe - first + 2;
  const lines = new Float32Array(count * each).fill(Number.NaN);
  for (let i = 0; i < count; i += 1) {
    for (let frame = first; frame <= keyframe; frame += 1) {
      lines[i * each + frame - first] = values.flat[frame * count + i];
    }
  }
  return lines;
}

/**
 * What codes stand for.
 *
 * @param {Update} update
 * @param {Numbers} codes
 * @returns {Numbers | (string | boolean)[]}
 */
function meant({ lookup, scale, offset }, codes) {
  if (lookup) return Array.from(codes, (code) => lookup[code]);
  if (scale === 1 && offset === 0) return codes;
  const missing = codes instanceof Uint8Array ? UNDEFINED : Number.NaN;
  const numbers = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) {
    numbers[i] = codes[i] === missing ? Number.NaN : codes[i] * scale + offset;
  }
  return numbers;
}

/**
 * Values of updates by the traces that they are of: each call of `Plotly.restyle` draws the figure once more.
 *
 * @param {{ traces: number[], attribute: string, values: any[] }[]} moved
 */
export function byTraces(moved) {
  /** @type {Map<string, { traces: number[], attributes: Record<string, any[]> }>} */
  const calls = new Map();
  for (const { traces, attribute, values } of moved) {
    const key = traces.join();
    const call = calls.get(key) ?? { traces, attributes: {} };
    call.attributes[attribute] = values;
    calls.set(key, call);
  }
  return [...calls.values()];
}
