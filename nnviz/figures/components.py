"""Samples that do not lie in a plane, seen from the side that shows most of them."""

from __future__ import annotations

import numpy as np

from nnviz.approximation.pointwise import SHOWN, pointwise
from nnviz.figures.frames import Frames
from nnviz.figures.moving import animated, in_bytes
from nnviz.figures.picture import Picture, evenly, numbered, reduced
from nnviz.figures.style import NEUTRAL, axis, colour_axis, layout, plotly_text
from nnviz.paper.error_term import error_term_bounds
from nnviz.paper.network import Array, forward

MOST_SAMPLES = 500


def principal_components(frames: Frames) -> Picture:
    """The samples over their first two principal components, coloured by what is true of each.

    No map behind them: the plane between the samples is not where any sample lies, and what the
    network says there would be about nothing in the data.
    """
    data = frames.run.dataset
    drawn = evenly(data.y.size, MOST_SAMPLES)
    points, share = _components(data.X)
    X, Y = data.X[:, drawn], data.Y[:, drawn]
    low, _ = error_term_bounds(len(data.class_names))
    shades = np.stack(
        [pointwise(forward(keyframe.parameters, X).A2, Y) for keyframe in frames.run.keyframes]
    )
    figure, updates = animated(
        [
            dict(
                type="scatter",
                x=points[0, drawn].astype(np.float32),
                y=points[1, drawn].astype(np.float32),
                mode="markers",
                marker={
                    "size": 8,
                    "color": in_bytes(shades, -1, 1, by_choice=True),
                    "coloraxis": "coloraxis",
                    "line": {"width": 0.7, "color": NEUTRAL},
                },
                text=[plotly_text(data.class_names[label]) for label in data.y[drawn]],
                customdata=numbered(drawn),
                hovertemplate="sample %{customdata}, class %{text}: %{marker.color:.2f}"
                "<extra></extra>",
            )
        ],
        layout(
            uirevision=f"input {data.name}",
            xaxis=axis(f"component 1 ({share[0]:.0%} of the variance)", showgrid=False),
            yaxis=axis(f"component 2 ({share[1]:.0%})", showgrid=False),
            **colour_axis("coloraxis", -1, 1),
        ),
    )
    return Picture(
        name="input",
        title="Inputs",
        how_to_read=f"Samples by principal components. Colour, E: −{-low:.2f} to 1; angle: 1 is "
        "180°; relative error e as e/(1+e).",
        alt="Scatter of the samples over two principal components, coloured by E.",
        figure=figure,
        updates=updates,
        choices=(SHOWN,),
        colour_axis="coloraxis",
        note=reduced([(drawn.size, data.y.size, "samples")]),
        opens="A click chooses the sample.",
    )


def _components(X: Array) -> tuple[Array, Array]:
    """First two principal components ``[2×M]``, and their shares of the variance."""
    centred = X - X.mean(axis=1, keepdims=True)
    variances, directions = np.linalg.eigh(centred @ centred.T)
    first = directions[:, ::-1][:, :2]
    # An eigenvector's sign means nothing: make it one that does not depend on the machine.
    first = first * np.sign(first[np.abs(first).argmax(axis=0), [0, 1]])
    return first.T @ centred, variances[::-1][:2] / variances.sum()
