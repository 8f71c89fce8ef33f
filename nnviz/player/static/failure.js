// What went wrong, said where it was to be seen.

import { make } from "./make.js";

/**
 * A message with a button that tries again; `said` may come from anywhere, and stays text.
 *
 * @param {string} said
 * @param {() => void} again
 */
export function failure(said, again) {
  const button = make("button", { type: "button" }, "Try again");
  button.addEventListener("click", again);
  return make("div", { class: "nnviz-failed", role: "alert" }, make("p", {}, said), button);
}
