// The controls of the player: buttons, speed, the epoch's scrubber, and the keyboard.

import { make } from "./make.js";
import { SPEEDS, speedName } from "./pace.js";

const FINE = 1000; // steps of a scrubber that is even in the logarithm of the epoch

/** @type {Record<string, string>} */
const ICONS = {
  Reset: "M5 4h2v16H5z M20 4v16L9 12z",
  "Step back": "M16 4v16L6 12z M17 4h2v16h-2z",
  Play: "M7 4v16l13-8z",
  Pause: "M6 4h4v16H6z M14 4h4v16h-4z",
  "Step forward": "M8 4v16l10-8z M5 4h2v16H5z",
  End: "M4 4v16l11-8z M17 4h2v16h-2z",
};

/**
 * @typedef {object} Actions
 * @property {() => void} toggle
 * @property {(by: number) => void} step
 * @property {() => void} first
 * @property {() => void} last
 * @property {(epoch: number) => void} scrub
 * @property {() => void} settle
 * @property {() => void} stop
 * @property {(() => void) | null} resume  Null where nothing trains on.
 */

/** @param {string} name */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Whether a key pressed there is meant for that element and not for the player.
 *
 * @param {EventTarget | null} target
 * @param {string} key
 */
function takesKeys(target, key) {
  if (!(target instanceof Element)) return false;
  if (key === " " && target.closest("button, summary, a, [role=button], [role=switch]")) return true;
  return Boolean(
    target.closest(
      "input:not(.nnviz-epoch), textarea, select, [contenteditable=true], [role=slider], " +
        "[role=combobox], [role=listbox], [role=menu], [role=radiogroup], [role=dialog], [role=tablist]:not(.nnviz *)",
    ),
  );
}

/**
 * What a key does, or nothing.
 *
 * @param {{ key: string, shiftKey: boolean }} event
 * @param {Actions} actions
 */
export function actionOf({ key, shiftKey }, actions) {
  const by = shiftKey ? 10 : 1;
  switch (key) {
    case " ":
      return actions.toggle;
    case "ArrowLeft":
      return () => actions.step(-by);
    case "ArrowRight":
      return () => actions.step(by);
    case "Home":
      return actions.first;
    case "End":
      return actions.last;
    default:
      return null;
  }
}

export class Transport {
  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.silent = false; // whether the keys do nothing
    this.among = false; // whether it is one of several: then keys are for the one they are pressed in
    /** @type {import("./epochs.js").EpochScale | null} Where the scrubber is not even in epochs. */
    this.scale = null;
    /**
     * @param {string} name
     * @param {string} key
     * @param {() => void} action
     */
    const button = (name, key, action) => {
      const element = make(
        "button",
        { type: "button", "aria-label": name, title: `${name} (${key})` },
        icon(name),
      );
      element.addEventListener("click", action);
      return element;
    };
    this.play = button("Play", "Space", actions.toggle);
    this.scrubber = make("input", {
      type: "range",
      class: "nnviz-epoch",
      "aria-label": "Epoch",
      min: 0,
      max: 0,
      step: 1,
    });
    this.scrubber.addEventListener("input", () => {
      const at = Number(this.scrubber.value);
      actions.scrub(this.scale ? this.scale.epoch(at / FINE) : at);
    });
    this.scrubber.addEventListener("change", actions.settle);
    this.speed = make(
      "select",
      { "aria-label": "Speed", title: "Speed of Play" },
      ...SPEEDS.map((speed) => make("option", { value: speed }, speedName(speed))),
    );
    this.progress = make("progress", { max: 1, "aria-label": "Training" });
    this.stop = make("button", { type: "button", class: "nnviz-text" }, "Stop");
    this.stop.addEventListener("click", actions.stop);
    this.resume = make("button", { type: "button", class: "nnviz-text" }, "Resume");
    if (actions.resume) this.resume.addEventListener("click", actions.resume);
    this.element = make(
      "div",
      { class: "nnviz-transport", role: "toolbar", "aria-label": "Player" },
      button("Reset", "Home", actions.first),
      button("Step back", "←", () => actions.step(-1)),
      this.play,
      button("Step forward", "→", () => actions.step(1)),
      button("End", "End", actions.last),
      this.scrubber,
      this.speed,
      this.progress,
      this.stop,
      this.resume,
    );
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.silent || !this.element.isConnected) return; // of one epoch there is nothing to play
    if (event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target, event.key)) return;
    if (this.among && !(event.target instanceof Node && this.element.contains(event.target))) return;
    const action = actionOf(event, this.actions);
    if (!action) return;
    event.preventDefault();
    action();
  }

  /**
   * Take the ribbon in the scrubber's place.
   *
   * @param {import("./ribbon.js").Ribbon} ribbon
   */
  take(ribbon) {
    this.element.append(ribbon.element, ribbon.axis);
  }

  /**
   * Show where the player is.
   *
   * @param {{ epoch: number, last: number, playing: boolean }} shown
   */
  show({ epoch, last, playing }) {
    const share = this.scale ? this.scale.share(epoch) : last ? epoch / last : 1;
    this.scrubber.max = String(this.scale ? FINE : last);
    this.scrubber.value = String(this.scale ? Math.round(FINE * share) : epoch);
    this.scrubber.setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    this.scrubber.style.setProperty("--done", `${100 * share}%`);
    const name = playing ? "Pause" : "Play";
    if (this.play.getAttribute("aria-label") === name) return;
    this.play.setAttribute("aria-label", name);
    this.play.title = `${name} (Space)`;
    this.play.replaceChildren(icon(name));
  }

  /**
   * Show how far the training is.
   *
   * @param {{ status: string, progress: number }} run
   */
  showTraining({ status, progress }) {
    const running = status === "running";
    this.progress.hidden = !running;
    this.stop.hidden = !running;
    this.resume.hidden = status !== "stopped" || !this.actions.resume;
    this.progress.value = progress;
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
  }
}
