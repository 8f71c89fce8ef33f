// Beside the wall: the run of one place, large, with its curves and its numbers.

import { Film } from "./film.js";
import { make } from "./make.js";
import { brief } from "./numerals.js";
import { frameAt, metricAt, paintLines } from "./paint.js";
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
    this.film = new Film();
    this.canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.face = make("span", { class: "nnviz-face" });
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
      this.face,
      this.film.element,
      this.seen,
      this.strip.element,
      this.held,
      make("dl", {}, ...this.values.map(({ label, value }) => make("div", {}, make("dt", {}, label), value))),
      this.chart,
      this.legend,
      this.spread,
      open,
    );
    this.face.append(this.canvas, this.lineCursor);
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
    this.element.dataset.smooth = String(wall.picture === "decisions" && wall.upwards);
    this.element.dataset.there = String(Boolean(place.epochs));
    this.strip.receive(place, wall.rule, criterion, wall.end);
    const held = this.strip.share;
    this.held.textContent = Number.isNaN(held)
      ? `Where ${wall.ruleName} holds over ${criterion.horizon} steps: not measured.`
      : `${wall.ruleName} over ${criterion.horizon} steps: holds in ${brief(held, "percent")} of the strip ` +
        `(full height), half as good or worse where it is lower.`;
    this.spread.textContent = `${wall.outcome} at the end: ${place.spread}.${place.status ? ` The run ${place.status}.` : ""}`;
    for (const element of [this.face, this.seen]) element.hidden = wall.film;
    this.film.element.hidden = !wall.film;
    this.chart.hidden = wall.film || wall.picture === "loss"; // that is large above
    this.legend.hidden = this.chart.hidden;
    this.lineCursor.hidden = !tile.chart;
    if (wall.film) this.film.receive(tile);
    else paintLines(this.curves, place, wall.charts.loss, wall.end, tile.colour);
    if (tile.chart && !wall.film) paintLines(this.canvas, place, tile.chart, wall.end, tile.colour);
    this.seen.textContent = seenAt(tile);
    this.frame = -1;
  }

  /** @param {number} epoch */
  show(epoch) {
    if (!this.tile) return;
    const { place, wall } = this.tile;
    const frame = frameAt(place, epoch);
    this.strip.show(epoch, wall.end);
    const { left } = this.strip.now.style;
    for (const cursor of [this.cursor, this.lineCursor]) cursor.style.left = left;
    this.film.point(left);
    if (frame === this.frame) return;
    this.frame = frame;
    if (wall.film) this.film.show(this.tile, frame);
    else if (!this.tile.chart) this.tile.paint(this.canvas, wall.picture, frame);
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
