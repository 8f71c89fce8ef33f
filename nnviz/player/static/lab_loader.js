// What Streamlit runs where one sample is shown: it only fetches what draws it, which the browser keeps.

/** @param {{ data: import("./lab.js").Sample, parentElement: HTMLElement }} component */
export default async function show(component) {
  const lab = await import(new URL("assets/VERSION/lab.js", document.baseURI).href);
  lab.default(component);
}
