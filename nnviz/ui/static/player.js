// The player: shows a recorded run, and plays, steps and scrubs it without asking the server.

import { make } from "./make.js";
import { PictureView } from "./picture.js";
import { readTheme } from "./theme.js";
import { Transport } from "./transport.js";
import { unpack, unpackStart } from "./wire.js";

const SETTLED_AFTER = 400; // ms without another step until Python is told the epoch

const ASK_AGAIN_AFTER = 6000; // ms without an answer; a long queue answers later, and takes no harm

const LEAVES_AFTER = 50; // ms without a newer call until the player of a page that is gone is removed

const UNDEFINED = "Undefined at this epoch: a gradient is zero, there is no such data, or the run has ended";

/** Index of the last number in a rising array that is at most `value`. */
function lastAtMost(rising, value) {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rising[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const FORMATS = {
  count: (value) => Math.round(value).toLocaleString("en"),
  number: (value) => (Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(2) : value.toFixed(4)),
  degrees: (value) => `${value.toFixed(1)}°`,
  percent: (value) => `${(100 * value).toFixed(1)} %`,
};

export class Player {
  /**
   * `root` is an empty element; `host` is told what the visitor does: epoch(number) when an epoch
   * is settled on, more(run) when a growing run has been shown as far as it goes, stop(run) and
   * resume(run), or null where nothing trains on; sample({run, epoch, sample}) when a point is to
   * be opened, or null if none can.
   */
  constructor(root, Plotly, host) {
    this.root = root;
    this.Plotly = Plotly;
    this.host = host;
    this.views = new Map();
    this.openTabs = new Map();
    this.epochIndex = 0;
    this.playing = false;
    this.transport = new Transport({
      toggle: () => (this.playing ? this.pause() : this.play()),
      step: (by) => this.goTo(this.epochIndex + by, { settle: true }),
      first: () => this.goTo(0, { settle: true }),
      last: () => this.goTo(this.lastIndex, { settle: true }),
      scrub: (epoch) => this.goTo(lastAtMost(this.epochs, epoch)),
      settle: () => this.settle(),
      stop: () => this.host.stop(this.run.run),
      resume: host.resume && (() => this.host.resume(this.run.run)),
    });
    this.notice = make("p", { class: "nnviz-notice", role: "status", hidden: "" });
    this.numbers = make("dl", { class: "nnviz-numbers" });
    this.grid = make("div", { class: "nnviz-pictures" });
    root.classList.add("nnviz");
    root.dataset.testid = "nnviz-player";
    root.replaceChildren(this.transport.element, this.notice, this.numbers, this.grid);
  }

  get lastIndex() {
    return this.epochs.length - 1;
  }

  get epoch() {
    return this.epochs[this.epochIndex];
  }

  /**
   * Show another run, or more of the same one, and go to the epoch to start at if it is a new one.
   * Nothing happens if all of it is shown already.
   */
  receive(run, start) {
    const before = this.run;
    if (start.count !== this.startCount) this.start = start.count ? start.epoch : null;
    this.startCount = start.count;
    this.root.classList.toggle("nnviz-large", start.large);
    this.theme = readTheme(this.root, start.large);
    if (before && before.version === run.version) {
      if (this.theme.name !== this.drawnTheme) this.redraw();
      this.goToStart();
      return;
    }
    const atEnd = !before || this.epochIndex === this.lastIndex;
    const epoch = before ? this.epoch : 0;
    this.run = run;
    this.epochs = run.epochs.flat;
    this.keyframes = run.keyframes.flat;
    if (this.playing) this.epochIndex = lastAtMost(this.epochs, epoch);
    else this.moveTo(atEnd ? this.lastIndex : lastAtMost(this.epochs, epoch));
    this.goToStart();
    this.notice.hidden = !run.notice;
    this.notice.textContent = run.notice;
    this.notice.dataset.status = run.status;
    this.transport.silent = Boolean(run.still);
    this.root.classList.toggle("nnviz-still", this.transport.silent);
    this.root.classList.toggle("nnviz-beside", Boolean(run.columns));
    this.grid.style.setProperty("--span", run.columns ? 12 / run.columns : "auto");
    this.numbers.style.setProperty("--runs", run.columns ?? 1);
    this.transport.showTraining(run);
    this.makeNumbers();
    this.placePictures();
    this.redraw();
  }

  /** Go where a link points to, as soon as a growing run has come there. */
  goToStart() {
    if (this.start === null) return;
    const there = this.start <= this.epochs[this.lastIndex];
    this.moveTo(there ? lastAtMost(this.epochs, this.start) : this.lastIndex);
    this.schedule();
    if (there || this.run.status !== "running") this.start = null;
  }

  makeNumbers() {
    this.values = this.run.metrics.map(() => make("dd"));
    this.numbers.replaceChildren(
      ...this.run.metrics.map(({ label, help }, i) =>
        make("div", { title: help }, make("dt", {}, label), this.values[i]),
      ),
    );
  }

  /** Keep a view for every picture; pictures with the same tab share a place. */
  placePictures() {
    const names = new Set(this.run.pictures.map(({ name }) => name));
    for (const [name, view] of this.views) {
      if (!names.has(name)) {
        view.remove();
        this.views.delete(name);
      }
    }
    const places = new Map();
    for (const spec of this.run.pictures) {
      const view =
        this.views.get(spec.name) ??
        new PictureView(
          this.Plotly,
          spec.name,
          () => this.schedule(),
          this.host.sample && ((sample) => this.open(sample)),
        );
      this.views.set(spec.name, view);
      view.attempt(() => view.receive(spec, this.run.themes));
      const place = spec.tab ?? spec.name;
      places.set(place, [...(places.get(place) ?? []), view]);
    }
    const layout = JSON.stringify(
      [...places].map(([place, views]) => [place, views.map((view) => view.name)]),
    );
    if (layout === this.placed) return;
    this.placed = layout;
    this.grid.replaceChildren(...[...places].map(([place, views]) => this.makePlace(place, views)));
  }

  makePlace(place, views) {
    if (views.length === 1) return views[0].element;
    const open = Math.min(this.openTabs.get(place) ?? 0, views.length - 1);
    const tabs = views.map((view, i) => {
      const tab = make(
        "button",
        { type: "button", role: "tab", "aria-selected": String(i === open) },
        view.spec.title,
      );
      tab.addEventListener("click", () => {
        this.openTabs.set(place, i);
        views.forEach((other, j) => {
          other.element.hidden = i !== j;
          tabs[j].setAttribute("aria-selected", String(i === j));
        });
        this.schedule();
      });
      view.element.hidden = i !== open;
      return tab;
    });
    return make(
      "div",
      { class: "nnviz-tabs" },
      make("div", { role: "tablist", "aria-label": "Pictures" }, ...tabs),
      ...views.map((view) => view.element),
    );
  }

  play() {
    if (this.epochIndex === this.lastIndex) this.moveTo(0);
    this.playing = true;
    let before = performance.now();
    const tick = (now) => {
      if (!this.playing) return;
      this.position += ((now - before) / 1000) * Number(this.transport.speed.value);
      before = now;
      this.epochIndex = lastAtMost(this.epochs, this.position);
      this.schedule();
      if (this.epochIndex < this.lastIndex || this.run.status === "running") requestAnimationFrame(tick);
      else this.pause();
    };
    requestAnimationFrame(tick);
    this.schedule();
  }

  pause() {
    this.playing = false;
    this.schedule();
    this.settle();
  }

  moveTo(index) {
    this.epochIndex = index;
    this.position = this.epoch; // where Play goes on from: it moves by parts of an epoch
  }

  goTo(index, { settle = false } = {}) {
    this.start = null;
    this.moveTo(Math.max(0, Math.min(index, this.lastIndex)));
    this.schedule();
    if (!settle) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED_AFTER);
  }

  /** Ask Python for what there is to say of a sample, at the epoch that the pictures show. */
  open(sample) {
    const epoch = this.keyframes[lastAtMost(this.keyframes, this.epoch)];
    this.host.sample({ run: this.run.run, epoch, sample });
  }

  /** Tell Python the epoch shown, so that another page can open at it. */
  settle() {
    clearTimeout(this.settling);
    if (this.told === this.epoch && this.toldRun === this.run.run) return;
    this.told = this.epoch;
    this.toldRun = this.run.run;
    // At the end it stays at the end, also of a longer run.
    this.host.epoch({ run: this.run.run, epoch: this.epoch, end: this.epochIndex === this.lastIndex });
  }

  /** Draw every picture anew, each when it is seen: what came from afar does not wait for a frame. */
  redraw() {
    for (const view of this.views.values()) view.drawn = null;
    this.schedule(Promise.resolve());
  }

  /** Draw at the next animation frame, or at another time, once, however often it is asked for. */
  schedule(time = new Promise(requestAnimationFrame)) {
    this.wanted = true;
    if (this.drawing) return;
    this.drawing = time.then(async () => {
      this.wanted = false;
      try {
        await this.draw();
      } finally {
        this.drawing = null;
        if (this.wanted && !this.removed) this.schedule();
      }
    });
  }

  async draw() {
    if (this.removed) return;
    const { run, epoch, theme } = this;
    const keyframe = lastAtMost(this.keyframes, epoch);
    const last = this.epochs[this.lastIndex];
    this.transport.show({ epoch, last, playing: this.playing });
    run.metrics.forEach(({ values, format, of }, i) => {
      const value = values.flat[this.epochIndex];
      const text = Number.isNaN(value) ? "–" : FORMATS[format](value);
      this.values[i].title = Number.isNaN(value) ? UNDEFINED : "";
      this.values[i].textContent = of === null ? text : `${text} / ${of.toLocaleString("en")}`;
    });
    const shown = this.keyframes[keyframe];
    this.numbers.dataset.pictures = shown === epoch ? "" : `pictures of epoch ${shown.toLocaleString("en")}`;
    for (const view of this.views.values()) {
      if (!view.visible) continue;
      const own = view.spec.keyframes?.flat; // a run beside others has keyframes of its own
      const frame = own ? lastAtMost(own, epoch) : keyframe;
      if (run.still) view.pictured = null;
      else view.pictured = view.spec.cursor ? epoch : (own ?? this.keyframes)[frame];
      await view.follow(epoch, frame, own?.[frame], theme);
    }
    this.drawnTheme = theme.name;
    Object.assign(this.root.dataset, {
      run: run.run,
      epoch,
      lastEpoch: last,
      frames: this.keyframes.length,
      status: run.status,
      theme: theme.name,
    });
    if (run.status === "running" && this.run === run && this.asked !== run.version) {
      this.asked = run.version;
      this.host.more(run.run);
      clearTimeout(this.askingAgain);
      this.askingAgain = setTimeout(() => this.askAgain(run), ASK_AGAIN_AFTER);
    }
  }

  /** Ask for more once more: what was asked is lost when the connection is cut. */
  askAgain(run) {
    if (this.removed || this.run !== run) return;
    this.asked = null;
    this.schedule();
  }

  remove() {
    this.removed = true;
    clearTimeout(this.askingAgain);
    this.playing = false;
    clearTimeout(this.settling);
    this.transport.remove();
    for (const view of this.views.values()) view.remove();
  }
}

let plotly;

/** Load Plotly.js from beside this file: once, and once more if that failed. */
export function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = make("script", { src: new URL("plotly.min.js", import.meta.url).href });
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      plotly = undefined;
      script.remove();
      reject(new Error(`cannot load ${script.src}`));
    });
    document.head.append(script);
  });
  return plotly;
}

const players = new WeakMap();

/**
 * Streamlit's side: called again with the same `parentElement` whenever data or theme change; what
 * it returns is called when the component leaves the page.
 */
export default async function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector("[data-nnviz]");
  const host = {
    epoch: (shown) => setStateValue("epoch", shown),
    more: (run) => setTriggerValue("more", run),
    stop: (run) => setTriggerValue("stop", run),
    resume: (run) => setTriggerValue("resume", run),
    sample: (chosen) => setTriggerValue("sample", chosen),
  };
  const mounted = players.get(root) ?? { player: null, calls: 0 };
  players.set(root, mounted);
  mounted.calls += 1;
  const call = mounted.calls;
  const Plotly = await loadPlotly();
  if (mounted.calls === call) {
    mounted.player ??= new Player(root, Plotly, host);
    mounted.player.host = host;
    mounted.player.receive(unpack(data), unpackStart(data));
  }
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken, or is about to while it
    // still loads: leave that one's player, which is at the epoch that the visitor chose.
    setTimeout(() => {
      if (mounted.calls !== call) return;
      mounted.player?.remove();
      players.delete(root);
    }, LEAVES_AFTER);
  };
}
