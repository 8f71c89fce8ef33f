// The one thing to look at: ringed, with the rest dimmed, or, for a presenter, alone on the screen.

import { ALONE, LARGE } from "./theme.js";

/** @typedef {{ pictures: string[], alone: boolean }} Light */

/** What is no picture of the player, by the name that a tour has for it. */
const PLACES = /** @type {Record<string, string>} */ ({
  ribbon: ".nnviz-transport",
  sentence: ".nnviz-sentence",
  why: ".nnviz-why",
  wall: ".nnviz-wall",
  beside: ".nnviz-beside",
  sample: "[data-testid=nnviz-sample]",
  equations: ".st-key-equations",
});

/** What is dimmed, if it does not hold what is ringed. */
const PARTS = [
  ".nnviz-question",
  ".nnviz-transport",
  ".nnviz-sentence",
  ".nnviz-numbers",
  ".nnviz-why",
  ".nnviz-wall",
  ".nnviz-beside",
  ".nnviz-picture",
  ".nnviz-group",
  ".st-key-equations",
  ".nnviz-lab",
  ".nnviz-aside",
];

/** What a presenter needs beside what is looked at. */
const TOOLS = ":is(.nnviz-transport, .nnviz-numbers)";

const RING = "#c0354a"; // outside of Streamlit's components, which alone know its colours

/**
 * Where on the page something is.
 *
 * @param {string} name
 */
export function selectorOf(name) {
  return PLACES[name] ?? `.nnviz-picture[data-picture="${name.replace(/[^\w ]/g, "")}"]`;
}

/**
 * The style sheet that lights some pictures: rules alone, so that whatever is drawn anew is lit, too.
 *
 * @param {Light} light
 */
export function rulesOf({ pictures, alone }) {
  if (!pictures.length) return "";
  const lit = `:is(${pictures.map(selectorOf).join()})`;
  const others = `:is(${PARTS.join()}):not(${lit}, :has(${lit}), ${lit} *)`;
  const ring = `${lit} { outline: 3px solid var(--st-primary-color, ${RING}); outline-offset: 5px; }`;
  const dim = `${others}:not(:hover, :focus-within) { filter: opacity(0.45); transition: filter 0.2s; }`;
  const hide = `${others}:not(${TOOLS}) { display: none !important; }`;
  const below = `${lit} { scroll-margin-top: 5rem; }`; // below the page's navigation
  return alone ? `${below}\n${hide}` : `${below}\n${ring}\n${dim}`;
}

const sheet = typeof CSSStyleSheet === "undefined" ? null : new CSSStyleSheet();

/** @type {Light} */
let now = { pictures: [], alone: false };

/**
 * How many times the type of the pictures is enlarged.
 *
 * @param {boolean} large  Whether it is for a projector.
 */
export function enlarged(large) {
  return large ? (now.alone && now.pictures.length > 0 ? ALONE : LARGE) : 1;
}

/** What is lit. */
export function lit() {
  return now;
}

/**
 * Light some pictures; none lights all.
 *
 * @param {Light} light
 */
export function shine(light) {
  if (JSON.stringify(light) === JSON.stringify(now)) return;
  now = light;
  if (sheet && !document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  sheet?.replaceSync(rulesOf(light));
  const { classList, dataset } = document.documentElement;
  classList.toggle("nnviz-alone", light.alone && light.pictures.length > 0);
  dataset.lit = light.pictures.join(" ");
  document.dispatchEvent(new Event("nnviz-light"));
}

/**
 * Have the players go to an epoch.
 *
 * @param {number} epoch
 */
export function goTo(epoch) {
  document.dispatchEvent(new CustomEvent("nnviz-go", { detail: epoch }));
}
