// What Streamlit runs where the tour's bar is: it only fetches what draws it, which the browser keeps.

/** @param {import("./tour.js").Component} component */
export default async function show(component) {
  const tour = await import(new URL("assets/VERSION/tour.js", document.baseURI).href);
  return tour.default(component);
}
