// A slider over the values of a setting, which can be played through.

import { make } from "./make.js";

/** @typedef {import("./protocol.js").WallOfRuns} WallOfRuns */

const PASS = 6000; // ms for all values
const LONGEST = 900; // ms for one of them

export class Values {
  /**
   * @param {(at: number) => void} moved  Called when it has moved, by the visitor or playing.
   * @param {(wall: WallOfRuns) => [name: string, values: string[]]} of  What of a wall it moves.
   */
  constructor(moved, of) {
    this.moved = moved;
    this.of = of;
    /** @type {string[]} */
    this.values = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.turning = undefined;
    this.name = make("span");
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0 });
    this.value = make("output");
    this.play = make("button", { type: "button", class: "nnviz-text" }, "Play");
    this.element = make("div", { class: "nnviz-layers" }, this.name, this.slider, this.value, this.play);
    this.slider.addEventListener("input", () => {
      this.pause();
      this.show(this.at);
      moved(this.at);
    });
    this.play.addEventListener("click", () => {
      if (this.turning === undefined) this.turn();
      else this.pause();
    });
  }

  get at() {
    return Number(this.slider.value);
  }

  /** @param {WallOfRuns} wall */
  receive(wall) {
    const [name, values] = this.of(wall);
    this.values = values;
    this.element.hidden = values.length < 2;
    this.name.textContent = name;
    this.slider.setAttribute("aria-label", name);
    this.play.setAttribute("aria-label", `Play ${name}`);
    this.slider.max = String(Math.max(0, values.length - 1));
    if (this.element.hidden) this.pause();
    this.show(this.at);
  }

  /** @param {number} at */
  show(at) {
    this.slider.value = String(at);
    this.value.textContent = this.values[at] ?? "";
    this.slider.setAttribute("aria-valuetext", this.values[at] ?? "");
  }

  /** Go on to the next value, after the last to the first, until it is paused. */
  turn() {
    this.play.textContent = "Pause";
    this.turning = setTimeout(
      () => {
        if (!this.element.isConnected) return;
        this.show((this.at + 1) % this.values.length);
        this.moved(this.at);
        this.turn();
      },
      Math.min(LONGEST, PASS / this.values.length),
    );
  }

  pause() {
    clearTimeout(this.turning);
    this.turning = undefined;
    this.play.textContent = "Play";
  }
}
