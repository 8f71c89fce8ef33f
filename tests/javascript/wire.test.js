import assert from "node:assert/strict";
import { test } from "node:test";
import {
  nest,
  plain,
  sameMessage,
  unpack,
  unpackHead,
  unpackMessage,
} from "../../nnviz/player/static/wire.js";
import { listed, near, packed } from "./packed.js";

const TYPES = {
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

test("a head says what Python was told to say", () => {
  assert.deepEqual(unpackHead(packed("kinds").bytes), {
    starts: 7,
    epoch: 70_000,
    large: true,
    criterion: { threshold: 0.85, horizon: 200 },
  });
  const { starts, epoch, large } = unpackHead(packed("updates").bytes);
  assert.deepEqual({ starts, epoch, large }, { starts: 0, epoch: 0, large: false });
});

test("arrays of every type and shape come back", () => {
  const { bytes, expected } = packed("kinds");
  const message = unpackMessage(bytes);
  assert.equal(message.text, expected.text);
  assert.equal(message.none, null);
  assert.deepEqual(Object.keys(message.arrays), Object.keys(expected.arrays));
  for (const [name, array] of Object.entries(message.arrays)) {
    const [type, shape] = name.split(" ");
    if (!shape) continue;
    assert.equal(array.flat.constructor, TYPES[type], name);
    assert.deepEqual(array.shape, shape.split("x").map(Number), name);
    assert.ok(near(listed(array.nested()), expected.arrays[name], type === "float32" ? 1e-4 : 0), name);
  }
  assert.deepEqual(listed(message.arrays.signed.flat), [-32767, -1, 0, 32767]);
});

test("an array that is sent once is read in all its places", () => {
  const { arrays, twice } = unpackMessage(packed("kinds").bytes);
  assert.equal(twice[0].flat.byteOffset, arrays.signed.flat.byteOffset);
  assert.deepEqual(twice[0].flat, arrays.signed.flat);
});

test("what is read stays when the bytes it came in are used again", () => {
  const { bytes } = packed("kinds");
  const message = unpackMessage(bytes);
  bytes.fill(0);
  assert.deepEqual(listed(message.arrays.signed.flat), [-32767, -1, 0, 32767]);
});

test("messages are the same whatever their heads, and differ by any byte", () => {
  const { bytes } = packed("kinds");
  const other = bytes.slice();
  assert.ok(!sameMessage(undefined, bytes));
  for (let i = 0; i < 16; i += 1) other[i] += 1;
  assert.ok(sameMessage(bytes, other), "the head alone differs");
  for (const i of [16, bytes.length - 1]) {
    other[i] += 1;
    assert.ok(!sameMessage(bytes, other), `byte ${i} differs`);
    other[i] -= 1;
  }
  assert.ok(sameMessage(bytes, other));
  assert.ok(!sameMessage(bytes, bytes.subarray(0, -1)));
});

test("a run's numbers are those that Python trained", () => {
  const { bytes, expected } = packed("run");
  const { epoch, starts } = unpackHead(bytes);
  assert.deepEqual([starts, epoch], [1, 40]);
  const run = unpackMessage(bytes);
  assert.deepEqual(
    listed(run.epochs.flat),
    expected.loss.map((_, epoch) => epoch),
  );
  assert.deepEqual(listed(run.keyframes.flat), expected.keyframes);
  for (const [name, label] of [
    ["loss", "Loss"],
    ["accuracy", "Train accuracy"],
  ]) {
    const metric = run.metrics.find((one) => one.label === label);
    assert.equal(metric.name, name);
    assert.ok(near(listed(metric.values.flat), expected[name], 1e-6), label);
  }
});

test("a run's progress is what Python measured", () => {
  const { bytes, expected } = packed("progress");
  const measured = unpack(bytes);
  assert.deepEqual(measured.horizons, [1, 10, 50, 200]);
  assert.deepEqual(listed(measured.epochs.flat), expected.epochs);
  assert.deepEqual(listed(measured.why.nested()), expected.why);
  for (const rule of ["drop_error_term", "difference", "centred"]) {
    const found = listed(measured.matched[rule].nested());
    assert.ok(near(found, expected[rule], 1e-5 * Math.max(1, ...expected[rule].flat().map(Math.abs))), rule);
  }
});

test("numbers are nested row by row, typed or not", () => {
  assert.deepEqual(nest([1, 2, 3, 4, 5, 6], [3, 2]), [
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const rows = nest(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]);
  assert.deepEqual(listed(rows), [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ]);
  assert.deepEqual(nest([], [0, 3]), []);
});

test("a plain figure is a copy without shaped arrays", () => {
  const { arrays } = unpackMessage(packed("kinds").bytes);
  const figure = { traces: [{ z: arrays["uint8 2x3"], name: null, show: false }] };
  const copy = plain(figure);
  assert.ok(near(listed(copy.traces[0].z), packed("kinds").expected.arrays["uint8 2x3"], 0));
  assert.deepEqual([copy.traces[0].name, copy.traces[0].show], [null, false]);
  copy.traces[0].name = "other";
  assert.equal(figure.traces[0].name, null);
});
