// Whether two values are the same, and where they differ.

/** @param {any} value */
const isRecord = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * Whether two values are the same; what is undefined in both, as NaN, is.
 *
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function same(one, other) {
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  if (isRecord(one) && isRecord(other)) return !differences(one, other).length;
  if (typeof one !== "object" || one?.length === undefined || one.length !== other?.length) return false;
  for (let i = 0; i < one.length; i += 1) if (!same(one[i], other[i])) return false;
  return true;
}

/**
 * Where two objects differ, each place as the keys that lead there; an array is one place.
 *
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 * @returns {string[][]}
 */
export function differences(before, after) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (isRecord(was) && isRecord(is)) return differences(was, is).map((path) => [key, ...path]);
    return same(was, is) ? [] : [[key]];
  });
}
