import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, spacious } from "../../nnviz/player/static/spacious.js";
import { rulesOf, selectorOf } from "../../nnviz/player/static/spotlight.js";
import { turnOf } from "../../nnviz/player/static/tour.js";

const plainKey = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test("arrows and a clicker's keys turn the tour's pages", () => {
  for (const key of ["ArrowRight", "PageDown"]) assert.equal(turnOf({ ...plainKey, key }), 1);
  for (const key of ["ArrowLeft", "PageUp"]) assert.equal(turnOf({ ...plainKey, key }), -1);
  for (const key of [" ", "Home", "ArrowUp", "a"]) assert.equal(turnOf({ ...plainKey, key }), 0);
  for (const held of ["altKey", "ctrlKey", "metaKey", "shiftKey"])
    assert.equal(turnOf({ ...plainKey, [held]: true, key: "ArrowRight" }), 0, `with ${held}`);
});

test("a picture's name is a name in the rules, whatever it is", () => {
  assert.equal(selectorOf("leak"), '.nnviz-picture[data-picture="leak"]');
  assert.equal(selectorOf("all training"), '.nnviz-picture[data-picture="all training"]');
  assert.equal(selectorOf('x"] * { }'), '.nnviz-picture[data-picture="x   "]');
  assert.equal(selectorOf("sample"), "[data-testid=nnviz-sample]");
});

test("what is looked at is ringed, and the rest dimmed or, for a room, hidden", () => {
  assert.equal(rulesOf({ pictures: [], alone: false }), "");
  const ringed = rulesOf({ pictures: ["leak"], alone: false });
  assert.match(ringed, /outline: 3px/);
  assert.match(ringed, /filter: opacity/);
  assert.doesNotMatch(ringed, /display: none/);
  const alone = rulesOf({ pictures: ["leak", "losses"], alone: true });
  assert.match(alone, /display: none/);
  assert.doesNotMatch(alone, /outline/);
});

test("large type leaves an axis fewer numbers, and puts a long name into its panel", () => {
  const layout = {
    font: { size: 20 },
    margin: { t: 10, b: 38 },
    xaxis: { title: { text: "epoch" } },
    yaxis: { title: { text: "a name too long for it" }, domain: [0, 0.45] },
    yaxis2: { title: { text: "E" }, domain: [0.55, 1], tickvals: [1, 2, 3, 4, 5, 6, 7] },
  };
  apart(layout);
  spacious(layout, 360); // 300 pixels of panels: two of 120
  assert.equal(layout.yaxis.nticks, 2);
  assert.equal(layout.yaxis2.nticks, undefined, "its numbers are chosen");
  assert.deepEqual(layout.yaxis2.tickvals, [1, 3, 5, 7]);
  assert.deepEqual(layout.yaxis.domain, [0, 0.4]);
  assert.equal(layout.yaxis.title.text, "");
  assert.equal(layout.yaxis2.title.text, "E");
  assert.deepEqual(
    layout.annotations.map(({ text, y }) => [text, y]),
    [["a name too long for it", 0.4]],
  );
});
