// What is said of a run, above its pictures.

import { make } from "./make.js";

export class Notice {
  constructor() {
    this.element = make("p", { class: "nnviz-notice", role: "status", hidden: "" });
  }

  /**
   * Say how a run ended. On the Approximation page that comes a moment after the pictures: then its room is
   * kept, or all would jump at every move of a control.
   *
   * @param {import("./protocol.js").Message} run
   * @param {boolean} lacks  Whether there is more to come.
   */
  show(run, lacks) {
    const comes = run.claim?.stage === false && run.status !== "running" && lacks;
    const later = !run.notice && comes && !this.element.hidden;
    this.element.classList.toggle("nnviz-later", later);
    if (later) return;
    this.element.hidden = !run.notice;
    this.element.textContent = run.notice;
    this.element.dataset.status = run.status;
  }
}
