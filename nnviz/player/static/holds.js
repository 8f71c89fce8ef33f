// Whether an approximation holds at an epoch: by its angle for this step, by its progress for the next.

export const DEFINED = 0;

const NOT_MEASURED = 3;

const REACH = 0.06; // of the logarithmic ribbon: as far as what is measured from an epoch speaks for others

/** Index of the last number in a rising array that is at most `value`; -1 if none is. */
export function lastUpTo(rising, value) {
  let low = -1;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rising[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** In words what a ρ, or the cosine of an angle, comes to beside the threshold. */
export function level(value, threshold) {
  if (Number.isNaN(value)) return "undefined";
  if (value >= threshold) return "holds";
  return value >= threshold / 2 ? "half" : "fails";
}

/** What is known of a run: the angles at its keyframes, and the progress measured so far. */
export class Holds {
  /** `claim` is the run's, `progress` what was sent of it, or null; `criterion` is {threshold, horizon}. */
  constructor(claim, progress, criterion) {
    this.claim = claim;
    this.progress = progress;
    this.criterion = criterion;
    this.column = progress ? progress.horizons.indexOf(criterion.horizon) : -1;
  }

  /** Degrees between a rule's gradient and the exact one, at the keyframe before an epoch. */
  angle(rule, epoch) {
    const { epochs, rules } = this.claim;
    return rules.find((one) => one.rule === rule).angle.flat[lastUpTo(epochs.flat, epoch)];
  }

  /** Progress of a rule's next steps from the nearest epoch that it is measured from, and why there is none. */
  next(rule, epoch) {
    const near = this.milestones().find(({ from, to }) => from <= epoch && epoch <= to);
    if (!near || near.row < 0) return { rho: Number.NaN, why: NOT_MEASURED, epoch, waits: Boolean(near) };
    return { rho: this.rho(rule, near.row), why: this.why(near.row), epoch: near.epoch };
  }

  rho(rule, row) {
    const { flat, shape } = this.progress.matched[rule];
    return flat[row * shape[1] + this.column];
  }

  why(row) {
    const { flat, shape } = this.progress.why;
    return flat[row * shape[1] + this.column];
  }

  /**
   * Epochs to measure from, in order, and from which epoch to which each speaks: half-way to the next, but
   * not far; `row` is -1 where it is still to be done.
   */
  milestones() {
    if (!this.progress) return [];
    const measured = new Map(Array.from(this.progress.epochs.flat, (epoch, row) => [epoch, row]));
    const rowOf = (epoch) => measured.get(epoch) ?? -1;
    // The longest horizon is not measured from all.
    const known = Array.from(this.progress.planned.flat).filter(
      (epoch) => rowOf(epoch) < 0 || this.why(rowOf(epoch)) !== NOT_MEASURED,
    );
    const whole = Math.log1p(this.claim.end);
    const shares = known.map((epoch) => Math.log1p(epoch) / whole);
    const epochAt = (share) => Math.expm1(share * whole);
    return known.map((epoch, i) => {
      const half = (other) =>
        other === undefined ? REACH : Math.min(REACH, Math.abs(other - shares[i]) / 2);
      return {
        epoch,
        row: rowOf(epoch),
        from: Math.max(0, epochAt(shares[i] - half(shares[i - 1]))),
        to: Math.min(this.claim.end, epochAt(shares[i] + half(shares[i + 1]))),
      };
    });
  }

  /** A lane of the ribbon: from which epoch to which what is so. */
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

  /** A line of the picture: epochs, and the progress from them. */
  line(rule) {
    const known = this.milestones();
    const rho = ({ row }) => (row < 0 ? Number.NaN : this.rho(rule, row)); // a gap
    return { x: known.map(({ epoch }) => epoch), y: known.map(rho) };
  }
}
