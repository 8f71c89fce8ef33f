// What a visitor can choose of a picture: toggles of its layout, and lists of what it shows.

import { make } from "./make.js";

/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./protocol.js").Picture} Picture */

/**
 * Which combination of choices is chosen, the last list counting fastest.
 *
 * @param {string[][]} choices
 * @param {number[]} chosen  In each of the lists.
 */
export function combination(choices, chosen) {
  return choices.reduce((index, labels, list) => index * labels.length + chosen[list], 0);
}

export class Buttons {
  /**
   * @param {(attributes: Attributes) => void} toggled  Called with those of the layout that change.
   * @param {() => void} chose  Called when something else is to be shown.
   */
  constructor(toggled, chose) {
    this.toggled = toggled;
    this.chose = chose;
    this.element = make("span", { class: "nnviz-buttons" });
    /** @type {Set<number>} */
    this.pressed = new Set();
    /** @type {number[]} */
    this.chosen = [];
    this.made = "";
  }

  /**
   * Make the buttons of a picture, if they are others than before; what is chosen stays.
   *
   * @param {Picture} spec
   * @param {() => Element[]} others  Buttons that go behind these.
   */
  receive(spec, others) {
    const made = JSON.stringify([spec.toggles.map(({ label }) => label), spec.choices, spec.opens]);
    this.spec = spec;
    if (made === this.made) return;
    this.made = made;
    this.chosen = spec.choices.map((labels, list) => Math.min(this.chosen[list] ?? 0, labels.length - 1));
    this.element.replaceChildren(
      ...spec.toggles.map(({ label }, index) => this.toggleButton(label, index)),
      ...spec.choices.map((labels, list) => this.select(labels, list)),
      ...others(),
    );
  }

  /** @returns {number} */
  get choice() {
    return combination(this.spec?.choices ?? [], this.chosen);
  }

  /** What the toggles that are on change in the layout. */
  get on() {
    return [...this.pressed].map((index) => this.spec?.toggles[index]?.on ?? {});
  }

  /**
   * @param {string} label
   * @param {number} index
   */
  toggleButton(label, index) {
    const attributes = { type: "button", "aria-pressed": String(this.pressed.has(index)) };
    const button = make("button", attributes, label);
    button.addEventListener("click", () => {
      const on = !this.pressed.has(index);
      if (on) this.pressed.add(index);
      else this.pressed.delete(index);
      button.setAttribute("aria-pressed", String(on));
      const toggle = this.spec?.toggles[index];
      if (toggle) this.toggled(on ? toggle.on : toggle.off);
    });
    return button;
  }

  /**
   * @param {string[]} labels
   * @param {number} list
   */
  select(labels, list) {
    const select = make(
      "select",
      { "aria-label": `${this.spec?.title}: shown` },
      ...labels.map((label, index) => make("option", { value: index }, label)),
    );
    select.value = String(this.chosen[list]);
    select.addEventListener("change", () => {
      this.chosen[list] = Number(select.value);
      this.chose();
    });
    return select;
  }
}
