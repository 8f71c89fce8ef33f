// The ribbon: a scrubber on which one sees, rule by rule, where it holds.

import { EpochScale } from "./epochs.js";
import { make } from "./make.js";

const LANE = 11; // pixels

const GAPS = { lanes: 1, rules: 6 }; // pixels between the lanes of a rule, and between rules

const KINDS = ["step", "next"];

const MEANS = {
  step: "The cosine of the angle to the exact gradient: 1 in the same direction, 0 across it",
  next: "By how much the next steps, each as long as the exact one, lower the loss; the exact gradient's is 1",
};

/** How much of a lane's height is filled, so that colour is not the only mark. */
const FILLED = { holds: 1, half: 0.55, fails: 0.28 };

const LEVELS = {
  holds: "holds",
  half: "half as good",
  fails: "fails",
  undefined: "undefined",
  later: "not measured yet",
};

export class Ribbon {
  /** `scrub(epoch)` while it is dragged, `settle` when it is let go; `input` is the range input Epoch. */
  constructor(input, { scrub, settle, linear }) {
    this.input = input;
    this.linear = false;
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
      linear(this.linear);
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

  /** Show what is known of a run; `reached` is its last epoch so far. */
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

  /** The height that the lanes take, in pixels. */
  get height() {
    const rules = this.holds.claim.rules.length;
    return rules * (2 * LANE + GAPS.lanes) + (rules - 1) * GAPS.rules;
  }

  draw() {
    const width = this.lanes.clientWidth;
    if (!this.holds || !width) return;
    const sharpness = devicePixelRatio || 1;
    const { canvas, height } = this;
    canvas.width = Math.round(width * sharpness);
    canvas.height = Math.round(height * sharpness);
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    pen.scale(sharpness, sharpness);
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(`--level-${name}`).trim();
    const ends = this.scale.share(this.reached) * width;
    let top = 0;
    for (const { rule } of this.holds.claim.rules) {
      for (const kind of KINDS) {
        pen.fillStyle = colour("track");
        pen.fillRect(0, top, width, LANE);
        const lane = this.holds.lane(rule, kind);
        for (const { from, to, level } of lane) {
          const left = this.scale.share(from) * width;
          const right = Math.min(this.scale.share(to) * width, ends);
          this.cell(pen, left, top, Math.max(right - left, 0), level, colour);
        }
        top += LANE + (kind === "step" ? GAPS.lanes : GAPS.rules);
      }
    }
    this.ticks.replaceChildren(
      ...this.scale.ticks().map((epoch) => {
        const tick = make("span", {}, epoch.toLocaleString("en"));
        tick.style.left = `${100 * this.scale.share(epoch)}%`;
        return tick;
      }),
    );
    this.place();
  }

  cell(pen, left, top, width, level, colour) {
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
    const tall = Math.max(2, Math.round(LANE * FILLED[level]));
    pen.fillStyle = colour(level);
    pen.fillRect(left, top + LANE - tall, width + 0.5, tall);
  }

  /** Show where the player is; `dims` what is still to come. */
  show(epoch, dims) {
    this.epoch = epoch;
    this.dims = dims;
    this.place();
  }

  place() {
    if (!this.scale || this.epoch === undefined) return;
    const share = `${100 * this.scale.share(this.epoch)}%`;
    this.head.style.left = share;
    this.ahead.style.left = share;
    this.ahead.hidden = !this.dims;
  }

  remove() {
    this.resizes.disconnect();
  }
}
