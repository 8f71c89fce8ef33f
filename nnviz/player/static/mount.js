// Streamlit's side of the player.

import { Drawer } from "./drawer.js";
import { Leaving } from "./leaving.js";
import { make } from "./make.js";
import { mark } from "./marks.js";
import { Player } from "./player.js";
import { sameMessage, unpack, unpackHead, unpackMessage } from "./wire.js";

/** @typedef {import("./plotly.js").Library} Library */
/** @typedef {import("./protocol.js").Message} Message */

/**
 * What Streamlit gives a component.
 *
 * @typedef {object} Component
 * @property {Uint8Array} data
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue  Kept until it is set again.
 * @property {(name: string, value: unknown) => void} setTriggerValue  Told once.
 */

/** @typedef {HTMLElement & { progress?: Uint8Array }} Courier  The element of `courier.js`. */

/** @typedef {HTMLElement & { chosen?: import("./drawer.js").Chosen }} Bringer  The element of `chosen.js`. */

/**
 * @typedef {object} Mounted
 * @property {string} page  Path of the page that it is on.
 * @property {Player | null} player
 * @property {Drawer} [drawer]
 * @property {number} calls
 * @property {Uint8Array} [data]
 * @property {Message} [run]
 */

const LEAVES_AFTER = 50; // ms without a newer call until the player of a page that is gone is removed

const STAYS = 2000; // ms that a newer call may take, on a busy machine, while the page is still there

const ASKS_AFTER = 500; // ms without a player on the page until it asks for one

/** @type {Promise<Library> | undefined} */
let plotly;

/** Load Plotly.js from beside this file: once, and once more if that failed. */
export function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = make("script", { src: new URL("plotly.min.js", import.meta.url).href });
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      plotly = undefined;
      script.remove();
      reject(new Error(`cannot load ${script.src}`));
    });
    document.head.append(script);
  });
  return plotly;
}

/** @type {Map<Element, Mounted>} */
const players = new Map();

let starts = 0; // how often Python has said where to start

const leaving = new Leaving(
  () => location.pathname,
  () => performance.now(),
);

/**
 * Give a player what `courier.js` has brought.
 *
 * @param {Player} player
 */
function giveProgress(player) {
  const courier = /** @type {Courier | null} */ (document.querySelector("[data-nnviz-progress]"));
  const brought = courier?.progress;
  if (brought) player.receiveProgress(unpack(brought));
}

/**
 * Show beside a player's pictures the sample that `chosen.js` has brought; none on a page without.
 *
 * @param {Mounted} mounted
 */
function giveChosen({ player, drawer }) {
  if (!player?.run || player.retired) return;
  const bringers = /** @type {NodeListOf<Bringer>} */ (document.querySelectorAll("[data-nnviz-chosen]"));
  const chosen = [...bringers].map((bringer) => bringer.chosen);
  const own = chosen.findLast((one) => one?.run === player.run.run);
  // That of another run is not yet, or no more, what is shown: it will be there in a moment.
  if (own || drawer?.open === false) drawer?.receive(own ?? null);
  if (!bringers.length) mark({ sample: 0 });
}

/**
 * Called again with the same `parentElement` whenever data or theme change; what it returns is called
 * when the component leaves the page.
 *
 * @param {Component} component
 */
export default async function mount({ data, parentElement, ...component }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector("[data-nnviz]"));
  const page = location.pathname;
  /** @param {(name: string, value: unknown) => void} tells */
  const whileHere =
    (tells) =>
    /** @type {(name: string, value: unknown) => void} */
    (name, value) => {
      if (!leaving.from(page)) tells(name, value);
    };
  const setStateValue = whileHere(component.setStateValue);
  const setTriggerValue = whileHere(component.setTriggerValue);
  /** @type {import("./protocol.js").Host} */
  const host = {
    epoch: (shown) => setStateValue("epoch", shown),
    more: (run) => setTriggerValue("more", run),
    stop: (run) => setTriggerValue("stop", run),
    resume: (run) => setTriggerValue("resume", run),
    point: (chosen) => {
      players.get(root)?.drawer?.expect();
      setTriggerValue("point", chosen);
    },
    step: (shown) => setTriggerValue("step", shown),
    threshold: (value) => setStateValue("threshold", value),
    cell: (chosen) => setTriggerValue("cell", chosen),
    check: (shown) => setTriggerValue("check", shown),
    intro: true,
  };
  /** @type {Mounted} */
  const mounted = players.get(root) ?? { page, player: null, calls: 0 };
  players.set(root, mounted);
  mounted.calls += 1;
  const call = mounted.calls;
  const Plotly = await loadPlotly();
  if (mounted.calls === call) {
    // While progress is measured the same run comes again and again: to read it takes a while.
    const known = sameMessage(mounted.data, data) ? mounted.run : undefined;
    const run = known ?? unpackMessage(data);
    if (!mounted.player) {
      // While one page gives way to another, both have a player: the older one has nothing more to ask.
      for (const other of players.values()) if (other.page !== page) other.player?.retire();
      leaving.came();
      const player = new Player(root, Plotly, host);
      mounted.player = player;
      mounted.drawer = new Drawer(root, {
        close: () => player.open(0),
        usesRoom: () => player.usesRoom,
        byHand: () => player.tell(() => player.host.step?.({ run: player.run.run, epoch: player.epoch })),
      });
    }
    mounted.player.host = host;
    Object.assign(mounted, { data, run });
    const head = unpackHead(data);
    if (head.starts !== starts) leaving.turned = null; // a step of the tour has come, with its controls
    starts = head.starts;
    mounted.player.receive(run, head);
    giveProgress(mounted.player);
    giveChosen(mounted);
  }
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken, or is about to while it
    // still loads: leave that one's player, which is at the epoch that the visitor chose.
    /** @param {number} left  ms that a newer call may still take. */
    const leave = (left) => {
      if (mounted.calls !== call) return;
      if (root.isConnected && left > 0) {
        setTimeout(leave, LEAVES_AFTER, left - LEAVES_AFTER);
        return;
      }
      mounted.player?.remove();
      mounted.drawer?.remove();
      players.delete(root);
      // Where the connection was cut just when more was asked for, the server ends in the middle and
      // has drawn no player: nobody else would ask again.
      if (mounted.player?.asking.waits) setTimeout(askAgain, ASKS_AFTER, mounted.player, page);
    };
    setTimeout(leave, LEAVES_AFTER, STAYS);
  };
}

/**
 * Ask in place of a player that is gone, if the page is there without one.
 *
 * @param {Player} player
 * @param {string} page
 */
function askAgain(player, page) {
  const gone = location.pathname === page && !document.querySelector("[data-nnviz]");
  if (gone) player.host.more(player.run.run);
}

document.addEventListener("click", (click) => leaving.see(click), { capture: true });

document.addEventListener("nnviz-go", (event) => {
  const epoch = /** @type {CustomEvent<number>} */ (event).detail;
  for (const { player } of players.values()) {
    if (!player || player.retired) continue;
    player.pause({ later: true });
    player.start = epoch; // as soon as it is there
    player.goToStart();
  }
});

document.addEventListener("nnviz-light", () => {
  for (const { player, drawer, run, data } of players.values()) {
    if (player && run && data && !player.retired) player.receive(run, unpackHead(data));
    drawer?.place(); // which puts the margins back
  }
});

// What a player tells meanwhile would move the controls back to where Streamlit's page still has them.
document.addEventListener("nnviz-turn", () => leaving.turn());

document.addEventListener("nnviz-progress", () => {
  for (const { player } of players.values()) if (player) giveProgress(player);
});

document.addEventListener("nnviz-chosen", () => {
  for (const mounted of players.values()) giveChosen(mounted);
});
