// Where values lie in pixels of the screen.

/** @typedef {import("./plotly.js").Axis} Axis */

/**
 * The function from a value to its place, also while Plotly's axes are moved by hand.
 *
 * @param {Pick<Axis, "range" | "type" | "_offset" | "_length" | "_id">} axis
 * @param {number} density  Pixels of the screen for each of the page.
 * @returns {(value: number) => number}
 */
export function placesOn({ range, type, _offset, _length, _id }, density) {
  const [low, high] = _id.startsWith("y") ? [range[1], range[0]] : range;
  const [start, step] = [density * _offset, (density * _length) / (high - low)];
  if (type === "log") return (value) => start + step * (Math.log10(value) - low);
  return (value) => start + step * (value - low);
}

/**
 * The smallest, or `start` if that is smaller, and the largest of some numbers.
 *
 * @param {Iterable<number>} values
 * @param {number} start
 */
export function extent(values, start) {
  let [low, high] = [start, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * The whole pixels of each row or column of cells that is in sight, counted from there.
 *
 * @param {number[]} edges
 * @param {number} from
 * @param {number} to
 * @param {number} gap
 */
export function pixelsOf(edges, from, to, gap) {
  const before = gap >> 1;
  return edges.slice(1).flatMap((edge, at) => {
    const [low, high] = [edges[at], edge].map(Math.round).sort((a, b) => a - b);
    const begin = Math.max(from, low + before);
    const end = Math.min(to, high + before - gap);
    return end > begin ? [{ at, begin: begin - from, end: end - from }] : [];
  });
}
