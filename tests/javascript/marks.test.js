import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleShapes, unitAt, unitShapes } from "../../nnviz/player/static/marks.js";
import { unitsOf } from "../../nnviz/player/static/units.js";

/** An axis from 0 to `end` over so many pixels. */
function axis(offset, length, start, end) {
  return {
    _offset: offset,
    _length: length,
    d2p: (value) => (length * (value - start)) / (end - start),
    p2d: (pixels) => start + (pixels * (end - start)) / length,
  };
}

/** A plot of one trace. */
function plotOf(trace, x, y, visible = true) {
  return /** @type {any} */ ({
    data: [trace],
    _fullData: [{ visible, xaxis: "x", yaxis: "y" }],
    _fullLayout: { xaxis: x, yaxis: y },
  });
}

const WIDE = axis(10, 100, -0.5, 9.5);
const HIGH = axis(20, 50, -0.5, 4.5);

test("a sample's point is ringed where the axes have it, and one that is not seen is not", () => {
  const points = { x: [0, 4, 40], y: [1, 2, 2], customdata: Int32Array.of(3, 7, 9) };
  const plot = plotOf(points, WIDE, HIGH);
  assert.deepEqual(sampleShapes(plot, 7, true), [{ kind: "ring", x: 55, y: 45, r: 8.5 }]);
  assert.deepEqual(sampleShapes(plot, 9, true), [], "beyond the axes");
  assert.deepEqual(sampleShapes(plot, 8, true), [], "not drawn");
  assert.deepEqual(sampleShapes(plot, 0, true), [], "none is chosen");
  assert.deepEqual(sampleShapes(plot, 7, false), [], "these are numbers of something else");
  assert.deepEqual(sampleShapes(plotOf(points, WIDE, HIGH, false), 7, true), [], "a hidden trace");
  assert.deepEqual(sampleShapes(/** @type {any} */ ({}), 7, true), [], "not drawn yet");
});

test("a sample's bar, column and image are framed", () => {
  const bars = { type: "bar", x: [5, 6], y: [1, 2], customdata: [4, 8] };
  const [bar] = sampleShapes(plotOf(bars, WIDE, HIGH), 8, true);
  assert.deepEqual({ ...bar, y: 0, height: 9 }, { kind: "box", x: 10, width: 100, y: 0, height: 9 });
  assert.ok(Math.abs(bar.y - 40.5) < 1e-9 && Math.abs(bar.height - 9) < 1e-9);
  const map = { type: "heatmap", meta: { samples: [5, 2] } };
  assert.deepEqual(sampleShapes(plotOf(map, WIDE, HIGH), 2, false), [
    { kind: "box", x: 20, y: 20, width: 10, height: 50 },
  ]);
  const narrow = axis(0, 100, -0.5, 99.5);
  assert.deepEqual(
    sampleShapes(plotOf(map, narrow, HIGH), 5, false),
    [{ kind: "box", x: -1.5, y: 20, width: 4, height: 50 }],
    "wide enough to be seen",
  );
  const images = { type: "scatter", x: [4], y: [3], customdata: [6], meta: { around: [-1, -2, 1, 0] } };
  assert.deepEqual(sampleShapes(plotOf(images, WIDE, HIGH), 6, true), [
    { kind: "box", x: 45, y: 35, width: 20, height: 20 },
  ]);
});

const UNITS = {
  rows: { meta: { units: { by: "rows", ids: [1, 3, 5] } } },
  columns: { x: [-0.5, 0.5, 1.5, 2.5], meta: { units: { by: "columns", ids: [1, 3, 5] } } },
  points: { x: [2, 2, 2], y: [0, 2, 4], meta: { units: { by: "points", ids: [1, 3, 5] } } },
  lines: {
    x: [0, 8, Number.NaN, 0, 8, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    y: [0, 0, Number.NaN, 2, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    meta: { units: { by: "lines", ids: [1, 3, 5] } },
  },
  tiles: { meta: { units: { by: "tiles", ids: [1, 3, 5], across: 2, rows: 2, columns: 4 } } },
};

test("what is at the middle of a unit's mark is the unit", () => {
  for (const [by, trace] of Object.entries(UNITS)) {
    const plot = plotOf(trace, WIDE, HIGH);
    for (const unit of by === "lines" ? [1, 3] : [1, 3, 5]) {
      const [shape] = unitShapes(plot, unit);
      const { x = 0, y = 0, width = 0, height = 0, x1, y1, x2, y2 } = /** @type {any} */ (shape);
      const at = by === "lines" ? [(x1 + x2) / 2, (y1 + y2) / 2] : [x + width / 2, y + height / 2];
      assert.equal(unitAt(plot, at[0], at[1]), unit, `${by} ${unit}`);
    }
    assert.deepEqual(unitShapes(plot, 2), [], "a unit that is not drawn");
    assert.equal(unitAt(plot, 5, 45), 0, "beside the panel");
  }
  assert.deepEqual(unitShapes(plotOf(UNITS.lines, WIDE, HIGH), 5), [], "it folds elsewhere");
});

test("beside all units there is none", () => {
  assert.equal(unitAt(plotOf(UNITS.columns, WIDE, HIGH), 100, 45), 0, "the bias");
  assert.equal(unitAt(plotOf(UNITS.rows, WIDE, HIGH), 50, 65), 0, "below the last row");
  assert.equal(unitAt(plotOf(UNITS.points, WIDE, HIGH), 100, 45), 0);
  assert.equal(unitAt(plotOf(UNITS.lines, WIDE, HIGH), 100, 45), 0);
  assert.equal(unitAt(plotOf(UNITS.tiles, WIDE, HIGH), 105, 25), 0, "right of the tiles");
});

test("a picture says which units it has", () => {
  const spec = /** @type {any} */ ({ data: [{}, UNITS.rows, { meta: { ink: [] } }] });
  assert.deepEqual(unitsOf(spec), [1, 3, 5]);
});
