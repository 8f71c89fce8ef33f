// The numbers that Plotly writes on a heat map, so that they can be read.

import { setPath } from "./theme.js";

const LETTER = 0.56; // width of a digit, in sizes of its font

/**
 * Give the numbers their ink and size, and one line where two are too wide; in place.
 *
 * @param {import("./plotly.js").Attributes} trace
 * @param {import("./theme.js").Theme} theme
 * @param {number} width  Of the whole map, in pixels.
 */
export function inkNumbers(trace, theme, width) {
  const { ink, columns } = trace.meta;
  const size = trace.textfont.size * theme.enlarged;
  setPath(trace, "textfont.color", ink[theme.name]);
  setPath(trace, "textfont.size", size);
  /** @type {string[][]} */
  const lines = trace.text.map((/** @type {string} */ text) => text.split("<br>"));
  const longest = Math.max(...lines.map(([, second = ""]) => second.length));
  if (longest * LETTER * size > width / columns) trace.text = lines.map(([first]) => first);
}
