// One picture on the page: its caption, its buttons, and a Plotly figure that follows the epoch.

import { compact } from "./compact.js";
import { onScale } from "./epochs.js";
import { failure } from "./failure.js";
import { lineLabels } from "./labels.js";
import { make } from "./make.js";
import { pickButton } from "./pick.js";
import { Pixels } from "./pixels.js";
import { saveButtons } from "./save.js";
import { paint, setPath } from "./theme.js";
import { differences, frameOf, plain, sameFrame } from "./wire.js";

const CONFIG = {
  displaylogo: false,
  showSendToCloud: false, // or a button uploads the picture, and a visitor's data, to Plotly's server
  plotlyServerURL: "",
  responsive: false, // the ResizeObserver below does it for every cause
  modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
};

const LAG = 150; // ms
const LETTER = 0.56; // width of a digit, in sizes of its font

/** Give some traces of a figure a new value each, without drawing it. */
function assign(data, traces, attribute, values) {
  for (const [i, trace] of traces.entries()) setPath(data[trace], attribute, values[i]);
}

export class PictureView {
  /**
   * `Plotly` is the library; `changed` is called when the visitor asks this picture for more, and
   * `opened` with the number of what a clicked point opens; it is null where nothing can be opened.
   */
  constructor(Plotly, name, changed, opened) {
    this.Plotly = Plotly;
    this.name = name;
    this.changed = changed;
    this.opened = opened;
    this.toggled = new Set();
    this.chosen = []; // in each list of choices
    this.saves = saveButtons(Plotly, () => ({
      spec: this.spec,
      theme: this.theme,
      epoch: this.pictured,
      data: this.pixels.whole(),
    }));
    this.drawn = null; // the keyframe that is shown, or null before the first
    this.given = null; // what was drawn last
    this.title = make("h3");
    this.legend = make("span", { class: "nnviz-legend" });
    this.buttons = make("span", { class: "nnviz-buttons" });
    this.sizer = make("span", { class: "nnviz-buttons" }); // on a stage: makes it large, or small
    this.small = false;
    this.fill = null; // gives traces and layout what the page knows apart from the picture
    this.placed = null; // called when the plot has been laid out
    this.plot = make("div", { class: "nnviz-plot", role: "group" });
    this.pixels = new Pixels(this.plot);
    this.cursor = make("div", { class: "nnviz-cursor", hidden: "" });
    this.howToRead = make("figcaption");
    this.failed = null; // what is said in the picture's place
    this.frame = make("div", { class: "nnviz-frame" }, this.pixels.canvas, this.plot, this.cursor);
    this.element = make(
      "figure",
      { class: "nnviz-picture", "data-picture": name },
      make("header", {}, this.title, this.legend, this.buttons, this.sizer),
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

  /** Whether a click on a point opens something. */
  get opens() {
    return Boolean(this.opened && this.spec.opens);
  }

  /** Do something with this picture; if it fails, say so in its place, and leave the others alone. */
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
   * Show an epoch by its keyframe, whose epoch is `own` if the picture has keyframes of its own;
   * nothing until a failure is mended.
   */
  async follow(epoch, keyframe, own, theme, scale) {
    if (this.failed || this.waits()) return;
    await this.attempt(() => {
      this.scale = this.spec.cursor ? scale : null;
      this.mark(epoch, own);
      return this.drawn === null ? this.draw(keyframe, theme) : this.show(keyframe);
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

  /** Take the picture of another run, or of the same run grown longer. */
  receive(spec, scales) {
    if (this.failed) this.recover();
    const before = this.spec;
    this.spec = spec;
    this.scales = scales;
    this.drawn = null;
    this.title.textContent = spec.title;
    this.plot.setAttribute("aria-label", spec.alt);
    const opens = this.opens ? ` ${spec.opens}` : "";
    this.howToRead.replaceChildren(spec.howToRead + opens, make("em", {}, spec.note));
    const labels = (of) =>
      JSON.stringify([of?.toggles.map((toggle) => toggle.label), of?.choices, of?.opens]);
    if (labels(before) !== labels(spec)) this.makeButtons();
  }

  /** Draw it with little room, or with all. */
  setSmall(small) {
    this.element.classList.toggle("nnviz-small", small);
    if (this.small !== small) this.drawn = null;
    this.small = small;
  }

  /** The legend and the colour scale; Plotly would draw its own anew at every frame. */
  makeLegend(theme) {
    const marks = this.spec.legend.map(({ label, colour, shape }) => {
      const mark = make("i", { class: `nnviz-${shape}` });
      mark.style.setProperty("--mark", colour);
      return make("span", {}, mark, label);
    });
    this.legend.replaceChildren(...marks);
    if (!this.spec.colourAxis) return;
    const { cmin, cmax } = this.spec.layout[this.spec.colourAxis];
    const stops = this.scales[theme.name][`${this.spec.colourAxis}.colorscale`].map(([, colour]) => colour);
    const bar = make("i", { class: "nnviz-scale" });
    bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    const short = (value) =>
      (Math.abs(value) < 1e4 ? String(Number(value.toPrecision(2))) : value.toExponential(0)).replace(
        "-",
        "−",
      );
    this.legend.append(
      make("span", { title: "colour scale, the same in the whole run" }, short(cmin), bar, short(cmax)),
    );
  }

  makeButtons() {
    this.buttons.replaceChildren();
    this.spec.toggles.forEach((toggle, index) => {
      const button = make(
        "button",
        { type: "button", "aria-pressed": String(this.toggled.has(index)) },
        toggle.label,
      );
      button.addEventListener("click", () => this.toggle(index, button));
      this.buttons.append(button);
    });
    this.chosen = this.spec.choices.map((labels, list) => {
      const chosen = Math.min(this.chosen[list] ?? 0, labels.length - 1);
      const select = make(
        "select",
        { "aria-label": `${this.spec.title}: shown` },
        ...labels.map((label, index) => make("option", { value: index }, label)),
      );
      select.value = chosen;
      select.addEventListener("change", () => {
        this.chosen[list] = Number(select.value);
        this.drawn = null;
        this.changed();
      });
      this.buttons.append(select);
      return chosen;
    });
    if (this.opens) {
      this.buttons.append(...pickButton(this.Plotly, this.plot, (sample) => this.opened(sample)));
    }
  }

  /** Which combination of choices is chosen, the last list counting fastest. */
  get choice() {
    return this.spec.choices.reduce((index, labels, list) => index * labels.length + this.chosen[list], 0);
  }

  toggle(index, button) {
    const on = !this.toggled.has(index);
    if (on) this.toggled.add(index);
    else this.toggled.delete(index);
    button.setAttribute("aria-pressed", String(on));
    if (!this.plot.data) return; // it will be drawn so when it comes to the screen
    const { toggles } = this.spec;
    this.attempt(() => this.Plotly.relayout(this.plot, { ...(on ? toggles[index].on : toggles[index].off) }));
  }

  /** Draw everything anew: after a change of run or theme. Zoom is kept by `uirevision`. */
  async draw(keyframe, theme) {
    const { data, layout, updates, toggles } = this.spec;
    this.makeLegend(theme);
    this.theme = theme;
    this.drawn = keyframe;
    const traces = plain(data);
    for (const update of updates) {
      assign(traces, update.traces, update.attribute, frameOf(update, keyframe, this.choice));
    }
    for (const trace of traces) if (trace.meta?.ink) this.inkNumbers(trace, theme);
    const on = [...this.toggled].map((index) => toggles[index]?.on ?? {});
    const shaped = plain(layout);
    this.fill?.(traces, shaped);
    if (this.scale) onScale(traces, shaped, this.scale, this.small ? 0.15 : 0.09);
    if (this.small) compact(traces, shaped);
    else shaped.annotations = [...(shaped.annotations ?? []), ...this.labels(traces, shaped)];
    if (this.refill({ traces: { ...traces }, layout: shaped, theme, on })) return;
    const painted = paint(plain(shaped), theme, this.scales);
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
    this.placed?.();
  }

  /** Draw what is given without Plotly, if it differs from what is there in painted numbers alone. */
  refill(given) {
    const before = this.given;
    this.given = given;
    if (!before) return false;
    const changes = differences(before, given);
    const at = (path) => path.reduce((place, key) => place[key], given);
    if (!changes.every((path) => this.pixels.takes(path, at(path)))) return false;
    // The traces stay those that Plotly has, with the new numbers.
    this.given = { ...given, traces: before.traces };
    for (const path of changes) {
      const [part, key, ...attribute] = path;
      if (part === "traces") this.pixels.set(key, attribute.join("."), at(path));
      else setPath(this.plot.layout[key], attribute.join("."), at(path));
    }
    this.pixels.repaint();
    this.placeCursor();
    return true;
  }

  /** Write the numbers on a heat map so that they can be read: in one line where two are too wide. */
  inkNumbers(trace, theme) {
    const { ink, columns } = trace.meta;
    const size = trace.textfont.size * theme.enlarged;
    setPath(trace, "textfont.color", ink[theme.name]);
    setPath(trace, "textfont.size", size);
    const second = trace.text.map((text) => text.split("<br>")[1] ?? "");
    const longest = Math.max(...second.map((line) => line.length));
    const { l, r } = this.spec.layout.margin;
    const room = (this.plot.clientWidth - l - r) / columns;
    if (longest * LETTER * size > room) trace.text = trace.text.map((text) => text.split("<br>")[0]);
  }

  open(points) {
    const sample = points.map(({ customdata }) => customdata).find(Number.isInteger);
    if (this.opens && sample !== undefined) this.opened(sample);
  }

  /** Names at the ends of the lines. */
  labels(traces, layout) {
    const room = this.plot.clientHeight - layout.margin.t - layout.margin.b;
    const heights = {};
    for (const axis of ["y", "y2"]) {
      const { domain = [0, 1], range } = layout[axis.replace("y", "yaxis")] ?? {};
      if (range) heights[axis] = (domain[1] - domain[0]) * room;
    }
    return lineLabels(traces, layout, heights);
  }

  /** Show a keyframe of the run that is drawn already. */
  async show(keyframe) {
    const before = this.drawn;
    this.drawn = keyframe;
    const { choice } = this;
    const moving = this.spec.updates.filter((update) => !sameFrame(update, before, keyframe, choice));
    // One call for every set of traces, since each call draws the figure once more.
    const calls = new Map();
    for (const update of moving) {
      const values = frameOf(update, keyframe, choice);
      const { traces, attribute } = update;
      if (traces.every((trace, i) => this.pixels.takes(["traces", trace, attribute], values[i]))) {
        for (const [i, trace] of traces.entries()) this.pixels.set(trace, attribute, values[i]);
        continue;
      }
      const key = traces.join();
      const call = calls.get(key) ?? { traces, attributes: {} };
      call.attributes[attribute] = values;
      calls.set(key, call);
    }
    if (!calls.size) {
      if (moving.length) this.pixels.repaint();
      return;
    }
    const [last, ...others] = [...calls.values()].reverse();
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
   */
  mark(epoch, shown = epoch) {
    this.epoch = epoch;
    this.title.dataset.epoch = shown === epoch ? "" : `epoch ${shown.toLocaleString("en")}`;
    this.placeCursor();
  }

  placeCursor() {
    const axis = this.plot._fullLayout?.xaxis;
    if (!this.spec?.cursor || !axis || this.epoch === undefined) {
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
    }
  }

  remove() {
    this.resizes.disconnect();
    this.sightings.disconnect();
    this.Plotly.purge(this.plot);
    this.element.remove();
  }
}
