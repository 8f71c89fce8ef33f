"""Confusion matrices, for data that do not lie in a plane."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated
from nnviz.figures.picture import Picture
from nnviz.figures.style import axis, colour_axis, layout, plotly_texts
from nnviz.paper.network import Array


def confusion_matrix(frames: Frames) -> Picture:
    """True against predicted class, training and test samples side by side."""
    dataset = frames.run.dataset
    parts = [("training", dataset.X, dataset.y)]
    if dataset.y_test.size:
        parts.append(("test", dataset.X_test, dataset.y_test))
    classes = len(dataset.class_names)
    names = plotly_texts(dataset.class_names, most=10)
    ticks = list(range(classes))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    headings: list[dict[str, Any]] = []
    for position, (part, X, y) in enumerate(parts):
        # The colour is the share of the true class; the number, the count.
        counts, shares = counted(frames, X, y)
        suffix = "" if position == 0 else "2"
        traces.append(
            dict(
                type="heatmap",
                z=Moving(shares.astype(np.float32)),
                text=Moving(counts.astype(np.uint16)),
                texttemplate="%{text}",
                textfont={"size": 10 if classes <= 6 else 8},
                coloraxis="coloraxis2",
                xaxis=f"x{suffix}",
                yaxis=f"y{suffix}",
                xgap=1,
                ygap=1,
                hovertemplate="true %{y}, predicted %{x}<br>%{text} samples, %{z:.0%} of the "
                f"true class ({part})<extra></extra>",
            )
        )
        axes |= {
            f"xaxis{suffix}": axis(
                "predicted", tickvals=ticks, ticktext=names, showgrid=False, automargin=True
            ),
            f"yaxis{suffix}": axis(
                "true" if position == 0 else None,
                tickvals=ticks,
                ticktext=names,
                showticklabels=position == 0,
                autorange="reversed",
                showgrid=False,
                automargin=True,
            ),
        }
        headings.append(
            dict(
                text=part,
                xref=f"x{suffix} domain",
                yref=f"y{suffix} domain",
                x=0.5,
                y=1.0,
                yanchor="bottom",
                showarrow=False,
            )
        )
    figure, updates = animated(
        traces,
        layout(
            uirevision=f"confusion {dataset.name} {len(parts)}",
            margin={"l": 8, "r": 8, "t": 20, "b": 34},
            grid={"rows": 1, "columns": len(parts), "pattern": "independent", "xgap": 0.06},
            **colour_axis("coloraxis2", 0, 1),
            **axes,
            annotations=headings,
        ),
    )
    return Picture(
        name="confusion",
        title="Confusion matrix",
        how_to_read="Row: the true class. Column: the predicted class. Perfect predictions lie "
        "on the diagonal.",
        alt="Confusion matrices of training and test samples.",
        figure=figure,
        updates=updates,
    )


def counted(frames: Frames, X: Array, y: np.ndarray) -> tuple[np.ndarray, Array]:
    """How many samples of each class ``[row]`` are taken for which ``[column]``, at every keyframe.

    Returns
    -------
    counts, shares : array ``[F×classes×classes]``
        The second in shares of the true class.
    """
    classes = len(frames.run.dataset.class_names)
    counts = np.stack([_counts(p.A2, y, classes) for p in frames.activations(X)])
    return counts, counts / np.maximum(counts[0].sum(axis=1, keepdims=True), 1)


def _counts(A2: Array, y: np.ndarray, classes: int) -> np.ndarray:
    """How many samples of each true class ``[row]`` get each prediction ``[column]``."""
    return np.bincount(y * classes + A2.argmax(axis=0), minlength=classes**2).reshape(
        classes, classes
    )
