"""What all maps over the plane share: the grid, the samples, the axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.datasets import Dataset
from nnviz.figures.picture import evenly, numbered
from nnviz.figures.style import CLASS_COLOURS, axis, layout, plotly_text
from nnviz.paper.network import Array

MARGIN = 0.15
"""Space around the samples, in standard deviations of a feature."""

MOST_SAMPLES = 600


def plane_grid(data: Dataset, cells: int) -> tuple[Array, Array, Array]:
    """Coordinates ``[cells]`` of both features, and all their points ``[2×cells²]``, row by row."""
    everything = np.hstack([data.X, data.X_test])
    low, high = everything.min(axis=1) - MARGIN, everything.max(axis=1) + MARGIN
    x1, x2 = (np.linspace(low[i], high[i], cells) for i in (0, 1))
    return x1, x2, np.vstack([np.tile(x1, cells), np.repeat(x2, cells)])


def samples_drawn(data: Dataset) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of the training and of the test samples that are drawn."""
    return evenly(data.y.size, MOST_SAMPLES), evenly(data.y_test.size, MOST_SAMPLES)


def sample_traces(data: Dataset) -> list[dict[str, Any]]:
    """The training samples as points, the test samples as open diamonds, coloured by class.

    They differ in shape: in one of the themes, a point with an edge looks like a ring. One trace
    for all classes: every trace costs a millisecond a frame. A training sample carries its number,
    by which a click opens it.
    """
    traces = []
    train, test = samples_drawn(data)
    for X, y, drawn, name in (
        (data.X, data.y, train, "sample %{customdata}"),
        (data.X_test, data.y_test, test, "test sample"),
    ):
        colours = [CLASS_COLOURS[label] for label in y[drawn]]
        point = {"size": 6, "color": colours, "line": {"width": 0.7, "color": "white"}}
        diamond = {
            "symbol": "diamond-open",
            "size": 8,
            "color": colours,
            "line": {"width": 1.8, "color": colours},
        }
        traces.append(
            dict(
                type="scatter",
                x=X[0, drawn].astype(np.float32),
                y=X[1, drawn].astype(np.float32),
                mode="markers",
                text=[plotly_text(data.class_names[label]) for label in y[drawn]],
                customdata=numbered(drawn) if drawn is train else None,
                marker=point if drawn is train else diamond,
                hovertemplate=f"{name}, class %{{text}}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
            )
        )
    return traces


def plane_layout(data: Dataset, x1: Array, x2: Array, name: str, **more: Any) -> dict[str, Any]:
    """A layout whose axes are the two features."""
    first, second = (f"{plotly_text(feature)}, standardized" for feature in data.feature_names)
    return layout(
        uirevision=f"{name} {data.name}",
        xaxis=axis(first, range=[x1[0], x1[-1]], showgrid=False),
        yaxis=axis(second, range=[x2[0], x2[-1]], showgrid=False),
        **more,
    )
