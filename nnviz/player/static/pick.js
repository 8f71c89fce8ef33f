// Opening a point of a picture by the keyboard, where a click opens it by the mouse.

import { make } from "./make.js";

/** @typedef {import("./plotly.js").Library} Library */
/** @typedef {import("./plotly.js").Plot} Plot */

/**
 * @typedef {object} Spot
 * @property {number} point  What it opens.
 * @property {number} left
 * @property {number} top
 * @property {number} curveNumber
 * @property {number | number[]} pointNumber
 * @property {number[]} at  Its x and y.
 * @property {string} subplot
 */

/** @type {Record<string, number[]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const SPOKEN_AFTER = 80; // ms; Plotly draws a label at most every 50

// Of a label; where it has several lines, Plotly gives each an element of its own.
const LINES = ".hovertext text:not(:has(.line)), .hovertext .line";

/**
 * The points on the screen that can be opened, each with the place in pixels where it is.
 *
 * @param {Plot} plot
 */
export function spotsOf(plot) {
  /** @type {Spot[]} */
  const spots = [];
  const drawn = plot.data ?? []; // none before the picture has come to the screen
  drawn.forEach(({ x, y, customdata }, curveNumber) => {
    const { visible, xaxis, yaxis } = plot._fullData[curveNumber];
    if (visible !== true || !customdata) return;
    /** @type {import("./plotly.js").Axis[]} */
    const axes = [xaxis, yaxis].map((id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")]);
    /**
     * @param {number} point
     * @param {number[]} at
     * @param {number | number[]} pointNumber
     */
    const add = (point, at, pointNumber) => {
      const pixels = axes.map((axis, i) => axis.d2p(at[i]));
      const seen = pixels.every((p, i) => p >= 0 && p <= axes[i]._length);
      if (!seen) return;
      const [left, top] = pixels.map((p, i) => p + axes[i]._offset);
      spots.push({ point, left, top, curveNumber, pointNumber, at, subplot: xaxis + yaxis });
    };
    for (const [i, one] of Array.from(customdata).entries()) {
      if (Number.isInteger(one)) add(one, [x[i], y[i]], i);
      else for (const [j, point] of Array.from(one).entries()) add(point, [x[j], y[i]], [i, j]);
    }
  });
  return spots;
}

/**
 * The next spot in a direction; of those equally far in it, the one least aside. Or none.
 *
 * @param {Spot[]} spots
 * @param {Spot} from
 * @param {number[]} direction
 * @returns {Spot | undefined}
 */
export function nextOf(spots, from, [right, down]) {
  /** @param {Spot} spot */
  const far = ({ left, top }) => (left - from.left) * right + (top - from.top) * down;
  /** @param {Spot} spot */
  const aside = ({ left, top }) => Math.abs((left - from.left) * down + (top - from.top) * right);
  const ahead = spots.filter((spot) => far(spot) > 0.01);
  return ahead.sort((a, b) => far(a) - far(b) || aside(a) - aside(b))[0];
}

/**
 * A button on which the arrow keys move a label from point to point of `plot`, and Enter, Space or
 * a click calls `opened` with the point it is at.
 *
 * @param {Library} Plotly
 * @param {Plot} plot
 * @param {(point: number) => void} opened
 */
export function pickButton(Plotly, plot, opened) {
  const spoken = make("span", { class: "nnviz-spoken", "aria-live": "polite" });
  const button = make(
    "button",
    { type: "button", title: "Pick a point: the arrow keys move, Enter opens" },
    "Pick",
  );
  /** @type {number | null} */
  let chosen = null;

  /** @param {Spot | undefined} spot */
  function choose(spot) {
    if (!spot) return;
    chosen = spot.point;
    // A cell of a map Plotly finds by its place alone.
    const { curveNumber, pointNumber, at } = spot;
    const isCell = Array.isArray(pointNumber);
    const meant = isCell ? { curveNumber, xval: at[0], yval: at[1] } : { curveNumber, pointNumber };
    Plotly.Fx.hover(plot, [meant], spot.subplot);
    setTimeout(() => {
      if (chosen !== spot.point) return;
      const lines = [...plot.querySelectorAll(LINES)].map((line) => line.textContent);
      spoken.textContent = lines.filter(Boolean).join(", ");
    }, SPOKEN_AFTER);
  }

  button.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows are the player's elsewhere
    const spots = spotsOf(plot);
    const from = spots.find(({ point }) => point === chosen);
    choose(from ? nextOf(spots, from, direction) : spots[0]);
  });
  button.addEventListener("click", () => {
    if (chosen === null) choose(spotsOf(plot)[0]);
    else opened(chosen);
  });
  button.addEventListener("blur", () => {
    chosen = null;
    spoken.textContent = "";
    Plotly.Fx.unhover(plot);
  });
  return [button, spoken];
}
