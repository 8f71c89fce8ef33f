import assert from "node:assert/strict";
import { test } from "node:test";
import { EpochScale } from "../../nnviz/player/static/epochs.js";
import { filledAt, heightOf, LANE, spansOf, topOf } from "../../nnviz/player/static/lanes.js";

test("lanes lie below each other, a rule's closer together", () => {
  const tops = [topOf(0, "step"), topOf(0, "next"), topOf(1, "step"), topOf(1, "next")];
  assert.equal(tops[0], 0);
  const gaps = tops.slice(1).map((top, i) => top - tops[i] - LANE);
  assert.deepEqual(gaps, [1, 6, 1]);
  assert.equal(heightOf(2), tops[3] + LANE);
  assert.equal(heightOf(1), tops[1] + LANE);
});

test("the better, the taller, and something is seen of the worst", () => {
  assert.equal(filledAt("holds"), LANE);
  assert.deepEqual([filledAt("half"), filledAt("fails")], [6, 3]);
});

test("cells go from epoch to epoch, to where the run has come", () => {
  const lane = [
    { from: 0, to: 9, level: "holds" },
    { from: 9, to: 99, level: "half" },
    { from: 99, to: 999, level: "later" },
  ];
  const spans = spansOf(lane, new EpochScale(999, false), 99, 300);
  assert.deepEqual(spans, [
    { left: 0, width: 100, level: "holds" },
    { left: 100, width: 100, level: "half" },
    { left: 200, width: 0, level: "later" },
  ]);
});
