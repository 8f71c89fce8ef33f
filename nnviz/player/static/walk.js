// A presenter's bar without a tour: from a page's first two pictures to each, alone on the screen.

import { bring } from "./fit.js";
import { make } from "./make.js";
import { selectorOf, shine } from "./spotlight.js";

const FIRST = 1; // step of the tour

/** Pictures on the page, in its order. */
function pictures() {
  // Those within a text stay there.
  const all = document.querySelectorAll(".nnviz:not(.nnviz-figure) .nnviz-picture");
  const found = /** @type {NodeListOf<HTMLElement>} */ (all);
  return [...found].map(({ dataset }) => dataset.picture ?? "");
}

/** What a presenter begins with: what is claimed of a run, and two pictures of it; else the whole page. */
function opening() {
  const claims = document.querySelector(".nnviz-claims");
  if (document.querySelector(".st-key-equations")) return ["equations"];
  if (document.querySelector(".nnviz-wall:not([hidden])")) return ["wall"];
  return claims ? [...pictures().slice(0, 2), "ribbon"] : [];
}

export class Walk {
  /**
   * @param {HTMLElement} root
   * @param {(number: number) => void} go  Asks for a step of the tour.
   */
  constructor(root, go) {
    this.go = go;
    this.name = ""; // of the picture shown, if not what it begins with
    this.page = "";
    this.title = "";
    /** @type {string[]} */
    this.names = [];
    this.where = make("p", { class: "nnviz-tour-where", "aria-live": "polite" });
    this.back = make("button", { type: "button" }, "Back");
    this.next = make("button", { type: "button", class: "nnviz-tour-next" }, "Next picture");
    const start = make("button", { type: "button" }, "Start the tour");
    this.back.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
    start.addEventListener("click", () => this.go(FIRST));
    this.element = make(
      "section",
      {
        class: "nnviz-tour nnviz-tour-large",
        "data-testid": "nnviz-tour",
        "data-step": 0,
        "aria-label": "Pictures",
      },
      make(
        "header",
        {},
        this.where,
        make("div", { class: "nnviz-tour-buttons" }, this.back, this.next, start),
      ),
    );
    root.classList.add("nnviz");
    root.replaceChildren(this.element);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.press(event);
    addEventListener("keydown", this.onKey, { capture: true });
    this.onSize = () => this.fit();
    addEventListener("resize", this.onSize);
  }

  /** @param {import("./tour.js").Step} step */
  receive({ page, title }) {
    this.title = page === "Train" ? title : `The ${page} page`;
    if (page !== this.page) this.name = "";
    this.page = page;
    this.show();
  }

  /** The page's pictures, as they stand when none is alone: that one changes places with another. */
  order() {
    const now = pictures();
    if (!this.name || now.length !== this.names.length) this.names = now;
    return this.names;
  }

  /** @param {number} by */
  turn(by) {
    const names = ["", ...this.order()];
    const at = (Math.max(0, names.indexOf(this.name)) + by + names.length) % names.length;
    this.name = names[at];
    this.show();
  }

  /** @param {number} tries  The page's pictures may be still to come. */
  show(tries = 20) {
    const { name } = this;
    this.order();
    shine({ pictures: name ? [name] : opening(), alone: true });
    const names = this.order();
    const title = name && document.querySelector(`${selectorOf(name)} h3`)?.textContent;
    const said = name ? `Picture ${names.indexOf(name) + 1} of ${names.length} · ` : "";
    this.where.replaceChildren(said, make("b", {}, title || this.title));
    this.back.disabled = !name;
    this.next.hidden = !names.length;
    this.back.hidden = !names.length;
    this.element.dataset.picture = name;
    this.fit();
    const left = pictures().length ? Math.min(tries, 3) - 1 : tries - 1;
    if (left > 0) setTimeout(() => this.element.isConnected && this.name === name && this.show(left), 250);
  }

  fit() {
    const name = this.name || opening()[0];
    const found = name && document.querySelector(selectorOf(name));
    if (found) bring(found, this.element, true);
  }

  /** A clicker turns pages; arrows are the scrubber's. @param {KeyboardEvent} event */
  press(event) {
    const by = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    if (!by || !this.element.isConnected || !pictures().length) return;
    if (document.querySelector("[role=dialog]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (by > 0 || this.name) this.turn(by);
  }

  remove() {
    removeEventListener("keydown", this.onKey, { capture: true });
    removeEventListener("resize", this.onSize);
    shine({ pictures: [], alone: false });
  }
}
