// Beside the wall: the run of one place, large, with its curves and its numbers.

import { Film } from "./film.js";
import { make } from "./make.js";
import { brief } from "./numerals.js";
import { frameAt, metricAt, paintLines, UNDRAWN } from "./paint.js";
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
  loss: "The loss of each seed over the epochs, logarithmically; thick: of the run that a click opens.",
  E: "The mean size of E over the epochs, logarithmically.",
};

const MOST = 24; // rows and columns of a matrix, as in figures/tiles.py

const TAKEN = "What each class (a row) is taken for (a column); all right is the diagonal.";

export class Beside {
  /** @type {TileView | undefined} */
  tile;
  frame = UNDRAWN;

  /** @param {() => void} opened */
  constructor(opened) {
    this.title = make("h3");
    this.film = new Film();
    this.canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.lineCursor = make("i", { class: "nnviz-cursor", hidden: "" });
    this.face = make("span", { class: "nnviz-face" }, this.canvas, this.lineCursor);
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
    this.held.textContent = heldIn(place, wall, criterion);
    this.spread.textContent = `${wall.outcome}, of all seeds at the end: ${place.spread}.${place.status ? ` The run ${place.status}.` : ""}`;
    for (const element of [this.face, this.seen]) element.hidden = wall.film;
    this.film.element.hidden = !wall.film;
    this.chart.hidden = wall.film || wall.picture === "loss"; // that is large above
    this.legend.hidden = this.chart.hidden;
    this.lineCursor.hidden = !tile.chart;
    if (wall.film) {
      this.film.receive(tile);
    } else {
      paintLines(this.curves, place, wall.charts.loss, wall.end, tile.colour);
      tile.paintChart(this.canvas);
    }
    this.seen.textContent = seenAt(tile);
    this.frame = UNDRAWN;
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
 * Where the rule of the strip holds, in words.
 *
 * @param {import("./protocol.js").PlaceOfWall} place
 * @param {import("./protocol.js").WallOfRuns} wall
 * @param {import("./protocol.js").Criterion} criterion
 */
function heldIn({ epochs, held }, { ruleName, farthest }, { horizon }) {
  if (!epochs) return "";
  const over = horizon === 1 ? "1 step" : `${horizon} steps`;
  if (horizon > farthest)
    return `Of many runs, where ${ruleName} holds is measured over ${farthest} steps at most, and not over ${over}: choose fewer.`;
  if (held === null) return `Where ${ruleName} holds over ${over}: not measured.`;
  return (
    `${ruleName} over ${over}: holds in ${brief(held, "percent")} of the epochs. ` +
    "In the strip, which is even in their logarithm, that is full height; lower is half as good or worse."
  );
}

/**
 * What is seen of a place's run, in words; nothing before it is trained.
 *
 * @param {TileView} tile
 */
function seenAt({ place: { epochs, matrices }, wall: { picture, upwards } }) {
  if (!epochs) return "";
  if (picture === "decisions" && !upwards) return TAKEN;
  const { shape = [] } = matrices?.[picture]?.frames ?? {};
  const some = shape.slice(1).includes(MOST) && picture !== "decisions";
  return some ? `${SEEN[picture]} At most ${MOST} of each are drawn.` : SEEN[picture];
}
