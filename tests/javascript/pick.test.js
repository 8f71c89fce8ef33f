import assert from "node:assert/strict";
import { test } from "node:test";
import { nextOf, spotsOf } from "../../nnviz/player/static/pick.js";

/** An axis from 0 to 10, in so many pixels after an offset. */
const axis = (_length, _offset) => ({ _length, _offset, d2p: (value) => (value / 10) * _length });

/** A plot as Plotly leaves it, with one trace. */
function plot(trace, visible = true) {
  return {
    data: [{ x: [], y: [] }, trace],
    _fullData: [
      { visible: true, xaxis: "x", yaxis: "y" },
      { visible, xaxis: "x2", yaxis: "y2" },
    ],
    _fullLayout: { xaxis: axis(1, 0), yaxis: axis(1, 0), xaxis2: axis(100, 30), yaxis2: axis(200, 20) },
  };
}

const points = { x: [1, 5, 11], y: [2, 10, 5], customdata: Int32Array.of(7, 8, 9) };

test("points that are seen lie where they are drawn", () => {
  assert.deepEqual(spotsOf(plot(points)), [
    { point: 7, left: 40, top: 60, curveNumber: 1, pointNumber: 0, at: [1, 2], subplot: "x2y2" },
    { point: 8, left: 80, top: 220, curveNumber: 1, pointNumber: 1, at: [5, 10], subplot: "x2y2" },
  ]);
});

test("the cells of a map can be opened, each by its row and column", () => {
  const map = { x: [1, 2], y: [3, 4], customdata: [Int32Array.of(0, 1), Int32Array.of(2, 3)] };
  const found = spotsOf(plot(map)).map(({ point, left, top, pointNumber }) => [
    point,
    left,
    top,
    pointNumber,
  ]);
  assert.deepEqual(found, [
    [0, 40, 80, [0, 0]],
    [1, 50, 80, [0, 1]],
    [2, 40, 100, [1, 0]],
    [3, 50, 100, [1, 1]],
  ]);
});

test("what is hidden, opens nothing or is not drawn yet is passed over", () => {
  assert.deepEqual(spotsOf(plot(points, "legendonly")), []);
  assert.deepEqual(spotsOf(plot({ ...points, customdata: undefined })), []);
  assert.deepEqual(spotsOf({}), []);
});

test("an arrow goes to the next point in its direction, and of those to the least aside", () => {
  const spots = [
    { left: 0, top: 0 },
    { left: 10, top: 50 },
    { left: 10, top: -5 },
    { left: 30, top: 0 },
    { left: -1, top: 0 },
  ];
  assert.equal(nextOf(spots, spots[0], [1, 0]), spots[2]);
  assert.equal(nextOf(spots, spots[0], [-1, 0]), spots[4]);
  assert.equal(nextOf(spots, spots[0], [0, 1]), spots[1]);
  assert.equal(nextOf(spots, spots[0], [0, -1]), spots[2]);
  assert.equal(nextOf(spots, spots[3], [1, 0]), undefined);
});
