// Hidden units, linked: the one that the pointer or the keyboard is at in a picture is marked in all.

import { make } from "./make.js";
import { mark, unitAt } from "./marks.js";

/** @typedef {import("./plotly.js").Plot} Plot */
/** @typedef {import("./protocol.js").Picture} Picture */

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * The units that a picture shows, from 1.
 *
 * @param {Picture} spec
 * @returns {number[]}
 */
export function unitsOf(spec) {
  return spec.data.flatMap(({ meta }) => meta?.units?.ids ?? []);
}

/**
 * Mark the unit that the pointer is at.
 *
 * @param {HTMLElement} frame  Around the plot.
 * @param {Plot} plot
 */
export function watchUnits(frame, plot) {
  let at = 0;
  /** @param {number} unit */
  const goTo = (unit) => {
    if (unit === at) return;
    at = unit;
    mark({ unit });
  };
  /** @param {PointerEvent} event */
  const look = ({ clientX, clientY }) => {
    const { left, top } = plot.getBoundingClientRect();
    goTo(unitAt(plot, clientX - left, clientY - top));
  };
  frame.addEventListener("pointermove", look);
  frame.addEventListener("pointerdown", look);
  frame.addEventListener("pointerleave", () => goTo(0));
}

/**
 * A button on which the arrow keys move from unit to unit.
 *
 * @param {() => number[]} units  Those of the picture now.
 */
export function unitButton(units) {
  const spoken = make("span", { class: "nnviz-spoken", "aria-live": "polite" });
  const button = make(
    "button",
    { type: "button", title: "Mark a hidden unit in all pictures: the arrow keys move" },
    "Unit",
  );
  let chosen = 1;
  /** @param {number} by */
  const move = (by) => {
    const all = units();
    const place = Math.max(0, all.indexOf(chosen)) + by;
    chosen = all[Math.min(all.length - 1, Math.max(0, place))];
    mark({ unit: chosen });
    spoken.textContent = `hidden unit ${chosen}`;
  };
  button.addEventListener("focus", () => move(0));
  button.addEventListener("keydown", (event) => {
    const by = STEPS[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows are the player's elsewhere
    move(by);
  });
  button.addEventListener("blur", () => {
    mark({ unit: 0 });
    spoken.textContent = "";
  });
  return [button, spoken];
}
