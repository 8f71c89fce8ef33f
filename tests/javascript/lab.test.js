import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnClasses } from "../../nnviz/player/static/corners.js";
import { moved } from "../../nnviz/player/static/lab.js";
import { angleOf, sum, termsOf } from "../../nnviz/player/static/rules.js";
import { fromPlane, toPlane } from "../../nnviz/player/static/simplex.js";
import { packed } from "./packed.js";

const near = (found, wanted, what) =>
  assert.ok(
    Math.abs(found - wanted) <= 1e-12 * Math.max(Math.abs(wanted), 1e-300) + 1e-300,
    `${what}: ${found} and not ${wanted}`,
  );

test("what a dragged point comes to is what the core finds for the same probabilities", () => {
  const { expected } = packed("samples");
  assert.equal(expected.length, 24);
  for (const { A2, label, E, G, angle } of expected) {
    const found = termsOf(A2, label);
    const size = Math.max(...found.kept.map(Math.abs));
    assert.ok(Math.abs(found.E - E) <= 1e-12 * size, `E of ${A2}`);
    for (const rule of ["exact", "drop_error_term", "difference"])
      for (const [k, wanted] of G[rule].entries()) near(found.G[rule][k], wanted, `${rule} of ${A2}`);
    for (const [k, wanted] of G.centred.entries())
      assert.ok(Math.abs(found.G.centred[k] - wanted) <= 1e-12 * size, `centred of ${A2}`);
    if (angle !== null && !Number.isNaN(angle) && angle > 1e-6)
      assert.ok(Math.abs(angleOf(found.G.difference, found.G.exact) - angle) < 1e-9 * angle);
  }
});

test("the terms are the sums of the source, worked by hand", () => {
  // A2 = (1/2, 1/4, 1/4), the first class is true: D = (-1/2, 1/4, 1/4), E = -1/4 + 1/16 + 1/16.
  const { D, E, kept, dropped, G } = termsOf([0.5, 0.25, 0.25], 0);
  assert.deepEqual(D, [-0.5, 0.25, 0.25]);
  assert.equal(E, -1 / 8);
  assert.deepEqual(kept, [-0.25, 0.0625, 0.0625]);
  assert.deepEqual(dropped, [1 / 16, 1 / 32, 1 / 32]);
  assert.deepEqual(G.exact, [-0.1875, 0.09375, 0.09375]);
  assert.deepEqual(G.difference, D);
  assert.equal(sum(G.drop_error_term), E, "it leaks E");
  assert.ok(Math.abs(sum(G.exact)) + Math.abs(sum(G.centred)) < 1e-15);
});

test("on the corner of a wrong class (14) gives up and (16) pulls", () => {
  const { E, G } = termsOf([0, 1, 0], 0);
  assert.equal(E, 1);
  assert.deepEqual(G.exact.map(Math.abs), [0, 0, 0]);
  assert.deepEqual(G.difference, [-1, 1, 0]);
});

test("a point of the triangle has probabilities, and one outside those of the nearest", () => {
  for (const shares of [
    [0.2, 0.3, 0.5],
    [1, 0, 0],
    [0.25, 0.75],
  ]) {
    const back = fromPlane(toPlane(shares), shares.length);
    for (const [k, share] of shares.entries()) assert.ok(Math.abs(back[k] - share) < 1e-15);
  }
  assert.deepEqual(fromPlane([-3, -2], 3), [1, 0, 0]);
  assert.deepEqual(
    fromPlane([0.5, -1], 3).map((p) => Math.round(p * 1e9) / 1e9),
    [0.5, 0.5, 0],
  );
  assert.deepEqual(fromPlane([2, 0], 2), [0, 1]);
});

test("of many classes the true one and the most probable others are drawn, and share what they have", () => {
  const A2 = [0.1, 0.2, 0.05, 0.4, 0.25];
  assert.deepEqual(drawnClasses(A2, 2), [2, 3, 4]);
  assert.deepEqual(drawnClasses([0.2, 0.3, 0.5], 1), [1, 2, 0], "of three in their order");
  const found = moved(A2, [2, 3, 4], [0.5, 0.5, 0]);
  assert.ok(Math.abs(sum(found) - 1) < 1e-15);
  assert.deepEqual([found[0], found[1], found[4]], [0.1, 0.2, 0]);
  assert.ok(Math.abs(found[2] - 0.35) < 1e-15);
});

test("corners that are wanted are drawn, but for the true class, and none twice", () => {
  const A2 = [0.1, 0.2, 0.05, 0.4, 0.25];
  assert.deepEqual(drawnClasses(A2, 2, [0, null]), [2, 0, 3]);
  assert.deepEqual(drawnClasses(A2, 2, [null, 3]), [2, 4, 3]);
  assert.deepEqual(drawnClasses(A2, 2, [2, 1]), [2, 3, 1]);
  assert.deepEqual(drawnClasses(A2, 2, [1, 1]), [2, 1, 3]);
  assert.deepEqual(drawnClasses([0.2, 0.3, 0.5], 1, [0, 2]), [1, 2, 0], "of three in their order");
  assert.deepEqual(drawnClasses([1], 0), [0], "one class alone");
});
