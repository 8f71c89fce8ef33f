"""The samples with the largest |E|."""

from __future__ import annotations

import numpy as np

from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated
from nnviz.figures.picture import Picture, numbered
from nnviz.figures.style import CLASS_COLOURS, axis, layout, plotly_text
from nnviz.paper.error_term import error_term_bounds

MOST_SAMPLES = 10


def largest_errors(frames: Frames) -> Picture:
    """Bars: the samples with the largest |E| at the shown epoch, each of which a click opens."""
    data = frames.run.dataset
    count = min(MOST_SAMPLES, data.y.size)
    E = frames.E
    worst = np.argsort(-np.abs(E), axis=1, kind="stable")[:, :count]
    values = np.take_along_axis(E, worst, axis=1).astype(np.float32)
    labels = tuple(f"sample {number}" for number in range(1, data.y.size + 1))
    classes = tuple(f"class {plotly_text(data.class_names[label])}" for label in data.y)
    colours = data.y[worst].astype(np.uint8)
    samples = worst.astype(np.uint16)
    low, high = error_term_bounds(len(data.class_names))
    figure, updates = animated(
        [
            dict(
                type="bar",
                orientation="h",
                x=Moving(values),
                y=list(range(1, count + 1)),
                text=Moving(samples, lookup=labels),
                textposition="outside",
                cliponaxis=False,
                customdata=Moving(numbered(worst)),
                marker={"color": Moving(colours, lookup=CLASS_COLOURS)},
                hovertext=Moving(samples, lookup=classes),
                hovertemplate="%{text}, %{hovertext}: E = %{x:.4f}<extra></extra>",
            )
        ],
        layout(
            uirevision=f"worst {low}",
            xaxis=axis("E", range=[low - 0.5, high + 0.5], zeroline=True),
            yaxis=axis(None, autorange="reversed", showticklabels=False, showgrid=False),
            bargap=0.25,
            dragmode=False,  # bars are for clicking
            margin={"l": 12, "r": 12, "t": 6, "b": 34},
        ),
    )
    return Picture(
        name="worst",
        title="Largest |E|",
        how_to_read="The samples with the largest |E| at the shown epoch, coloured by class.",
        alt="Bar chart of E of the samples in which it is largest.",
        figure=figure,
        updates=updates,
        opens="A click chooses the sample.",
    )
