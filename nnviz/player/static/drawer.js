// The chosen sample beside the pictures: what each rule makes of it at the epoch that they show.

import { lastAtMost } from "./epochs.js";
import { Lab } from "./lab.js";
import { make } from "./make.js";
import { mark } from "./marks.js";
import { useRoom } from "./stage.js";

/**
 * What is sent of the chosen sample; none is chosen where its number is 0.
 *
 * @typedef {object} Chosen
 * @property {string} run  The run that it is a sample of.
 * @property {number} number  From 1.
 * @property {string} [wrong]  Why there is no such sample; then there is nothing below.
 * @property {string} rule  The name of the run's.
 * @property {Omit<import("./lab.js").Sample, "id" | "A2">} sample  What stays.
 * @property {number[]} epochs  Those known, rising.
 * @property {number[][]} A2  Its probabilities there.
 * @property {[name: string, value: number][]} inputs
 * @property {number} left_out  How many inputs more there are.
 * @property {[rows: number, columns: number, grey: number[]] | null} image  Of bytes.
 * @property {boolean} by_hand  Whether its step can be worked out on the Step page.
 */

const WINDOW = 1000; // pixels of width from which on it can stand beside the pictures
const LEAST = 264; // of its own
const MOST = 384;
const PICTURES = 642; // what the pictures need: less is a phone's
const GAP = 18;
const NEEDED = PICTURES + GAP + LEAST;

export class Drawer {
  /**
   * @param {HTMLElement} root  The player's.
   * @param {object} host
   * @param {() => void} host.close
   * @param {() => void} host.byHand
   * @param {() => boolean} host.usesRoom  Whether the player takes all room that the page leaves, anyway.
   */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    /** @type {Chosen | null} */
    this.chosen = null;
    this.epoch = 0; // that of the pictures
    this.expected = false; // whether the visitor has chosen a sample just now
    /** @type {Element | null} */
    this.before = null;
    this.title = make("h3", { "aria-live": "polite" });
    this.said = make("p");
    this.inputs = make("div", { class: "nnviz-inputs" });
    this.known = make("div");
    const place = make("div");
    const close = make("button", { type: "button", "aria-label": "Close the sample", title: "Close" }, "✕");
    close.addEventListener("click", () => this.close());
    this.byHand = make(
      "button",
      { type: "button", class: "nnviz-text nnviz-by-hand" },
      "Open on the Step page",
    );
    this.byHand.addEventListener("click", () => host.byHand());
    this.known.append(
      make("div", { class: "nnviz-given" }, this.inputs, this.byHand),
      place,
      make(
        "p",
        { class: "nnviz-note" },
        "Arrows: a step against each rule’s ∂L/∂Z², all at one scale. Drag the point, or move it with the " +
          "arrow keys: all is computed anew. Thin bars: what (15) keeps of exact (14), A²∘D, and what it drops, " +
          "−A²·E.",
      ),
    );
    this.drawer = make(
      "section",
      { class: "nnviz-drawer", "aria-label": "One sample" },
      make("header", {}, this.title, close),
      this.said,
      this.known,
    );
    // On the page while one is chosen.
    this.element = make("aside", { class: "nnviz-aside" }, this.drawer);
    this.lab = new Lab(place);
    root.addEventListener("nnviz-epoch", (event) => {
      this.epoch = /** @type {CustomEvent<number>} */ (event).detail;
      this.show();
    });
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
    this.resizes = new ResizeObserver(() => this.place());
    this.resizes.observe(root);
  }

  get open() {
    return this.element.isConnected;
  }

  /** The visitor chooses a sample: what comes next is to be seen. */
  expect() {
    this.expected = true;
    if (!this.open) this.before = document.activeElement;
  }

  /** @param {Chosen | null} chosen */
  receive(chosen) {
    const was = this.chosen;
    this.chosen = chosen?.number ? chosen : null;
    const had = this.drawer.contains(document.activeElement);
    if (!this.chosen) this.element.remove();
    else if (!this.open) this.root.append(this.element);
    this.place();
    mark({ sample: this.chosen && !this.chosen.wrong ? this.chosen.number : 0 });
    if (!this.chosen) {
      if (had && this.before instanceof HTMLElement) this.before.focus();
      return;
    }
    this.drawInputs(this.chosen);
    this.show();
    const another = was?.number !== this.chosen.number;
    if (another) this.drawer.scrollTop = 0;
    if (this.expected && another && !this.root.classList.contains("nnviz-drawer-beside"))
      this.element.scrollIntoView({ block: "start" });
    this.expected = false;
  }

  /** Its place: beside the pictures where there is room for both, else below them. */
  place() {
    const { root, open } = this;
    const own = !this.host.usesRoom();
    if (own) root.style.removeProperty("margin");
    if (own && open && innerWidth >= WINDOW && root.offsetWidth < NEEDED) useRoom(root);
    const width = root.offsetWidth;
    root.classList.toggle("nnviz-drawer-beside", open && innerWidth >= WINDOW && width >= NEEDED);
    root.style.setProperty("--drawer", `${Math.min(MOST, Math.max(LEAST, width - PICTURES - GAP))}px`);
  }

  /** The sample at the epoch of the pictures. */
  show() {
    const { chosen } = this;
    if (!chosen) return;
    this.title.textContent = `Sample ${chosen.number.toLocaleString("en")}`;
    this.known.hidden = Boolean(chosen.wrong);
    if (chosen.wrong) {
      this.said.replaceChildren(chosen.wrong);
      return;
    }
    const { run, number, sample, epochs } = chosen;
    const at = Math.max(0, lastAtMost(epochs, this.epoch));
    const A2 = chosen.A2[at];
    const taken = sample.classes[A2.indexOf(Math.max(...A2))];
    const epoch = epochs[at].toLocaleString("en");
    this.said.replaceChildren(
      `Training sample ${number} at epoch ${epoch} of the run by ${chosen.rule}: of class `,
      make("b", {}, sample.classes[sample.label]),
      ", predicted as ",
      make("b", {}, taken),
      ".",
    );
    this.lab.receive({ ...sample, A2, id: `${run} ${number} ${epochs[at]}` });
    this.drawer.dataset.epoch = String(epochs[at]);
  }

  /** @param {Chosen} chosen */
  drawInputs({ inputs, image, left_out, by_hand, wrong }) {
    if (wrong) return;
    this.byHand.hidden = !by_hand;
    if (image) {
      this.inputs.replaceChildren(pictureOf(...image));
      return;
    }
    const rows = inputs.map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value.toFixed(2).replace("-", "−"))),
    );
    const list = make("dl", {}, ...rows);
    const more = left_out ? [make("p", {}, `and ${left_out.toLocaleString("en")} more`)] : [];
    if (rows.length + left_out <= FEW) this.inputs.replaceChildren("Inputs, standardized:", list);
    else {
      const open = this.inputs.querySelector("details")?.open;
      const details = make(
        "details",
        {},
        make("summary", {}, `${rows.length + left_out} inputs, standardized`),
        list,
        ...more,
      );
      details.open = Boolean(open);
      this.inputs.replaceChildren(details);
    }
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { target } = event;
    // What else Escape closes comes first: a list, a dialog. After a click, the page around has the focus.
    const here = target instanceof Node && (this.root.contains(target) || target.contains(this.root));
    if (event.key !== "Escape" || event.defaultPrevented || !this.open || !here) return;
    this.close();
  }

  close() {
    this.host.close();
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
    this.resizes.disconnect();
  }
}

const FEW = 4; // inputs that are seen at once

/**
 * A sample that is an image, dark where its inputs are large; enlarged by CSS.
 *
 * @param {number} rows
 * @param {number} columns
 * @param {number[]} grey
 */
function pictureOf(rows, columns, grey) {
  const canvas = make("canvas", {
    width: columns,
    height: rows,
    role: "img",
    "aria-label": "The sample’s image",
  });
  const pen = canvas.getContext("2d");
  const pixels = grey.flatMap((byte) => [255 - byte, 255 - byte, 255 - byte, 255]);
  pen?.putImageData(new ImageData(Uint8ClampedArray.from(pixels), columns, rows), 0, 0);
  return canvas;
}
