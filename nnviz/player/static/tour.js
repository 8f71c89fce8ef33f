// The tour's bar at the foot of every page: where it is, what to look at, and what to predict first.

import { bring } from "./fit.js";
import { make } from "./make.js";
import { goTo, selectorOf, shine } from "./spotlight.js";
import { Walk } from "./walk.js";

/**
 * @typedef {object} Question
 * @property {string} ask
 * @property {string[]} answers
 * @property {string} reveal
 * @property {number | null} then  Epoch to go to at the reveal.
 */

/**
 * @typedef {object} Step
 * @property {number} number  From 1; 0 where there is no tour.
 * @property {number} steps
 * @property {string} title
 * @property {string} look
 * @property {Question | null} question
 * @property {string} page
 * @property {boolean} here  Whether that page is shown.
 * @property {string[]} pictures
 * @property {boolean} large  Whether it is for a projector.
 * @property {string} own  Address of what *Leave* gives back, below the app's; empty where there was nothing.
 */

/**
 * What Streamlit gives a component.
 *
 * @typedef {object} Component
 * @property {Step} data
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

const LEAVE = 0; // in place of a step's number

const AGAIN = 3000; // ms without an answer until a step is asked for again

const OWN = "nnviz-own"; // where this tab's visitor was before the tour

/** Keys of the tour; a presenter's clicker sends those that turn pages. */
const FORWARD = ["ArrowRight", "PageDown"];
const BACK = ["ArrowLeft", "PageUp"];

const TAKES_KEYS =
  "input, textarea, select, [contenteditable=true], [role=slider], [role=combobox], [role=listbox], " +
  "[role=menu], [role=radiogroup], [role=dialog], [role=tablist], .nnviz-handle, .nnviz-plot";

/**
 * What a key does on a tour: 1 to go on, −1 to go back, 0 nothing.
 *
 * @param {{ key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean }} event
 */
export function turnOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  if (altKey || ctrlKey || metaKey || shiftKey) return 0;
  if (FORWARD.includes(key)) return 1;
  return BACK.includes(key) ? -1 : 0;
}

export class Bar {
  // From the first step on:
  /** @type {Step} */
  step;

  /**
   * @param {HTMLElement} root
   * @param {(number: number) => void} go  Asks for a step.
   */
  constructor(root, go) {
    this.go = go;
    this.revealed = false;
    this.removed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.asking = undefined;
    this.where = make("p", { class: "nnviz-tour-where" });
    this.look = make("p", { class: "nnviz-tour-look" });
    this.asked = make("div", { class: "nnviz-tour-asked", role: "group" });
    this.reveal = make("p", { class: "nnviz-tour-reveal", "aria-live": "polite" });
    this.back = this.button("Back", () => this.turn(-1));
    this.next = this.button("Next", () => this.turn(1));
    this.next.classList.add("nnviz-tour-next");
    this.again = this.button("Show it", () => this.request(this.step.number));
    this.leave = this.button("Leave", () => this.end());
    this.element = make(
      "section",
      { class: "nnviz-tour", "data-testid": "nnviz-tour", "aria-label": "Tour", tabindex: -1 },
      make(
        "header",
        {},
        this.where,
        make("div", { class: "nnviz-tour-buttons" }, this.again, this.back, this.next, this.leave),
      ),
      this.look,
      this.asked,
      this.reveal,
    );
    root.classList.add("nnviz");
    root.replaceChildren(this.element);
    this.resizes = new ResizeObserver(() => this.see(2));
    this.resizes.observe(this.element);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.press(event);
    // Before the player and Streamlit's own keys hear of it.
    addEventListener("keydown", this.onKey, { capture: true });
  }

  /**
   * @param {string} said
   * @param {() => void} does
   */
  button(said, does) {
    const button = make("button", { type: "button" }, said);
    button.addEventListener("click", does);
    return button;
  }

  /** @param {Step} step */
  receive(step) {
    const before = this.step;
    this.step = step;
    document.documentElement.classList.add("nnviz-touring");
    if (step.own) sessionStorage.setItem(OWN, step.own);
    this.element.classList.toggle("nnviz-tour-large", step.large);
    shine({ pictures: step.here ? step.pictures : [], alone: step.large });
    this.guess();
    this.again.hidden = step.here;
    this.again.title = `Back to the ${step.page} page, as this step has it`;
    const same = before && sameStep(before, step);
    if (!same || before.here !== step.here) clearTimeout(this.asking); // what was asked for is there
    if (same) return;
    this.revealed = false;
    this.guess();
    this.where.replaceChildren(`${step.number} of ${step.steps} · `, make("b", {}, step.title));
    this.look.textContent = step.look;
    this.ask(step.question);
    this.back.disabled = step.number === 1;
    this.label();
    Object.assign(this.element.dataset, { step: step.number, steps: step.steps, revealed: false });
    // Who came by a key or a button goes on from here; a screen reader says where that is.
    if (before && !document.activeElement?.closest("[data-nnviz-tour]"))
      this.element.focus({ preventScroll: true });
    this.see();
  }

  /** @param {Question | null} question */
  ask(question) {
    this.reveal.hidden = true;
    this.reveal.textContent = "";
    this.asked.hidden = !question;
    if (!question) return;
    this.asked.setAttribute("aria-label", question.ask);
    const answers = question.answers.map((answer) => {
      const button = this.button(answer, () => this.show(button));
      return button;
    });
    this.asked.replaceChildren(make("span", {}, question.ask), ...answers);
  }

  /**
   * Show what is the case: nobody counts, and nobody is told, what was answered.
   *
   * @param {HTMLButtonElement} [answered]
   */
  show(answered) {
    const { question } = this.step;
    if (!question || this.revealed) return;
    this.revealed = true;
    this.asked.hidden = true;
    this.reveal.hidden = false;
    this.reveal.textContent = (answered ? `You said: ${answered.textContent}. ` : "") + question.reveal;
    if (this.asked.contains(document.activeElement)) this.next.focus({ preventScroll: true });
    this.element.dataset.revealed = "true";
    this.guess();
    if (question.then !== null) goTo(question.then);
    this.label();
  }

  /** While a prediction is asked for of a later epoch, pictures end at the one shown. */
  guess() {
    const { here, question } = this.step;
    const asks = here && !this.revealed && (question?.then ?? null) !== null;
    document.documentElement.classList.toggle("nnviz-guessing", asks);
  }

  /** What *Next* does. */
  label() {
    const asks = this.step.question && !this.revealed;
    const last = this.step.number === this.step.steps;
    this.next.textContent = asks ? "Reveal" : last ? "Finish" : "Next";
  }

  /**
   * Ask for a step, and again if none comes: of what Streamlit is told in one go, something may be lost.
   *
   * @param {number} number
   * @param {number} tries
   */
  request(number, tries = 4) {
    clearTimeout(this.asking);
    document.dispatchEvent(new Event("nnviz-turn"));
    this.go(number);
    if (tries > 1) this.asking = setTimeout(() => this.request(number, tries - 1), AGAIN);
  }

  /** @param {number} by */
  turn(by) {
    const { number, steps, question } = this.step;
    if (by > 0 && question && !this.revealed) this.show();
    else if (by > 0 && number === steps) this.end();
    else if (by > 0) this.request(number + 1);
    else if (number > 1) this.request(number - 1);
  }

  /** Leave; after a reload the page's server no longer knows where the visitor was. */
  end() {
    const own = sessionStorage.getItem(OWN);
    sessionStorage.removeItem(OWN);
    if (own && !this.step.own) location.assign(new URL(own, document.baseURI));
    else this.request(LEAVE);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.element.isConnected || document.querySelector("[role=dialog]")) return;
    const by = turnOf(event);
    const within = event.target instanceof Element && event.target.closest(TAKES_KEYS);
    if (!by || (within && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) this.turn(by);
  }

  /** Bring what is lit into view, as soon as it is there. */
  see(tries = 20) {
    const [name] = this.step?.here ? this.step.pictures : [];
    if (!name || this.removed) return;
    const { step } = this;
    const found = document.querySelector(selectorOf(name));
    if (found) bring(found, this.element, step.large);
    const left = found ? Math.min(tries, 5) - 1 : tries - 1; // what stands above it may still grow
    if (left > 0) setTimeout(() => this.step === step && this.see(left), 250);
  }

  remove() {
    this.removed = true;
    clearTimeout(this.asking);
    this.resizes.disconnect();
    document.documentElement.classList.remove("nnviz-touring", "nnviz-guessing");
    removeEventListener("keydown", this.onKey, { capture: true });
    shine({ pictures: [], alone: false });
  }
}

/**
 * @param {Step} one
 * @param {Step} other
 */
function sameStep(one, other) {
  return one.number === other.number && one.title === other.title;
}

/** @type {Map<Element, { bar: Bar | Walk, calls: number }>} */
const bars = new Map();

const STAYS = 300; // ms that a newer call may take, while one page gives way to another

/** @param {Component} component */
export default function mount({ data, parentElement, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector("[data-nnviz-tour]"));
  /** @type {(number: number) => void} */
  const go = (number) => setTriggerValue("go", number);
  const Kind = data.number ? Bar : Walk;
  const mounted = bars.get(root) ?? { bar: new Kind(root, go), calls: 0 };
  if (!(mounted.bar instanceof Kind)) {
    mounted.bar.remove();
    mounted.bar = new Kind(root, go);
  }
  bars.set(root, mounted);
  mounted.calls += 1;
  const call = mounted.calls;
  mounted.bar.go = go;
  mounted.bar.receive(data);
  return () => {
    setTimeout(() => {
      if (mounted.calls !== call) return;
      mounted.bar.remove();
      bars.delete(root);
    }, STAYS);
  };
}
