// The row of numbers above the pictures, at the epoch shown.

import { make } from "./make.js";
import { figure } from "./numerals.js";

/** @typedef {import("./protocol.js").Metric} Metric */

const UNDEFINED = "Undefined at this epoch: a gradient is zero, there is no such data, or the run has ended";

export class Row {
  constructor() {
    this.element = make("dl", { class: "nnviz-numbers" });
    /** @type {{ metric: Metric, value: HTMLElement }[]} */
    this.shown = [];
  }

  /**
   * @param {Metric[]} metrics
   * @param {number} runs  How many runs are side by side.
   */
  receive(metrics, runs) {
    this.shown = metrics.map((metric) => ({ metric, value: make("dd") }));
    this.element.style.setProperty("--runs", String(runs));
    this.element.replaceChildren(
      ...this.shown.map(({ metric: { label, help }, value }) =>
        make("div", { title: help }, make("dt", {}, label), value),
      ),
    );
  }

  /**
   * @param {number} index  Of the epoch.
   * @param {number} epoch
   * @param {number} pictured  The epoch of the pictures.
   */
  show(index, epoch, pictured) {
    for (const { metric, value } of this.shown) {
      const number = metric.values.flat[index];
      value.title = Number.isNaN(number) ? UNDEFINED : "";
      value.textContent = figure(number, metric);
    }
    this.element.dataset.pictures =
      pictured === epoch ? "" : `pictures of epoch ${pictured.toLocaleString("en")}`;
  }
}
