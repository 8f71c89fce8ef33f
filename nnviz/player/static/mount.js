// Streamlit's side of the player.

import { make } from "./make.js";
import { Player } from "./player.js";
import { sameMessage, unpack, unpackMessage, unpackStart } from "./wire.js";

const LEAVES_AFTER = 50; // ms without a newer call until the player of a page that is gone is removed

const STAYS = 2000; // ms that a newer call may take, on a busy machine, while the page is still there

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

const players = new Map();

/** Give a player what `courier.js` has brought. */
function giveProgress(player) {
  const brought = document.querySelector("[data-nnviz-progress]")?.progress;
  if (brought) player.receiveProgress(unpack(brought));
}

/**
 * Called again with the same `parentElement` whenever data or theme change; what it returns is called
 * when the component leaves the page.
 */
export default async function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector("[data-nnviz]");
  const host = {
    epoch: (shown) => setStateValue("epoch", shown),
    more: (run) => setTriggerValue("more", run),
    stop: (run) => setTriggerValue("stop", run),
    resume: (run) => setTriggerValue("resume", run),
    sample: (chosen) => setTriggerValue("sample", chosen),
    threshold: (value) => setStateValue("threshold", value),
    check: (shown) => setTriggerValue("check", shown),
    intro: true,
  };
  const mounted = players.get(root) ?? { player: null, calls: 0 };
  players.set(root, mounted);
  mounted.calls += 1;
  const call = mounted.calls;
  const Plotly = await loadPlotly();
  if (mounted.calls === call) {
    if (!mounted.player) {
      // While one page gives way to another, both have a player: the older one has nothing more to ask.
      for (const { player } of players.values()) player?.retire();
      mounted.player = new Player(root, Plotly, host);
    }
    mounted.player.host = host;
    // While progress is measured the same run comes again and again: to read it takes a while.
    if (!sameMessage(mounted.data, data)) mounted.run = unpackMessage(data);
    mounted.data = data;
    mounted.player.receive(mounted.run, unpackStart(data));
    giveProgress(mounted.player);
  }
  return () => {
    // Streamlit also cleans up after a call that a newer one has overtaken, or is about to while it
    // still loads: leave that one's player, which is at the epoch that the visitor chose.
    const leave = (left) => {
      if (mounted.calls !== call) return;
      if (root.isConnected && left > 0) {
        setTimeout(leave, LEAVES_AFTER, left - LEAVES_AFTER);
        return;
      }
      mounted.player?.remove();
      players.delete(root);
    };
    setTimeout(leave, LEAVES_AFTER, STAYS);
  };
}

document.addEventListener("nnviz-progress", () => {
  for (const { player } of players.values()) if (player) giveProgress(player);
});
