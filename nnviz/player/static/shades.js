// The shades of a colour scale.

const SHADES = 4096; // of each scale

/**
 * `#rrggbb` or `rgba(…)` as four numbers, the last from 0 to 255, too.
 *
 * @param {string} colour
 */
function channels(colour) {
  if (colour.startsWith("#")) {
    const number = Number.parseInt(colour.slice(1), 16);
    return [number >> 16, (number >> 8) & 255, number & 255, 255];
  }
  const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue, 255 * alpha];
}

/**
 * A colour scale's shades, each as the four bytes of a pixel.
 *
 * @param {[place: number, colour: string][]} scale
 */
export function shadesOf(scale) {
  const bytes = new Uint8ClampedArray(4 * SHADES);
  /** @type {[number, number[]][]} */
  const stops = scale.map(([place, colour]) => [place, channels(colour)]);
  let stop = 0;
  for (let shade = 0; shade < SHADES; shade += 1) {
    const place = shade / (SHADES - 1);
    while (stop < stops.length - 2 && place >= stops[stop + 1][0]) stop += 1;
    const [[low, from], [high, to]] = [stops[stop], stops[stop + 1]];
    const along = (place - low) / (high - low);
    for (let i = 0; i < 4; i += 1) bytes[4 * shade + i] = from[i] + along * (to[i] - from[i]);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Which of the shades a number has, on a scale from `low` to `high`; those beyond have the outermost.
 *
 * @param {number} low
 * @param {number} high
 * @returns {(z: number) => number}
 */
export function shadeAt(low, high) {
  const steps = (SHADES - 1) / (high - low);
  return (z) => Math.max(0, Math.min(SHADES - 1, Math.round((z - low) * steps)));
}

/**
 * Of each shade, whether dark ink is read better on it than light ink: contrast as in WCAG 2.
 *
 * @param {Uint32Array} shades
 */
export function darkInkOn(shades) {
  const bytes = new Uint8Array(shades.buffer);
  /** @param {number} byte */
  const light = (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  return Array.from(shades, (_, i) => {
    const [red, green, blue] = bytes.subarray(4 * i, 4 * i + 3);
    const luminance = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue) + 0.05;
    return luminance / 0.056 > 1.05 / luminance;
  });
}
