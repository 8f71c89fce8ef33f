// What is claimed of a run: the ribbon, the sentence, the lines of progress; on the Train page, why.

import { Holds } from "./holds.js";
import { make } from "./make.js";
import { Ribbon } from "./ribbon.js";
import { sentence } from "./sentence.js";
import { Stage } from "./stage.js";
import { Threshold } from "./threshold.js";
import { Why } from "./why.js";

const NAMES = { drop_error_term: "Without E", difference: "A − Y", centred: "Without E, centred," };

const RESTS_AFTER = 300; // ms without another step of the threshold until the page is told

const ANSWERED_WITHIN = 8000; // ms until the page's threshold counts again, whatever it is

const SHOWN = { low: -2, high: 3 }; // of the progress, at most

export class Claim {
  /**
   * `input` is the range input Epoch; with `staged`, pictures and why stand on a stage. `actions`:
   * scrub(epoch) and settle of the ribbon, redraw when pictures change, threshold(value) when it was
   * moved, check to see the gradient checked (or null).
   */
  constructor(input, staged, actions) {
    this.actions = actions;
    this.progress = null;
    this.own = null; // a threshold that the page does not know yet
    this.why = staged ? new Why(actions.check) : null;
    this.stage = staged ? new Stage(this.why, () => actions.redraw(null)) : null;
    this.ribbon = new Ribbon(input, {
      scrub: actions.scrub,
      settle: actions.settle,
      linear: () => {
        this.ribbon.receive(this.holds, this.run.claim.reached);
        actions.redraw("cursor");
      },
    });
    this.sentence = make("p", { class: "nnviz-sentence", "data-testid": "nnviz-sentence" });
    this.reason = make("button", { type: "button", class: "nnviz-link" }, "Why?");
    this.reason.addEventListener("click", () => {
      this.why.element.scrollIntoView({ block: "nearest" });
      this.why.element.focus({ preventScroll: true });
    });
    this.spoken = make("p", { class: "nnviz-spoken", "aria-live": "polite" });
  }

  /** What is measured of the run shown, if anything: it may come before the run, or after another. */
  get measured() {
    return this.progress?.run === this.run?.run ? this.progress : null;
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

  receive(run, criterion) {
    this.run = run;
    this.criterion = { ...criterion, threshold: this.own ?? criterion.threshold };
    this.stage?.receive(run.claim);
    this.known();
  }

  /** Take what is measured so far, if it is of this run. */
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

  /** Give the picture of the progress its lines, and the line that can be dragged. */
  dress(view) {
    if (view.spec.place !== "claim") return;
    view.fill = (traces, layout) => this.fill(traces, layout);
    this.threshold ??= new Threshold(
      view,
      (value) => {
        this.criterion = { ...this.criterion, threshold: value };
        this.known();
        this.actions.redraw("none");
      },
      (value) => this.tell(value),
    );
    view.placed = () => this.threshold.place(this.criterion.threshold);
  }

  /** Tell the page of a threshold when the visitor rests; what it says of an older one until then is late. */
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

  /** Go by the page's threshold and horizon; whether they are others than before. */
  hold(criterion) {
    if (this.own === criterion.threshold) this.own = null;
    const threshold = this.own ?? criterion.threshold;
    const { threshold: before, horizon } = this.criterion;
    if (threshold === before && horizon === criterion.horizon) return false;
    this.criterion = { ...criterion, threshold };
    this.known();
    return true;
  }

  fill(traces, layout) {
    let [low, high] = [-0.2, 1.2];
    for (const trace of traces) {
      const { rule, label } = trace.meta ?? {};
      if (!label || trace.yaxis === "y2") continue;
      if (rule) Object.assign(trace, this.holds.line(rule));
      for (const value of trace.y) {
        if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
      }
    }
    layout.yaxis.range = [Math.max(low, SHOWN.low) - 0.25, Math.min(high, SHOWN.high) + 0.1];
    const note = layout.annotations?.at(-1);
    if (!note) return;
    const { horizon } = this.criterion;
    const steps = horizon === 1 ? "the next step" : `the next ${horizon} steps`;
    note.text = `<b>Progress of ${steps}; the exact gradient's is 1</b>`;
  }

  /** Say what is so at an epoch; `at` is its index. */
  show(at, epoch, dims) {
    const value = (name) => this.run.metrics.find((one) => one.name === name).values.flat[at];
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
      name.style.setProperty("--mark", colours.get(rule));
      return name;
    });
    this.sentence.replaceChildren(...said);
    if (this.why) this.sentence.append(this.reason);
    this.why?.show(this.holds.angle("difference", epoch));
    this.ribbon.show(epoch, dims);
  }

  /** Have the sentence spoken, where the visitor rests. */
  speak() {
    this.spoken.textContent = this.sentence.textContent.replace(this.reason.textContent, "");
  }

  remove() {
    clearTimeout(this.telling);
    this.ribbon.remove();
  }
}
