// Numbers as they are written.

/** What is written where a number is undefined. */
const NONE = "–";

/** @type {Record<import("./protocol.js").Metric["format"], (value: number) => string>} */
const FORMATS = {
  count: (value) => Math.round(value).toLocaleString("en"),
  number: (value) => (Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(2) : value.toFixed(4)),
  degrees: (value) => `${value.toFixed(1)}°`,
  percent: (value) => `${(100 * value).toFixed(1)} %`,
};

/** @type {Record<string, "toFixed" | "toExponential" | "toPrecision">} */
const METHODS = { f: "toFixed", e: "toExponential", g: "toPrecision" };

/**
 * A number of the row above the pictures.
 *
 * @param {number} value
 * @param {Pick<import("./protocol.js").Metric, "format" | "of">} metric
 */
export function figure(value, { format, of }) {
  const text = Number.isNaN(value) ? NONE : FORMATS[format](value);
  return of === null ? text : `${text} / ${of.toLocaleString("en")}`;
}

/**
 * A number where there is little room: two or three digits.
 *
 * @param {number} value
 * @param {import("./protocol.js").Metric["format"]} format
 */
export function brief(value, format) {
  if (!Number.isFinite(value)) return NONE;
  if (format === "percent") return `${Math.round(100 * value)} %`;
  if (format === "degrees") return `${Math.round(value)}°`;
  if (format === "count") return Math.round(value).toLocaleString("en");
  return short(value);
}

/**
 * What stands in a cell of a heat map, by Plotly's templates as `%{z:.2f}` or `%{text}`.
 *
 * @param {string} template
 * @param {number} z
 * @param {unknown} text
 */
export function inCell(template, z, text) {
  const [, letter, digits, format] = template.match(/^%\{(\w+)(?::\.(\d)(\w))?\}$/) ?? [];
  if (letter === "text") return String(text);
  const number = z[METHODS[format]](Number(digits));
  return Number(number) === 0 ? number.replace("-", "") : number.replace("-", "−");
}

/**
 * An end of a colour scale: two digits.
 *
 * @param {number} value
 */
export function short(value) {
  const size = Math.abs(value);
  const plain = size < 1e4 && (size >= 1e-3 || value === 0);
  const text = plain ? String(Number(value.toPrecision(2))) : value.toExponential(size < 1 ? 1 : 0);
  return text.replaceAll("-", "−");
}
