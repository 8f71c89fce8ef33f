// The line in a picture above which an approximation holds: it can be dragged.

import { make } from "./make.js";

const RANGE = { low: 0.5, high: 1, step: 0.05 };

/** @type {Record<string, number>} */
const KEYS = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 2,
  PageDown: -2,
  Home: -10,
  End: 10,
};

/**
 * The nearest value that the threshold can have.
 *
 * @param {number} value
 */
export function nearest(value) {
  const { low, high, step } = RANGE;
  return Number(Math.min(high, Math.max(low, Math.round(value / step) * step)).toFixed(2));
}

export class Threshold {
  /**
   * @param {import("./picture.js").PictureView} view
   * @param {(value: number) => void} moved  While it is dragged.
   * @param {(value: number) => void} settled  When it is let go.
   */
  constructor(view, moved, settled) {
    this.value = RANGE.low;
    this.view = view;
    this.label = make("span", {});
    this.element = make(
      "div",
      {
        class: "nnviz-threshold",
        role: "slider",
        tabindex: "0",
        "aria-label": "Holds from",
        "aria-valuemin": RANGE.low,
        "aria-valuemax": RANGE.high,
        "aria-orientation": "vertical",
        title: "Drag to set the progress from which an approximation counts as holding",
        hidden: "",
      },
      this.label,
    );
    this.element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!this.element.hasPointerCapture(event.pointerId)) return;
      const { yaxis } = view.plot._fullLayout;
      const value = nearest(yaxis.p2d(event.clientY - view.plot.getBoundingClientRect().top - yaxis._offset));
      if (value !== this.value) moved(value);
    });
    this.element.addEventListener("lostpointercapture", () => settled(this.value));
    this.element.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const value = nearest(this.value + by * RANGE.step);
      moved(value);
      settled(value);
    });
    view.frame.append(this.element);
  }

  /**
   * Put it where the threshold is.
   *
   * @param {number} value
   */
  place(value) {
    this.value = value;
    this.element.setAttribute("aria-valuenow", String(value));
    this.label.textContent = `↕ ${value}`;
    this.element.setAttribute("aria-valuetext", `holds from ${value}`);
    const layout = this.view.plot._fullLayout;
    this.element.hidden = !layout || this.view.small;
    if (this.element.hidden) return;
    const { yaxis, _size: size } = layout;
    this.element.style.top = `${yaxis._offset + yaxis.d2p(value)}px`;
    this.element.style.left = `${size.l}px`;
    this.element.style.width = `${size.w}px`;
  }
}
