import assert from "node:assert/strict";
import { test } from "node:test";
import { EpochScale, lastAtMost, onScale } from "../../nnviz/player/static/epochs.js";

test("the last that is at most a value, in every rising array", () => {
  for (let length = 0; length <= 6; length += 1) {
    const rising = Uint32Array.from({ length }, (_, i) => 3 * i + 2);
    for (let value = 0; value <= 3 * length + 3; value += 0.5) {
      const meant = rising.filter((one) => one <= value).length - 1;
      assert.equal(lastAtMost(rising, value), meant, `${value} in ${rising}`);
    }
  }
});

test("epochs lie by their logarithm, or linearly", () => {
  const log = new EpochScale(99, false);
  assert.deepEqual([log.x(0), log.x(9), log.x(99)], [0, 1, 2]);
  assert.equal(log.share(9), 0.5);
  assert.equal(log.epoch(0.5), 9);
  const linear = new EpochScale(100, true);
  assert.equal(linear.share(25), 0.25);
  assert.equal(linear.epoch(0.254), 25);
  assert.deepEqual([log.epoch(-1), log.epoch(2)], [0, 99]);
  assert.equal(new EpochScale(0, false).share(0), 0, "a run of no epochs has a place, too");
});

test("round epochs are written, apart from each other and from the ends", () => {
  assert.deepEqual(new EpochScale(1000, true).ticks(), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(new EpochScale(1000, false).ticks(), [0, 1, 3, 10, 30, 100, 300, 1000]);
  assert.deepEqual(new EpochScale(1000, false).ticks(0.3), [0, 10, 1000]);
});

test("a chart is moved to the scale, and keeps its epochs", () => {
  const scale = new EpochScale(99, false);
  const traces = [{ x: [0, 9, 99] }, { x: [0, 9], xaxis: "x2" }];
  const layout = {
    xaxis: {},
    shapes: [
      { x0: 9, x1: 99 },
      { xref: "paper", x0: 0, x1: 1 },
    ],
    annotations: [{ x: 9, xref: "x" }],
  };
  onScale(traces, layout, scale, 0.09);
  assert.deepEqual(traces[0], { x: [0, 1, 2], customdata: [0, 9, 99] });
  assert.deepEqual(traces[1].x, [0, 9], "that is another axis");
  assert.deepEqual(layout.shapes, [
    { x0: 1, x1: 2 },
    { xref: "paper", x0: 0, x1: 1 },
  ]);
  assert.equal(layout.annotations[0].x, 1);
  assert.deepEqual(layout.xaxis.range, [0, 2]);
  assert.deepEqual(layout.xaxis.tickvals[0], 0);
  assert.deepEqual(layout.xaxis.ticktext.at(-1), "99");
});
