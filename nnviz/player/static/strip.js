// A strip: where an approximation holds along a run, small enough for a wall.

import { EpochScale } from "./epochs.js";
import { Holds } from "./holds.js";
import { spansOf } from "./lanes.js";
import { make } from "./make.js";

/** @typedef {import("./protocol.js").Criterion} Criterion */
/** @typedef {import("./protocol.js").PlaceOfWall} PlaceOfWall */

const REACH = 0.1; // of the strip: it is measured from half as many epochs as the Train page's ribbon

/** How much of its height is filled, so that colour is not the only mark. @type {Record<string, number>} */
const FILLED = { holds: 100, half: 60, fails: 30 };

export class Strip {
  constructor() {
    this.now = make("i");
    this.cells = make("span");
    this.element = make("span", { class: "nnviz-strip", "aria-hidden": "true" }, this.cells, this.now);
  }

  /**
   * @param {PlaceOfWall} place
   * @param {string} rule
   * @param {Criterion} criterion
   * @param {number} end  Last epoch of the wall.
   */
  receive({ measured, epochs }, rule, criterion, end) {
    const reached = epochs ? epochs.flat[epochs.flat.length - 1] : 0;
    /** @type {import("./holds.js").Cell[]} */
    const lane = measured
      ? new Holds({ ...NOTHING, end, reached }, measured, criterion, REACH).lane(rule, "next")
      : [];
    const spans = spansOf(lane, new EpochScale(end, false), reached, 100);
    this.cells.replaceChildren(
      ...spans.map(({ left, width, level }) => {
        const cell = make("b", { class: `nnviz-level-${level}` });
        cell.style.cssText = `left:${left}%;width:${width}%;height:${FILLED[level] ?? 15}%`;
        return cell;
      }),
    );
  }

  /**
   * @param {number} epoch
   * @param {number} end
   */
  show(epoch, end) {
    this.now.style.left = `${100 * new EpochScale(end, false).share(Math.min(epoch, end))}%`;
  }
}

/** @type {import("./protocol.js").ClaimOfRun} */
const NOTHING = {
  stage: false,
  epochs: /** @type {any} */ ({ flat: [], shape: [0] }),
  end: 1,
  reached: 0,
  inUse: "difference",
  rules: [],
};
