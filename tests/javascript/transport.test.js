import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf } from "../../nnviz/player/static/transport.js";

function done(key, shiftKey = false) {
  const said = [];
  const actions = Object.fromEntries(
    ["toggle", "step", "first", "last"].map((name) => [name, (...given) => said.push([name, ...given])]),
  );
  actionOf({ key, shiftKey }, actions)?.();
  return said;
}

test("keys play, step and jump", () => {
  assert.deepEqual(done(" "), [["toggle"]]);
  assert.deepEqual(done("ArrowLeft"), [["step", -1]]);
  assert.deepEqual(done("ArrowRight"), [["step", 1]]);
  assert.deepEqual(done("ArrowLeft", true), [["step", -10]]);
  assert.deepEqual(done("ArrowRight", true), [["step", 10]]);
  assert.deepEqual(done("Home"), [["first"]]);
  assert.deepEqual(done("End"), [["last"]]);
});

test("other keys are the page's", () => {
  for (const key of ["ArrowUp", "Enter", "a", "PageDown"]) assert.deepEqual(done(key), []);
});
