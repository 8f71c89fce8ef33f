import assert from "node:assert/strict";
import { test } from "node:test";
import { advanced, SPEEDS, speedName } from "../../nnviz/player/static/pace.js";

test("a speed is so many epochs a second, by parts of an epoch", () => {
  assert.equal(advanced(10, 0.25, "20", 1000, 1000), 15);
  assert.equal(advanced(10, 0.1, "1", 1000, 1000), 10.1);
  assert.equal(advanced(990, 1, "2000", 1000, 1000), 1000, "not beyond the last epoch");
});

test("evenly, a run takes five seconds, and each stretch of the ribbon the same time", () => {
  assert.ok(Math.abs(advanced(0, 5, "even", 1e9, 999) - 999) < 1e-6);
  const half = advanced(0, 2.5, "even", 1e9, 999);
  assert.ok(Math.abs(Math.log1p(half) - Math.log1p(999) / 2) < 1e-9);
  const tenth = advanced(half, 0.5, "even", 1e9, 999);
  assert.ok(Math.abs(Math.log1p(tenth) - 0.6 * Math.log1p(999)) < 1e-9);
  assert.equal(advanced(0, 5, "even", 500, 999), 500, "a growing run is played as far as it is");
});

test("speeds have names", () => {
  assert.equal(SPEEDS[0], "even");
  assert.equal(speedName("even"), "run in 5 s");
  assert.equal(speedName("2000"), "2,000 epochs/s");
});
