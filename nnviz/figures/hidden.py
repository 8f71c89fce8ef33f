"""Hidden activations A1 of the training samples, sorted by class."""

from __future__ import annotations

import numpy as np

from nnviz.figures.frames import Frames, largest
from nnviz.figures.moving import Moving, animated, in_bytes
from nnviz.figures.picture import Picture, evenly, linked, numbered, reduced
from nnviz.figures.style import (
    CLASS_COLOURS,
    axis,
    colour_axis,
    layout,
    plotly_texts,
)

MOST_UNITS, MOST_SAMPLES = 32, 240
"""Rows and columns drawn at most: a byte each, at every keyframe."""


def hidden_activations(frames: Frames) -> Picture:
    """A1 ``[N1×samples]`` at every keyframe, dead units marked."""
    dataset, units = frames.run.dataset, frames.run.config.hidden_units
    drawn_units = evenly(units, MOST_UNITS)
    by_class = np.argsort(dataset.y, kind="stable")
    drawn = by_class[evenly(by_class.size, MOST_SAMPLES)]
    y = dataset.y[drawn]
    cells = np.ix_(drawn_units, drawn)
    A1 = np.empty((len(frames.epochs), len(drawn_units), len(drawn)), np.float32)
    dead = np.empty((len(frames.epochs), len(drawn_units)), bool)
    for frame, of_all in enumerate(frames.hidden(dataset.X)):
        A1[frame] = of_all[cells]
        dead[frame] = ~of_all[drawn_units].any(axis=1)
    # Some activations grow far beyond the rest; the scale ends where one in a thousand is above.
    limit = min(float(np.quantile(A1[::5], 0.999)), largest(A1)) or 1.0
    rows = np.arange(len(drawn_units))
    names = [str(unit + 1) for unit in drawn_units]

    starts = np.flatnonzero(np.r_[True, y[1:] != y[:-1]])
    ends = np.r_[starts[1:], y.size]
    strip = [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": start - 0.5,
            "x1": end - 0.5,
            "y0": -0.035,
            "y1": -0.005,
            "line": {"width": 0},
            "fillcolor": CLASS_COLOURS[y[start]],
        }
        for start, end in zip(starts, ends, strict=True)
    ]
    figure, updates = animated(
        [
            dict(
                type="heatmap",
                z=in_bytes(A1, 0, limit),
                coloraxis="coloraxis2",
                customdata=np.broadcast_to(
                    np.array(plotly_texts(dataset.class_names), object)[y],
                    A1.shape[1:],
                ).tolist(),
                hovertemplate="unit %{y}, a sample of class %{customdata}<br>"
                "A¹ = %{z:.3f}<extra></extra>",
                meta={**linked("rows", drawn_units), "samples": numbered(drawn).tolist()},
            ),
            dict(
                type="scatter",
                x=np.full(len(rows), 0.02 * y.size),
                y=rows,
                mode="markers",
                marker={
                    "symbol": "x",
                    "size": 7,
                    "color": "#D55E00",
                    "opacity": Moving(dead.astype(np.uint8)),
                },
                cliponaxis=False,
                hovertemplate="unit %{y}: dead if marked<extra></extra>",
                hoverinfo="skip",
            ),
        ],
        layout(
            uirevision=f"A1 {dataset.name} {units} {y.size}",
            xaxis=axis(
                "training samples, by class",
                tickvals=((starts + ends - 1) / 2).tolist(),
                ticktext=plotly_texts(
                    (dataset.class_names[y[start]] for start in starts),
                    most=max(4, 36 // len(starts)),
                ),
                range=[-0.5, y.size - 0.5],
                showgrid=False,
                ticks="outside",  # to clear the strip of class colours
                ticklen=7,
                tickcolor="rgba(0,0,0,0)",
            ),
            yaxis=axis(
                "hidden unit",
                tickvals=rows[:: 1 + len(rows) // 17].tolist(),
                ticktext=names[:: 1 + len(rows) // 17],
                # Hovering over a row without a tick would say the row's number, from 0.
                labelalias={f"{row}": name for row, name in enumerate(names)},
                range=[len(rows) - 0.5, -0.5],
                showgrid=False,
            ),
            shapes=strip,
            margin={"l": 44, "r": 16, "t": 6, "b": 42},
            **colour_axis("coloraxis2", 0, limit),
        ),
    )
    return Picture(
        name="A1",
        title="Hidden activations A¹",
        how_to_read="Row: a hidden unit's output for every sample. A unit marked ✕ is dead: 0 for "
        "all samples, so that it cannot learn.",
        alt="Heat map of the hidden activations, units by samples sorted by class.",
        figure=figure,
        updates=updates,
        colour_axis="coloraxis2",
        note=reduced(
            [
                (len(drawn_units), units, "hidden units"),
                (y.size, by_class.size, "samples"),
            ]
        ),
    )
