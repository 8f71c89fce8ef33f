// The page's theme, read from the CSS variables that Streamlit sets, and put on a Plotly layout.

import { penOf } from "./make.js";

/** @typedef {import("./plotly.js").Attributes} Attributes */

export const LARGE = 1.35; // times the size of the type, for a projector

export const ALONE = 1.85; // of a picture that has the screen for itself: 20 pixels

/**
 * What the pictures take from the page.
 *
 * @typedef {object} Theme
 * @property {"dark" | "light"} name
 * @property {string} background
 * @property {string} text
 * @property {string} grid
 * @property {number} enlarged
 * @property {boolean} alone  Whether a picture has the screen for itself.
 * @property {string} font
 */

/**
 * Set a value at a dotted path, making the objects on the way.
 *
 * @param {Attributes} target
 * @param {string} path
 * @param {unknown} value
 */
export function setPath(target, path, value) {
  const keys = path.split(".");
  const last = keys[keys.length - 1];
  let place = target;
  for (const key of keys.slice(0, -1)) place = place[key] ??= {};
  place[last] = value;
}

/**
 * Give some traces of a figure a new value each, without drawing it.
 *
 * @param {Attributes[]} data
 * @param {number[]} traces
 * @param {string} attribute
 * @param {any[]} values
 */
export function assign(data, traces, attribute, values) {
  for (const [i, trace] of traces.entries()) setPath(data[trace], attribute, values[i]);
}

/**
 * Colours and font of the page around `element`, and how many times the type is enlarged.
 *
 * @param {Element} element
 * @param {number} enlarged
 * @returns {Theme}
 */
export function readTheme(element, enlarged) {
  const style = getComputedStyle(element);
  /**
   * @param {string} name
   * @param {string} otherwise
   */
  const variable = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const background = variable("--st-background-color", "#ffffff");
  const dark = luminance(background) < 0.5;
  return {
    name: dark ? "dark" : "light",
    background,
    text: variable("--st-text-color", dark ? "#fafafa" : "#31333f"),
    grid: dark ? "rgba(250,250,250,0.13)" : "rgba(49,51,63,0.12)",
    enlarged,
    alone: enlarged === ALONE,
    font: variable("--st-font", "sans-serif"),
  };
}

/**
 * Another one for another theme, and for other type.
 *
 * @param {Theme} theme
 */
export function nameOf({ name, enlarged }) {
  return `${name} ${enlarged}`;
}

/** @param {string} colour */
function luminance(colour) {
  const context = penOf(document.createElement("canvas"));
  context.fillStyle = colour; // any CSS colour comes back as #rrggbb
  const number = Number.parseInt(String(context.fillStyle).slice(1, 7), 16);
  const [red, green, blue] = [number >> 16, (number >> 8) & 255, number & 255];
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

/**
 * Put the theme on a layout, in place.
 *
 * @param {Attributes} layout
 * @param {Theme} theme
 * @param {import("./protocol.js").Themes} scales  The colour scales of each theme.
 */
export function paint(layout, theme, scales) {
  setPath(layout, "font.color", theme.text);
  setPath(layout, "font.family", theme.font);
  setPath(layout, "font.size", layout.font.size * theme.enlarged);
  for (const side of Object.keys(layout.margin)) layout.margin[side] *= theme.enlarged;
  setPath(layout, "hoverlabel.bgcolor", theme.background);
  setPath(layout, "hoverlabel.font.color", theme.text);
  setPath(layout, "modebar.bgcolor", "rgba(0,0,0,0)");
  setPath(layout, "modebar.color", theme.grid);
  setPath(layout, "modebar.activecolor", theme.text);
  for (const [key, axis] of Object.entries(layout)) {
    if (/^[xy]axis\d*$/.test(key)) Object.assign(axis, { gridcolor: theme.grid, zerolinecolor: theme.grid });
  }
  for (const [path, value] of Object.entries(scales[theme.name])) {
    if (layout[path.split(".")[0]]) setPath(layout, path, value);
  }
  return layout;
}
