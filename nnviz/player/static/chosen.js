// What Streamlit runs when another sample is chosen, or is known at more epochs: it hands that to the players.

/** @param {{ data: import("./drawer.js").Chosen, parentElement: HTMLElement }} component */
export default function bring({ data, parentElement }) {
  const place = /** @type {import("./mount.js").Bringer} */ (
    parentElement.querySelector("[data-nnviz-chosen]")
  );
  place.chosen = data;
  document.dispatchEvent(new Event("nnviz-chosen"));
}
