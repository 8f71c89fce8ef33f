// What Python packed (nnviz/player/wire.py), unpacked: JSON, and arrays that are views of one buffer.

const VIEWS = {
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

const START_BYTES = 16;

/** An array of any shape: `flat` is its numbers, row by row. */
class Shaped {
  constructor(flat, shape) {
    this.flat = flat;
    this.shape = shape;
  }

  /** As Plotly wants it: a typed array, or an array of rows. */
  nested() {
    return nest(this.flat, this.shape);
  }
}

function nest(flat, shape) {
  if (shape.length < 2) return flat;
  const size = flat.length / shape[0];
  return Array.from({ length: shape[0] }, (_, row) =>
    nest(flat.subarray(row * size, (row + 1) * size), shape.slice(1)),
  );
}

/**
 * Read what goes before a message: where to start, how many starts there were, the type's size, and
 * when an approximation holds.
 */
export function unpackStart(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, START_BYTES);
  const [count, epoch, large] = [0, 4, 8].map((place) => view.getUint32(place, true));
  const [threshold, horizon] = [12, 14].map((place) => view.getUint16(place, true));
  return { count, epoch, large: large === 1, criterion: { threshold: threshold / 1000, horizon } };
}

/** Read a message that has such a start before it. */
export function unpackMessage(bytes) {
  return unpack(bytes.subarray(START_BYTES));
}

/** Whether two messages are the same, whatever stands before them. */
export function sameMessage(before, after) {
  if (before?.length !== after.length) return false;
  for (let i = START_BYTES; i < after.length; i += 1) if (before[i] !== after[i]) return false;
  return true;
}

/** Read what Python packed: a length, a JSON header, and the arrays it points to. */
export function unpack(bytes) {
  const { buffer } = bytes.slice(); // a copy, so that every array is aligned
  const length = new DataView(buffer).getUint32(0, true);
  const start = 4 + length;
  const array = ([offset, dtype, shape]) => {
    const count = shape.reduce((product, side) => product * side, 1);
    return new Shaped(new VIEWS[dtype](buffer, start + offset, count), shape);
  };
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  return JSON.parse(text, (_, value) =>
    value !== null && typeof value === "object" && "$array" in value ? array(value.$array) : value,
  );
}

/** A copy of a figure's traces in which every array is as Plotly wants it. */
export function plain(value) {
  if (value instanceof Shaped) return value.nested();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}

/** The codes that an update has at a keyframe. */
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

/** Whether an update says the same at two keyframes. */
export function sameFrame(update, before, keyframe, choice) {
  if (before === keyframe || update.values.shape[0] === 1) return true;
  const [was, is] = [before, keyframe].map((frame) => codesOf(update, frame, choice).codes);
  return !update.trail && same(was, is);
}

/** The value that an update has at a keyframe, one entry a trace, as `Plotly.restyle` wants it. */
export function frameOf(update, keyframe, choice) {
  if (update.trail) return [trailOf(update, keyframe)];
  const { codes, shape } = codesOf(update, keyframe, choice);
  const [size, numbers] = [codes.length, meant(update, codes)];
  if (update.traces.length === 1) return [nest(numbers, shape)];
  const each = size / update.traces.length;
  return update.traces.map((_, trace) =>
    each === 1 ? numbers[trace] : nest(numbers.slice(trace * each, (trace + 1) * each), shape.slice(1)),
  );
}

/** A line for each number through its last keyframes, the lines one after the other with gaps. */
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

function meant({ lookup, scale, offset }, codes) {
  if (lookup) return Array.from(codes, (code) => lookup[code]);
  if (scale === 1 && offset === 0) return codes;
  const undefinedCode = codes instanceof Uint8Array ? 255 : Number.NaN; // as in figures/moving.py
  const numbers = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) {
    numbers[i] = codes[i] === undefinedCode ? Number.NaN : codes[i] * scale + offset;
  }
  return numbers;
}

const isRecord = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

function same(one, other) {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (isRecord(one) && isRecord(other)) return !differences(one, other).length;
  if (typeof one !== "object" || one?.length === undefined || one.length !== other?.length) return false;
  for (let i = 0; i < one.length; i += 1) if (!same(one[i], other[i])) return false;
  return true;
}

/** Where two objects differ, each place as the keys that lead there; an array is one place. */
export function differences(before, after) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (isRecord(was) && isRecord(is)) return differences(was, is).map((path) => [key, ...path]);
    return same(was, is) ? [] : [[key]];
  });
}
