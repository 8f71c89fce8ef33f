// The Train page's stage: the question, two large pictures with the reason beside them, small ones below.

import { make } from "./make.js";
import { lit } from "./spotlight.js";

/** @typedef {import("./picture.js").PictureView} PictureView */

/** G in symbols; what the rule in use leaves out is struck through. */
const FORMULAS = {
  exact: [["A∘"], ["(A − Y)"], [" − A·E"]],
  drop_error_term: [["A∘"], ["(A − Y)"], [" − A·E", "out"]],
  difference: [["A∘", "out"], ["(A − Y)"], [" − A·E", "out"]],
  centred: [["A∘"], ["(A − Y)"], [" − A·E", "out"], [" − mean"]],
};

const ABOUT = {
  exact: "exact (14): nothing is left out",
  drop_error_term: "in use: without E (15)",
  difference: "in use: A − Y (16)",
  centred: "in use: without E, centred (ours)",
};

const HEADER = 12; // pixels between the page's navigation and the stage

export class Stage {
  /**
   * @param {import("./why.js").Why} why  Stands beside the large pictures.
   * @param {() => void} changed  Called when pictures change places.
   */
  constructor(why, changed) {
    this.changed = changed;
    this.formula = make("p", { class: "nnviz-formula" });
    this.title = make(
      "header",
      { class: "nnviz-question" },
      make(
        "div",
        {},
        make("h2", {}, "Everyone trains with A − Y. Is what it leaves out really negligible?"),
        make(
          "p",
          {},
          "After “Neural Network with Hidden Layers”, 23 July 2024, by its equations’ numbers. The reference is ",
          make("b", {}, "exact (14)"),
          ".",
        ),
      ),
      this.formula,
    );
    this.large = make("div", { class: "nnviz-large-row" });
    this.small = make("div", { class: "nnviz-small-row" });
    this.why = why;
    /** @type {string | null} The small picture that has the map's place. */
    this.enlarged = lit().pictures[0] ?? null;
    this.onLight = () => {
      this.enlarged = lit().pictures[0] ?? null;
      changed();
    };
    document.addEventListener("nnviz-light", this.onLight);
  }

  /**
   * Say which gradient is in use.
   *
   * @param {import("./protocol.js").ClaimOfRun} claim
   */
  receive({ inUse }) {
    const parts = FORMULAS[inUse].map(([text, out]) => make(out ? "del" : "span", {}, text));
    this.formula.replaceChildren(make("span", {}, "G = "), ...parts, make("small", {}, ABOUT[inUse]));
  }

  /**
   * Put the views in their places.
   *
   * @param {PictureView[]} views
   */
  place(views) {
    const { map, chosen, claims, row } = placesOf(views, this.enlarged);
    for (const view of views) view.setSmall(row.includes(view));
    const large = [chosen ?? map, ...claims].map((view) => view.element);
    this.large.replaceChildren(...large, this.why.element);
    this.small.replaceChildren(...row.map((view) => view.element));
    for (const view of row) this.button(view, "Enlarge", "⤢", view === map ? null : view.name);
    if (chosen) this.button(chosen, "Back to its place", "⤡", null);
    else map.sizer.replaceChildren();
    return [this.large, this.small];
  }

  remove() {
    document.removeEventListener("nnviz-light", this.onLight);
  }

  /**
   * A button of a picture that puts another, or none, in the map's place.
   *
   * @param {PictureView} view
   * @param {string} said
   * @param {string} sign
   * @param {string | null} enlarged
   */
  button(view, said, sign, enlarged) {
    const button = make(
      "button",
      { type: "button", "aria-label": `${said}: ${view.spec.title}`, title: said },
      sign,
    );
    button.addEventListener("click", () => {
      this.enlarged = enlarged;
      this.changed();
      const moved = this.large.querySelector("figure button[aria-label]"); // what was clicked
      if (moved instanceof HTMLElement) moved.focus();
    });
    view.sizer.replaceChildren(button);
  }
}

/**
 * Which pictures have which place: those of the map and of claims are large, and a small one that is enlarged
 * changes places with the map.
 *
 * @template {{ name: string, spec: { place: string } }} V
 * @param {V[]} views
 * @param {string | null} enlarged
 */
export function placesOf(views, enlarged) {
  /** @param {string} place */
  const at = (place) => views.filter((view) => view.spec.place === place);
  const [map] = at("map");
  const small = at("small");
  const chosen = small.find((view) => view.name === enlarged);
  const row = small.map((view) => (view === chosen ? map : view));
  return { map, chosen, claims: at("claim"), row };
}

/**
 * Let the player use the room that the page leaves around it: CSS lengths, by the root's style.
 *
 * @param {HTMLElement} root
 */
export function useRoom(root) {
  const scroller = scrollerOf(root);
  const page = scroller.getBoundingClientRect();
  root.style.removeProperty("margin");
  const { left, right, top } = root.getBoundingClientRect();
  const side = Math.min(left - page.left, page.right - right);
  const above = top - page.top + scroller.scrollTop;
  const aside = Math.max(0, side - Math.max(16, Math.min(28, side / 3)));
  const up = isFirst(root, scroller) ? Math.max(0, above - headerOf(scroller) - HEADER) : 0;
  root.style.margin = `${-up}px ${-aside}px 0`;
}

/** @param {Element} element */
function scrollerOf(element) {
  for (let place = element.parentElement; place; place = place.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(place).overflowY)) return place;
  }
  return document.documentElement;
}

/**
 * Height of what lies over the top of what scrolls: the navigation.
 *
 * @param {Element} scroller
 */
function headerOf(scroller) {
  const header = document.querySelector("header");
  if (!header || header.closest("[data-nnviz]")) return 0;
  return Math.max(0, header.getBoundingClientRect().bottom - scroller.getBoundingClientRect().top);
}

/**
 * Whether nothing is seen above an element, inside of what scrolls.
 *
 * @param {Element} element
 * @param {Element} scroller
 */
function isFirst(element, scroller) {
  for (
    let place = /** @type {Element | null} */ (element);
    place && place !== scroller;
    place = place.parentElement
  ) {
    for (let before = place.previousElementSibling; before; before = before.previousElementSibling) {
      if (before.getBoundingClientRect().height > 1) return false;
    }
  }
  return true;
}
