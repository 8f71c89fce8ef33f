import assert from "node:assert/strict";
import { test } from "node:test";
import { combination } from "../../nnviz/player/static/buttons.js";
import { compact } from "../../nnviz/player/static/compact.js";
import { fill } from "../../nnviz/player/static/fill.js";
import { inkNumbers } from "../../nnviz/player/static/ink.js";
import { lineLabels, panelHeights } from "../../nnviz/player/static/labels.js";
import { standalone } from "../../nnviz/player/static/save.js";
import { placesOf } from "../../nnviz/player/static/stage.js";
import { paint, setPath } from "../../nnviz/player/static/theme.js";

const theme = {
  name: "dark",
  background: "#161616",
  text: "#fafafa",
  grid: "#333",
  enlarged: 1.5,
  font: "Arial",
};

test("a value is set at a dotted path, on objects that are made on the way", () => {
  const target = { marker: { size: 3 } };
  setPath(target, "marker.line.width", 2);
  setPath(target, "name", "A");
  assert.deepEqual(target, { marker: { size: 3, line: { width: 2 } }, name: "A" });
});

test("the page's theme is put on a layout, and its colour scale where there is that axis", () => {
  const layout = { font: { size: 10 }, margin: { l: 20, t: 0 }, xaxis: {}, yaxis2: {}, coloraxis: {} };
  const scales = {
    light: { "coloraxis.colorscale": "light" },
    dark: { "coloraxis.colorscale": "dark", "coloraxis2.colorscale": "none here" },
  };
  const painted = paint(layout, theme, scales);
  assert.deepEqual(painted.font, { size: 15, color: "#fafafa", family: "Arial" });
  assert.deepEqual(painted.margin, { l: 30, t: 0 });
  assert.equal(painted.xaxis.gridcolor, "#333");
  assert.equal(painted.yaxis2.zerolinecolor, "#333");
  assert.equal(painted.coloraxis.colorscale, "dark");
  assert.ok(!("coloraxis2" in painted));
});

test("a small figure has its axes, and nothing that would not be legible", () => {
  const traces = [
    { texttemplate: "%{z}", marker: { size: 10 }, mode: "lines+text" },
    { marker: { size: [1, 2] }, mode: "lines" },
  ];
  const layout = {
    font: { size: 20 },
    annotations: [{}],
    xaxis: { title: { text: "epoch" } },
    yaxis: { domain: [0, 0.5] },
    yaxis2: { domain: [0.5, 1] },
  };
  compact(traces, layout);
  assert.deepEqual(traces, [
    { marker: { size: 6 }, mode: "lines" },
    { marker: { size: [1, 2] }, mode: "lines" },
  ]);
  assert.equal(layout.font.size, 17);
  assert.deepEqual(layout.annotations, []);
  assert.equal(layout.xaxis.title.text, "");
  assert.deepEqual([layout.yaxis.nticks, layout.xaxis.nticks], [2, undefined]);
  assert.deepEqual(
    [layout.yaxis.domain, layout.yaxis2.domain],
    [
      [0, 0.42],
      [0.6, 1],
    ],
  );
  assert.deepEqual(layout.margin, { l: 30, r: 6, t: 8, b: 22 });
});

test("a small figure without numbers on its axes needs no room for them", () => {
  const layout = { font: { size: 20 }, xaxis: { visible: false }, yaxis: { tickvals: [1, 2] } };
  compact([], layout);
  assert.equal(layout.yaxis.showticklabels, false);
  assert.deepEqual(layout.margin, { l: 4, r: 4, t: 4, b: 4 });
});

const line = (label, y, yaxis) => ({ meta: { label }, y, yaxis, line: { color: `colour of ${label}` } });

test("names stand at the last points that there are, and keep apart", () => {
  const layout = {
    font: { size: 10 },
    margin: { t: 20, b: 30 },
    yaxis: { range: [0, 10] },
    yaxis2: { range: [0, 1], domain: [0.6, 1] },
  };
  const heights = panelHeights(layout, 150);
  assert.deepEqual(heights, { y: 100, y2: 40 });
  const traces = [
    line("a", [1, 5, Number.NaN]),
    line("b", [9, 5]),
    line("none", [Number.NaN]),
    line("upper", [0.5], "y2"),
    { y: [1], line: {} },
  ];
  const found = lineLabels(traces, layout, heights);
  assert.deepEqual(
    found.map(({ text, y, yref, font }) => [text, y, yref, font.color]),
    [
      ["<b>a</b>", 5, "y", "colour of a"],
      ["<b>b</b>", 6.7, "y", "colour of b"], // 1.7 sizes of the type above
      ["<b>upper</b>", 0.5, "y2", "colour of upper"],
    ],
  );
  const [low] = lineLabels([line("low", [-5])], layout, { y: 100 });
  assert.equal(low.y, 1.2, "clear of the numbers of the axis");
});

test("numbers on a map take one line where two are too wide", () => {
  const trace = () => ({
    meta: { ink: { light: "black", dark: "white" }, columns: 2 },
    textfont: { size: 10 },
    text: ["0.5<br>±0.02", "0.7"],
  });
  const wide = trace();
  inkNumbers(wide, theme, 2 * 5 * 0.56 * 15 + 1);
  assert.deepEqual(wide.text, ["0.5<br>±0.02", "0.7"]);
  assert.deepEqual(wide.textfont, { size: 15, color: "white" });
  const narrow = trace();
  inkNumbers(narrow, theme, 2 * 5 * 0.56 * 15 - 1);
  assert.deepEqual(narrow.text, ["0.5", "0.7"]);
});

test("the picture of the progress is filled with what is known of each rule", () => {
  const holds = {
    criterion: { horizon: 50 },
    line: (rule) => ({ x: [1, 2], y: [rule === "a" ? 1.5 : -9, Number.NaN] }),
  };
  const traces = [{ meta: { rule: "a", label: "A" } }, { meta: { label: "E" }, yaxis: "y2", y: [99] }, {}];
  const layout = { yaxis: {}, annotations: [{ text: "first" }, {}] };
  fill(traces, layout, holds);
  assert.deepEqual(traces[0].y, [1.5, Number.NaN]);
  assert.deepEqual(layout.yaxis.range, [-0.45, 1.6]);
  assert.match(layout.annotations[1].text, /Progress of the next 50 steps;/);
  assert.equal(layout.annotations[0].text, "first");
  const low = { yaxis: {} };
  fill([{ meta: { rule: "b", label: "B" } }], low, holds);
  assert.deepEqual(low.yaxis.range, [-2.25, 1.3], "as far down as is worth seeing");
});

test("of several lists, the last one counts fastest", () => {
  const choices = [
    ["a", "b"],
    ["1", "2", "3"],
  ];
  assert.equal(combination([], []), 0);
  assert.equal(combination(choices, [0, 2]), 2);
  assert.equal(combination(choices, [1, 0]), 3);
  assert.equal(combination(choices, [1, 2]), 5);
});

test("an enlarged picture changes places with the map", () => {
  const view = (name, place) => ({ name, spec: { place } });
  const views = [view("m", "map"), view("c", "claim"), view("a", "small"), view("b", "small")];
  const names = ({ map, chosen, claims, row }) =>
    [map, chosen, ...claims, "row", ...row].map((one) => one?.name ?? one);
  assert.deepEqual(names(placesOf(views, null)), ["m", undefined, "c", "row", "a", "b"]);
  assert.deepEqual(names(placesOf(views, "b")), ["m", "b", "c", "row", "a", "m"]);
  assert.deepEqual(names(placesOf(views, "gone")), ["m", undefined, "c", "row", "a", "b"]);
});

test("a picture that is saved has its title, legend, colour scale and epoch in it", () => {
  const spec = {
    title: "A < B & C",
    legend: [{ label: "a <b>", colour: "#123456" }],
    colourAxis: "coloraxis",
    cursor: true,
  };
  const plot = {
    layout: { margin: { t: 10, r: 2, l: 5 }, coloraxis: { cmin: 0 }, shapes: [{ type: "rect" }] },
  };
  const data = [{ y: [1] }];
  const figure = standalone(plot, data, spec, theme, 1000);
  assert.equal(figure.layout.title.text, "<b>A &lt; B &amp; C</b>, epoch 1,000");
  assert.equal(figure.layout.title.subtitle.text, '<span style="color:#123456">■</span> a &lt;b&gt;');
  assert.deepEqual(figure.layout.margin, { t: 62, r: 66, l: 5 });
  assert.equal(figure.layout.coloraxis.showscale, true);
  const [before, cursor] = figure.layout.shapes;
  assert.equal(before.type, "rect");
  assert.deepEqual([cursor.x0, cursor.x1, cursor.line.color], [1000, 1000, "#fafafa"]);
  figure.data[0].y[0] = 9;
  assert.deepEqual([data[0].y[0], plot.layout.shapes.length], [1, 1], "the picture on the page stays");
  const still = standalone(plot, data, { ...spec, colourAxis: null }, theme, null);
  assert.equal(still.layout.title.text, "<b>A &lt; B &amp; C</b>");
  assert.deepEqual([still.layout.margin.r, still.layout.shapes.length], [10, 1]);
});
