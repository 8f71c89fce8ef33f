import assert from "node:assert/strict";
import { test } from "node:test";
import { Leaving } from "../../nnviz/player/static/leaving.js";

const HERE = "/a/approximation";
const link = (href, more = {}) => ({ localName: "a", href: `http://127.0.0.1${href}`, ...more });

/** A window in which the visitor clicks on something. */
function clicked(part, click = {}) {
  const at = { path: HERE, now: 0 };
  const leaving = new Leaving(
    () => at.path,
    () => at.now,
  );
  const path = [{ localName: "span" }, part, {}];
  leaving.see({ button: 0, composedPath: () => path, ...click });
  return { at, leaving };
}

test("who clicks on a link to another page, or on the logo, leaves", () => {
  assert.ok(clicked(link("/a/step?seed=1")).leaving.from(HERE));
  assert.ok(clicked({ localName: "button", dataset: { testid: "stLogoLink" } }).leaving.from(HERE));
});

test("who clicks on anything else stays", () => {
  for (const part of [
    link("/a/approximation?seed=1"),
    link("/a/approximation#why"),
    link("/elsewhere", { target: "_blank" }),
    { localName: "a" },
    { localName: "button", dataset: { testid: "stBaseButton" } },
    { localName: "div" },
  ])
    assert.ok(!clicked(part).leaving.from(HERE), JSON.stringify(part));
  for (const aside of [{ button: 1 }, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }])
    assert.ok(!clicked(link("/a/step"), aside).leaving.from(HERE), JSON.stringify(aside));
});

test("a page whose path is gone is left, and one that does not come is given up", () => {
  const { at, leaving } = clicked(link("/a/step"));
  at.now = 9_999;
  assert.ok(leaving.from(HERE));
  at.now = 10_000;
  assert.ok(!leaving.from(HERE));
  at.path = "/a/step";
  assert.ok(leaving.from(HERE));
  assert.ok(!leaving.from("/a/step"));
});

test("a page that has come may be told everything, also where the visitor came back", () => {
  const { leaving } = clicked(link("/a/step"));
  leaving.came();
  assert.ok(!leaving.from(HERE));
});
