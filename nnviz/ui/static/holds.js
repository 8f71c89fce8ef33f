// Whether an approximation holds at an epoch: by its angle for this step, by its progress for the next.

export const DEFINED = 0;

const NOT_MEASURED = 3;

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

  /** Progress of a rule's next steps from the last epoch before that it is measured from, and why not. */
  next(rule, epoch) {
    const known = this.milestones();
    const at = lastUpTo(
      known.map((one) => one.epoch),
      epoch,
    );
    if (at < 0) return { rho: Number.NaN, why: NOT_MEASURED, epoch };
    const { row, epoch: from } = known[at];
    if (row < 0) return { rho: Number.NaN, why: NOT_MEASURED, epoch: from };
    return { rho: this.rho(rule, row), why: this.why(row), epoch: from };
  }

  rho(rule, row) {
    const { flat, shape } = this.progress.matched[rule];
    return flat[row * shape[1] + this.column];
  }

  why(row) {
    const { flat, shape } = this.progress.why;
    return flat[row * shape[1] + this.column];
  }

  /** Epochs to measure from, in order; `row` is -1 where it is still to be done. */
  milestones() {
    if (!this.progress) return [];
    const measured = new Map(Array.from(this.progress.epochs.flat, (epoch, row) => [epoch, row]));
    return Array.from(this.progress.planned.flat, (epoch) => ({
      epoch,
      row: measured.get(epoch) ?? -1,
    })).filter(
      ({ row }) => row < 0 || this.why(row) !== NOT_MEASURED, // the longest horizon is not measured from all
    );
  }

  /** A lane of the ribbon: from which epoch on what is so, up to the next. */
  lane(rule, kind) {
    const { threshold } = this.criterion;
    if (kind === "step") {
      return Array.from(this.claim.epochs.flat, (epoch) => {
        const cosine = Math.cos((this.angle(rule, epoch) * Math.PI) / 180);
        return { epoch, level: level(cosine, threshold) };
      });
    }
    return this.milestones().map(({ epoch, row }) => ({
      epoch,
      level: row < 0 ? "later" : level(this.rho(rule, row), threshold),
    }));
  }

  /** A line of the picture: epochs, and the progress from them. */
  line(rule) {
    const known = this.milestones();
    const rho = ({ row }) => (row < 0 ? Number.NaN : this.rho(rule, row)); // a gap
    return { x: known.map(({ epoch }) => epoch), y: known.map(rho) };
  }
}
