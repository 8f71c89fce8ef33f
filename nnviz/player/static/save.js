// A picture as a file: as it is on the page, with its title, legend and colour scale in it.

const DISK = {
  width: 24,
  height: 24,
  path: "M5 3h12l4 4v14H3V5a2 2 0 0 1 2-2zm2 2v5h9V5zm5 8a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
};

const SHARPNESS = 2; // pixels of a PNG for each on the page

/** @typedef {import("./plotly.js").Attributes} Attributes */
/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./theme.js").Theme} Theme */

/**
 * Text that Plotly shows letter by letter.
 *
 * @param {string} text
 */
function plotlyText(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * The picture's traces as a figure of its own.
 *
 * @param {{ layout: Attributes }} plot
 * @param {Attributes[]} data
 * @param {Picture} spec
 * @param {Theme} theme
 * @param {number | null} epoch  The one shown, if there are several.
 */
export function standalone(plot, data, spec, theme, epoch) {
  const layout = structuredClone(plot.layout);
  const marks = spec.legend.map(
    ({ label, colour }) => `<span style="color:${colour}">■</span> ${plotlyText(label)}`,
  );
  const at = epoch === null ? "" : `, epoch ${epoch.toLocaleString("en")}`;
  Object.assign(layout, {
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    title: {
      text: `<b>${plotlyText(spec.title)}</b>${at}`,
      subtitle: { text: marks.join("   ") },
      font: { size: 15 },
      x: 0.02,
      xanchor: "left",
      y: 0.97,
      yanchor: "top",
    },
    margin: {
      ...layout.margin,
      t: (layout.margin?.t ?? 0) + 52,
      r: (layout.margin?.r ?? 0) + (spec.colourAxis ? 64 : 8),
    },
  });
  if (spec.colourAxis)
    Object.assign(layout[spec.colourAxis], {
      showscale: true,
      colorbar: { ...layout[spec.colourAxis].colorbar, thickness: 10, outlinewidth: 0 },
    });
  if (spec.cursor && epoch !== null) {
    const line = {
      type: "line",
      x0: epoch,
      x1: epoch,
      yref: "paper",
      y0: 0,
      y1: 1,
      line: { width: 1, color: theme.text },
    };
    layout.shapes = [...(layout.shapes ?? []), line];
  }
  return { data: structuredClone(data), layout };
}

/**
 * Buttons of Plotly's own bar.
 *
 * @param {import("./plotly.js").Library} Plotly
 * @param {() => { data: Attributes[], spec: Picture, theme: Theme, epoch: number | null }} ask
 */
export function saveButtons(Plotly, ask) {
  return ["png", "svg"].map((format) => ({
    name: `save as ${format}`,
    title: `Save as ${format.toUpperCase()}`,
    icon: format === "png" ? Plotly.Icons.camera : DISK,
    /** @param {import("./plotly.js").Plot} plot */
    click: (plot) => {
      const { data, spec, theme, epoch } = ask();
      const width = plot.clientWidth + (spec.colourAxis ? 64 : 8);
      return Plotly.downloadImage(standalone(plot, data, spec, theme, epoch), {
        format,
        width,
        height: plot.clientHeight + 52,
        scale: format === "png" ? SHARPNESS : 1,
        filename: `nnviz ${spec.name}${epoch === null ? "" : ` epoch ${epoch}`}`.replaceAll(/\W+/g, "-"),
      });
    },
  }));
}
