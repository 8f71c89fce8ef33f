// What Streamlit runs when a run's progress is measured further: it hands that to the players on the page.

export default function bring({ data, parentElement }) {
  parentElement.querySelector("[data-nnviz-progress]").progress = data;
  document.dispatchEvent(new Event("nnviz-progress"));
}
