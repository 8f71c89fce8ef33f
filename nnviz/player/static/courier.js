// What Streamlit runs when a run's progress is measured further: it hands that to the players on the page.

/** @param {{ data: Uint8Array, parentElement: HTMLElement }} component */
export default function bring({ data, parentElement }) {
  const place = /** @type {import("./mount.js").Courier} */ (
    parentElement.querySelector("[data-nnviz-progress]")
  );
  place.progress = data;
  document.dispatchEvent(new Event("nnviz-progress"));
}
