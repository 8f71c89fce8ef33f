import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Asking } from "../../nnviz/player/static/asking.js";

/** What is asked within so many milliseconds, each with its time, of a run that gives no answer. */
function asked(status, ms, meanwhile = () => {}) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const found = [];
  let now = 0;
  const run = { run: "a", status };
  const asking = new Asking(
    () => found.push(now),
    () => asking.lacks ?? true,
  );
  asking.see(run, "some of it");
  for (; now < ms; now += 50) {
    mock.timers.tick(now === 0 ? 0 : 50);
    meanwhile(now, asking, run);
  }
  mock.timers.reset();
  return found;
}

test("what is measured is asked for when the visitor rests, and again ever less often", () => {
  const gaps = (times) => times.slice(1).map((time, i) => time - times[i]);
  const times = asked("finished", 30_000);
  assert.equal(times[0], 250);
  assert.deepEqual(gaps(times), [800, 1600, 3200, 6000, 6000, 6000, 6000]);
  assert.equal(asked("running", 1000)[0], 0, "more of a run at once");
});

test("something new is a reason to ask at once, and the same as before is none", () => {
  const times = asked("running", 1900, (now, asking, run) => {
    if (now === 500) asking.see(run, "some of it");
    if (now === 1000) asking.see(run, "more of it");
  });
  assert.deepEqual(times, [0, 1050]);
});

test("a run that comes back is asked for anew", () => {
  const times = asked("running", 1500, (now, asking, run) => {
    if (now === 500) asking.came(true);
    if (now === 1000) asking.see(run, "some of it");
  });
  assert.deepEqual(times, [0, 1050]);
});

test("while the visitor wants something else, nothing is asked that would take its place", () => {
  const told = [];
  const times = asked("running", 3900, (now, asking, run) => {
    if (now === 1900) asking.tell(run, () => told.push(now));
  });
  assert.deepEqual([times, told], [[0], [1900]], "and 2 s later");
  const stopping = asked("running", 7000, (now, asking, run) => {
    if (now === 100) asking.stop(run, (name) => assert.equal(name, "a"));
  });
  assert.deepEqual(stopping, [0]);
});

test("whoever lacks nothing asks for nothing, and waits until something came", () => {
  const waits = [];
  const times = asked("running", 9000, (now, asking) => {
    waits.push(asking.waits);
    if (now === 200) asking.came();
    if (now === 300) asking.lacks = false;
  });
  assert.deepEqual(times, [0]);
  assert.deepEqual([waits[1], waits[8]], [true, false]);
});
