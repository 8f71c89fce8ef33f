// The output gradient of one sample by every rule, Eqs. (14)-(16) and ours.

/**
 * What the rules make of a sample's probabilities.
 *
 * @typedef {object} Terms
 * @property {number[]} D  A² − Y, of every class.
 * @property {number} E  Σ A²D.
 * @property {number[]} kept  A²∘D, which (15) keeps.
 * @property {number[]} dropped  −A²·E, which (15) drops.
 * @property {Record<string, number[]>} G  By rule.
 */

/**
 * @param {number[]} A2  Probabilities, which sum to 1.
 * @param {number} label  The true class.
 * @returns {Terms}
 */
export function termsOf(A2, label) {
  // 1 − A of the true class is what the others have: where it is nearly certain, that does not cancel.
  const others = sum(A2.filter((_, k) => k !== label));
  const D = A2.map((a, k) => (k === label ? -others : a));
  const kept = A2.map((a, k) => a * D[k]);
  const E = sum(kept);
  const mean = E / A2.length;
  return {
    D,
    E,
    kept,
    dropped: A2.map((a) => -a * E),
    G: {
      // D − E = Σ A (D − D'), where nothing cancels, either.
      exact: A2.map((a, k) => a * sum(A2.map((b, other) => b * (D[k] - D[other])))),
      drop_error_term: kept,
      difference: D,
      centred: kept.map((value) => value - mean),
    },
  };
}

/**
 * Degrees between two gradients; NaN where one of them is zero.
 *
 * @param {number[]} a
 * @param {number[]} b
 */
export function angleOf(a, b) {
  const [long, wide] = [lengthOf(a), lengthOf(b)];
  if (!long || !wide) return Number.NaN;
  // Not by the arc cosine, which is blind below 1e-6 degrees.
  const apart = lengthOf(a.map((x, k) => x / long - b[k] / wide));
  const together = lengthOf(a.map((x, k) => x / long + b[k] / wide));
  return (2 * Math.atan2(apart, together) * 180) / Math.PI;
}

/** @param {number[]} vector */
export function lengthOf(vector) {
  return Math.hypot(...vector);
}

/** @param {number[]} numbers */
export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
