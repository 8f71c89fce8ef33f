// What Streamlit runs: it travels with every message, so it only fetches the player, which the browser keeps.

let failures = 0;

/** The player, when it and all that it needs is there. */
async function load() {
  // A module that was lost, and those that import it, not every browser asks for by that address again.
  const again = failures ? `.${failures}` : "";
  const address = new URL(`assets/VERSION${again}/mount.js`, document.baseURI).href;
  const player = await import(address).catch((error) => {
    failures += 1;
    throw error;
  });
  await player.loadPlotly();
  return player;
}

/**
 * Say in place of the player that it is missing, until the visitor wants to try again.
 *
 * @param {HTMLElement} root
 */
function askToTryAgain(root) {
  const said = document.createElement("p");
  said.textContent = "The pictures could not be loaded: a file did not arrive from the server.";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  const failed = document.createElement("div");
  failed.className = "nnviz-failed";
  failed.setAttribute("role", "alert");
  failed.append(said, button);
  const focused = root.contains(document.activeElement);
  root.classList.add("nnviz");
  root.replaceChildren(failed);
  if (focused) button.focus();
  return new Promise((resolve) => {
    button.addEventListener("click", resolve, { once: true });
  });
}

/** @param {import("./mount.js").Component} component */
export default async function show(component) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector("[data-nnviz]"));
  let player = null;
  while (!player) {
    player = await load().catch(() => askToTryAgain(root).then(() => null));
  }
  return player.default(component);
}
