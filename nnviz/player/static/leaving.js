// Whether the visitor is on the way to another page.
//
// Until the server has answered, Streamlit still believes the old page to be there. What a player tells
// it meanwhile says so to the server, too, and then neither page is drawn.

const TURNS = 4_000; // ms that the answer to a step of the tour may take

const GIVES_UP = 10_000; // ms without an answer after which the visitor seems to stay

/** What follows a click. @typedef {Pick<MouseEvent, "button" | "ctrlKey" | "metaKey" | "shiftKey" | "composedPath">} Click */

export class Leaving {
  /**
   * @param {() => string} path  Of the page that is there.
   * @param {() => number} now  ms
   */
  constructor(path, now) {
    this.path = path;
    this.now = now;
    /** @type {{ from: string, since: number } | null} */
    this.way = null;
    /** @type {number | null} When a step of the tour was asked for. */
    this.turned = null;
  }

  /**
   * A click, before anybody follows it.
   *
   * @param {Click} click
   */
  see(click) {
    const aside = click.button !== 0 || click.ctrlKey || click.metaKey || click.shiftKey; // another window
    if (aside || !click.composedPath().some((part) => this.leads(part))) return;
    this.way = { from: this.path(), since: this.now() };
  }

  /**
   * Whether something leads to another page: a link, or the logo, which is a button.
   *
   * @param {EventTarget} part
   */
  leads(part) {
    const { localName, href, target, dataset } = /** @type {HTMLAnchorElement} */ (part);
    if (localName === "a" && href && target !== "_blank") return new URL(href).pathname !== this.path();
    return dataset?.testid === "stLogoLink";
  }

  /**
   * Whether a page is gone, or about to.
   *
   * @param {string} page  Its path.
   */
  from(page) {
    if (this.path() !== page || this.turns) return true;
    return this.way?.from === page && this.now() - this.way.since < GIVES_UP;
  }

  /** A step of the tour was asked for: controls are about to be moved, on this page or another. */
  turn() {
    this.turned = this.now();
  }

  /** Whether such a step is still to come. */
  get turns() {
    return this.turned !== null && this.now() - this.turned < TURNS;
  }

  /** A page has come. */
  came() {
    this.way = null;
  }
}
