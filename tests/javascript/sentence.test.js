import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence, times } from "../../nnviz/player/static/sentence.js";

/** What is known of one rule at epoch 100. */
function said(next, { angle = 30, horizon = 50, rule = "difference", progress = { reasons: [] } } = {}) {
  const holds = {
    progress,
    criterion: { threshold: 0.9, horizon },
    angle: () => angle,
    next: () => ({ epoch: 100, why: 0, ...next }),
  };
  const seen = { epoch: 1000, accuracy: 0.954, E: 0.0216 };
  return sentence(seen, holds, [{ rule, label: "A − Y" }]);
}

const text = (...given) =>
  said(...given)
    .map((part) => part.text)
    .join("");

test("the sentence begins with the numbers of the epoch", () => {
  assert.deepEqual(said({ rho: 1 })[0], { text: "Epoch 1,000: accuracy 95 %, mean |E| 0.022. " });
  assert.deepEqual(said({ rho: 1 })[1], { text: "A − Y", rule: "difference" });
});

test("progress is said, and whether it holds", () => {
  assert.match(text({ rho: 0.9 }), / 30° away from the exact one, yet 50 such steps from epoch 100 lower /);
  assert.match(
    text({ rho: 0.9 }),
    /lower the loss 0\.9 times as much as the exact gradient's: it holds, and not because E is small\. $/,
  );
  assert.match(text({ rho: 0.9, epoch: 1000 }), /yet 50 such steps lower/);
  assert.match(
    text({ rho: 0.6 }),
    /and 50 such steps from epoch 100 lower the loss 0\.6 times as much.*: it does not hold\. $/,
  );
  assert.match(text({ rho: 0.2 }), /: it fails\. $/);
  assert.match(text({ rho: 0.2 }, { angle: 5 }), /5° away from the exact one, but 50/);
  assert.match(
    text({ rho: 1 }, { angle: 5 }),
    /, and 50 such steps from epoch 100 lower the loss as much as/,
  );
  assert.match(text({ rho: -0.1 }), /raise the loss: it fails/);
  assert.match(text({ rho: 0 }), /lower the loss 0 times as much/);
  assert.match(text({ rho: -1 }, { horizon: 1 }), /such a step from epoch 100 raises the loss/);
  assert.doesNotMatch(text({ rho: 1 }, { rule: "drop_error_term" }), /not because E is small/);
});

test("why there is no number is said", () => {
  const progress = { reasons: [[2, "the exact gradient makes no progress"]], complete: true };
  const none = { rho: Number.NaN };
  assert.match(
    text({ ...none, why: 2 }, { progress }),
    /; over 50 such steps from epoch 100, the exact gradient makes no/,
  );
  assert.match(
    text({ ...none, why: 3 }, { progress }),
    /the next 50 steps are not measured from near this epoch/,
  );
  assert.match(text({ ...none, why: 3, waits: true }, { progress }), /are being measured/);
  assert.match(
    text({ ...none, why: 3 }, { progress: null, horizon: 1 }),
    /the progress of a step is being measured/,
  );
  assert.match(text({ rho: 1 }, { angle: Number.NaN }), /has no direction to compare/);
});

test("a number is written on its own side of the threshold", () => {
  assert.equal(times(0.8999, 0.9), "0.8999");
  assert.equal(times(0.9, 0.9), "0.9");
  assert.equal(times(1.74, 0.9), "1.7");
  assert.equal(times(99.6, 0.9), "100");
  assert.equal(times(1234.5, 0.9), "1,235");
  assert.equal(times(-1234.5, 0.9), "-1,234");
});
