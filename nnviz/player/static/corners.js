// Which classes stand at the corners of a sample's triangle: the true one, and two others.

import { make } from "./make.js";

/**
 * The classes that are drawn: the true one first, then those wanted, or else the most probable others.
 *
 * @param {number[]} A2
 * @param {number} label
 * @param {(number | null)[]} wanted  For the second and the third corner; null for the most probable.
 */
export function drawnClasses(A2, label, wanted = []) {
  // Of three in their order, as in the Outputs picture.
  if (A2.length === 3) return [0, 1, 2].map((n) => (label + n) % 3);
  const fixed = wanted.map((k, n) => (k === label || wanted.indexOf(k) < n ? null : k));
  const others = A2.map((_, k) => k).filter((k) => k !== label && !fixed.includes(k));
  others.sort((a, b) => A2[b] - A2[a]);
  const corners = [0, 1].flatMap((n) => fixed[n] ?? others.shift() ?? []);
  return [label, ...corners];
}

/** Two lists, from which the visitor chooses the classes beside the true one. */
export class Corners {
  /** @param {() => void} chose */
  constructor(chose) {
    this.lists = [0, 1].map(() => make("select"));
    for (const list of this.lists) list.addEventListener("change", chose);
    const [right, above] = this.lists;
    right.setAttribute("aria-label", "Class at the right corner");
    above.setAttribute("aria-label", "Class at the upper corner");
    this.element = make(
      "div",
      { class: "nnviz-lab-corners", hidden: "" },
      make("span", {}, "At the other corners:"),
      right,
      above,
    );
    this.made = "";
  }

  /**
   * Offer the classes of a sample; what is chosen stays, while there is that class.
   *
   * @param {string[]} classes
   * @param {number} label
   */
  receive(classes, label) {
    this.element.hidden = classes.length <= 3;
    const made = JSON.stringify([classes, label]);
    if (made === this.made) return;
    this.made = made;
    for (const [n, list] of this.lists.entries()) {
      const { value } = list;
      const first = make("option", { value: "" }, n ? "next most probable" : "most probable");
      const others = classes.flatMap((name, k) => (k === label ? [] : [make("option", { value: k }, name)]));
      list.replaceChildren(first, ...others);
      list.value = value;
      if (list.selectedIndex < 0) list.value = "";
    }
  }

  /** What is wanted of the second and the third corner. */
  get wanted() {
    return this.lists.map(({ value }) => (value ? Number(value) : null));
  }
}
