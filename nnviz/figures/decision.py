"""The decision map: what the network says at every point of the plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated, in_bytes
from nnviz.figures.picture import Mark, Picture, evenly, linked, reduced
from nnviz.figures.plane import plane_grid, plane_layout, sample_traces, samples_drawn
from nnviz.figures.style import CLASS_COLOURS, NEUTRAL, with_alpha
from nnviz.paper.network import Array

GRID = 40
"""Cells a side."""

MOST_FOLDS = 64


def decision_map(frames: Frames) -> Picture:
    """Predicted class and certainty over the plane, the samples, and each unit's fold line."""
    dataset = frames.run.dataset
    x1, x2, plane = plane_grid(dataset, GRID)
    classes = len(dataset.class_names)
    folds_drawn = evenly(frames.run.config.hidden_units, MOST_FOLDS)
    fold_x, fold_y = fold_lines(frames.W1b1[:, folds_drawn], plane.min(axis=1), plane.max(axis=1))
    train, test = samples_drawn(dataset)
    traces = [
        dict(
            type="heatmap",
            z=shaded(frames, plane, GRID),
            x=x1,
            y=x2,
            zmin=0,
            zmax=classes,
            zsmooth="fast",
            colorscale=class_scale(classes),
            showscale=False,
            hoverinfo="skip",
        ),
        dict(
            type="scatter",
            x=Moving(fold_x),
            y=Moving(fold_y),
            mode="lines",
            line={"color": NEUTRAL, "width": 1},
            hoverinfo="skip",
            meta=linked("lines", folds_drawn),
        ),
    ]
    figure, updates = animated(
        [*traces, *sample_traces(dataset)], plane_layout(dataset, x1, x2, "decision")
    )
    return Picture(
        name="decision",
        title="Decision map",
        how_to_read="Colour: predicted class, stronger where more certain. Lines: where a hidden "
        "unit folds (Z¹ = 0). Diamonds: test samples.",
        alt="Map of the predicted class over the plane, with the samples and the fold lines.",
        figure=figure,
        updates=updates,
        legend=tuple(
            Mark(name, CLASS_COLOURS[label], "point")
            for label, name in enumerate(dataset.class_names)
        ),
        opens="A click chooses the sample.",
        note=reduced(
            [
                (len(folds_drawn), frames.run.config.hidden_units, "fold lines"),
                (len(train), dataset.y.size, "training samples"),
                (len(test), dataset.y_test.size, "test samples"),
            ]
        ),
    )


def shaded(frames: Frames, plane: Array, cells: int) -> Moving:
    """What the network says of a grid's points ``[2×cells²]``, at every keyframe."""
    shades = np.stack([_shade(p.A2).reshape(cells, cells) for p in frames.activations(plane)])
    return in_bytes(shades, 0, len(frames.run.dataset.class_names))


def _shade(A2: Array) -> Array:
    """Class and certainty in one number: class k, from a guess to certainty, is k + 0 … k + 1.

    Kept off the whole numbers, where one class's colours end and the next one's begin.
    """
    guess = 1 / len(A2)
    certainty = (A2.max(axis=0) - guess) / (1 - guess)
    return A2.argmax(axis=0) + np.clip(certainty, 0.02, 0.98)


def class_scale(classes: int) -> list[list[object]]:
    """Colours of `shaded`: each class fades in from nothing."""
    stops: list[list[object]] = []
    for label in range(classes):
        stops.append([label / classes, with_alpha(CLASS_COLOURS[label], 0.04)])
        stops.append([(label + 1) / classes, with_alpha(CLASS_COLOURS[label], 0.55)])
    return stops


def fold_lines(
    W1b1: Array, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where Z1 = w₁x₁ + w₂x₂ + b = 0 crosses a box, for every keyframe and unit.

    Parameters
    ----------
    W1b1 : array ``[F×N1×3]``
        [W1 b1] at every keyframe, of two inputs.
    low, high : array ``[2]``
        The box.

    Returns
    -------
    x, y : array ``[F×3·N1]``
        For each unit the two ends of its line and NaN, which lifts the pen; all NaN where the
        line misses the box.
    """
    w, b = W1b1[..., :2], W1b1[..., 2]
    ends = np.full((*b.shape, 4, 2), np.nan)  # on the sides x₁ = low, high and x₂ = low, high
    with np.errstate(divide="ignore", invalid="ignore"):
        for side, (fixed, at) in enumerate([(0, low[0]), (0, high[0]), (1, low[1]), (1, high[1])]):
            free = 1 - fixed
            crossing = -(w[..., fixed] * at + b) / w[..., free]
            inside = (crossing >= low[free]) & (crossing <= high[free])
            ends[..., side, fixed] = np.where(inside, at, np.nan)
            ends[..., side, free] = np.where(inside, crossing, np.nan)
    # Of the two to four crossings (corners count twice) the outermost along the line are its ends.
    along = ends[..., 0] * -w[..., None, 1] + ends[..., 1] * w[..., None, 0]
    first = np.argmin(np.where(np.isnan(along), np.inf, along), axis=-1)
    last = np.argmax(np.where(np.isnan(along), -np.inf, along), axis=-1)
    line = np.full((*b.shape, 3, 2), np.nan)
    for position, end in ((0, first), (1, last)):
        line[..., position, :] = np.take_along_axis(ends, end[..., None, None], axis=-2)[..., 0, :]
    flat = line.reshape(len(W1b1), -1, 2).astype(np.float32)
    return flat[..., 0], flat[..., 1]
