// One sample: what each rule makes of its probabilities, which can be dragged.

import { Corners, drawnClasses } from "./corners.js";
import { draw } from "./draw.js";
import { make } from "./make.js";
import { brief } from "./numerals.js";
import { angleOf, lengthOf, sum, termsOf } from "./rules.js";
import { cornersOf, fromPlane, toPlane } from "./simplex.js";

/** @typedef {import("./simplex.js").Point} Point */

/**
 * What is sent of a sample.
 *
 * @typedef {object} Sample
 * @property {string} id  Another one for another sample or epoch.
 * @property {string[]} classes  Names.
 * @property {number} label  The true class.
 * @property {number[]} A2  Probabilities.
 * @property {[rule: string, name: string, colour: string, dashed: boolean][]} rules
 */

const SIZE = 300; // of the triangle's side
const PAD = 42;
const STEP = 0.02; // of the triangle, for an arrow key
const HEAD = 7; // of an arrow

/** @type {Record<string, Point>} */
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

/**
 * The same probabilities but for some classes, which share what they had together.
 *
 * @param {number[]} A2
 * @param {number[]} drawn
 * @param {number[]} shares  Of each of them, of what they have together.
 */
export function moved(A2, drawn, shares) {
  const whole = sum(drawn.map((k) => A2[k]));
  const found = [...A2];
  for (const [n, k] of drawn.entries()) found[k] = whole * shares[n];
  return found;
}

export class Lab {
  // From the first sample on:
  /** @type {Sample} */
  sample;
  /** @type {number[]} */
  A2 = [];
  /** @type {number[]} */
  drawn = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.behind = draw("g", {});
    this.arrows = draw("g", {});
    this.handle = draw("circle", { r: 9, class: "nnviz-handle", tabindex: 0, role: "img" });
    this.picture = /** @type {SVGSVGElement} */ (
      draw(
        "svg",
        {
          class: "nnviz-simplex",
          role: "group",
          "aria-label": "The sample's probabilities, and a step by each rule",
        },
        this.behind,
        this.arrows,
        this.handle,
      )
    );
    this.corners = new Corners(() => this.arrange());
    this.alone = make(
      "p",
      { hidden: "" },
      "There is one class alone: its probability is always 1, every gradient is 0, and there is no triangle.",
    );
    this.said = make("dl", { class: "nnviz-lab-said" });
    this.bars = make("div", { class: "nnviz-bars" });
    this.back = make("button", { type: "button", class: "nnviz-text" }, "Back to the sample");
    this.back.addEventListener("click", () => this.show(this.sample.A2));
    this.element = make(
      "div",
      { class: "nnviz-lab", "data-testid": "nnviz-sample" },
      make("div", { class: "nnviz-lab-picture" }, this.picture, this.alone, this.corners.element, this.back),
      make("div", {}, this.said, this.bars),
    );
    root.classList.add("nnviz");
    root.replaceChildren(this.element);
    this.handle.addEventListener("pointerdown", (event) => this.grab(event));
    this.handle.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {Sample} sample */
  receive(sample) {
    if (this.sample?.id === sample.id) return;
    this.sample = sample;
    this.corners.receive(sample.classes, sample.label);
    this.A2 = sample.A2;
    this.arrange();
  }

  /** Draw everything, with the classes that are wanted at the corners. */
  arrange() {
    const { A2, label } = this.sample;
    this.drawn = drawnClasses(A2, label, this.corners.wanted);
    this.alone.hidden = this.drawn.length > 1;
    this.picture.toggleAttribute("hidden", !this.alone.hidden);
    if (this.alone.hidden) this.drawBehind();
    this.show(this.A2);
  }

  /**
   * Where a vector over the drawn classes is drawn.
   *
   * @param {number[]} vector
   * @returns {Point}
   */
  place(vector) {
    const [x, y] = toPlane(vector);
    return [PAD + SIZE * x, this.bottom - SIZE * y];
  }

  /** What each of the drawn classes has of what they have together. */
  get shares() {
    const whole = sum(this.drawn.map((k) => this.A2[k]));
    return this.drawn.map((k) => (whole ? this.A2[k] / whole : 1 / this.drawn.length));
  }

  get bottom() {
    return this.drawn.length === 3 ? PAD + SIZE * 0.87 : 60;
  }

  /** What stays: the triangle, its corners, and where E is zero. */
  drawBehind() {
    const { classes } = this.sample;
    const corners = cornersOf(this.drawn.length);
    this.picture.setAttribute("viewBox", `0 0 ${SIZE + 2 * PAD} ${this.bottom + 30}`);
    const points = corners.map(([x, y]) => [PAD + SIZE * x, this.bottom - SIZE * y].join()).join(" ");
    const names = this.drawn.map((k, n) => {
      const [x, y] = corners[n];
      const above = n === 2;
      const place = { x: PAD + SIZE * x, y: this.bottom - SIZE * y + (above ? -10 : 22) };
      const role = n === 0 ? "true: " : "";
      return draw("text", { ...place, "text-anchor": "middle" }, role + shortened(classes[k]));
    });
    const zero = this.drawn.length === classes.length ? this.zeroLine() : [];
    this.behind.replaceChildren(draw("polygon", { points, class: "nnviz-outline" }), ...zero, ...names);
  }

  /**
   * Where E = 0: a circle of radius √(1/12) of the side around (⅔, ⅙, ⅙), as far as it is inside; of two
   * classes the middle.
   */
  zeroLine() {
    if (this.drawn.length === 2) {
      const [x, y] = this.place([0.5, 0.5]);
      return [draw("line", { x1: x, x2: x, y1: y - 9, y2: y + 9, class: "nnviz-zero" })];
    }
    const [cx, cy] = toPlane([2 / 3, 1 / 6, 1 / 6]);
    const radius = Math.sqrt(1 / 12);
    // From the true corner, which it passes through, around to it again.
    const inside = Array.from({ length: 359 }, (_, n) => {
      const turn = ((n + 211) * Math.PI) / 180;
      return /** @type {Point} */ ([cx + radius * Math.cos(turn), cy + radius * Math.sin(turn)]);
    }).filter(([x, y]) => y >= -1e-9 && y <= Math.sqrt(3) * Math.min(x, 1 - x) + 1e-9);
    const path = inside.map(([x, y]) => `${PAD + SIZE * x},${this.bottom - SIZE * y}`).join(" ");
    // Outside, half-way to the upper corner: nothing is drawn or dragged there.
    const [x, y] = toPlane([0.5, 0, 0.5]);
    const at = { x: PAD + SIZE * x - 8, y: this.bottom - SIZE * y, "text-anchor": "end" };
    return [draw("polyline", { points: path, class: "nnviz-zero" }), draw("text", at, "E = 0")];
  }

  /** @param {number[]} A2 */
  show(A2) {
    const { label, rules, classes } = this.sample;
    this.A2 = A2;
    const terms = termsOf(A2, label);
    this.back.hidden = A2 === this.sample.A2;
    const said = saidOf(terms).map(([name, value, more]) => {
      return make("div", {}, make("dt", {}, name), make("dd", {}, make("b", {}, value), ` ${more}`));
    });
    this.said.replaceChildren(...said);
    this.drawBars(terms);
    this.element.dataset.error = String(terms.E);
    if (!this.alone.hidden) return;
    const [x, y] = this.place(this.shares);
    this.handle.setAttribute("cx", String(x));
    this.handle.setAttribute("cy", String(y));
    const now = this.drawn.map((k) => `${classes[k]} ${brief(A2[k], "percent")}`).join(", ");
    this.handle.setAttribute("aria-label", `Probabilities: ${now}. Arrow keys move them.`);
    // The longest first, so that none covers another.
    const byLength = [...rules].sort(([a], [b]) => lengthOf(terms.G[b]) - lengthOf(terms.G[a]));
    this.arrows.replaceChildren(...byLength.map((rule) => this.arrow(rule, terms.G[rule[0]], [x, y])));
  }

  /**
   * A step against the gradient, in the plane of the probabilities.
   *
   * @param {Sample["rules"][number]} rule
   * @param {number[]} gradient
   * @param {Point} from
   */
  arrow([rule, name, colour, dashed], gradient, [x, y]) {
    const part = this.drawn.map((k) => -gradient[k]);
    const mean = sum(part) / part.length;
    const [dx, dy] = toPlane(part.map((value) => value - mean));
    const [to, up] = [x + (SIZE / 2) * dx, y - (SIZE / 2) * dy];
    const turn = (Math.atan2(up - y, to - x) * 180) / Math.PI;
    const long = Math.hypot(to - x, up - y);
    const head = `M0,0 L${-HEAD},${HEAD / 2} L${-HEAD},${-HEAD / 2} z`;
    return draw(
      "g",
      { class: "nnviz-arrow", "data-rule": rule, "data-long": long, style: `--rule: ${colour}` },
      draw("title", {}, name),
      draw("line", { x1: x, y1: y, x2: to, y2: up, ...(dashed ? { "stroke-dasharray": "5 3" } : {}) }),
      ...(long > HEAD
        ? [draw("path", { d: head, transform: `translate(${to} ${up}) rotate(${turn})` })]
        : []),
    );
  }

  /**
   * Per class, each rule as a bar: all at one scale.
   *
   * @param {import("./rules.js").Terms} terms
   */
  drawBars({ kept, dropped, G }) {
    const { classes, rules, label } = this.sample;
    const largest = Math.max(...[...Object.values(G), dropped].flat().map(Math.abs), 1e-300);
    /**
     * @param {number} value
     * @param {string} colour
     * @param {string} kind
     */
    const bar = (value, colour, kind) => {
      const element = make("i", { class: kind });
      const share = (50 * Math.abs(value)) / largest;
      element.style.cssText = `left:${value < 0 ? 50 - share : 50}%;width:${share}%;--rule:${colour}`;
      return element;
    };
    const shown = classes.map((_, k) => k).sort((a, b) => this.A2[b] - this.A2[a]);
    const order = [label, ...shown.filter((k) => k !== label)].slice(0, MOST);
    const rows = order.map((k) => {
      const lines = rules.map(([rule, name, colour]) => {
        const value = G[rule][k];
        // Of the exact one also what it is the sum of: what (15) keeps, and what it drops.
        const parts =
          rule === "exact"
            ? [bar(kept[k], colour, "nnviz-kept"), bar(dropped[k], colour, "nnviz-dropped")]
            : [];
        const track = make("span", { class: "nnviz-track" }, ...parts, bar(value, colour, "nnviz-whole"));
        return make(
          "div",
          { class: "nnviz-line", "data-rule": rule, "data-value": value },
          make("span", {}, name),
          track,
          make("b", {}, signed(value)),
        );
      });
      const title = make(
        "h4",
        {},
        `${k === label ? "true class " : ""}${classes[k]}: ${brief(this.A2[k], "percent")}`,
      );
      return make("section", { "data-class": k }, title, ...lines);
    });
    const left = classes.length - rows.length;
    if (left > 0)
      rows.push(make("section", {}, make("p", { class: "nnviz-held" }, `${left} less probable classes`)));
    this.bars.replaceChildren(...rows);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    event.preventDefault();
    this.handle.setPointerCapture(event.pointerId);
    this.handle.focus();
    /** @param {PointerEvent} moving */
    const follow = (moving) => {
      const to = new DOMPoint(moving.clientX, moving.clientY).matrixTransform(
        this.picture.getScreenCTM()?.inverse(),
      );
      this.moveTo([(to.x - PAD) / SIZE, (this.bottom - to.y) / SIZE]);
    };
    this.handle.addEventListener("pointermove", follow);
    const end = () => this.handle.removeEventListener("pointermove", follow);
    this.handle.addEventListener("lostpointercapture", end, { once: true });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const [x, y] = toPlane(this.shares);
    this.moveTo([x + by[0], y + by[1]]);
  }

  /** @param {Point} point */
  moveTo(point) {
    this.show(moved(this.A2, this.drawn, fromPlane(point, this.drawn.length)));
  }
}

const MOST = 4; // classes with bars

/**
 * What is said first: E, and how the two approximations stand to the exact gradient.
 *
 * @param {import("./rules.js").Terms} terms
 * @returns {[name: string, value: string, more: string][]}
 */
function saidOf({ E, dropped, G }) {
  const { exact, difference, drop_error_term: without } = G;
  const long = lengthOf(exact);
  const times = long ? `, ${brief(lengthOf(difference) / long, "number")} times as long` : "";
  const neglected = long ? `, neglects ${brief(lengthOf(dropped) / long, "number")} times exact (14)` : "";
  return [
    ["E", signed(E), "is what (15) sums to; the others sum to 0"],
    ["A − Y (16)", degrees(angleOf(difference, exact)), `from exact (14)${times}`],
    ["without E (15)", degrees(angleOf(without, exact)), `from exact (14)${neglected}`],
  ];
}

/** @param {number} angle */
function degrees(angle) {
  return Number.isNaN(angle) ? "at no angle" : brief(angle, "degrees");
}

/** @param {number} value */
function signed(value) {
  const size = Math.abs(value);
  const text = size >= 1e-3 || !size ? value.toPrecision(3) : value.toExponential(1);
  return text.replaceAll("-", "−");
}

/** @param {string} name */
function shortened(name) {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}

/** @type {WeakMap<Element, Lab>} */
const labs = new WeakMap();

/** @param {{ data: Sample, parentElement: HTMLElement }} component */
export default function mount({ data, parentElement }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector("[data-nnviz-sample]"));
  const lab = labs.get(root) ?? new Lab(root);
  labs.set(root, lab);
  lab.receive(data);
}
