// A place of the wall: a run's picture, where its approximation holds, and one number.

import { make } from "./make.js";
import { brief } from "./numerals.js";
import { frameAt, metricAt, paintFrame, paintLines, paintSeeds, pixelsOfBytes, UNDRAWN } from "./paint.js";
import { Strip } from "./strip.js";

/** @typedef {import("./protocol.js").WallOfRuns} WallOfRuns */
/** @typedef {import("./protocol.js").PlaceOfWall} PlaceOfWall */

export class TileView {
  // From the first run on:
  /** @type {PlaceOfWall} */
  place;
  /** @type {WallOfRuns} */
  wall;
  /** @type {Record<string, Uint32Array>} What stands for a byte of each matrix. */
  pixels = {};
  colour = "gray"; // of lines
  frame = UNDRAWN;

  /**
   * @param {{ chosen: (tile: TileView) => void, opened: (tile: TileView) => void }} actions
   */
  constructor({ chosen, opened }) {
    this.canvas = make("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    this.cursor = make("i", { class: "nnviz-cursor", hidden: "" });
    this.strip = new Strip();
    this.number = make("b");
    this.mark = make("em");
    this.setting = make("span", { class: "nnviz-own" }); // where it has no head
    this.element = make(
      "button",
      { type: "button", class: "nnviz-tile" },
      make("span", { class: "nnviz-face" }, this.canvas, this.cursor),
      make("span", { class: "nnviz-figure" }, this.setting, this.number, this.mark),
      this.strip.element,
    );
    let touched = false;
    this.element.addEventListener("pointerdown", ({ pointerType }) => {
      // A finger does not hover: its first touch is to look.
      touched = pointerType === "touch" && this.element.dataset.chosen !== "true";
    });
    this.element.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType !== "touch") chosen(this);
    });
    this.element.addEventListener("focus", () => chosen(this));
    this.element.addEventListener("click", () => {
      if (touched) chosen(this);
      else opened(this);
      touched = false;
    });
  }

  /**
   * @param {PlaceOfWall} place
   * @param {WallOfRuns} wall
   * @param {import("./wall.js").Look} look
   */
  receive(place, wall, { shades, theme, criterion }) {
    Object.assign(this, { place, wall });
    const { scales, end, rule } = wall;
    const { chart } = this;
    this.setting.textContent = wall.film ? place.said : "";
    this.element.dataset.place = place.place.join(" ");
    this.element.dataset.smooth = String(wall.picture === "decisions" && wall.upwards);
    this.element.classList.toggle("nnviz-best", place.best);
    this.element.classList.toggle("nnviz-current", place.current);
    this.element.dataset.there = String(Boolean(place.epochs));
    const without = wall.over < 0 ? place.without : "";
    // The number above is of one seed, at the epoch shown; what is best is so over all, at the end.
    const best = place.best ? `best mean ${brief(place.value ?? Number.NaN, wall.format)}` : "";
    this.mark.textContent = [without, place.status, best, place.current ? "yours" : ""]
      .filter(Boolean)
      .join(", ");
    this.strip.receive(place, rule, criterion, end);
    this.cursor.hidden = !chart;
    this.colour = theme.text;
    this.pixels = {};
    for (const [name, matrix] of Object.entries(place.matrices ?? {}))
      this.pixels[name] = pixelsOfBytes(matrix, scales[name], shades[name]);
    this.frame = UNDRAWN;
    this.paintChart(this.canvas);
  }

  /**
   * Paint the lines, if it is those that a place shows.
   *
   * @param {HTMLCanvasElement} canvas
   */
  paintChart(canvas) {
    const { place, wall, chart, colour } = this;
    const paints = wall.picture === "loss" ? paintSeeds : paintLines;
    if (chart) paints(canvas, place, chart, wall.end, colour);
  }

  /** The lines that a place shows, if not a matrix. */
  get chart() {
    const { charts, picture } = this.wall;
    return picture === "loss" || picture === "E" ? charts[picture] : null;
  }

  /**
   * Paint a matrix of the run, if there is one.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {string} name
   * @param {number} frame
   */
  paint(canvas, name, frame) {
    const matrix = this.place.matrices?.[name];
    const upwards = name === "decisions" && this.wall.upwards;
    if (matrix) paintFrame(canvas, matrix, frame, this.pixels[name], upwards);
  }

  /** @param {number} epoch */
  show(epoch) {
    const { place, wall } = this;
    const frame = frameAt(place, epoch);
    this.strip.show(epoch, wall.end);
    this.cursor.style.left = this.strip.now.style.left;
    if (frame === this.frame) return;
    this.frame = frame;
    if (!this.chart) this.paint(this.canvas, wall.picture, frame);
    this.number.textContent = brief(this.value(frame), wall.format);
    this.element.setAttribute("aria-label", this.inWords());
  }

  /**
   * The number of the place: of its run at a frame, or, where that is known of the end alone, of all seeds.
   *
   * @param {number} frame
   */
  value(frame) {
    const { place, wall } = this;
    return wall.over < 0 ? (place.value ?? Number.NaN) : metricAt(place, wall.over, frame);
  }

  inWords() {
    const { place, wall } = this;
    const held = place.held === null ? "" : `, ${wall.ruleName} holds in ${brief(place.held, "percent")}`;
    const marks = this.mark.textContent ? `, ${this.mark.textContent}` : "";
    if (!place.epochs) return `${place.said}: not trained yet`;
    return `${place.said}: ${wall.outcome} ${this.number.textContent}${held}${marks}`;
  }
}
