// The lanes of the ribbon in pixels: for each rule, one for this step and one for the next.

/** @typedef {import("./holds.js").Kind} Kind */

export const LANE = 11; // pixels

const GAPS = { lanes: 1, rules: 6 }; // pixels between the lanes of a rule, and between rules

/** @type {Kind[]} */
export const KINDS = ["step", "next"];

/**
 * How much of a lane's height is filled, so that colour is not the only mark.
 *
 * @type {Record<string, number>}
 */
const FILLED = { holds: 1, half: 0.55, fails: 0.28 };

/**
 * The height that the lanes of so many rules take.
 *
 * @param {number} rules
 */
export function heightOf(rules) {
  return rules * (2 * LANE + GAPS.lanes) + (rules - 1) * GAPS.rules;
}

/**
 * The top of a lane.
 *
 * @param {number} rule  Its place among the rules.
 * @param {Kind} kind
 */
export function topOf(rule, kind) {
  const before = rule * (2 * LANE + GAPS.lanes + GAPS.rules);
  return before + (kind === "step" ? 0 : LANE + GAPS.lanes);
}

/**
 * The height that is filled at a level.
 *
 * @param {import("./holds.js").Level} level
 */
export function filledAt(level) {
  return Math.max(2, Math.round(LANE * FILLED[level]));
}

/**
 * From where to where the cells of a lane go, up to the epoch that the run has reached.
 *
 * @param {import("./holds.js").Cell[]} lane
 * @param {import("./epochs.js").EpochScale} scale
 * @param {number} reached
 * @param {number} width
 */
export function spansOf(lane, scale, reached, width) {
  const ends = scale.share(reached) * width;
  return lane.map(({ from, to, level }) => {
    const left = scale.share(from) * width;
    const right = Math.min(scale.share(to) * width, ends);
    return { left, width: Math.max(right - left, 0), level };
  });
}
