import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFINED, Holds, level } from "../../nnviz/player/static/holds.js";
import { Shaped } from "../../nnviz/player/static/wire.js";

const rising = (...numbers) => new Shaped(Uint32Array.from(numbers), [numbers.length]);

const claim = {
  epochs: rising(0, 10, 100),
  end: 1000,
  reached: 120,
  rules: [
    { rule: "centred", angle: new Shaped(Float32Array.of(1, 2, 3), [3]) },
    { rule: "difference", angle: new Shaped(Float32Array.of(0, 60, Number.NaN), [3]) },
  ],
};

// Two horizons; from epoch 100 the longer one is not measured, and from epoch 300 nothing is yet.
const progress = {
  run: "id",
  epochs: rising(0, 10, 100),
  planned: rising(0, 10, 100, 300),
  horizons: [1, 50],
  matched: { difference: new Shaped(Float32Array.of(1, 0.9, 0.8, 0.45, 0.2, Number.NaN), [3, 2]) },
  why: new Shaped(Uint8Array.of(0, 0, 0, 0, 0, 3), [3, 2]),
};

const holds = (horizon, threshold = 0.9) => new Holds(claim, progress, { threshold, horizon });

test("a level begins at the threshold, and half as good at half of it", () => {
  assert.equal(level(0.9, 0.9), "holds");
  assert.equal(level(0.8999, 0.9), "half");
  assert.equal(level(0.45, 0.9), "half");
  assert.equal(level(0.4499, 0.9), "fails");
  assert.equal(level(-1, 0.9), "fails");
  assert.equal(level(Number.NaN, 0.9), "undefined");
});

test("an angle is that of the keyframe before", () => {
  assert.equal(holds(1).angle("difference", 10), 60);
  assert.equal(holds(1).angle("difference", 99), 60);
  assert.equal(holds(1).angle("difference", 9), 0);
  assert.equal(holds(1).angle("centred", 500), 3);
  assert.ok(Number.isNaN(holds(1).angle("difference", 100)));
});

test("the next steps are those of the nearest epoch, over the horizon", () => {
  assert.deepEqual(holds(1).next("difference", 10), {
    rho: Math.fround(0.8),
    why: DEFINED,
    epoch: 10,
  });
  assert.equal(
    holds(1).next("difference", 0).rho,
    1,
    "a milestone speaks for the first epoch of its stretch, too",
  );
  assert.equal(holds(50).next("difference", 10).rho, Math.fround(0.45));
  assert.equal(holds(1).next("difference", 100).rho, Math.fround(0.2));
});

test("what is not measured says whether it is still to be", () => {
  const later = holds(1).next("difference", 300);
  assert.ok(Number.isNaN(later.rho));
  assert.deepEqual([later.why, later.waits], [3, true]);
  const never = holds(1).next("difference", 1000);
  assert.deepEqual([never.why, never.waits], [3, false]);
  const none = new Holds(claim, null, { threshold: 0.9, horizon: 1 }).next("difference", 0);
  assert.deepEqual([none.why, none.waits], [3, false]);
});

test("milestones speak half-way to the next, but not far", () => {
  const found = holds(1).milestones();
  assert.deepEqual(
    found.map(({ epoch, row }) => [epoch, row]),
    [
      [0, 0],
      [10, 1],
      [100, 2],
      [300, -1],
    ],
  );
  const whole = Math.log1p(1000);
  const at = (share) => Math.expm1(share * whole);
  assert.equal(found[0].from, 0);
  assert.ok(Math.abs(found[0].to - at(0.06)) < 1e-9, "0.06 of the ribbon, which is less than half-way");
  const half = (Math.log1p(300) - Math.log1p(100)) / whole / 2;
  assert.ok(half > 0.06 && found.slice(1).every(({ from }, i) => from > found[i].to));
  const near = new Holds(
    claim,
    { ...progress, planned: rising(0, 10, 12, 100) },
    { threshold: 1, horizon: 1 },
  ).milestones();
  const between = at((Math.log1p(10) + Math.log1p(12)) / 2 / whole);
  assert.ok(Math.abs(near[1].to - between) < 1e-9);
  assert.ok(Math.abs(near[2].from - between) < 1e-9);
});

test("the longest horizon is not measured from all epochs", () => {
  assert.deepEqual(
    holds(50)
      .milestones()
      .map(({ epoch }) => epoch),
    [0, 10, 300],
  );
});

test("the lane of this step goes by the cosine, to the last epoch reached", () => {
  assert.deepEqual(holds(1, 0.5 - 1e-9).lane("difference", "step"), [
    { epoch: 0, from: 0, to: 10, level: "holds" },
    { epoch: 10, from: 10, to: 100, level: "holds" },
    { epoch: 100, from: 100, to: 120, level: "undefined" },
  ]);
  assert.equal(holds(1, 0.6).lane("difference", "step")[1].level, "half");
});

test("the lane of the next steps and the line of the picture go by the progress", () => {
  const levels = holds(1)
    .lane("difference", "next")
    .map(({ level }) => level);
  assert.deepEqual(levels, ["holds", "half", "fails", "later"]);
  const { x, y } = holds(1).line("difference");
  assert.deepEqual(x, [0, 10, 100, 300]);
  assert.deepEqual(y, [1, Math.fround(0.8), Math.fround(0.2), Number.NaN]);
});
