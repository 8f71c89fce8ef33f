import assert from "node:assert/strict";
import { test } from "node:test";
import { darkInkOn, shadeAt, shadesOf } from "../../nnviz/player/static/shades.js";

const bytesOf = (shades, i) => Array.from(new Uint8Array(shades.buffer).subarray(4 * i, 4 * i + 4));

test("shades pass from stop to stop, and are exact at the stops", () => {
  const shades = shadesOf([
    [0, "#ff0000"],
    [0.5, "rgba(0, 100, 50, 0.5)"],
    [1, "rgb(0,0,255)"],
  ]);
  const last = shades.length - 1;
  assert.deepEqual(bytesOf(shades, 0), [255, 0, 0, 255]);
  assert.deepEqual(bytesOf(shades, last), [0, 0, 255, 255]);
  const near = (i, meant) =>
    assert.ok(
      bytesOf(shades, i).every((byte, c) => Math.abs(byte - meant[c]) <= 1),
      `${bytesOf(shades, i)}`,
    );
  near(Math.round(last / 2), [0, 100, 50, 127.5]);
  near(Math.round(last / 4), [127.5, 50, 25, 191]);
  near(Math.round((3 * last) / 4), [0, 50, 152.5, 191]);
});

test("a number has the shade at its place, and beyond the scale the outermost", () => {
  const last =
    shadesOf([
      [0, "#000000"],
      [1, "#ffffff"],
    ]).length - 1;
  const shade = shadeAt(-2, 2);
  assert.deepEqual([-9, -2, 2, 9].map(shade), [0, 0, last, last]);
  assert.equal(shade(1), Math.round(0.75 * last));
});

test("dark ink is for light shades: the contrast is the better one", () => {
  const shades = shadesOf([
    [0, "#000000"],
    [1, "#ffffff"],
  ]);
  const dark = darkInkOn(shades);
  assert.equal(dark.length, shades.length);
  assert.ok(!dark[0] && dark.at(-1));
  // Grey from which on black is read better: luminance above √(1.05 · 0.056) − 0.05, which is 0.1925.
  const grey = 255 * (1.055 * 0.1925 ** (1 / 2.4) - 0.055);
  const turns = dark.indexOf(true);
  assert.ok(Math.abs(bytesOf(shades, turns)[0] - grey) <= 1, `from grey ${bytesOf(shades, turns)[0]} on`);
  assert.ok(dark.slice(turns).every(Boolean));
});
