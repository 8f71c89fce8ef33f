import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, same } from "../../nnviz/player/static/differences.js";

test("what is undefined in both is the same", () => {
  assert.ok(same(Number.NaN, Number.NaN));
  assert.ok(!same(Number.NaN, 0));
  assert.ok(!same(null, 0));
  assert.ok(!same(null, {}));
  assert.ok(!same({}, null));
});

test("arrays are the same number by number, typed or not", () => {
  assert.ok(same(Float32Array.of(1, Number.NaN), Float32Array.of(1, Number.NaN)));
  assert.ok(!same(Float32Array.of(1, 2), Float32Array.of(1, 3)));
  assert.ok(!same([1, 2], [1, 2, 3]));
  assert.ok(!same([1, 2, 3], [1, 2]));
  assert.ok(same([[1], { a: 2 }], [[1], { a: 2 }]));
  assert.ok(!same([[1], { a: 2 }], [[1], { a: 3 }]));
});

test("differences are told by the keys that lead there", () => {
  const before = { a: { b: [1, 2], c: 3 }, d: 4, gone: 5 };
  const after = { a: { b: [1, 9], c: 3 }, d: 4, come: 6 };
  assert.deepEqual(differences(before, after), [["a", "b"], ["gone"], ["come"]]);
  assert.deepEqual(differences(before, structuredClone(before)), []);
});
