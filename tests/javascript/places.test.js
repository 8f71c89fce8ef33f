import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, pixelsOf, placesOn } from "../../nnviz/player/static/places.js";

const axis = { range: [2, 4], type: "linear", _offset: 30, _length: 100, _id: "x" };

test("values lie along the axis, in pixels of the screen", () => {
  const place = placesOn(axis, 2);
  assert.deepEqual([2, 3, 4, 5].map(place), [60, 160, 260, 360]);
});

test("y rises from the foot, and a logarithmic axis has its range in powers of ten", () => {
  assert.deepEqual([2, 4].map(placesOn({ ...axis, _id: "y2" }, 1)), [130, 30]);
  assert.deepEqual([100, 1000, 10_000].map(placesOn({ ...axis, type: "log" }, 1)), [30, 80, 130]);
});

test("the extent of numbers passes over what is undefined", () => {
  assert.deepEqual(extent([3, Number.NaN, -1], Number.POSITIVE_INFINITY), { low: -1, high: 3 });
  assert.deepEqual(extent([3, 4], 0), { low: 0, high: 4 });
});

test("cells take whole pixels, with gaps between them, and nothing out of sight", () => {
  assert.deepEqual(pixelsOf([10, 20.4, 30], 10, 30, 0), [
    { at: 0, begin: 0, end: 10 },
    { at: 1, begin: 10, end: 20 },
  ]);
  assert.deepEqual(pixelsOf([10, 20, 30], 10, 30, 2), [
    { at: 0, begin: 1, end: 9 },
    { at: 1, begin: 11, end: 19 },
  ]);
  assert.deepEqual(pixelsOf([30, 20, 10], 10, 30, 0), [
    { at: 0, begin: 10, end: 20 },
    { at: 1, begin: 0, end: 10 },
  ]);
  assert.deepEqual(pixelsOf([0, 15, 40, 50], 10, 30, 0), [
    { at: 0, begin: 0, end: 5 },
    { at: 1, begin: 5, end: 20 },
  ]);
});
