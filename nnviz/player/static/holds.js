// Whether an approximation holds at an epoch: by its angle for this step, by its progress for the next.

import { lastAtMost } from "./epochs.js";

export const DEFINED = 0;

/** @typedef {import("./protocol.js").ClaimOfRun} ClaimOfRun */
/** @typedef {import("./protocol.js").Criterion} Criterion */
/** @typedef {import("./protocol.js").Measured} Measured */
/** @typedef {"step" | "next"} Kind  Of a lane: by the angle of this step, or the progress of the next. */
/** @typedef {"holds" | "half" | "fails" | "undefined" | "later"} Level */
/** @typedef {{ epoch: number, from: number, to: number, level: Level }} Cell */
/** @typedef {{ rho: number, why: number, epoch: number, waits?: boolean }} Next */
/** @typedef {{ epoch: number, row: number, from: number, to: number }} Milestone */

const NOT_MEASURED = 3;

const REACH = 0.06; // of the logarithmic ribbon: as far as what is measured from an epoch speaks for others

/**
 * In words what a ρ, or the cosine of an angle, comes to beside the threshold.
 *
 * @param {number} value
 * @param {number} threshold
 * @returns {Level}
 */
export function level(value, threshold) {
  if (Number.isNaN(value)) return "undefined";
  if (value >= threshold) return "holds";
  return value >= threshold / 2 ? "half" : "fails";
}

/** What is known of a run: the angles at its keyframes, and the progress measured so far. */
export class Holds {
  /**
   * @param {ClaimOfRun} claim
   * @param {Measured | null} progress  What was sent of it.
   * @param {Criterion} criterion
   * @param {number} reach
   */
  constructor(claim, progress, criterion, reach = REACH) {
    this.reach = reach;
    this.claim = claim;
    this.progress = progress;
    this.criterion = criterion;
    this.column = progress ? progress.horizons.indexOf(criterion.horizon) : -1;
  }

  /**
   * Degrees between a rule's gradient and the exact one, at the keyframe before an epoch.
   *
   * @param {string} rule
   * @param {number} epoch
   */
  angle(rule, epoch) {
    const { epochs, rules } = this.claim;
    const angles = rules.find((one) => one.rule === rule)?.angle.flat;
    return angles?.[lastAtMost(epochs.flat, epoch)] ?? Number.NaN;
  }

  /**
   * Progress of a rule's next steps from the nearest epoch that it is measured from, and why there is none.
   *
   * @param {string} rule
   * @param {number} epoch
   * @returns {Next}
   */
  next(rule, epoch) {
    const near = this.milestones().find(({ from, to }) => from <= epoch && epoch <= to);
    if (!near || near.row < 0) return { rho: Number.NaN, why: NOT_MEASURED, epoch, waits: Boolean(near) };
    return { rho: this.rho(rule, near.row), why: this.why(near.row), epoch: near.epoch };
  }

  /**
   * @param {string} rule
   * @param {number} row
   */
  rho(rule, row) {
    return this.at(this.progress?.matched[rule], row);
  }

  /** @param {number} row */
  why(row) {
    return this.at(this.progress?.why, row);
  }

  /**
   * What is measured from an epoch over the horizon.
   *
   * @param {import("./wire.js").Shaped | undefined} table
   * @param {number} row
   */
  at(table, row) {
    return table ? table.flat[row * table.shape[1] + this.column] : Number.NaN;
  }

  /**
   * Epochs to measure from, in order, and from which epoch to which each speaks: half-way to the next, but
   * not far; `row` is -1 where it is still to be done.
   *
   * @returns {Milestone[]}
   */
  milestones() {
    if (!this.progress) return [];
    const measured = new Map(Array.from(this.progress.epochs.flat, (epoch, row) => [epoch, row]));
    /** @param {number} epoch */
    const rowOf = (epoch) => measured.get(epoch) ?? -1;
    // The longest horizon is not measured from all.
    const known = Array.from(this.progress.planned.flat).filter(
      (epoch) => rowOf(epoch) < 0 || this.why(rowOf(epoch)) !== NOT_MEASURED,
    );
    const whole = Math.log1p(this.claim.end);
    const shares = known.map((epoch) => Math.log1p(epoch) / whole);
    /** @param {number} share */
    const epochAt = (share) => Math.expm1(share * whole);
    return known.map((epoch, i) => {
      /** @param {number | undefined} other */
      const half = (other) =>
        other === undefined ? this.reach : Math.min(this.reach, Math.abs(other - shares[i]) / 2);
      return {
        epoch,
        row: rowOf(epoch),
        from: Math.max(0, epochAt(shares[i] - half(shares[i - 1]))),
        to: Math.min(this.claim.end, epochAt(shares[i] + half(shares[i + 1]))),
      };
    });
  }

  /**
   * A lane of the ribbon: from which epoch to which what is so.
   *
   * @param {string} rule
   * @param {Kind} kind
   * @returns {Cell[]}
   */
  lane(rule, kind) {
    const { threshold } = this.criterion;
    if (kind === "step") {
      const { flat } = this.claim.epochs;
      return Array.from(flat, (epoch, i) => {
        const cosine = Math.cos((this.angle(rule, epoch) * Math.PI) / 180);
        return { epoch, from: epoch, to: flat[i + 1] ?? this.claim.reached, level: level(cosine, threshold) };
      });
    }
    return this.milestones().map(({ epoch, from, to, row }) => {
      return { epoch, from, to, level: row < 0 ? "later" : level(this.rho(rule, row), threshold) };
    });
  }

  /**
   * A line of the picture: epochs, and the progress from them.
   *
   * @param {string} rule
   */
  line(rule) {
    const known = this.milestones();
    /** @param {Milestone} milestone */
    const rho = ({ row }) => (row < 0 ? Number.NaN : this.rho(rule, row)); // a gap
    return { x: known.map(({ epoch }) => epoch), y: known.map(rho) };
  }
}
