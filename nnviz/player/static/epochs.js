// Epochs along an axis: logarithmic, since most happens in the first of them, or linear.

/** @typedef {import("./plotly.js").Attributes} Attributes */

const LOG_STEPS = [1, 3];

/**
 * Index of the last number in a rising array that is at most `value`; -1 if none is.
 *
 * @param {ArrayLike<number>} rising
 * @param {number} value
 */
export function lastAtMost(rising, value) {
  let low = -1;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rising[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where epochs lie on a ribbon or an axis that ends at `end`. */
export class EpochScale {
  /**
   * @param {number} end
   * @param {boolean} linear
   */
  constructor(end, linear) {
    this.end = Math.max(end, 1);
    this.linear = linear;
  }

  /**
   * The coordinate of an epoch on Plotly's axis.
   *
   * @param {number} epoch
   */
  x(epoch) {
    return this.linear ? epoch : Math.log10(1 + epoch);
  }

  /**
   * How far along an epoch lies, from 0 to 1.
   *
   * @param {number} epoch
   */
  share(epoch) {
    return this.x(epoch) / this.x(this.end);
  }

  /**
   * The whole epoch that lies so far along.
   *
   * @param {number} share
   */
  epoch(share) {
    const x = Math.min(Math.max(share, 0), 1) * this.x(this.end);
    return Math.round(this.linear ? x : 10 ** x - 1);
  }

  /** Epochs to be written beside it: the first, the last, and round ones apart from each other. */
  ticks(apart = 0.075) {
    /** @type {number[]} */
    const round = [];
    if (this.linear) {
      const least = Math.max(1, this.end / 6);
      const power = 10 ** Math.floor(Math.log10(least));
      const by = [1, 2, 5].map((part) => part * power).find((step) => step >= least) ?? 10 * power;
      for (let epoch = by; epoch < this.end; epoch += by) round.push(epoch);
    } else {
      for (let power = 1; power < this.end; power *= 10) {
        for (const step of LOG_STEPS) if (step * power < this.end) round.push(step * power);
      }
    }
    const kept = [0];
    for (const epoch of round) {
      const [before, here] = [this.share(kept[kept.length - 1]), this.share(epoch)];
      if (here - before >= apart && 1 - here >= 1.5 * apart) kept.push(epoch);
    }
    return [...kept, this.end];
  }
}

/**
 * An axis and traces over epochs, moved to where a scale has them; `customdata` keeps the epochs.
 *
 * @param {Attributes[]} traces
 * @param {Attributes} layout
 * @param {EpochScale} scale
 * @param {number} apart  How far labels keep from each other, as a share of the axis.
 */
export function onScale(traces, layout, scale, apart) {
  for (const trace of traces) {
    if (trace.xaxis && trace.xaxis !== "x") continue;
    trace.customdata = trace.x;
    trace.x = Array.from(trace.x, (/** @type {number} */ epoch) => scale.x(epoch));
  }
  /** @param {Attributes} shape */
  const moved = (shape) => {
    if (!shape.xref || shape.xref === "x") {
      for (const key of ["x0", "x1", "x"]) if (key in shape) shape[key] = scale.x(shape[key]);
    }
  };
  for (const shape of layout.shapes ?? []) moved(shape);
  for (const note of layout.annotations ?? []) moved(note);
  const ticks = scale.ticks(apart);
  Object.assign(layout.xaxis, {
    type: "linear",
    range: [0, scale.x(scale.end)],
    tickmode: "array",
    tickvals: ticks.map((epoch) => scale.x(epoch)),
    ticktext: ticks.map((epoch) => epoch.toLocaleString("en")),
  });
}
