// Opening a point of a picture by the keyboard, where a click opens it by the mouse.

import { make } from "./make.js";

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const SPOKEN_AFTER = 80; // ms; Plotly draws a label at most every 50

// Of a label; Plotly gives a line an element of its own where there are several.
const LINES = ".hovertext text:not(:has(.line)), .hovertext .line";

/** The points on the screen that can be opened, where they are in pixels. */
function pointsOf(plot) {
  const points = [];
  const drawn = plot.data ?? []; // none before the picture has come to the screen
  drawn.forEach(({ x, y, customdata }, curveNumber) => {
    const { visible, xaxis, yaxis } = plot._fullData[curveNumber];
    if (visible !== true || !customdata) return;
    const axes = [xaxis, yaxis].map((id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")]);
    const add = (sample, at, pointNumber) => {
      const pixels = axes.map((axis, i) => axis.d2p(at[i]));
      const seen = pixels.every((p, i) => p >= 0 && p <= axes[i]._length);
      if (!seen) return;
      const [left, top] = pixels.map((p, i) => p + axes[i]._offset);
      points.push({ sample, left, top, curveNumber, pointNumber, subplot: xaxis + yaxis });
    };
    for (const [i, one] of Array.from(customdata).entries()) {
      if (Number.isInteger(one)) add(one, [x[i], y[i]], i);
      else for (const [j, sample] of Array.from(one).entries()) add(sample, [x[j], y[i]], [i, j]);
    }
  });
  return points;
}

/** The next point in a direction; of points equally far in it, the one least aside. Or none. */
function nextOf(points, from, [right, down]) {
  const far = ({ left, top }) => (left - from.left) * right + (top - from.top) * down;
  const aside = ({ left, top }) => Math.abs((left - from.left) * down + (top - from.top) * right);
  const ahead = points.filter((point) => far(point) > 0.01);
  return ahead.sort((a, b) => far(a) - far(b) || aside(a) - aside(b))[0];
}

/**
 * A button on which the arrow keys move a label from point to point of `plot`, and Enter, Space or
 * a click calls `opened` with the sample it is at.
 */
export function pickButton(Plotly, plot, opened) {
  const spoken = make("span", { class: "nnviz-spoken", "aria-live": "polite" });
  const button = make(
    "button",
    { type: "button", title: "Pick a point: the arrow keys move, Enter opens" },
    "Pick",
  );
  let chosen = null;

  function choose(point) {
    if (!point) return;
    chosen = point.sample;
    Plotly.Fx.hover(plot, [point], point.subplot);
    setTimeout(() => {
      if (chosen !== point.sample) return;
      const lines = [...plot.querySelectorAll(LINES)].map((line) => line.textContent);
      spoken.textContent = lines.filter(Boolean).join(", ");
    }, SPOKEN_AFTER);
  }

  button.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows are the player's elsewhere
    const points = pointsOf(plot);
    const from = points.find(({ sample }) => sample === chosen);
    choose(from ? nextOf(points, from, direction) : points[0]);
  });
  button.addEventListener("click", () => {
    if (chosen === null) choose(pointsOf(plot)[0]);
    else opened(chosen);
  });
  button.addEventListener("blur", () => {
    chosen = null;
    spoken.textContent = "";
    Plotly.Fx.unhover(plot);
  });
  return [button, spoken];
}
