// Beside the wall: the run of one place, large, with its curves and its numbers.

import { make } from "./make.js";
import { brief } from "./numerals.js";
import { frameAt, metricAt, paintFrame, paintLines } from "./paint.js";
import { Strip } from "./strip.js";

/** @typedef {import("./tile.js").TileView} TileView */

/** What is said of the run, by the name of the metric. @type {[string, string, "number" | "percent" | "count"][]} */
const NUMBERS = [
  ["loss", "Loss", "number"],
  ["test_loss", "Test loss", "number"],
  ["accuracy", "Train accuracy", "percent"],
  ["test_accuracy", "Test accuracy", "percent"],
  ["error_term_mean_abs", "Mean |E|", "number"],
  ["dead_units", "Dead units", "count"],
];

/** What is seen, by what a place shows. @type {Record<string, string>} */
const SEEN = {
  decisions: "What the network says of every point: the class, stronger where it is more certain.",
  weights: "W¹ and b¹. A row is a hidden unit; a column an input, the last one the bias. Blue: positive.",
  loss: "The loss over the epochs, logarithmically; dashed: of the test samples.",
  E: "The mean size of E over the epochs, logarithmically.",
};

const TAKEN = "What each class (a row) is taken for (a column); all right is the diagonal.";

export class Beside {
  /** @type {TileView | undefined} */
  tile;
  frame = -1;

  /** @param {() => void} opened */
  constructor(opened) {
    this.title = make("h3");
    this.canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.lineCursor = make("i", { class: "nnviz-cursor", hidden: "" });
    this.seen = make("p", { class: "nnviz-held" });
    this.strip = new Strip();
    this.held = make("p", { class: "nnviz-held" });
    this.curves = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.cursor = make("i", { class: "nnviz-cursor" });
    this.chart = make("span", { class: "nnviz-curves" }, this.curves, this.cursor);
    this.legend = make(
      "p",
      { class: "nnviz-held" },
      "Loss of the training samples; dashed: of the test samples.",
    );
    this.values = NUMBERS.map(([, label]) => ({ label, value: make("dd") }));
    this.spread = make("p", { class: "nnviz-held" });
    const open = make("button", { type: "button", class: "nnviz-text" }, "Open this run");
    open.addEventListener("click", opened);
    this.element = make(
      "aside",
      { class: "nnviz-beside", "aria-label": "The run of the chosen place" },
      this.title,
      make("span", { class: "nnviz-face" }, this.canvas, this.lineCursor),
      this.seen,
      this.strip.element,
      this.held,
      make("dl", {}, ...this.values.map(({ label, value }) => make("div", {}, make("dt", {}, label), value))),
      this.chart,
      this.legend,
      this.spread,
      open,
    );
    this.open = open;
  }

  /**
   * @param {TileView} tile
   * @param {import("./protocol.js").Criterion} criterion
   */
  receive(tile, criterion) {
    const { place, wall } = tile;
    this.tile = tile;
    this.title.textContent = place.said;
    this.element.dataset.smooth = String(wall.upwards);
    this.element.dataset.there = String(Boolean(place.epochs));
    this.strip.receive(place, wall.rule, criterion, wall.end);
    const held = this.strip.share;
    this.held.textContent = Number.isNaN(held)
      ? `Where ${wall.ruleName} holds over ${criterion.horizon} steps: not measured.`
      : `${wall.ruleName} over ${criterion.horizon} steps: holds in ${brief(held, "percent")} of the strip ` +
        `(full height), half as good or worse where it is lower.`;
    this.spread.textContent = `${wall.outcome} at the end: ${place.spread}.${place.status ? ` The run ${place.status}.` : ""}`;
    const rows = [wall.metrics.indexOf("loss"), wall.metrics.indexOf("test_loss")];
    const high = Math.max(...rows.flatMap((row) => finiteOf(place, row)), 1e-9);
    paintLines(this.curves, place, { rows, high, end: wall.end }, tile.colour);
    if (wall.lines.length)
      paintLines(this.canvas, place, { rows: wall.lines, high: wall.scale.high, end: wall.end }, tile.colour);
    this.lineCursor.hidden = !wall.lines.length;
    this.chart.hidden = wall.picture === "loss"; // that is large above
    this.legend.hidden = this.chart.hidden;
    this.seen.textContent = seenAt(tile);
    this.frame = -1;
  }

  /** @param {number} epoch */
  show(epoch) {
    if (!this.tile) return;
    const { place, wall, pixels } = this.tile;
    const frame = frameAt(place, epoch);
    this.strip.show(epoch, wall.end);
    for (const cursor of [this.cursor, this.lineCursor]) cursor.style.left = this.strip.now.style.left;
    if (frame === this.frame) return;
    this.frame = frame;
    if (pixels) paintFrame(this.canvas, place, frame, pixels, wall.upwards);
    for (const [i, [name, , format]] of NUMBERS.entries())
      this.values[i].value.textContent = brief(metricAt(place, wall.metrics.indexOf(name), frame), format);
  }
}

/**
 * What is seen of a place's run, in words; nothing before it is trained.
 *
 * @param {TileView} tile
 */
function seenAt({ place, wall: { picture, upwards } }) {
  if (!place.epochs) return "";
  return picture === "decisions" && !upwards ? TAKEN : SEEN[picture];
}

/**
 * The numbers of a metric along a run.
 *
 * @param {import("./protocol.js").PlaceOfWall} place
 * @param {number} row
 */
function finiteOf({ epochs, metrics }, row) {
  if (!epochs || !metrics) return [];
  const count = epochs.flat.length;
  return Array.from(metrics.flat.subarray(row * count, (row + 1) * count)).filter(Number.isFinite);
}
