// Where the probabilities of two or three classes are drawn: on a line, or in a triangle.

/** @typedef {[x: number, y: number]} Point */

/** The corners, upwards, of as many classes. @type {Record<number, Point[]>} */
const CORNERS = {
  2: [
    [0, 0],
    [1, 0],
  ],
  3: [
    [0, 0],
    [1, 0],
    [0.5, Math.sqrt(3) / 2],
  ],
};

/**
 * The corners of two or three classes.
 *
 * @param {number} count
 */
export function cornersOf(count) {
  return CORNERS[count];
}

/**
 * Where a vector over the classes lies: of probabilities the centre of mass, of a change of them a way.
 *
 * @param {number[]} vector
 * @returns {Point}
 */
export function toPlane(vector) {
  const corners = CORNERS[vector.length];
  return [
    vector.reduce((x, part, k) => x + part * corners[k][0], 0),
    vector.reduce((y, part, k) => y + part * corners[k][1], 0),
  ];
}

/**
 * The probabilities of a point; of one outside, those of the nearest that has any.
 *
 * @param {Point} point
 * @param {number} count
 */
export function fromPlane([x, y], count) {
  const third = count === 3 ? y / CORNERS[3][2][1] : 0;
  const second = x - third / 2;
  return nearest(count === 3 ? [1 - second - third, second, third] : [1 - second, second]);
}

/**
 * The nearest probabilities to some numbers that sum to 1: less the same of each, and nothing below 0.
 *
 * @param {number[]} parts
 */
function nearest(parts) {
  let off = 0;
  let total = 0;
  const sorted = [...parts].sort((a, b) => b - a);
  for (const [n, part] of sorted.entries()) {
    total += part;
    const share = (total - 1) / (n + 1);
    if (part > share) off = share;
  }
  return parts.map((part) => Math.max(0, part - off));
}
