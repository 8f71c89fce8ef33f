// The player: shows a recorded run, and plays, steps and scrubs it without asking the server.

import { Claim } from "./claim.js";
import { lastUpTo } from "./holds.js";
import { firstVisit } from "./intro.js";
import { make } from "./make.js";
import { PictureView } from "./picture.js";
import { useRoom } from "./stage.js";
import { readTheme } from "./theme.js";
import { Transport } from "./transport.js";

const SETTLED_AFTER = 400; // ms without another step until Python is told the epoch

const ASK_AGAIN_AFTER = 6000; // ms without an answer; a long queue answers later, and takes no harm

const RESTS_AFTER = 250; // ms from the first sight of a run until its progress is asked for

const EVEN_SECONDS = 5; // to play a run, each stretch of the logarithmic ribbon in the same time

const UNDEFINED = "Undefined at this epoch: a gradient is zero, there is no such data, or the run has ended";

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
   * be opened, or null if none can; threshold(value) when that was moved; check when the gradient is
   * to be checked, or null; `intro` is whether a first visit plays by itself.
   */
  constructor(root, Plotly, host) {
    this.root = root;
    this.Plotly = Plotly;
    this.host = host;
    this.views = new Map();
    this.epochIndex = 0;
    this.playing = false;
    this.transport = new Transport({
      toggle: () => (this.playing ? this.pause() : this.play()),
      step: (by) => this.goTo(this.epochIndex + by, { settle: true }),
      first: () => this.goTo(0, { settle: true }),
      last: () => this.goTo(this.lastIndex, { settle: true }),
      scrub: (epoch) => this.goTo(lastUpTo(this.epochs, epoch)),
      settle: () => this.settle(),
      stop: () => this.stop(this.run),
      resume: host.resume && (() => this.host.resume(this.run.run)),
    });
    this.notice = make("p", { class: "nnviz-notice", role: "status", hidden: "" });
    this.numbers = make("dl", { class: "nnviz-numbers" });
    this.grid = make("div", { class: "nnviz-pictures" });
    root.classList.add("nnviz");
    root.dataset.testid = "nnviz-player";
    root.replaceChildren(this.transport.element, this.notice, this.numbers, this.grid);
    this.onResize = () => this.claim?.stage && useRoom(this.root);
    addEventListener("resize", this.onResize);
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
    if (run.claim && !this.claim) this.makeClaim(run.claim.stage);
    if (this.claim?.stage) useRoom(this.root);
    this.root.classList.toggle("nnviz-told", Boolean(run.claim?.told));
    if (before && before.version === run.version) {
      if (this.theme.name !== this.drawnTheme) this.redraw();
      else if (this.claim?.hold(start.criterion)) this.redraw("claim");
      this.goToStart();
      return;
    }
    const atEnd = !before || this.epochIndex === this.lastIndex;
    const epoch = before ? this.epoch : 0;
    this.run = run;
    this.epochs = run.epochs.flat;
    this.keyframes = run.keyframes.flat;
    this.claim?.receive(run, start.criterion);
    if (run.measured) this.receiveProgress(run.measured);
    const plays =
      !before &&
      this.host.intro &&
      this.claim?.stage &&
      start.count === 0 &&
      firstVisit(() => this.endIntro());
    if (this.playing) this.epochIndex = lastUpTo(this.epochs, epoch);
    else this.moveTo(atEnd ? this.lastIndex : lastUpTo(this.epochs, epoch));
    this.goToStart();
    this.notice.hidden = !run.notice;
    this.notice.textContent = run.notice;
    this.notice.dataset.status = run.status;
    this.transport.silent = Boolean(run.still);
    this.root.classList.toggle("nnviz-still", this.transport.silent);
    this.root.classList.toggle("nnviz-compare", Boolean(run.columns));
    this.grid.style.setProperty("--span", run.columns ? 12 / run.columns : "auto");
    this.numbers.style.setProperty("--runs", run.columns ?? 1);
    this.transport.showTraining(run);
    this.makeNumbers();
    this.placePictures();
    this.redraw();
    if (plays) this.playIntro();
  }

  /** The ribbon in place of the scrubber, and what is said of the run; `staged` on the Train page. */
  makeClaim(staged) {
    this.claim = new Claim(this.transport.scrubber, staged, {
      scrub: (epoch) => this.goTo(lastUpTo(this.epochs, epoch)),
      settle: () => this.settle(),
      redraw: (which) => this.redraw(which),
      threshold: (value) => this.host.threshold(value),
      check: this.host.check && (() => this.host.check({ run: this.run.run, epoch: this.epoch })),
    });
    this.root.classList.add("nnviz-claims");
    this.transport.take(this.claim.ribbon);
    if (staged) this.root.prepend(this.claim.stage.title);
    this.notice.after(this.claim.sentence, this.claim.spoken);
  }

  /** Take what is measured of a run's progress. */
  receiveProgress(progress) {
    this.claim?.receiveProgress(progress);
  }

  /** Go where a link points to, as soon as a growing run has come there. */
  goToStart() {
    if (this.start === null) return;
    const there = this.start <= this.epochs[this.lastIndex];
    this.moveTo(there ? lastUpTo(this.epochs, this.start) : this.lastIndex);
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
      this.claim?.dress(view);
    }
    const layout = this.run.pictures.map(({ name, group }) => `${group}:${name}`).join();
    if (layout !== this.placed) this.arrange();
    this.placed = layout;
  }

  /** Put the pictures on the page: on the stage, or in their order, each group below its heading. */
  arrange() {
    const views = this.run.pictures.map(({ name }) => this.views.get(name));
    if (this.claim?.stage) {
      this.grid.replaceChildren(...this.claim.stage.place(views));
      return;
    }
    this.grid.replaceChildren();
    let heading = "";
    for (const { spec, element } of views) {
      if (spec.group !== heading) this.grid.append(make("h2", { class: "nnviz-group" }, spec.group));
      heading = spec.group;
      element.dataset.row = views.filter((view) => view.spec.group === heading).length;
      this.grid.append(element);
    }
  }

  play() {
    if (this.epochIndex === this.lastIndex) this.moveTo(0);
    this.playing = true;
    let before = performance.now();
    const tick = (now) => {
      if (!this.playing) return;
      this.advance(Math.max(0, now - before) / 1000); // a frame may have begun before Play was pressed
      before = now;
      this.epochIndex = lastUpTo(this.epochs, this.position);
      this.schedule();
      if (this.epochIndex < this.lastIndex || this.run.status === "running") requestAnimationFrame(tick);
      else this.pause();
    };
    requestAnimationFrame(tick);
    this.schedule();
  }

  /** Move where Play is by some seconds: so many epochs, or the same share of the ribbon each. */
  advance(seconds) {
    const speed = this.transport.speed.value;
    const end = this.epochs[this.lastIndex];
    const log = (epoch) => Math.log1p(epoch);
    const next =
      speed === "even"
        ? Math.expm1(log(this.position) + (seconds * log(this.claim?.scale.end ?? end)) / EVEN_SECONDS)
        : this.position + seconds * Number(speed);
    this.position = Math.min(next, end);
  }

  /** A first visit sees the network learn, what is to come dimmed, until any key or click. */
  playIntro() {
    this.intro = true;
    this.moveTo(0);
    this.play();
  }

  endIntro() {
    if (!this.intro) return;
    this.pause({ later: true });
  }

  /**
   * Stop playing. `later` where a click or key was for something else: of what Streamlit is told in one
   * go, a component's part can take the place of a control's.
   */
  pause({ later = false } = {}) {
    this.playing = false;
    this.intro = false;
    this.schedule();
    clearTimeout(this.settling);
    if (later) this.settling = setTimeout(() => this.settle(), SETTLED_AFTER);
    else this.settle();
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
    const epoch = this.keyframes[lastUpTo(this.keyframes, this.epoch)];
    this.host.sample({ run: this.run.run, epoch, sample });
  }

  /** Tell Python the epoch shown, so that another page can open at it. */
  settle() {
    clearTimeout(this.settling);
    if (this.retired) return;
    if (this.told === this.epoch && this.toldRun === this.run.run) return;
    (this.drawing ?? Promise.resolve()).then(() => this.claim?.speak()); // what is being drawn
    this.told = this.epoch;
    this.toldRun = this.run.run;
    // At the end it stays at the end, also of a longer run.
    this.host.epoch({ run: this.run.run, epoch: this.epoch, end: this.epochIndex === this.lastIndex });
  }

  /** Draw pictures anew, each when it is seen: all, the claim's, those over epochs, or those moved. */
  redraw(which = "all") {
    if (which === null) this.arrange();
    for (const view of this.views.values()) {
      const { place, cursor } = view.spec;
      const anew = { all: true, claim: place === "claim", cursor }[which];
      if (anew) view.drawn = null;
    }
    this.schedule(which === "all" ? Promise.resolve() : undefined); // a new run has waited long enough
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
    const keyframe = lastUpTo(this.keyframes, epoch);
    const last = this.epochs[this.lastIndex];
    this.transport.show({ epoch, last, playing: this.playing });
    run.metrics.forEach(({ values, format, of }, i) => {
      const value = values.flat[this.epochIndex];
      const text = Number.isNaN(value) ? "–" : FORMATS[format](value);
      this.values[i].title = Number.isNaN(value) ? UNDEFINED : "";
      this.values[i].textContent = of === null ? text : `${text} / ${of.toLocaleString("en")}`;
    });
    this.claim?.show(this.epochIndex, epoch, this.intro);
    const shown = this.keyframes[keyframe];
    this.numbers.dataset.pictures = shown === epoch ? "" : `pictures of epoch ${shown.toLocaleString("en")}`;
    for (const view of this.views.values()) {
      if (!view.visible) continue;
      const own = view.spec.keyframes?.flat; // a run beside others has keyframes of its own
      const frame = own ? lastUpTo(own, epoch) : keyframe;
      if (run.still) view.pictured = null;
      else view.pictured = view.spec.cursor ? epoch : (own ?? this.keyframes)[frame];
      await view.follow(epoch, frame, own?.[frame], theme, this.claim?.scale);
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
    const lacks = run.status === "running" || (this.claim && !this.claim.isComplete);
    const known = `${run.version} ${this.claim?.version}`;
    if (lacks && this.run === run && this.asked !== known) {
      this.asked = known;
      clearTimeout(this.asking);
      // Progress is measured when the visitor rests: who moves a control on is not to wait for it.
      this.asking = setTimeout(() => this.ask(run), run.status === "running" ? 0 : RESTS_AFTER);
    }
  }

  /** Stop a run, and ask for no more of it meanwhile: the one would take the other's place. */
  stop(run) {
    this.stopping = run.run;
    this.host.stop(run.run);
    setTimeout(() => {
      this.stopping = null;
    }, ASK_AGAIN_AFTER);
  }

  ask(run) {
    if (this.removed || this.retired || this.run !== run || !this.root.isConnected) return;
    if (this.stopping !== run.run) this.host.more(run.run);
    this.asking = setTimeout(() => this.askAgain(run), ASK_AGAIN_AFTER);
  }

  /** Ask for more once more: what was asked is lost when the connection is cut. */
  askAgain(run) {
    if (this.removed || this.run !== run) return;
    this.asked = null;
    this.schedule();
  }

  /** Another player has come: ask and tell nothing more. */
  retire() {
    this.retired = true;
    this.pause();
  }

  remove() {
    this.removed = true;
    clearTimeout(this.asking);
    this.playing = false;
    clearTimeout(this.settling);
    removeEventListener("resize", this.onResize);
    this.transport.remove();
    this.claim?.remove();
    for (const view of this.views.values()) view.remove();
  }
}
