// The wall: many networks under one scrubber, each in its place; one of them large beside it.

import { Beside } from "./beside.js";
import { make } from "./make.js";
import { shadesOn } from "./paint.js";
import { download, posterOf } from "./poster.js";
import { TileView } from "./tile.js";
import { Values } from "./values.js";

/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./protocol.js").WallOfRuns} WallOfRuns */
/** @typedef {import("./theme.js").Theme} Theme */

/** @typedef {{ shades: Record<string, Uint32Array>, theme: Theme, criterion: import("./protocol.js").Criterion }} Look */

/** What the strips' colours mean. @type {[level: string, said: string][]} */
const LEVELS = [
  ["holds", "holds"],
  ["half", "half as good"],
  ["fails", "worse"],
];

const MANY = 6; // columns from which on a number stands below its picture

export class Wall {
  // From the first run on:
  /** @type {WallOfRuns} */
  wall;
  /** @type {Look} */
  look;
  /** @type {{ across: HTMLElement[], down: HTMLElement[] }} */
  heads = { across: [], down: [] };
  columns = 0;
  epoch = 0;

  /**
   * @param {((run: number) => void) | null} opened  Called with the number of a run that is to be opened.
   * @param {() => void} changed  Called when what is shown is to be drawn again.
   */
  constructor(opened, changed) {
    this.changed = changed;
    this.at = make("output", { class: "nnviz-at" });
    this.layers = new Values(
      () => this.turn(),
      ({ heads, names }) => [names[2], heads[2]],
    );
    // Of one setting there is one row: a film, with one large picture.
    this.film = new Values(
      (at) => this.choose(this.tiles[at]),
      ({ film, heads, names }) => [names[0], film ? heads[0] : []],
    );
    this.grid = make("div", { class: "nnviz-places", role: "group", "aria-label": "The runs" });
    /** @type {TileView[]} */
    this.tiles = [];
    /** @type {TileView | undefined} */
    this.chosen = undefined;
    /** @param {TileView | undefined} tile */
    const open = (tile) => {
      if (tile?.place.epochs) opened?.(tile.place.opens);
    };
    this.beside = new Beside(() => open(this.chosen));
    this.beside.open.hidden = !opened;
    this.save = make("button", { type: "button", class: "nnviz-text" }, "Save the wall as PNG");
    this.save.addEventListener("click", () => this.download());
    this.legend = make(
      "p",
      { class: "nnviz-held nnviz-levels" },
      ...LEVELS.map(([level, said]) => make("span", {}, make("i", { class: `nnviz-level-${level}` }), said)),
    );
    this.actions = {
      /** @param {TileView} tile */
      chosen: (tile) => this.choose(tile),
      opened: open,
    };
    this.element = make(
      "section",
      { class: "nnviz-wall", "data-testid": "nnviz-wall" },
      this.layers.element,
      this.film.element,
      make("div", { class: "nnviz-wall-row" }, this.grid, this.beside.element),
      this.legend,
      this.save,
    );
  }

  /**
   * @param {WallOfRuns} wall
   * @param {{ attributes: import("./plotly.js").Attributes } & Omit<Look, "shades">} look
   */
  receive(wall, { attributes, ...look }) {
    const scales = Object.entries(wall.scales);
    const shades = Object.fromEntries(scales.map(([name, scale]) => [name, shadesOn(scale, attributes)]));
    Object.assign(this, { wall, look: { ...look, shades } });
    const count = wall.places.length;
    const done = wall.places.filter(({ epochs }) => epochs).length;
    Object.assign(this.element.dataset, { places: String(count), done: String(done) });
    this.element.classList.toggle("nnviz-film", wall.film);
    this.film.receive(wall);
    this.layers.receive(wall);
    this.turn();
  }

  /** Show another layer. */
  turn() {
    const { wall, look } = this;
    const { at } = this.layers;
    const places = wall.places.filter(({ place }) => place[2] === at);
    const [columns, rows] = [wall.heads[0].length, wall.heads[1].length];
    if (this.tiles.length !== places.length || this.columns !== columns) this.build(columns, rows);
    this.columns = columns;
    this.element.classList.toggle("nnviz-many", columns > MANY && !wall.film);
    this.grid.style.setProperty("--figure", wall.format === "number" ? "3.5" : "2.6");
    for (const [i, head] of this.heads.across.entries()) head.textContent = wall.heads[0][i];
    for (const [i, head] of this.heads.down.entries()) head.textContent = wall.heads[1][i];
    for (const place of places) {
      const [column, row] = place.place;
      this.tiles[row * columns + column].receive(place, wall, look);
    }
    const first = this.tiles.find(({ place }) => place.current) ?? this.tiles.find(({ place }) => place.best);
    this.choose(this.chosen ?? first ?? this.tiles[0]);
    this.changed();
  }

  /**
   * Make the places: the first row is the lowest.
   *
   * @param {number} columns
   * @param {number} rows
   */
  build(columns, rows) {
    this.tiles = Array.from({ length: columns * rows }, () => new TileView(this.actions));
    this.heads = {
      across: Array.from({ length: columns }, () => make("span", { class: "nnviz-setting nnviz-across" })),
      down: Array.from({ length: rows }, () => make("span", { class: "nnviz-setting" })),
    };
    const { across, down } = this.heads;
    const lines = down.map((name, row) => [
      name,
      ...this.tiles.slice(row * columns, (row + 1) * columns).map(({ element }) => element),
    ]);
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--rows", String(rows));
    this.grid.replaceChildren(...lines.reverse().flat(), make("span"), ...across);
    this.chosen = undefined;
  }

  /** @param {TileView} tile */
  choose(tile) {
    if (this.chosen) delete this.chosen.element.dataset.chosen;
    this.chosen = tile;
    tile.element.dataset.chosen = "true";
    this.film.show(this.tiles.indexOf(tile));
    this.beside.receive(tile, this.look.criterion);
    this.beside.show(this.epoch);
  }

  download() {
    const name = `nnviz ${this.wall.about} epoch ${this.epoch}`.replaceAll(/[^\w]+/g, "-");
    download(this.poster(), `${name}.png`);
  }

  /** The wall, or of a film its pictures, as one image. */
  poster() {
    const { film, outcome, names, heads, about } = this.wall;
    const layer = names[2] && heads[2][this.layers.at];
    const said = film ? [about, this.chosen?.place.said] : [about, outcome, layer];
    const title = [...said, this.at.textContent].filter(Boolean).join(" · ");
    return posterOf(film ? this.beside.element : this.grid, title, this.look.theme);
  }

  /** @param {number} epoch */
  show(epoch) {
    this.epoch = epoch;
    for (const tile of this.tiles) tile.show(epoch);
    this.beside.show(epoch);
    this.element.dataset.epoch = String(epoch);
    this.at.textContent = `epoch ${epoch.toLocaleString("en")}`;
  }
}
