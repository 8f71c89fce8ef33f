import assert from "node:assert/strict";
import { test } from "node:test";
import { byTraces, frameOf, sameFrame } from "../../nnviz/player/static/updates.js";
import { Shaped, unpackMessage } from "../../nnviz/player/static/wire.js";
import { listed, near, packed } from "./packed.js";

const { bytes, expected } = packed("updates");
const [picture] = unpackMessage(bytes).pictures;
const updates = Object.fromEntries(expected.names.map((name, i) => [name, picture.updates[i]]));
const KEYFRAMES = [0, 1, 2, 3];

test("numbers of one byte are meant as they were, and 255 is undefined", () => {
  for (const keyframe of KEYFRAMES) {
    const [found] = frameOf(updates.bytes, keyframe, 0);
    assert.ok(near(listed(found), expected.bytes[keyframe], 10 / 254 / 2 + 1e-6), `${listed(found)}`);
  }
  assert.ok(expected.bytes[1][2] === null, "there is something undefined to find");
});

test("254 is a number, and 255 is one where there is more than a byte", () => {
  const of = (flat) => ({ traces: [0], scale: 0.5, offset: 1, values: new Shaped(flat, [1, 2]), trail: 0 });
  assert.deepEqual(listed(frameOf(of(Uint8Array.of(254, 255)), 0, 0)[0]), [128, null]);
  assert.deepEqual(listed(frameOf(of(Int16Array.of(254, 255)), 0, 0)[0]), [128, 128.5]);
  const plain = { ...of(Uint8Array.of(254, 255)), scale: 1, offset: 0 };
  assert.deepEqual(listed(frameOf(plain, 0, 0)[0]), [254, 255]);
});

test("numbers of two bytes are nested in rows", () => {
  const most = Math.max(...expected.words.flat(2).map(Math.abs));
  for (const keyframe of KEYFRAMES) {
    const [found] = frameOf(updates.words, keyframe, 0);
    assert.ok(near(listed(found), expected.words[keyframe], most / 32767 / 2 + 1e-6));
  }
});

test("codes are looked up, one for each trace", () => {
  for (const keyframe of KEYFRAMES) {
    assert.deepEqual(frameOf(updates.lookup, keyframe, 0), expected.lookup[keyframe]);
  }
});

test("looked up codes are nested as numbers are", () => {
  const values = new Shaped(Uint8Array.of(0, 1, 1, 0), [1, 2, 2]);
  const update = { traces: [0], values, lookup: ["a", "b"], trail: 0 };
  assert.deepEqual(frameOf(update, 0, 0), [
    [
      ["a", "b"],
      ["b", "a"],
    ],
  ]);
});

test("a choice has its own values, and a single keyframe holds for all", () => {
  for (const choice of [0, 1, 2]) {
    assert.deepEqual(frameOf(updates.flags, 3, choice), expected.flags[choice]);
    for (const keyframe of KEYFRAMES) {
      const [found] = frameOf(updates.choice, keyframe, choice);
      assert.ok(near(listed(found), expected.choice[keyframe][choice], 1e-6));
    }
  }
});

test("each of several traces gets its row", () => {
  const found = frameOf(updates.rows, 2, 0);
  assert.equal(found.length, 2);
  assert.ok(near(listed(found), expected.rows[2], 1e-6));
});

test("a trail goes through the keyframes before, with a gap after each line", () => {
  for (const keyframe of KEYFRAMES) {
    const [found] = frameOf(updates.trail, keyframe, 0);
    assert.ok(near(listed(found), expected.trail[keyframe].flat(), 1e-6), `keyframe ${keyframe}`);
  }
});

test("a frame is the same if its codes are, undefined ones too", () => {
  assert.ok(sameFrame(updates.bytes, 1, 1, 0));
  assert.ok(!sameFrame(updates.bytes, 0, 1, 0));
  assert.ok(sameFrame(updates.flags, 0, 3, 0), "there is one frame for all");
  const values = new Shaped(Float32Array.of(1, Number.NaN, 1, Number.NaN, 1, 2), [3, 2]);
  const update = { traces: [0], values, trail: 0 };
  assert.ok(sameFrame(update, 0, 1, 0));
  assert.ok(!sameFrame(update, 1, 2, 0));
  assert.ok(!sameFrame({ ...update, trail: 1 }, 0, 1, 0), "its line grows");
});

test("values are gathered by the traces that they are of", () => {
  const moved = [
    { traces: [0, 1], attribute: "x", values: ["a", "b"] },
    { traces: [0], attribute: "x", values: ["c"] },
    { traces: [0, 1], attribute: "line.color", values: ["d", "e"] },
  ];
  assert.deepEqual(byTraces(moved), [
    { traces: [0, 1], attributes: { x: ["a", "b"], "line.color": ["d", "e"] } },
    { traces: [0], attributes: { x: ["c"] } },
  ]);
});

test("the weights on screen are those of the keyframe", () => {
  const run = packed("run");
  const { pictures } = unpackMessage(run.bytes);
  for (const layer of ["1", "2"]) {
    const [update] = pictures.find(({ name }) => name === `W${layer}`).updates;
    const [W, b] = [run.expected[`W${layer}`], run.expected[`b${layer}`]];
    for (const keyframe of [0, 7, W.length - 1]) {
      const [found] = frameOf(update, keyframe, 0);
      const meant = W[keyframe].map((row, unit) => [...row, ...b[keyframe][unit]]);
      assert.ok(near(listed(found), meant, update.scale / 2 + 1e-6), `W${layer} at keyframe ${keyframe}`);
    }
  }
});
