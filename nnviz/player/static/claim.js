// What is claimed of a run: the ribbon, the sentence, the lines of progress; on the Train page, why.

import { fill } from "./fill.js";
import { Holds } from "./holds.js";
import { make } from "./make.js";
import { Ribbon } from "./ribbon.js";
import { sentence } from "./sentence.js";
import { Stage } from "./stage.js";
import { Threshold } from "./threshold.js";
import { Why } from "./why.js";

/** @typedef {import("./picture.js").PictureView} PictureView */
/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./protocol.js").Criterion} Criterion */
/** @typedef {import("./protocol.js").Measured} Measured */
/** @typedef {import("./protocol.js").Message & { claim: import("./protocol.js").ClaimOfRun }} ClaimedRun */
/** @typedef {"all" | "claim" | "cursor" | "none" | "places"} Redrawn  Which pictures are drawn anew. */

/**
 * @typedef {object} Actions
 * @property {(epoch: number) => void} scrub
 * @property {() => void} settle
 * @property {(which: Redrawn) => void} redraw  When pictures change.
 * @property {(value: number) => void} threshold  When it was moved.
 * @property {(() => void) | null} check  To see the gradient checked; null where it cannot be.
 */

/** @type {Record<string, string>} */
const NAMES = { drop_error_term: "Without E", difference: "A − Y", centred: "Without E, centred," };

const RESTS_AFTER = 300; // ms without another step of the threshold until the page is told

const ANSWERED_WITHIN = 8000; // ms until the page's threshold counts again, whatever it is

export class Claim {
  /**
   * @param {HTMLInputElement} input  The range input Epoch.
   * @param {ClaimedRun} run
   * @param {Criterion} criterion
   * @param {Actions} actions
   */
  constructor(input, run, criterion, actions) {
    this.actions = actions;
    this.run = run;
    this.criterion = criterion;
    /** @type {Measured | null} */
    this.progress = null;
    /** @type {number | null} A threshold that the page does not know yet. */
    this.own = null;
    /** @type {Threshold | null} */
    this.threshold = null;
    this.holds = new Holds(run.claim, null, criterion);
    const staged = run.claim.stage; // pictures and why stand on a stage
    this.why = staged ? new Why(actions.check) : null;
    this.stage = this.why && new Stage(this.why, () => actions.redraw("places"));
    this.ribbon = new Ribbon(input, {
      scrub: actions.scrub,
      settle: actions.settle,
      turned: () => {
        this.ribbon.receive(this.holds, this.run.claim.reached);
        actions.redraw("cursor");
      },
    });
    this.sentence = make("p", { class: "nnviz-sentence", "data-testid": "nnviz-sentence" });
    this.reason = make("button", { type: "button", class: "nnviz-link" }, "Why?");
    this.reason.addEventListener("click", () => {
      this.why?.element.scrollIntoView({ block: "nearest" });
      this.why?.element.focus({ preventScroll: true });
    });
    this.spoken = make("p", { class: "nnviz-spoken", "aria-live": "polite" });
  }

  /** What is measured of the run shown, if anything: it may come before the run, or after another. */
  get measured() {
    return this.progress?.run === this.run.run ? this.progress : null;
  }

  /** Whether all of the progress is known. */
  get isComplete() {
    return Boolean(this.measured?.complete);
  }

  /** Changes with what is known of the progress. */
  get version() {
    return this.measured?.version ?? "";
  }

  get scale() {
    return this.ribbon.scale;
  }

  /**
   * @param {ClaimedRun} run
   * @param {Criterion} criterion
   */
  receive(run, criterion) {
    this.run = run;
    this.criterion = { ...criterion, threshold: this.own ?? criterion.threshold };
    this.stage?.receive(run.claim);
    this.known();
  }

  /**
   * Take what is measured so far, if it is of this run.
   *
   * @param {Measured} progress
   */
  receiveProgress(progress) {
    if (this.progress?.version === progress.version) return;
    this.progress = progress;
    if (!this.measured) return;
    this.known();
    this.actions.redraw("claim");
  }

  known() {
    this.holds = new Holds(this.run.claim, this.measured, this.criterion);
    this.ribbon.receive(this.holds, this.run.claim.reached);
    this.ribbon.element.dataset.complete = String(this.isComplete);
    this.threshold?.place(this.criterion.threshold);
  }

  /**
   * Give the picture of the progress its lines, and the line that can be dragged.
   *
   * @param {PictureView} view
   */
  dress(view) {
    if (view.spec.place !== "claim") return;
    view.fill = (traces, layout) => fill(traces, layout, this.holds);
    const threshold =
      this.threshold ??
      new Threshold(
        view,
        (value) => {
          this.criterion = { ...this.criterion, threshold: value };
          this.known();
          this.actions.redraw("none");
        },
        (value) => this.tell(value),
      );
    this.threshold = threshold;
    view.placed = () => threshold.place(this.criterion.threshold);
  }

  /**
   * Tell the page of a threshold when the visitor rests; what it says of an older one until then is late.
   *
   * @param {number} value
   */
  tell(value) {
    clearTimeout(this.telling);
    this.own = value;
    this.telling = setTimeout(() => {
      this.actions.threshold(value);
      this.telling = setTimeout(() => {
        this.own = null;
      }, ANSWERED_WITHIN);
    }, RESTS_AFTER);
  }

  /**
   * Go by the page's threshold and horizon; whether they are others than before.
   *
   * @param {Criterion} criterion
   */
  hold(criterion) {
    if (this.own === criterion.threshold) this.own = null;
    const threshold = this.own ?? criterion.threshold;
    const { threshold: before, horizon } = this.criterion;
    if (threshold === before && horizon === criterion.horizon) return false;
    this.criterion = { ...criterion, threshold };
    this.known();
    return true;
  }

  /**
   * Say what is so at an epoch.
   *
   * @param {number} at  Its index.
   * @param {number} epoch
   * @param {boolean} dims  Whether what is still to come is dimmed.
   */
  show(at, epoch, dims) {
    /** @param {string} name */
    const value = (name) => this.run.metrics.find((one) => one.name === name)?.values.flat[at] ?? Number.NaN;
    const rules = this.run.claim.rules.filter(
      ({ rule }) => rule !== "centred" || this.run.claim.inUse === "centred",
    );
    const { reached } = this.run.claim;
    const does = this.run.status === "running" ? "has come to" : "ended at";
    const parts =
      epoch > reached // another run, beside it, is longer
        ? [{ text: `The run measured here ${does} epoch ${reached.toLocaleString("en")}.` }]
        : sentence(
            { epoch, accuracy: value("accuracy"), E: value("error_term_mean_abs") },
            this.holds,
            rules.map(({ rule }) => ({ rule, label: NAMES[rule] })),
          );
    const colours = new Map(this.run.claim.rules.map(({ rule, colour }) => [rule, colour]));
    const said = parts.map(({ text, rule }) => {
      if (!rule) return text;
      const name = make("b", {}, text);
      name.style.setProperty("--mark", colours.get(rule) ?? null);
      return name;
    });
    this.sentence.replaceChildren(...said);
    if (this.why) this.sentence.append(this.reason);
    this.why?.show(this.holds.angle("difference", epoch));
    this.ribbon.show(epoch, dims);
  }

  /** Have the sentence spoken, where the visitor rests. */
  speak() {
    this.spoken.textContent = (this.sentence.textContent ?? "").replace(this.reason.textContent ?? "", "");
  }

  remove() {
    clearTimeout(this.telling);
    this.ribbon.remove();
    this.stage?.remove();
  }
}
