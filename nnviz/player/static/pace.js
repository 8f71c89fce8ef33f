// How fast a run is played.

const EVEN_SECONDS = 5; // to play a run, each stretch of the logarithmic ribbon in the same time

/** Epochs a second; or evenly along the logarithm of the epoch. */
export const SPEEDS = ["even", "1", "5", "20", "100", "500", "2000"];

/** @param {string} speed */
export function speedName(speed) {
  return speed === "even" ? "run in 5 s" : `${Number(speed).toLocaleString("en")} epochs/s`;
}

/**
 * Where Play is after some seconds; it moves by parts of an epoch.
 *
 * @param {number} position
 * @param {number} seconds
 * @param {string} speed
 * @param {number} last  Epoch that there is so far.
 * @param {number} end  Of the ribbon.
 */
export function advanced(position, seconds, speed, last, end) {
  const next =
    speed === "even"
      ? Math.expm1(Math.log1p(position) + (seconds * Math.log1p(end)) / EVEN_SECONDS)
      : position + seconds * Number(speed);
  return Math.min(next, last);
}
