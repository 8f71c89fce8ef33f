// A film's pictures: what the Train page shows of a run, as one setting changes.

import { make } from "./make.js";
import { paintLines } from "./paint.js";

/** @typedef {import("./tile.js").TileView} TileView */

/** @type {Record<string, [title: string, seen: string]>} */
const MATRICES = {
  decisions: ["Decision map", "The class of every point, stronger where it is more certain."],
  weights: ["W¹ and b¹", "A row is a hidden unit, a column an input, the last one the bias."],
  W2: ["W² and b²", "A row is a class, a column a hidden unit, the last one the bias."],
  hidden: [
    "Hidden activations A¹",
    "A row is a hidden unit, a column one of some training samples, by class.",
  ],
};

const CONFUSION = ["Confusion matrix", "What each class (a row) is taken for (a column)."];

/** @type {Record<string, string>} */
const CHARTS = { loss: "Loss; dashed: test", accuracy: "Accuracy; dashed: test", E: "Mean |E|" };

export class Film {
  constructor() {
    this.matrices = Object.keys(MATRICES).map((name) => {
      const [title, seen] = [make("h4"), make("p", { class: "nnviz-held" })];
      const canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
      const face = make("span", { class: "nnviz-face" }, canvas);
      return { name, title, seen, canvas, element: make("div", { "data-matrix": name }, title, face, seen) };
    });
    this.charts = Object.entries(CHARTS).map(([name, title]) => {
      const canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
      const cursor = make("i", { class: "nnviz-cursor" });
      const chart = make("span", { class: "nnviz-curves" }, canvas, cursor);
      return { name, canvas, cursor, element: make("div", {}, make("h4", {}, title), chart) };
    });
    this.element = make(
      "div",
      { class: "nnviz-frames" },
      make("div", { class: "nnviz-matrices" }, ...this.matrices.map(({ element }) => element)),
      make("div", { class: "nnviz-charts" }, ...this.charts.map(({ element }) => element)),
    );
  }

  /** @param {TileView} tile */
  receive(tile) {
    const { place, wall, colour } = tile;
    for (const { name, title, seen, element } of this.matrices) {
      const [called, explained] = name === "decisions" && !wall.upwards ? CONFUSION : MATRICES[name];
      title.textContent = called;
      seen.textContent = explained;
      element.dataset.smooth = String(name === "decisions" && wall.upwards);
    }
    for (const { name, canvas } of this.charts)
      paintLines(canvas, place, wall.charts[name], wall.end, colour);
  }

  /**
   * @param {TileView} tile
   * @param {number} frame
   */
  show(tile, frame) {
    for (const { name, canvas } of this.matrices) tile.paint(canvas, name, frame);
  }

  /** @param {string} left  Where the epoch is. */
  point(left) {
    for (const { cursor } of this.charts) cursor.style.left = left;
  }
}
