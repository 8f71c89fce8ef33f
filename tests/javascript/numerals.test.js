import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, inCell, short } from "../../nnviz/player/static/numerals.js";

const said = (value, format, of = null) => figure(value, { format, of });

test("a figure has the digits of its format", () => {
  assert.equal(said(1234.4, "count"), "1,234");
  assert.equal(said(3, "count", 16), "3 / 16");
  assert.equal(said(12, "count", 20_000), "12 / 20,000");
  assert.equal(said(0.123456, "number"), "0.1235");
  assert.equal(said(0.001, "number"), "0.0010");
  assert.equal(said(0.000999, "number"), "9.99e-4");
  assert.equal(said(-0.0001234, "number"), "-1.23e-4");
  assert.equal(said(0, "number"), "0.0000");
  assert.equal(said(72.96, "degrees"), "73.0°");
  assert.equal(said(0.9544, "percent"), "95.4 %");
});

test("what is undefined is a dash, not a number", () => {
  for (const format of ["count", "number", "degrees", "percent"]) assert.equal(said(Number.NaN, format), "–");
  assert.equal(said(Number.NaN, "count", 16), "– / 16");
});

test("a cell is written by Plotly's template", () => {
  assert.equal(inCell("%{z:.2f}", 0.126), "0.13");
  assert.equal(inCell("%{z:.1e}", 1234), "1.2e+3");
  assert.equal(inCell("%{z:.3g}", 1.2345), "1.23");
  assert.equal(inCell("%{z:.2f}", -0.126), "−0.13", "a minus, not a hyphen");
  assert.equal(inCell("%{z:.2f}", -0.001), "0.00", "zero has no sign");
  assert.equal(inCell("%{text}", 1, 7), "7");
});

test("the ends of a colour scale have two digits", () => {
  assert.equal(short(0), "0");
  assert.equal(short(-1.256), "−1.3");
  assert.equal(short(0.0123), "0.012");
  assert.equal(short(9876), "9900");
  assert.equal(short(12_345), "1e+4");
  assert.equal(short(-12_345), "−1e+4");
});
