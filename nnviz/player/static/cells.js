// What a click on a point of a picture asks for: to open it, or, of a matrix, to choose the cell.

/** @typedef {import("./protocol.js").Picture} Picture */

/**
 * What asks Python for a point, or for a cell; null where nothing can be opened.
 *
 * @param {import("./player.js").Player} player
 */
export function openedBy(player) {
  if (!player.host.point) return null;
  /**
   * @param {number} point
   * @param {Picture} picture
   */
  return (point, { name, cells }) => {
    if (!cells) {
      player.open(point);
      return;
    }
    player.tell(() => player.host.cell?.({ run: player.run.run, picture: name, ...cellOf(point, cells) }));
  };
}

/**
 * Row and column of a cell, from 0.
 *
 * @param {number} point  Its number, row by row.
 * @param {number} columns
 */
export function cellOf(point, columns) {
  return { row: Math.floor(point / columns), column: point % columns };
}
