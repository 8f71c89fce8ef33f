// One picture on the page: its caption, its buttons, and a Plotly figure that follows the epoch.

import { Buttons } from "./buttons.js";
import { compact } from "./compact.js";
import { differences } from "./differences.js";
import { onScale } from "./epochs.js";
import { failure } from "./failure.js";
import { inkNumbers } from "./ink.js";
import { lineLabels, panelHeights } from "./labels.js";
import { legendOf } from "./legend.js";
import { make } from "./make.js";
import { Marks } from "./marks.js";
import { pickButton } from "./pick.js";
import { Pixels } from "./pixels.js";
import { saveButtons } from "./save.js";
import { apart, readable, spacious } from "./spacious.js";
import { assign, paint, setPath } from "./theme.js";
import { unitButton, unitsOf, watchUnits } from "./units.js";
import { byTraces, frameOf, sameFrame } from "./updates.js";
import { plain } from "./wire.js";

/** @typedef {import("./epochs.js").EpochScale} EpochScale */
/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./plotly.js").Library} Library */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Themes} Themes */
/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {{ traces: Attributes, layout: Attributes, theme: Theme, on: Attributes[] }} Given  What is drawn. */

const CONFIG = {
  displaylogo: false,
  showSendToCloud: false, // or a button uploads the picture, and a visitor's data, to Plotly's server
  plotlyServerURL: "",
  responsive: false, // the ResizeObserver below does it for every cause
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
};

const LAG = 150; // ms

export class PictureView {
  /**
   * @param {Library} Plotly
   * @param {Picture} spec
   * @param {Themes} scales
   * @param {() => void} changed  Called when the visitor asks this picture for more.
   * @param {((point: number, spec: Picture) => void) | null} opened  Called when a point is clicked that opens something.
   */
  constructor(Plotly, spec, scales, changed, opened) {
    this.Plotly = Plotly;
    this.name = spec.name;
    this.spec = spec;
    this.scales = scales;
    this.changed = changed;
    this.opened = opened;
    /** @type {Theme | null} */
    this.theme = null;
    // The same at every drawing, or Plotly would begin anew.
    this.saves = saveButtons(Plotly, () => ({
      spec: this.spec,
      theme: /** @type {Theme} */ (this.theme),
      epoch: this.pictured,
      data: this.pixels.whole(),
    }));
    /** @type {number | null} The keyframe that is shown, or null before the first. */
    this.drawn = null;
    /** @type {Given | null} What was drawn last. */
    this.given = null;
    /** @type {EpochScale | null} */
    this.scale = null;
    /** @type {number | null} The epoch of what is shown, or null if there is one alone. */
    this.pictured = null;
    this.followed = Number.NEGATIVE_INFINITY; // when it last was to follow
    this.title = make("h3");
    this.legend = make("span", { class: "nnviz-legend" });
    this.buttons = new Buttons(
      (attributes) => this.relayout(attributes),
      () => {
        this.drawn = null;
        this.changed();
      },
    );
    this.sizer = make("span", { class: "nnviz-buttons" }); // on a stage: makes it large, or small
    this.small = false;
    /** @type {((traces: Attributes[], layout: Attributes) => void) | null} Tells what the page alone knows. */
    this.fill = null;
    /** @type {(() => void) | null} Called when the plot has been laid out. */
    this.placed = null;
    const plot = /** @type {unknown} */ (make("div", { class: "nnviz-plot", role: "group" }));
    this.plot = /** @type {import("./plotly.js").Plot} */ (plot);
    this.pixels = new Pixels(this.plot);
    this.cursor = make("div", { class: "nnviz-cursor", hidden: "" });
    this.howToRead = make("figcaption");
    /** @type {HTMLElement | null} What is said in the picture's place. */
    this.failed = null;
    this.marks = new Marks(this.plot);
    const layers = [this.pixels.canvas, this.plot, this.marks.element, this.cursor];
    this.frame = make("div", { class: "nnviz-frame" }, ...layers);
    watchUnits(this.frame, this.plot);
    this.element = make(
      "figure",
      { class: "nnviz-picture", "data-picture": spec.name },
      make("header", {}, this.title, this.legend, this.buttons.element, this.sizer),
      this.frame,
      this.howToRead,
    );
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.plot);
    // What is not on the screen is drawn when it comes there.
    this.sightings = new IntersectionObserver(() => changed(), { rootMargin: "60px" });
    this.sightings.observe(this.element);
  }

  /** Whether it is the open tab, and on the screen or close to it. */
  get visible() {
    if (this.element.hidden) return false;
    const { top, bottom } = this.element.getBoundingClientRect();
    return bottom > -60 && top < innerHeight + 60;
  }

  /**
   * Do something with this picture; if it fails, say so in its place, and leave the others alone.
   *
   * @param {() => unknown} action
   */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      console.error(`${this.name}:`, error);
      this.recover();
      this.failed = failure(`This picture could not be drawn. ${error}`, () => {
        this.recover();
        this.changed();
      });
      this.plot.hidden = true;
      this.frame.append(this.failed);
    }
  }

  /** Begin anew: with an empty plot, and nothing said in its place. */
  recover() {
    this.failed?.remove();
    this.failed = null;
    this.plot.hidden = false;
    this.drawn = null;
    this.given = null;
    this.cursor.hidden = true;
    this.pixels.clear();
    try {
      this.Plotly.purge(this.plot);
    } catch {
      this.plot.replaceChildren(); // of what Plotly has half drawn, it cannot always let go
    }
  }

  /**
   * Show an epoch by its keyframe; nothing until a failure is mended.
   *
   * @param {number} epoch
   * @param {number} keyframe
   * @param {number | undefined} own  Epoch of the keyframe, if the picture has keyframes of its own.
   * @param {Theme} theme
   * @param {EpochScale | null} scale
   */
  async follow(epoch, keyframe, own, theme, scale) {
    if (this.failed || this.waits()) return;
    await this.attempt(async () => {
      this.scale = this.spec.cursor ? scale : null;
      this.mark(epoch, own);
      await (this.drawn === null ? this.draw(keyframe, theme) : this.show(keyframe));
      this.marks.place();
    });
  }

  /** Whether it is to follow later, when the visitor rests. */
  waits() {
    if (!this.small || !this.spec.lags || this.drawn === null) return false;
    const soon = performance.now() - this.followed < LAG;
    this.followed = performance.now();
    clearTimeout(this.lagging);
    if (soon) this.lagging = setTimeout(this.changed, LAG + 1);
    return soon;
  }

  /**
   * Take the picture of another run, or of the same run grown longer.
   *
   * @param {Picture} spec
   * @param {Themes} scales
   */
  receive(spec, scales) {
    if (this.failed) this.recover();
    this.spec = spec;
    this.scales = scales;
    this.drawn = null;
    this.title.textContent = spec.title;
    this.plot.setAttribute("aria-label", spec.alt);
    const opened = spec.opens ? this.opened : null;
    this.marks.opens = Boolean(opened);
    this.howToRead.replaceChildren(
      spec.howToRead + (opened ? ` ${spec.opens}` : ""),
      make("em", {}, spec.note),
    );
    this.buttons.receive(spec, () => [
      ...(opened ? pickButton(this.Plotly, this.plot, (point) => opened(point, this.spec)) : []),
      ...(unitsOf(spec).length ? unitButton(() => unitsOf(this.spec)) : []),
    ]);
  }

  /**
   * Draw it with little room, or with all.
   *
   * @param {boolean} small
   */
  setSmall(small) {
    this.element.classList.toggle("nnviz-small", small);
    if (this.small !== small) this.drawn = null;
    this.small = small;
  }

  /**
   * Change the layout, if there is one already: else it will be drawn so when it comes to the screen.
   *
   * @param {Attributes} attributes
   */
  relayout(attributes) {
    if (this.plot.data) this.attempt(() => this.Plotly.relayout(this.plot, { ...attributes }));
  }

  /**
   * Draw everything anew: after a change of run or theme. Zoom is kept by `uirevision`.
   *
   * @param {number} keyframe
   * @param {Theme} theme
   */
  async draw(keyframe, theme) {
    const { data, layout, updates } = this.spec;
    this.legend.replaceChildren(...legendOf(this.spec, this.scales, theme));
    this.theme = theme;
    this.drawn = keyframe;
    /** @type {Attributes[]} */
    const traces = plain(data);
    for (const update of updates) {
      assign(traces, update.traces, update.attribute, frameOf(update, keyframe, this.buttons.choice));
    }
    const { l, r } = layout.margin;
    const width = this.plot.clientWidth - l - r;
    for (const trace of traces) if (trace.meta?.ink) inkNumbers(trace, theme, width);
    const { on } = this.buttons;
    const shaped = plain(layout);
    this.fill?.(traces, shaped);
    if (this.scale) onScale(traces, shaped, this.scale, this.small ? 0.15 : 0.09);
    if (this.small) compact(traces, shaped);
    else {
      if (theme.alone) apart(shaped);
      if (theme.alone) readable(traces, theme.enlarged, this.plot.clientHeight);
      const times = theme.alone ? theme.enlarged : 1;
      const heights = panelHeights(shaped, this.plot.clientHeight, times);
      const labels = lineLabels(traces, shaped, heights, times);
      shaped.annotations = [...(shaped.annotations ?? []), ...labels];
    }
    if (this.refill({ traces: { ...traces }, layout: shaped, theme, on })) return;
    const painted = paint(plain(shaped), theme, this.scales);
    if (theme.alone) spacious(painted, this.plot.clientHeight);
    for (const toggle of on) {
      for (const [path, value] of Object.entries(toggle)) setPath(painted, path, value);
    }
    // A finger on a picture scrolls the page.
    if (matchMedia("(pointer: coarse)").matches) painted.dragmode = false;
    const first = !this.plot.data;
    const bar =
      layout.dragmode === false ? { modeBarButtons: [this.saves] } : { modeBarButtonsToAdd: this.saves };
    const config = { ...CONFIG, ...bar };
    await this.Plotly.react(this.plot, this.pixels.take(traces), painted, config);
    if (first) {
      this.plot.on("plotly_afterplot", () => this.goWithAxes());
      this.plot.on("plotly_relayouting", () => this.pixels.paint());
      this.plot.on("plotly_click", ({ points }) => this.open(points));
      this.goWithAxes();
    }
  }

  /** Put what is not drawn by Plotly where its axes are now. */
  goWithAxes() {
    this.pixels.paint();
    this.placeCursor();
    this.marks.place();
    this.placed?.();
  }

  /**
   * Draw what is given without Plotly, if it differs from what is there in painted numbers alone.
   *
   * @param {Given} given
   */
  refill(given) {
    const before = this.given;
    this.given = given;
    if (!before) return false;
    const changes = differences(before, given);
    /** @param {string[]} path */
    const at = (path) => path.reduce((place, key) => place[key], /** @type {any} */ (given));
    if (!changes.every((path) => this.pixels.takes(path, at(path)))) return false;
    // The traces stay those that Plotly has, with the new numbers.
    this.given = { ...given, traces: before.traces };
    for (const path of changes) {
      const [part, key, ...attribute] = path;
      if (part === "traces") this.pixels.set(Number(key), attribute.join("."), at(path));
      else setPath(this.plot.layout[key], attribute.join("."), at(path));
    }
    this.pixels.repaint();
    this.placeCursor();
    return true;
  }

  /** @param {{ customdata: unknown }[]} points */
  open(points) {
    const point = points.map(({ customdata }) => customdata).find(Number.isInteger);
    if (this.spec.opens && point !== undefined) this.opened?.(Number(point), this.spec);
  }

  /**
   * Show a keyframe of the run that is drawn already.
   *
   * @param {number} keyframe
   */
  async show(keyframe) {
    const before = this.drawn;
    this.drawn = keyframe;
    const { choice } = this.buttons;
    const moved = this.spec.updates
      .filter((update) => !sameFrame(update, before, keyframe, choice))
      .map((update) => ({ ...update, values: frameOf(update, keyframe, choice) }));
    const drawn = moved.filter(({ traces, attribute, values }) => {
      const key = (/** @type {number} */ trace) => ["traces", String(trace), attribute];
      if (!traces.every((trace, i) => this.pixels.takes(key(trace), values[i]))) return true;
      for (const [i, trace] of traces.entries()) this.pixels.set(trace, attribute, values[i]);
      return false;
    });
    const [last, ...others] = byTraces(drawn).reverse();
    if (!last) {
      if (moved.length) this.pixels.repaint();
      return;
    }
    for (const { traces, attributes } of others) {
      for (const [attribute, values] of Object.entries(attributes)) {
        assign(this.plot.data, traces, attribute, values);
      }
    }
    await this.Plotly.restyle(this.plot, last.attributes, last.traces);
  }

  /**
   * Mark the epoch shown, where the picture has epochs on its x axis; and say which epoch a picture
   * with keyframes of its own shows, if it is another.
   *
   * @param {number} epoch
   * @param {number} shown
   */
  mark(epoch, shown = epoch) {
    this.epoch = epoch;
    this.title.dataset.epoch = shown === epoch ? "" : `epoch ${shown.toLocaleString("en")}`;
    this.placeCursor();
  }

  placeCursor() {
    const axis = this.plot._fullLayout?.xaxis;
    if (!this.spec.cursor || !axis || this.epoch === undefined) {
      this.cursor.hidden = true;
      return;
    }
    const { _size: size } = this.plot._fullLayout;
    const x = axis.d2p(this.scale ? this.scale.x(this.epoch) : this.epoch);
    this.cursor.hidden = !(x >= -0.5 && x <= axis._length + 0.5);
    if (this.cursor.hidden) return;
    this.cursor.style.transform = `translateX(${size.l + x}px)`;
    this.cursor.style.top = `${size.t}px`;
    this.cursor.style.height = `${size.h}px`;
  }

  resize() {
    if (this.plot.data && this.plot.clientWidth) {
      this.attempt(() => this.Plotly.Plots.resize(this.plot));
      if (!this.theme?.alone) return;
      this.drawn = null; // with another height it has room for other numbers
      this.changed();
    }
  }

  remove() {
    this.resizes.disconnect();
    this.sightings.disconnect();
    this.marks.remove();
    this.Plotly.purge(this.plot);
    this.element.remove();
  }
}
