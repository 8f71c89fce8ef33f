import assert from "node:assert/strict";
import { test } from "node:test";
import { brief } from "../../nnviz/player/static/numerals.js";
import { frameAt, metricAt, pixelsOfBytes, shadesOn } from "../../nnviz/player/static/paint.js";

const shaped = (flat, ...shape) => ({ flat, shape });

const PLACE = {
  epochs: shaped(Uint32Array.of(0, 1, 5, 20), 4),
  metrics: shaped(Float32Array.of(4, 3, 2, 1, 0.25, 0.5, 0.75, 1), 2, 4),
};

const MATRIX = { unit: 2 / 254, zero: -1 };

test("a place shows the keyframe before the epoch, and nothing before it is trained", () => {
  assert.deepEqual(
    [0, 1, 4, 5, 19, 20, 100].map((epoch) => frameAt(PLACE, epoch)),
    [0, 1, 1, 2, 2, 3, 3],
  );
  assert.equal(frameAt({}, 3), -1);
});

test("a metric is read at the keyframe, a row a metric", () => {
  assert.equal(metricAt(PLACE, 0, 2), 2);
  assert.equal(metricAt(PLACE, 1, 3), 1);
  assert.ok(Number.isNaN(metricAt({}, 1, 3)));
});

test("a byte is the shade of the number that it means, on the wall's scale", () => {
  const scale = {
    axis: null,
    colours: [
      [0, "#000000"],
      [1, "#ffffff"],
    ],
    low: -2,
    high: 2,
  };
  const pixels = pixelsOfBytes(MATRIX, scale, shadesOn(scale, {}));
  const grey = (code) => pixels[code] & 255;
  assert.equal(grey(0), 64, "-1 is a quarter of the way from -2 to 2");
  assert.ok(Math.abs(grey(127) - 127.5) <= 1, "0 is the middle");
  assert.equal(grey(254), 191);
  assert.equal(pixels[255], 0, "what is undefined is not drawn");
  assert.equal(pixels[0] >>> 24, 255, "opaque");
});

test("a scale may be the theme's", () => {
  const scale = { axis: "coloraxis2", colours: null, low: 0, high: 1 };
  const themes = {
    "coloraxis2.colorscale": [
      [0, "#ff0000"],
      [1, "#0000ff"],
    ],
  };
  const pixels = pixelsOfBytes({ unit: 1 / 254, zero: 0 }, scale, shadesOn(scale, themes));
  assert.equal(pixels[0] & 255, 255);
  assert.equal((pixels[254] >> 16) & 255, 255);
});

test("a number where there is little room", () => {
  assert.equal(brief(0.966, "percent"), "97 %");
  assert.equal(brief(1234, "count"), "1,234");
  assert.equal(brief(0.012345, "number"), "0.012");
  assert.equal(brief(Number.NaN, "percent"), "–");
});
