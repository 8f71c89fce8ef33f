// The bytes that Python packed (nnviz/player/wire.py), read: a head, JSON, and arrays that are views of one
// buffer. docs/protocol.md has the whole of it.

/** @typedef {import("./protocol.js").Head} Head */
/** @typedef {Float32Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array} Numbers */

/** @type {Record<string, new (buffer: ArrayBuffer, offset: number, count: number) => Numbers>} */
const VIEWS = {
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

const HEAD_BYTES = 16;

const LENGTH_BYTES = 4;

/** An array of any shape: `flat` is its numbers, row by row. */
export class Shaped {
  /**
   * @param {Numbers} flat
   * @param {number[]} shape
   */
  constructor(flat, shape) {
    this.flat = flat;
    this.shape = shape;
  }

  /** As Plotly wants it: a typed array, or an array of rows. */
  nested() {
    return nest(this.flat, this.shape);
  }
}

/**
 * An array of any shape from its numbers, row by row: as they are, or an array of rows.
 *
 * @param {Numbers | any[]} flat
 * @param {number[]} shape
 * @returns {any}
 */
export function nest(flat, shape) {
  if (shape.length < 2) return flat;
  const size = flat.length / shape[0];
  return Array.from({ length: shape[0] }, (_, row) => nest(part(flat, row * size, size), shape.slice(1)));
}

/**
 * So many numbers from one on; of a typed array they are not copied.
 *
 * @param {Numbers | any[]} flat
 * @param {number} start
 * @param {number} size
 */
export function part(flat, start, size) {
  const end = start + size;
  return Array.isArray(flat) ? flat.slice(start, end) : flat.subarray(start, end);
}

/**
 * Read what goes before a message.
 *
 * @param {Uint8Array} bytes
 * @returns {Head}
 */
export function unpackHead(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  const [starts, epoch, large] = [0, 4, 8].map((place) => view.getUint32(place, true));
  const [threshold, horizon] = [12, 14].map((place) => view.getUint16(place, true));
  return { starts, epoch, large: large === 1, criterion: { threshold: threshold / 1000, horizon } };
}

/**
 * Read a message that has a head.
 *
 * @param {Uint8Array} bytes
 */
export function unpackMessage(bytes) {
  return unpack(bytes.subarray(HEAD_BYTES));
}

/**
 * Whether two messages are the same, whatever their heads.
 *
 * @param {Uint8Array | undefined} before
 * @param {Uint8Array} after
 */
export function sameMessage(before, after) {
  if (before?.length !== after.length) return false;
  for (let i = HEAD_BYTES; i < after.length; i += 1) if (before[i] !== after[i]) return false;
  return true;
}

/**
 * Read what Python packed: a length, JSON, and the arrays it points to.
 *
 * @param {Uint8Array} bytes
 */
export function unpack(bytes) {
  const { buffer } = bytes.slice(); // a copy, so that every array is aligned
  const length = new DataView(buffer).getUint32(0, true);
  const start = LENGTH_BYTES + length;
  /** @param {[offset: number, dtype: string, shape: number[]]} place */
  const array = ([offset, dtype, shape]) => {
    const count = shape.reduce((product, side) => product * side, 1);
    return new Shaped(new VIEWS[dtype](buffer, start + offset, count), shape);
  };
  const text = new TextDecoder().decode(new Uint8Array(buffer, LENGTH_BYTES, length));
  return JSON.parse(text, (_, value) =>
    value !== null && typeof value === "object" && "$array" in value ? array(value.$array) : value,
  );
}

/**
 * A copy of a figure's traces, or layout, in which every array is as Plotly wants it.
 *
 * @param {any} value
 * @returns {any}
 */
export function plain(value) {
  if (value instanceof Shaped) return value.nested();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
