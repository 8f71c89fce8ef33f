"""Samples that are images, each with what the network takes it for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated
from nnviz.figures.picture import Picture, evenly, numbered, reduced
from nnviz.figures.style import axis, colour_axis, layout, plotly_text

MOST = 40
"""Images at most."""

ACROSS = 8

RIGHT, WRONG = "#1F8F6B", "#C9502C"
"""As where an approximation holds and fails on the ribbon; wrong answers are crossed, too."""

CAPTION = 0.45
"""Room for the answer below an image, in heights of it."""


def images_with_answers(frames: Frames) -> Picture:
    """Training samples of every class as images, and below each the predicted class."""
    data = frames.run.dataset
    assert data.image_shape is not None
    height, width = data.image_shape
    drawn = some_of_each_class(data.y, MOST)
    down = -(-len(drawn) // ACROSS)
    pixels = data.X[:, drawn].T.reshape(-1, height, width)
    step = height + round(CAPTION * height)
    mosaic = np.full((down * step, ACROSS * (width + 1)), np.nan, np.float32)
    x, y = np.empty(len(drawn)), np.empty(len(drawn))
    for at, image in enumerate(pixels):
        row, column = divmod(at, ACROSS)
        top, left = row * step, column * (width + 1)
        mosaic[top : top + height, left : left + width] = image
        x[at], y[at] = left + (width - 1) / 2, top + height + 0.22 * height
    answers = np.stack([p.A2.argmax(axis=0) for p in frames.activations(data.X[:, drawn])])
    is_right = (answers == data.y[drawn]).astype(np.uint8)
    names = [plotly_text(name, 6) for name in data.class_names]
    said = tuple(f"{mark}{name}" for name in names for mark in ("✗ ", ""))
    said_at = (2 * answers + is_right).astype(np.uint8)
    figure, updates = animated(
        [
            dict(
                type="heatmap",
                z=mosaic,
                coloraxis="coloraxis2",
                hoverinfo="skip",
            ),
            dict(
                type="scatter",
                x=x.astype(np.float32),
                y=y.astype(np.float32),
                mode="text",
                text=Moving(said_at, lookup=said),
                textfont={"size": 11, "color": Moving(is_right, lookup=(WRONG, RIGHT))},
                customdata=numbered(drawn),
                # The image above the answer, from whose middle it reaches so far.
                meta={
                    "around": [-width / 2, -1.22 * height - 0.5, width / 2, -0.22 * height - 0.5]
                },
                hovertext=[f"class {names[label]}" for label in data.y[drawn]],
                hovertemplate="sample %{customdata}, %{hovertext}: predicted %{text}"
                "<extra></extra>",
            ),
        ],
        layout(
            uirevision=f"images {data.name}",
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            dragmode=False,
            xaxis=axis(visible=False, range=[-1, mosaic.shape[1]], constrain="domain"),
            yaxis=axis(
                visible=False,
                range=[len(mosaic), -1],
                scaleanchor="x",
                constrain="domain",
            ),
            **colour_axis("coloraxis2", float(data.X.min()), float(data.X.max())),
        ),
    )
    return Picture(
        name="images",
        title="What the network predicts",
        how_to_read="Below each training sample: the predicted class; ✗ if wrong.",
        alt=f"{len(drawn)} training samples as images, each with the predicted class.",
        figure=figure,
        updates=updates,
        opens="A click chooses the sample.",
        note=reduced([(len(drawn), data.y.size, "training samples")]),
    )


def some_of_each_class(y: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Numbers of samples, at most so many, about as many of each class, class by class."""
    classes = np.unique(y)
    each = max(1, most // len(classes))
    chosen = [np.flatnonzero(y == label) for label in classes]
    return np.concatenate([members[evenly(members.size, each)] for members in chosen])[:most]
