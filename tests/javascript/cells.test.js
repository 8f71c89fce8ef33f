import assert from "node:assert/strict";
import test from "node:test";
import { cellOf, openedBy } from "../../nnviz/player/static/cells.js";

test("a cell's row and column come from its number", () => {
  assert.deepEqual(cellOf(0, 24), { row: 0, column: 0 });
  assert.deepEqual(cellOf(23, 24), { row: 0, column: 23 });
  assert.deepEqual(cellOf(24, 24), { row: 1, column: 0 });
  assert.deepEqual(cellOf(2 * 225 + 46, 225), { row: 2, column: 46 });
});

test("a point is opened, and a cell of a matrix chosen", () => {
  const said = [];
  const player = {
    run: { run: "a run" },
    host: { point: () => {}, cell: (cell) => said.push(cell) },
    open: (point) => said.push(point),
    tell: (tells) => tells(),
  };
  const opened = openedBy(player);
  opened(7, { name: "worst", cells: 0 });
  opened(7, { name: "Z1", cells: 3 });
  assert.deepEqual(said, [7, { run: "a run", picture: "Z1", row: 2, column: 1 }]);
  assert.equal(openedBy({ ...player, host: { point: null } }), null, "where nothing can be opened");
});
