import assert from "node:assert/strict";
import { test } from "node:test";
import { isCrosses, isLine } from "../../nnviz/player/static/lines.js";

const line = { type: "scatter", mode: "lines", x: [], y: [], line: { width: 1 } };

test("a line is painted if there is nothing more to it", () => {
  assert.ok(isLine(line));
  assert.ok(isLine({ ...line, line: { dash: "dot" }, fill: "tonexty" }));
  assert.ok(!isLine({ ...line, line: { dash: "longdash" } }));
  assert.ok(!isLine({ ...line, fill: "tozeroy" }));
  assert.ok(!isLine({ ...line, mode: "lines+text" }));
  assert.ok(!isLine({ ...line, opacity: 0.5 }), "an attribute that is not known here");
});

test("crosses are painted if they say nothing", () => {
  const crosses = { mode: "markers", marker: { symbol: "x" }, hoverinfo: "skip", cliponaxis: false };
  assert.ok(isCrosses(crosses));
  for (const other of [
    { mode: "lines" },
    { marker: { symbol: "circle" } },
    { hoverinfo: "all" },
    { cliponaxis: true },
  ]) {
    assert.ok(!isCrosses({ ...crosses, ...other }), JSON.stringify(other));
  }
});
