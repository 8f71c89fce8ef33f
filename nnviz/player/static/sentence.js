// What is so at the shown epoch, in one or two sentences with the numbers of this run.

import { DEFINED, level } from "./holds.js";

/** @typedef {import("./holds.js").Holds} Holds */
/** @typedef {{ text: string, rule?: string }} Part  The rule is there if the text is its name. */

/**
 * A ρ with two digits, or as many as it takes to be on the right side of the threshold.
 *
 * @param {number} rho
 * @param {number} threshold
 */
export function times(rho, threshold) {
  for (let digits = 2; digits < 6; digits += 1) {
    if (Math.abs(rho) >= 100) return Math.round(rho).toLocaleString("en");
    const shown = Number(rho.toPrecision(digits));
    if (shown >= threshold === rho >= threshold) return String(shown);
  }
  return String(rho);
}

/** @type {Record<string, string>} */
const SAYS = { holds: "it holds", half: "it does not hold", fails: "it fails" };

/**
 * What a rule's step does now, in words.
 *
 * @param {number} angle  NaN where a gradient is zero.
 * @param {boolean} first
 */
function turns(angle, first) {
  if (Number.isNaN(angle)) return "has no direction to compare, since a gradient is zero";
  const away = `${Math.round(angle)}° away`;
  return first ? `the step turns ${away} from the exact one` : `turns ${away}`;
}

/**
 * What the next steps come to.
 *
 * @param {import("./holds.js").Next} ahead
 * @param {import("./protocol.js").Criterion} criterion
 * @param {number} angle
 * @param {{ reasons: Map<number, string>, shown: number, complete: boolean, first: boolean }} told
 */
function next(
  { rho, why, epoch, waits },
  { horizon, threshold },
  angle,
  { reasons, shown, complete, first },
) {
  const from = epoch === shown ? "" : ` from epoch ${epoch.toLocaleString("en")}`;
  const steps = `${horizon === 1 ? "such a step" : `${horizon} such steps`}${from}`;
  if (why !== DEFINED) {
    if (reasons.has(why)) return `; over ${steps}, ${reasons.get(why)}`;
    const ahead = horizon === 1 ? "the progress of a step is" : `the next ${horizon} steps are`;
    return `; ${ahead} ${complete && !waits ? "not measured from near this epoch" : "being measured"}`;
  }
  const verb = horizon === 1 ? ["lowers", "raises"] : ["lower", "raise"];
  const text = times(rho, threshold);
  const much = `${text === "1" ? "" : `${text} times `}as much${first ? " as the exact gradient's" : ""}`;
  const does = rho >= 0 ? `${verb[0]} the loss ${much}` : `${verb[1]} the loss`;
  const verdict = level(rho, threshold);
  const close = Math.cos((angle * Math.PI) / 180) >= threshold;
  const joint = close === (verdict === "holds") ? "and" : close ? "but" : "yet";
  return `, ${joint} ${steps} ${does}: ${SAYS[verdict]}`;
}

/**
 * The sentences as parts, each text with the rule whose name it is, if it is one.
 *
 * @param {{ epoch: number, accuracy: number, E: number }} seen
 * @param {Holds} holds
 * @param {{ rule: string, label: string }[]} rules  Those to speak of.
 */
export function sentence(seen, holds, rules) {
  const { epoch, accuracy, E } = seen;
  const reasons = new Map(holds.progress?.reasons);
  const complete = holds.progress?.complete ?? false;
  /** @type {Part[]} */
  const parts = [
    {
      text: `Epoch ${epoch.toLocaleString("en")}: accuracy ${Math.round(100 * accuracy)} %, mean |E| ${E.toPrecision(2)}. `,
    },
  ];
  for (const [number, { rule, label }] of rules.entries()) {
    const angle = holds.angle(rule, epoch);
    const ahead = holds.next(rule, epoch);
    const said = next(ahead, holds.criterion, angle, {
      reasons,
      shown: epoch,
      complete,
      first: number === 0,
    });
    const isSafe = ahead.why === DEFINED && level(ahead.rho, holds.criterion.threshold) === "holds";
    const end = rule === "difference" && isSafe ? ", and not because E is small. " : ". ";
    parts.push({ text: label, rule });
    parts.push({ text: ` ${turns(angle, number === 0)}${said}${end}` });
  }
  return parts;
}
