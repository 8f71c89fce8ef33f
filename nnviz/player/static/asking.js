// When the player asks the server for more of a run, and when it asks again.

/** @typedef {import("./protocol.js").Message} Message */

// ms without anything new until it asks again, each time twice as long up to the most: what was asked is
// lost when a connection is cut. A long queue answers later, and takes no harm.
const FIRST = 800;
const WHILE_RUNNING = 2000; // an answer takes half a second of training, at least
const MOST = 6000;

const RESTS_AFTER = 250; // ms from the first sight of a run until what is measured of it is asked for

export class Asking {
  /**
   * @param {(run: string) => void} more  Asks for more of a run.
   * @param {(run: Message) => boolean} wanted  Whether more of that run is still wanted.
   */
  constructor(more, wanted) {
    this.more = more;
    this.wanted = wanted;
    this.waits = false; // for what was asked for
    /** @type {string | null} What was known when more was asked for. */
    this.asked = null;
    this.patience = FIRST;
    /** @type {string | null} The run that is being stopped. */
    this.stopping = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * A run is on the screen.
   *
   * @param {Message} run
   * @param {string} known  Says how much of it is known.
   */
  see(run, known) {
    if (!this.wanted(run) || this.asked === known) return;
    const running = run.status === "running";
    this.asked = known;
    this.patience = running ? WHILE_RUNNING : FIRST;
    // What is measured, when the visitor rests: who moves a control on is not to wait for it.
    this.ask(run, running ? 0 : RESTS_AFTER);
  }

  /**
   * @param {Message} run
   * @param {number} after  ms
   */
  ask(run, after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.wanted(run)) return;
      this.waits = this.stopping !== run.run;
      if (this.waits) this.more(run.run);
      this.ask(run, this.patience);
      this.patience = Math.min(2 * this.patience, MOST);
    }, after);
  }

  /** Something came: of a run that is new, or newer, if so. */
  came(newer = false) {
    this.waits = false;
    if (newer) this.asked = null;
  }

  /**
   * Tell the server something, and do not ask again meanwhile: the one would take the other's place.
   *
   * @param {Message} run
   * @param {() => void} tells
   */
  tell(run, tells) {
    tells();
    this.ask(run, WHILE_RUNNING);
  }

  /**
   * Stop a run, and ask for no more of it meanwhile.
   *
   * @param {Message} run
   * @param {(run: string) => void} stops
   */
  stop(run, stops) {
    this.stopping = run.run;
    stops(run.run);
    setTimeout(() => {
      this.stopping = null;
    }, MOST);
  }

  end() {
    clearTimeout(this.timer);
  }
}
