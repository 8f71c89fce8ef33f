"""Output space of two classes: an interval, with E, angle and relative error over it."""

from __future__ import annotations

import numpy as np

from nnviz.approximation.pointwise import SHOWN, pointwise
from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated
from nnviz.figures.picture import Picture, evenly, numbered, reduced
from nnviz.figures.style import CLASS_COLOURS, NEUTRAL, axis, layout, plotly_text
from nnviz.paper.network import Array

MOST_SAMPLES = 300
EXTREMES = np.array([0.0, 0.5, 0.75, 1.0])
"""Where E = (1 - A)(1 - 2A) is largest, zero, smallest, and zero again."""


def probability_interval(frames: Frames) -> Picture:
    """E, angle or relative error over the probability of the true class, and the samples there."""
    data = frames.run.dataset
    drawn = evenly(data.y.size, MOST_SAMPLES)
    labels = data.y[drawn]
    A2 = np.stack([p.A2.astype(float) for p in frames.activations(data.X[:, drawn])])
    A, other = (A2[:, of, np.arange(labels.size)] for of in (labels, 1 - labels))
    line = np.linspace(0, 1, 201)
    values = _of_true(A.ravel(), other.ravel()).reshape(len(SHOWN), *A.shape).swapaxes(0, 1)
    over, marks = _of_true(line, 1 - line), _of_true(EXTREMES, 1 - EXTREMES)
    marks[1:] = np.nan  # they are those of E alone
    figure, updates = animated(
        [
            dict(
                type="scatter",
                x=line,
                y=Moving(over[None].astype(np.float32), by_choice=True),
                mode="lines",
                line={"color": NEUTRAL, "width": 1.5},
                hovertemplate="A² = %{x:.2f}: %{y:.3f}<extra></extra>",
            ),
            dict(
                type="scatter",
                x=EXTREMES,
                y=Moving(marks[None].astype(np.float32), by_choice=True),
                mode="markers",
                marker={"symbol": "diamond", "size": 9, "color": NEUTRAL},
                text=["largest E, 1", "E = 0", "smallest E, −1/8", "E = 0"],
                hovertemplate="%{text}<extra></extra>",
                cliponaxis=False,
            ),
            dict(
                type="scatter",
                x=Moving(A.astype(np.float32)),
                y=Moving(values.astype(np.float32), by_choice=True),
                mode="markers",
                marker={
                    "size": 6,
                    "color": [CLASS_COLOURS[label] for label in labels],
                    "line": {"width": 0.5, "color": "white"},
                },
                text=[plotly_text(data.class_names[label]) for label in labels],
                customdata=numbered(drawn),
                hovertemplate="sample %{customdata}, class %{text}<extra></extra>",
                cliponaxis=False,
            ),
        ],
        layout(
            uirevision="interval",
            xaxis=axis("A² of the true class", range=[-0.02, 1.02]),
            yaxis=axis(None, range=[-0.2, 1.05], zeroline=True),
        ),
    )
    return Picture(
        name="interval",
        title="Outputs",
        how_to_read="Points: samples. E = (1−A)(1−2A); the angle of (16) is always 0; relative "
        "error e of (15) as e/(1+e).",
        alt="Curve of E over the probability of the true class, with the samples as points.",
        figure=figure,
        updates=updates,
        choices=(SHOWN,),
        note=reduced([(drawn.size, data.y.size, "samples")]),
        opens="A click chooses the sample.",
    )


def _of_true(A: Array, other: Array) -> Array:
    """All of `SHOWN` ``[3×points]`` for probabilities of the true class and of the other one."""
    return pointwise(np.stack([A, other]), np.array([[1.0], [0.0]]) * np.ones_like(A))
