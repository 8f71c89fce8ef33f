// Names at the ends of lines, in place of a legend that the eye has to go to and fro.

const APART = 1.7; // sizes of the type, which are larger on a projector

const LEAST = 9; // pixels above the foot of a panel, where the axis has its numbers

/**
 * Notes beside the last points of the traces that have a `meta.label`, pushed apart where they meet.
 *
 * `heights` is the height in pixels of the panel of each y axis.
 */
export function lineLabels(traces, layout, heights) {
  const found = [];
  const apart = APART * layout.font.size;
  for (const [axis, height] of Object.entries(heights)) {
    const range = layout[axis.replace("y", "yaxis")].range;
    const [low, high] = range;
    const ends = [];
    for (const { meta, x, y, yaxis = "y", line } of traces) {
      if (!meta?.label || yaxis !== axis) continue;
      let last = y.length - 1;
      while (last >= 0 && !Number.isFinite(y[last])) last -= 1;
      if (last < 0) continue;
      const value = Math.min(Math.max(y[last], low), high);
      ends.push({
        text: meta.label,
        x: x[last],
        at: ((value - low) / (high - low)) * height,
        color: line.color,
      });
    }
    ends.sort((a, b) => a.at - b.at);
    if (ends.length) ends[0].at = Math.max(ends[0].at, LEAST);
    for (let i = 1; i < ends.length; i += 1) ends[i].at = Math.max(ends[i].at, ends[i - 1].at + apart);
    const over = ends.length ? Math.max(0, ends.at(-1).at - height) : 0;
    for (const { text, at, color } of ends) {
      found.push({
        text: `<b>${text}</b>`,
        x: 1,
        xref: "paper",
        xanchor: "left",
        xshift: 4,
        y: low + ((at - over) / height) * (high - low),
        yref: axis,
        yanchor: "middle",
        showarrow: false,
        font: { color },
      });
    }
  }
  return found;
}
