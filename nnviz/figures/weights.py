"""Heat maps of W1 and W2, with the biases as a column of their own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from nnviz.figures.frames import Frames, largest
from nnviz.figures.moving import animated, in_words
from nnviz.figures.picture import Picture, evenly, linked, reduced
from nnviz.figures.style import axis, colour_axis, layout, plotly_text, plotly_texts
from nnviz.paper.network import Array

MOST_LETTERS = 11
"""Of a name at an axis."""

MOST_CELLS = 2_000
"""Cells of a heat map at most: what a run sends to the page must stay within bounds."""

MOST_COLUMNS = 48

TEXT_COLUMNS, TEXT_ROWS = 10, 18
"""Up to so many columns and rows, the numbers are legible in the cells."""

BIAS_GAP = 0.35
"""Space between the last weight and the bias, in cells."""


def first_layer(frames: Frames) -> Picture:
    """W1 and b1: as an image for each unit where samples are images, else as one matrix."""
    dataset = frames.run.dataset
    if dataset.image_shape is not None:
        return _tiles(frames, dataset.image_shape)
    return _matrix(
        name="W1",
        title="W¹ and b¹, input → hidden",
        how_to_read="Row: a hidden unit. Column: an input it weighs; its bias b¹ stands apart.",
        values=frames.W1b1,
        rows=[f"{unit + 1}" for unit in range(frames.W1b1.shape[1])],
        columns=list(dataset.feature_names),
        bias="b¹",
        row_title="hidden unit",
        row_word="hidden units",
        column_title="input feature",
        units="rows",
        uirevision=f"W1 {dataset.name} {frames.W1b1.shape[1:]}",
    )


def second_layer(frames: Frames) -> Picture:
    """W2 and b2."""
    dataset = frames.run.dataset
    return _matrix(
        name="W2",
        title="W² and b², hidden → output",
        how_to_read="Row: a class. Column: a hidden unit's vote, for (blue) or against (red).",
        values=frames.W2b2,
        rows=list(dataset.class_names),
        columns=[f"{unit + 1}" for unit in range(frames.W2b2.shape[2] - 1)],
        bias="b²",
        row_title="class",
        row_word="classes",
        column_title="hidden unit",
        units="columns",
        uirevision=f"W2 {dataset.name} {frames.W2b2.shape[1:]}",
    )


def _matrix(
    *,
    name: str,
    title: str,
    how_to_read: str,
    values: Array,
    rows: list[str],
    columns: list[str],
    bias: str,
    row_title: str,
    row_word: str,
    column_title: str,
    units: str,
    uirevision: str,
) -> Picture:
    """A heat map of ``values [F×rows×(columns+1)]``, the bias as its last column.

    A hidden unit is one of its ``rows``, or one of its ``columns``, as `units` says.
    """
    drawn_columns = evenly(len(columns), MOST_COLUMNS)
    drawn_rows = evenly(len(rows), MOST_CELLS // (len(drawn_columns) + 1))
    cells = values[:, drawn_rows[:, np.newaxis], [*drawn_columns, -1]]
    limit = largest(values)
    x = [float(position) for position in range(len(drawn_columns))]
    x.append(len(drawn_columns) + BIAS_GAP)
    y = list(range(len(drawn_rows)))
    column_names = [*(columns[column] for column in drawn_columns), bias]
    row_names = [rows[row] for row in drawn_rows]
    legible = len(x) <= TEXT_COLUMNS and len(y) <= TEXT_ROWS
    hover = [[plotly_text(f"{row}, {column}") for column in column_names] for row in row_names]
    heatmap: dict[str, Any] = dict(
        type="heatmap",
        z=in_words(cells),
        x=_edges(x),
        y=y,
        coloraxis="coloraxis",
        text=hover,
        hovertemplate=f"{row_title} %{{text}}<br>%{{z:.4f}}<extra></extra>",
        meta=linked(units, drawn_rows if units == "rows" else drawn_columns),
        xgap=1 if len(x) <= 40 else 0,
        ygap=1 if len(y) <= 40 else 0,
    )
    if legible:
        heatmap["texttemplate"] = "%{z:.2f}" if np.abs(cells).max() < 1000 else "%{z:.1e}"
        heatmap["textfont"] = {"size": 9}
    x_ticks, y_ticks = _every(len(x) - 1, 12), _every(len(y), 14)
    longest_column, longest_row = (
        min(MOST_LETTERS, max(map(len, names))) for names in (columns, row_names)
    )
    upright = longest_column <= 4
    figure, updates = animated(
        [heatmap],
        layout(
            uirevision=uirevision,
            margin={
                "l": 38 + 6 * max(longest_row, 1),
                "r": 16,
                "t": 6,
                "b": 34 if upright else 20 + 4 * longest_column,
            },
            xaxis=axis(
                column_title if upright else None,
                tickvals=[*(x[i] for i in x_ticks), x[-1]],
                ticktext=[*plotly_texts((column_names[i] for i in x_ticks), MOST_LETTERS), bias],
                tickangle=0 if upright else 35,
                showgrid=False,
            ),
            yaxis=axis(
                row_title,
                tickvals=[y[i] for i in y_ticks],
                ticktext=plotly_texts((row_names[i] for i in y_ticks), MOST_LETTERS),
                autorange="reversed",
                showgrid=False,
            ),
            **colour_axis("coloraxis", -limit, limit),
        ),
    )
    return Picture(
        name=name,
        title=title,
        how_to_read=how_to_read,
        alt=f"Heat map of {title}, {len(rows)} rows and {len(columns)} columns, and the biases.",
        figure=figure,
        updates=updates,
        colour_axis="coloraxis",
        note=reduced(
            [
                (len(drawn_rows), len(rows), row_word),
                (len(drawn_columns), len(columns), f"{column_title}s"),
            ]
        ),
    )


def _tiles(frames: Frames, image_shape: tuple[int, int]) -> Picture:
    """The rows of W1 as images, the bias as a bar below each."""
    height, width = image_shape
    units = frames.W1b1.shape[1]
    drawn = evenly(units, MOST_CELLS // ((height + 1) * width))
    across = int(np.ceil(np.sqrt(len(drawn) * 1.4)))
    down = -(-len(drawn) // across)
    limit = largest(frames.W1b1)

    # One tile is the image and, as its last row, the bias; the tiles are laid out as a mosaic.
    weights = frames.W1b1[:, drawn, :-1].reshape(-1, len(drawn), height, width)
    biases = np.broadcast_to(frames.W1b1[:, drawn, -1, None, None], (*weights.shape[:2], 1, width))
    tiles = np.zeros((len(weights), across * down, height + 1, width))
    tiles[:, : len(drawn)] = np.concatenate([weights, biases], axis=2)
    mosaic = tiles.reshape(-1, down, across, height + 1, width).swapaxes(2, 3)
    mosaic = mosaic.reshape(-1, down * (height + 1), across * width)

    hover = np.full((across * down, height + 1, width), "", dtype=object)
    for position, unit in enumerate(drawn):
        for row in range(height):
            for column in range(width):
                hover[position, row, column] = f"unit {unit + 1}, pixel {row + 1}, {column + 1}"
        hover[position, height] = f"unit {unit + 1}, bias b¹"
    text = hover.reshape(down, across, height + 1, width).swapaxes(1, 2)

    lines = [
        {"type": "line", "x0": x, "x1": x, "y0": -0.5, "y1": down * (height + 1) - 0.5}
        for x in np.arange(across + 1) * width - 0.5
    ] + [
        {"type": "line", "x0": -0.5, "x1": across * width - 0.5, "y0": y, "y1": y}
        for y in np.arange(down + 1) * (height + 1) - 0.5
    ]
    figure, updates = animated(
        [
            dict(
                type="heatmap",
                z=in_words(mosaic),
                coloraxis="coloraxis",
                text=text.reshape(mosaic.shape[1:]).tolist(),
                hovertemplate="%{text}<br>%{z:.4f}<extra></extra>",
                meta=linked("tiles", drawn, across=across, rows=height + 1, columns=width),
            )
        ],
        layout(
            uirevision=f"tiles {units}",
            margin={"l": 8, "r": 8, "t": 6, "b": 8},
            xaxis=axis(visible=False, constrain="domain"),
            yaxis=axis(visible=False, autorange="reversed", scaleanchor="x", constrain="domain"),
            shapes=[{**line, "line": {"color": "#8A8A8A", "width": 1.5}} for line in lines],
            **colour_axis("coloraxis", -limit, limit),
        ),
    )
    return Picture(
        name="W1",
        title="W¹ and b¹, input → hidden",
        how_to_read="Tile: a hidden unit's weights, laid out as its input image; the bar below is "
        "its bias.",
        alt=f"The rows of W1 as {len(drawn)} images of {height} by {width} pixels, with biases.",
        figure=figure,
        updates=updates,
        colour_axis="coloraxis",
        note=reduced([(len(drawn), units, "hidden units")]),
    )


def _edges(centres: list[float]) -> list[float]:
    """Edges of columns around the given centres; the gap before the last one goes to both."""
    inner = [(left + right) / 2 for left, right in pairwise(centres)]
    return [centres[0] - 0.5, *inner, centres[-1] + 0.5]


def _every(count: int, most: int) -> range:
    """Positions of the ticks: every one, or every second, fifth, tenth …, to be legible."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 500) if count <= s * most)
    return range(0, count, step)
