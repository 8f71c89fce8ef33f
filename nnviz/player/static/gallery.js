// The pictures on the page: a view for each, in its place.

import { lastAtMost } from "./epochs.js";
import { make } from "./make.js";
import { PictureView } from "./picture.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./protocol.js").Message} Message */
/** @typedef {import("./theme.js").Theme} Theme */

export class Gallery {
  /**
   * @param {import("./plotly.js").Library} Plotly
   * @param {() => void} changed  Called when a picture is to be drawn.
   * @param {((point: number, picture: import("./protocol.js").Picture) => void) | null} opened  Called when a point is to be opened.
   */
  constructor(Plotly, changed, opened) {
    this.Plotly = Plotly;
    this.changed = changed;
    this.opened = opened;
    this.element = make("div", { class: "nnviz-pictures" });
    /** @type {Map<string, PictureView>} */
    this.views = new Map();
    this.order = "";
  }

  /**
   * Keep a view for every picture of a run.
   *
   * @param {Message} run
   * @param {Claim | null} claim
   */
  receive(run, claim) {
    this.element.style.setProperty("--span", run.columns ? String(12 / run.columns) : "auto");
    const names = new Set(run.pictures.map(({ name }) => name));
    for (const [name, view] of this.views) {
      if (!names.has(name)) {
        view.remove();
        this.views.delete(name);
      }
    }
    for (const spec of run.pictures) {
      const view =
        this.views.get(spec.name) ??
        new PictureView(this.Plotly, spec, run.themes, this.changed, this.opened);
      this.views.set(spec.name, view);
      view.attempt(() => view.receive(spec, run.themes));
      claim?.dress(view);
    }
    const order = run.pictures.map(({ name, group }) => `${group}:${name}`).join();
    if (order !== this.order) this.arrange(run, claim);
    this.order = order;
  }

  /**
   * Put the pictures on the page: on the stage, or in their order, each group below its heading.
   *
   * @param {Message} run
   * @param {Claim | null} claim
   */
  arrange(run, claim) {
    const views = run.pictures.flatMap(({ name }) => this.views.get(name) ?? []);
    if (claim?.stage) {
      this.element.replaceChildren(...claim.stage.place(views));
      return;
    }
    this.element.replaceChildren();
    let heading = "";
    for (const { spec, element } of views) {
      if (spec.group !== heading) this.element.append(make("h2", { class: "nnviz-group" }, spec.group));
      heading = spec.group;
      element.dataset.row = String(views.filter((view) => view.spec.group === heading).length);
      this.element.append(element);
    }
  }

  /**
   * Have pictures drawn anew, each when it is seen: all, the claim's, or those over epochs.
   *
   * @param {"all" | "claim" | "cursor"} which
   */
  redraw(which) {
    for (const view of this.views.values()) {
      const { place, cursor } = view.spec;
      if (which === "all" || (which === "claim" ? place === "claim" : cursor)) view.drawn = null;
    }
  }

  /**
   * Show an epoch, in those pictures that are seen.
   *
   * @param {Message} run
   * @param {number} epoch
   * @param {Theme} theme
   * @param {import("./epochs.js").EpochScale | null} scale
   */
  async show(run, epoch, theme, scale) {
    for (const view of this.views.values()) {
      if (!view.visible) continue;
      const own = view.spec.keyframes?.flat; // a run beside others has keyframes of its own
      const keyframes = own ?? run.keyframes.flat;
      const keyframe = lastAtMost(keyframes, epoch);
      if (run.still) view.pictured = null;
      else view.pictured = view.spec.cursor ? epoch : keyframes[keyframe];
      await view.follow(epoch, keyframe, own?.[keyframe], theme, scale);
    }
  }

  remove() {
    for (const view of this.views.values()) view.remove();
  }
}
