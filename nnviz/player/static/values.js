// A slider over the values of a setting.

import { make } from "./make.js";

/** @typedef {import("./protocol.js").WallOfRuns} WallOfRuns */

export class Values {
  /**
   * @param {(at: number) => void} moved  Called when the visitor has moved it.
   * @param {(wall: WallOfRuns) => [name: string, values: string[]]} of  What of a wall it moves.
   */
  constructor(moved, of) {
    this.of = of;
    /** @type {string[]} */
    this.values = [];
    this.name = make("span");
    this.slider = make("input", { type: "range", min: 0, step: 1, value: 0 });
    this.value = make("output");
    this.element = make("label", { class: "nnviz-layers" }, this.name, this.slider, this.value);
    this.slider.addEventListener("input", () => {
      this.show(this.at);
      moved(this.at);
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
    this.slider.max = String(Math.max(0, values.length - 1));
    this.show(this.at);
  }

  /** @param {number} at */
  show(at) {
    this.slider.value = String(at);
    this.value.textContent = this.values[at] ?? "";
    this.slider.setAttribute("aria-valuetext", this.values[at] ?? "");
  }
}
