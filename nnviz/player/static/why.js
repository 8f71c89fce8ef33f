// Why A − Y works all the same: its angle to the gradients of two losses.

import { make } from "./make.js";

const SVG = "http://www.w3.org/2000/svg";

const RADIUS = 34;

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function draw(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * An arrow from the middle; 0 degrees is up.
 *
 * @param {"own" | "other"} kind
 */
function arrow(kind) {
  const line = draw("path", { d: `M0 0V${-RADIUS + 5}`, class: `nnviz-arrow-${kind}` });
  const tip = draw("path", { d: `M0 ${-RADIUS}l-5 9h10z`, class: `nnviz-tip-${kind}` });
  const whole = draw("g", {});
  whole.append(line, tip);
  return whole;
}

/** Two arrows, and in words and numbers what is between them. */
class Dial {
  /** @param {string} said */
  constructor(said) {
    const svg = draw("svg", { viewBox: "-42 -42 84 84", "aria-hidden": "true" });
    this.own = arrow("own");
    svg.append(draw("circle", { r: 40, class: "nnviz-circle" }), arrow("other"), this.own);
    this.degrees = make("b");
    this.element = make(
      "div",
      { class: "nnviz-dial" },
      svg,
      make("div", {}, this.degrees, make("span", {}, said)),
    );
  }

  /**
   * @param {number} angle
   * @param {string} text
   */
  show(angle, text) {
    this.own.setAttribute("transform", `rotate(${Number.isNaN(angle) ? 0 : angle})`);
    this.own.setAttribute("visibility", Number.isNaN(angle) ? "hidden" : "visible");
    this.degrees.textContent = text;
  }
}

export class Why {
  /** @param {(() => void) | null} check  Opens the gradient check; null where there is none. */
  constructor(check) {
    this.squared = new Dial("from A − Y to the squared error's gradient, exact (14)");
    this.entropy = new Dial("from A − Y to the cross-entropy's gradient");
    this.entropy.show(0, "0°, always");
    this.element = make(
      "section",
      { class: "nnviz-why", id: "nnviz-why", tabindex: "-1" },
      make("h3", {}, "Why A − Y still works"),
      this.squared.element,
      this.entropy.element,
      make(
        "p",
        {},
        "It descends another loss, the cross-entropy; and sample by sample it is the exact gradient with the " +
          "softmax’s slope divided out, so also downhill. What changes is how much each sample counts. Holding " +
          "asks more: with equal steps, to lower the squared error as much.",
      ),
    );
    if (!check) return;
    const button = make("button", { type: "button" }, "Check the gradient");
    button.addEventListener("click", check);
    this.element.append(button);
  }

  /** @param {number} angle */
  show(angle) {
    this.squared.show(angle, Number.isNaN(angle) ? "undefined" : `${Math.round(angle)}°`);
  }
}
