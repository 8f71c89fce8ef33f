// The player: shows a recorded run, and plays, steps and scrubs it without asking the server.

import { Asking } from "./asking.js";
import { openedBy } from "./cells.js";
import { Claim } from "./claim.js";
import { EpochScale, lastAtMost } from "./epochs.js";
import { Gallery } from "./gallery.js";
import { firstVisit } from "./intro.js";
import { Notice } from "./notice.js";
import { advanced } from "./pace.js";
import { Row } from "./row.js";
import { enlarged } from "./spotlight.js";
import { useRoom } from "./stage.js";
import { nameOf, readTheme } from "./theme.js";
import { Transport } from "./transport.js";
import { Wall } from "./wall.js";

const SETTLED_AFTER = 400; // ms without another step until Python is told the epoch

/** @typedef {import("./claim.js").ClaimedRun} ClaimedRun */
/** @typedef {import("./protocol.js").Head} Head */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {ReturnType<typeof setTimeout>} Timer */

export class Player {
  // From the first run on:
  /** @type {Message} */
  run;
  /** @type {import("./wire.js").Numbers} */
  epochs;
  /** @type {import("./wire.js").Numbers} */
  keyframes;
  /** @type {import("./theme.js").Theme} */
  theme;
  /** @type {number} How often Python has said where to start. */
  starts;

  /**
   * @param {HTMLElement} root  An empty element.
   * @param {import("./plotly.js").Library} Plotly
   * @param {import("./protocol.js").Host} host
   */
  constructor(root, Plotly, host) {
    this.root = root;
    this.Plotly = Plotly;
    this.host = host;
    this.gallery = new Gallery(Plotly, () => this.schedule(), openedBy(this));
    /** @type {Claim | null} */
    this.claim = null;
    /** @type {Wall | null} */
    this.wall = null;
    this.epochIndex = 0;
    this.position = 0; // where Play is: it moves by parts of an epoch
    this.playing = false;
    this.intro = false; // whether a first visit plays by itself
    /** @type {number | null} The epoch to go to as soon as it is there. */
    this.start = null;
    /** @type {Promise<void> | null} */
    this.drawing = null;
    this.asking = new Asking(
      (wanted) => this.host.more(wanted),
      (wanted) => this.run === wanted && !this.removed && !this.retired && root.isConnected && this.lacks,
    );
    this.told = { run: "", epoch: -1 };
    /** @type {Timer | undefined} */
    this.settling = undefined;
    this.retired = false;
    this.removed = false;
    this.transport = new Transport({
      toggle: () => (this.playing ? this.pause() : this.play()),
      step: (by) => this.goTo(this.epochIndex + by, { settle: true }),
      first: () => this.goTo(0, { settle: true }),
      last: () => this.goTo(this.lastIndex, { settle: true }),
      scrub: (epoch) => this.goTo(lastAtMost(this.epochs, epoch)),
      settle: () => this.settle(),
      stop: () => this.asking.stop(this.run, this.host.stop),
      resume: host.resume && (() => this.tell(() => this.host.resume?.(this.run.run))),
    });
    this.notice = new Notice();
    this.row = new Row();
    root.classList.add("nnviz");
    root.dataset.testid = "nnviz-player";
    root.replaceChildren(this.transport.element, this.notice.element, this.row.element, this.gallery.element);
    this.onResize = () => this.usesRoom && useRoom(this.root);
    addEventListener("resize", this.onResize);
  }

  /** Whether it takes all room that the page leaves. */
  get usesRoom() {
    return Boolean(this.claim?.stage || this.wall || this.theme.alone);
  }

  get lastIndex() {
    return this.epochs.length - 1;
  }

  /** Whether there is more to come: of the run, or of what is measured of it. */
  get lacks() {
    return this.run.status === "running" || Boolean(this.claim && !this.claim.isComplete);
  }

  get epoch() {
    return this.epochs[this.epochIndex];
  }

  /**
   * Show another run, or more of the same one, and go to the epoch to start at if it is a new one.
   * Nothing happens if all of it is shown already.
   *
   * @param {Message} run
   * @param {Head} head
   */
  receive(run, head) {
    const before = this.run;
    if (head.starts !== this.starts) this.start = head.starts ? head.epoch : null;
    this.starts = head.starts;
    this.root.classList.toggle("nnviz-large", head.large);
    this.theme = readTheme(this.root, enlarged(head.large));
    const claimed = isClaimed(run) ? run : null;
    if (claimed) this.claim ??= this.makeClaim(claimed, head.criterion);
    if (this.usesRoom) useRoom(this.root);
    this.root.classList.toggle("nnviz-told", Boolean(run.claim?.told));
    if (before && before.version === run.version) {
      if (nameOf(this.theme) !== this.drawnTheme) this.redraw();
      else if (this.claim?.hold(head.criterion)) this.redraw("claim");
      this.hang(run, head);
      this.goToStart();
      return;
    }
    const atEnd = !before || this.epochIndex === this.lastIndex;
    const epoch = before ? this.epoch : 0;
    this.asking.came(true);
    this.run = run;
    this.epochs = run.epochs.flat;
    this.keyframes = run.keyframes.flat;
    if (claimed) this.claim?.receive(claimed, head.criterion);
    if (run.measured) this.receiveProgress(run.measured);
    const plays =
      !before &&
      this.host.intro &&
      this.claim?.stage &&
      head.starts === 0 &&
      firstVisit(() => this.endIntro());
    if (this.playing) this.epochIndex = lastAtMost(this.epochs, epoch);
    else this.moveTo(atEnd ? this.lastIndex : lastAtMost(this.epochs, epoch));
    this.goToStart();
    this.notice.show(run, this.lacks);
    this.transport.silent = Boolean(run.still);
    this.transport.among = Boolean(run.figure);
    this.root.classList.toggle("nnviz-figure", this.transport.among);
    this.root.classList.toggle("nnviz-still", this.transport.silent);
    this.root.classList.toggle("nnviz-compare", Boolean(run.columns));
    this.transport.showTraining(run);
    this.row.receive(run.metrics, run.columns ?? 1);
    this.hang(run, head);
    this.gallery.receive(run, this.claim);
    this.redraw();
    if (plays) this.playIntro();
  }

  /**
   * The ribbon in place of the scrubber, and what is said of the run.
   *
   * @param {ClaimedRun} run
   * @param {import("./protocol.js").Criterion} criterion
   */
  makeClaim(run, criterion) {
    const claim = new Claim(this.transport.scrubber, run, criterion, {
      scrub: (epoch) => this.goTo(lastAtMost(this.epochs, epoch)),
      settle: () => this.settle(),
      redraw: (which) => this.redraw(which),
      threshold: (value) => this.host.threshold(value),
      check:
        this.host.check &&
        (() => this.tell(() => this.host.check?.({ run: this.run.run, epoch: this.epoch }))),
    });
    this.root.classList.add("nnviz-claims");
    this.transport.take(claim.ribbon);
    if (claim.stage) this.root.prepend(claim.stage.title);
    this.notice.element.after(claim.sentence, claim.spoken);
    return claim;
  }

  /**
   * Show a wall of runs, if there is one.
   *
   * @param {Message} run
   * @param {Head} head
   */
  hang({ wall, themes, figure }, { criterion }) {
    if (this.wall) this.wall.element.hidden = !wall;
    this.root.classList.toggle("nnviz-has-wall", Boolean(wall));
    const end = wall ? wall.end : this.epochs[this.lastIndex];
    this.transport.scale = wall || figure ? new EpochScale(end, false) : null;
    if (!wall) return;
    if (!this.wall) {
      const opened = this.host.point && ((/** @type {number} */ run) => this.open(run, this.epoch));
      this.wall = new Wall(opened, () => this.schedule());
      this.transport.scrubber.after(this.wall.at);
      this.row.element.after(this.wall.element);
      useRoom(this.root);
    }
    this.wall.receive(wall, { attributes: themes[this.theme.name], theme: this.theme, criterion });
  }

  /**
   * Take what is measured of a run's progress.
   *
   * @param {import("./protocol.js").Measured} progress
   */
  receiveProgress(progress) {
    this.asking.came();
    this.claim?.receiveProgress(progress);
  }

  /** Go where a link points to, as soon as a growing run has come there. */
  goToStart() {
    if (this.start === null) return;
    this.moveTo(lastAtMost(this.epochs, this.start));
    this.schedule();
    // While it grows, its epochs are thinned, and that one may be left out for a while.
    if (this.run.status !== "running") this.start = null;
  }

  play() {
    if (this.epochIndex === this.lastIndex) this.moveTo(0);
    [this.playing, this.start] = [true, null];
    let before = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      if (!this.playing) return;
      this.advance(Math.max(0, now - before) / 1000); // a frame may have begun before Play was pressed
      before = now;
      this.epochIndex = lastAtMost(this.epochs, this.position);
      this.schedule();
      if (this.epochIndex < this.lastIndex || this.run.status === "running") requestAnimationFrame(tick);
      else this.pause();
    };
    requestAnimationFrame(tick);
    this.schedule();
  }

  /** @param {number} seconds */
  advance(seconds) {
    const last = this.epochs[this.lastIndex];
    const end = this.claim?.scale.end ?? last;
    this.position = advanced(this.position, seconds, this.transport.speed.value, last, end);
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

  /** @param {number} index */
  moveTo(index) {
    this.epochIndex = index;
    this.position = this.epoch;
  }

  /**
   * @param {number} index
   * @param {{ settle?: boolean }} then  Whether to tell Python when the visitor rests.
   */
  goTo(index, { settle = false } = {}) {
    this.start = null;
    this.moveTo(Math.max(0, Math.min(index, this.lastIndex)));
    this.schedule();
    if (!settle) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED_AFTER);
  }

  /**
   * Ask Python for what a point opens, at the epoch that the pictures show.
   *
   * @param {number} point
   * @param {number} epoch
   */
  open(point, epoch = this.keyframes[lastAtMost(this.keyframes, this.epoch)]) {
    this.tell(() => this.host.point?.({ run: this.run.run, epoch, point }));
  }

  /** @param {() => void} tells  Tells Python something. */
  tell(tells) {
    this.asking.tell(this.run, tells);
  }

  /** Tell Python the epoch shown, so that another page can open at it. */
  settle() {
    clearTimeout(this.settling);
    if (this.retired || this.run.figure) return;
    const { epoch, run } = this;
    if (this.told.epoch === epoch && this.told.run === run.run) return;
    (this.drawing ?? Promise.resolve()).then(() => this.claim?.speak()); // what is being drawn
    this.told = { run: run.run, epoch };
    // At the end it stays at the end, also of a longer run.
    this.host.epoch({ ...this.told, end: this.epochIndex === this.lastIndex });
  }

  /**
   * Draw pictures anew: those named, or those that have changed places.
   *
   * @param {import("./claim.js").Redrawn} which
   */
  redraw(which = "all") {
    if (which === "places") this.gallery.arrange(this.run, this.claim);
    else if (which !== "none") this.gallery.redraw(which);
    this.schedule(which === "all" ? Promise.resolve() : undefined); // a new run has waited long enough
  }

  /**
   * Draw at the next animation frame, or at another time, once, however often it is asked for.
   *
   * @param {Promise<unknown>} time
   */
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
    this.row.show(this.epochIndex, epoch, run.wall ? epoch : this.keyframes[keyframe]);
    this.claim?.show(this.epochIndex, epoch, this.intro);
    this.wall?.show(epoch);
    const ofFigure = run.figure ? this.transport.scale : null;
    await this.gallery.show(run, epoch, theme, this.claim?.scale ?? ofFigure);
    this.drawnTheme = nameOf(theme);
    Object.assign(this.root.dataset, {
      run: run.run,
      epoch,
      lastEpoch: last,
      frames: this.keyframes.length,
      status: run.status,
      theme: theme.name,
    });
    this.root.dispatchEvent(new CustomEvent("nnviz-epoch", { detail: this.keyframes[keyframe] }));
    const known = `${run.version} ${this.claim?.version}`;
    this.asking.see(run, known);
  }

  /** Another player has come: ask and tell nothing more. */
  retire() {
    this.retired = true;
    this.pause();
  }

  remove() {
    this.removed = true;
    this.asking.end();
    this.playing = false;
    clearTimeout(this.settling);
    removeEventListener("resize", this.onResize);
    this.transport.remove();
    this.claim?.remove();
    this.gallery.remove();
  }
}

/**
 * @param {Message} run
 * @returns {run is ClaimedRun}
 */
function isClaimed(run) {
  return run.claim !== undefined;
}
