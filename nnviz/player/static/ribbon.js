// The ribbon: a scrubber on which one sees, rule by rule, where it holds.

import { EpochScale } from "./epochs.js";
import { filledAt, heightOf, KINDS, LANE, spansOf, topOf } from "./lanes.js";
import { make, penOf } from "./make.js";

/** @typedef {import("./holds.js").Holds} Holds */

const MEANS = {
  step: "The cosine of the angle to the exact gradient: 1 in the same direction, 0 across it",
  next: "How much the next steps lower the loss, each as long as the exact one; the exact gradient's is 1",
};

const LEVELS = {
  holds: "holds",
  half: "half as good",
  fails: "fails",
  undefined: "undefined",
  later: "not measured yet",
};

const TICK = 22; // pixels that ticks keep from each other

export class Ribbon {
  /**
   * @param {HTMLInputElement} input  The range input Epoch.
   * @param {object} actions
   * @param {(epoch: number) => void} actions.scrub  While it is dragged.
   * @param {() => void} actions.settle  When it is let go.
   * @param {() => void} actions.turned  When its axis has become linear, or logarithmic again.
   */
  constructor(input, { scrub, settle, turned }) {
    this.input = input;
    this.linear = false;
    this.scale = new EpochScale(0, false);
    this.reached = 0;
    this.dims = false;
    /** @type {Holds | null} */
    this.holds = null;
    /** @type {number | null} */
    this.epoch = null;
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.head = make("div", { class: "nnviz-head" });
    this.ahead = make("div", { class: "nnviz-ahead" });
    this.ticks = make("div", { class: "nnviz-ticks", "aria-hidden": "true" });
    this.lanes = make("div", { class: "nnviz-lanes" }, this.canvas, this.ahead, this.head, this.ticks);
    this.names = make("div", { class: "nnviz-names" });
    this.axis = make(
      "button",
      { type: "button", "aria-pressed": "false", title: "Epochs on a linear axis" },
      "linear",
    );
    this.axis.addEventListener("click", () => {
      this.linear = !this.linear;
      this.axis.setAttribute("aria-pressed", String(this.linear));
      turned();
    });
    const marks = Object.entries(LEVELS).map(([name, said]) =>
      make("span", {}, make("i", { class: `nnviz-level-${name}` }), said),
    );
    this.legend = make("div", { class: "nnviz-levels" }, ...marks);
    this.element = make(
      "div",
      { class: "nnviz-ribbon", "data-testid": "nnviz-ribbon" },
      this.names,
      make("div", { class: "nnviz-track" }, input, this.lanes),
      this.legend,
    );
    /** @param {PointerEvent} event */
    const to = (event) => {
      const { left, width } = this.canvas.getBoundingClientRect();
      scrub(this.scale.epoch((event.clientX - left) / width));
    };
    this.lanes.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      input.focus({ preventScroll: true });
      this.lanes.setPointerCapture(event.pointerId);
      to(event);
    });
    this.lanes.addEventListener("pointermove", (event) => {
      if (this.lanes.hasPointerCapture(event.pointerId)) to(event);
    });
    this.lanes.addEventListener("lostpointercapture", () => settle());
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.lanes);
  }

  /**
   * Show what is known of a run.
   *
   * @param {Holds} holds
   * @param {number} reached  Its last epoch so far.
   */
  receive(holds, reached) {
    this.holds = holds;
    this.reached = reached;
    this.scale = new EpochScale(holds.claim.end, this.linear);
    const said = { step: "this step", next: `next ${holds.criterion.horizon}` };
    this.names.replaceChildren(
      ...holds.claim.rules.map(({ label, colour }) => {
        const name = make("b", {}, label);
        name.style.setProperty("--mark", colour);
        return make(
          "div",
          {},
          name,
          ...KINDS.map((kind) => make("span", { title: MEANS[kind] }, said[kind])),
        );
      }),
    );
    this.draw();
  }

  draw() {
    const width = this.lanes.clientWidth;
    if (!this.holds || !width) return;
    const { canvas, holds, scale } = this;
    const { rules } = holds.claim;
    const sharpness = devicePixelRatio || 1;
    const height = heightOf(rules.length);
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
    canvas.style.height = `${height}px`;
    const pen = penOf(canvas);
    pen.scale(sharpness, sharpness);
    const style = getComputedStyle(this.element);
    /** @param {string} name */
    const colour = (name) => style.getPropertyValue(`--level-${name}`).trim();
    for (const [number, { rule }] of rules.entries()) {
      for (const kind of KINDS) {
        const top = topOf(number, kind);
        pen.fillStyle = colour("track");
        pen.fillRect(0, top, width, LANE);
        for (const span of spansOf(holds.lane(rule, kind), scale, this.reached, width)) {
          drawSpan(pen, span, top, colour);
        }
      }
    }
    const apart = Math.max(0.075, TICK / width); // beside the chosen sample it is narrow
    this.ticks.replaceChildren(
      ...scale.ticks(apart).map((epoch) => {
        const tick = make("span", {}, epoch.toLocaleString("en"));
        tick.style.left = `${100 * scale.share(epoch)}%`;
        return tick;
      }),
    );
    this.place();
  }

  /**
   * Show where the player is.
   *
   * @param {number} epoch
   * @param {boolean} dims  Whether what is still to come is dimmed.
   */
  show(epoch, dims) {
    this.epoch = epoch;
    this.dims = dims;
    this.place();
  }

  place() {
    if (this.epoch === null) return;
    const share = `${100 * this.scale.share(this.epoch)}%`;
    this.head.style.left = share;
    this.ahead.style.left = share;
    this.ahead.hidden = !this.dims;
  }

  remove() {
    this.resizes.disconnect();
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {ReturnType<typeof spansOf>[number]} span
 * @param {number} top
 * @param {(name: string) => string} colour
 */
function drawSpan(pen, { left, width, level }, top, colour) {
  if (level === "later") return;
  if (level === "undefined") {
    pen.strokeStyle = colour("undefined");
    pen.setLineDash([2, 2]);
    pen.beginPath();
    pen.moveTo(left, top + LANE / 2);
    pen.lineTo(left + width, top + LANE / 2);
    pen.stroke();
    pen.setLineDash([]);
    return;
  }
  const tall = filledAt(level);
  pen.fillStyle = colour(level);
  pen.fillRect(left, top + LANE - tall, width + 0.5, tall);
}
