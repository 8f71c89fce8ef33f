"""A matrix of one step, with the entries that an equation uses outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnviz.figures.picture import Picture, reduced
from nnviz.figures.style import IN_USE, NEUTRAL, axis, colour_axis, layout, plot
from nnviz.paper.network import Array

MOST_ROWS, MOST_COLUMNS = 40, 24
LEGIBLE_ROWS, LEGIBLE_COLUMNS = 6, 6

MANY = {"sample": "samples", "unit": "units", "output": "classes", "feature": "inputs"}
"""What the rows or columns of a matrix are, in words."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix to show.

    Attributes
    ----------
    name, title : str
        Of its picture.
    rows, columns : str
        What they are, as `MANY` has it.
    values : array ``[rows×columns]``
        Its entries, the first row at the top.
    row, column : int or None
        Those in use; None for all.
    like : str
        Matrices that say the same here share the limits of their colours, to be compared.
    """

    name: str
    title: str
    rows: str
    columns: str
    values: Array
    row: int | None
    column: int | None
    like: str = ""

    @property
    def says(self) -> str:
        """What its rows and columns are."""
        return f"rows: {MANY[self.rows]}, columns: {MANY[self.columns]}"


def matrix_pictures(shown: Sequence[Matrix]) -> list[Picture]:
    """Heat maps of matrices, those that are alike in the same colours."""
    largest: dict[str, float] = {}
    for matrix in shown:
        most = float(np.abs(matrix.values).max())
        largest[_group(matrix)] = max(most, largest.get(_group(matrix), 0.0))
    return [_picture(matrix, largest[_group(matrix)] or 1.0) for matrix in shown]


def _group(matrix: Matrix) -> str:
    return matrix.like or matrix.name


def _picture(matrix: Matrix, limit: float) -> Picture:
    """A heat map with what is in use outlined; its colours end at `limit`."""
    rows, columns = matrix.values.shape
    drawn_rows = _around(rows, matrix.row, MOST_ROWS)
    drawn_columns = _around(columns, matrix.column, MOST_COLUMNS)
    cells = matrix.values[np.ix_(drawn_rows, drawn_columns)]
    legible = len(drawn_rows) <= LEGIBLE_ROWS and len(drawn_columns) <= LEGIBLE_COLUMNS
    size = f"[{rows}×{columns}]"
    heatmap = dict(
        type="heatmap",
        z=cells.astype(np.float32),
        x=_shown(drawn_columns),
        y=_shown(drawn_rows),
        # The number of a cell, however many of them are drawn.
        customdata=np.add.outer(np.array(drawn_rows) * columns, drawn_columns).astype(np.int32),
        coloraxis="coloraxis",
        hovertemplate="row %{y}, column %{x}: %{z:.6g}<extra></extra>",
        xgap=1,
        ygap=1,
    )
    if legible:
        heatmap |= {"texttemplate": "%{z:.3g}", "textfont": {"size": 9}}
    used = {
        "type": "rect",
        "x0": (drawn_columns[0] if matrix.column is None else matrix.column) + 0.5,
        "x1": (drawn_columns[-1] if matrix.column is None else matrix.column) + 1.5,
        "y0": (drawn_rows[0] if matrix.row is None else matrix.row) + 0.5,
        "y1": (drawn_rows[-1] if matrix.row is None else matrix.row) + 1.5,
        "line": {"color": IN_USE, "width": 2},
    }
    ticks = {"tickfont": {"size": 9, "color": NEUTRAL}, "showgrid": False}
    return Picture(
        name=matrix.name,
        title=matrix.title,
        how_to_read=f"{size}, {matrix.says}.",
        alt=_in_words(matrix, size),
        figure=plot(
            [heatmap],
            layout(
                uirevision=f"{matrix.name} {size}",
                margin={"l": 26, "r": 8, "t": 4, "b": 20},
                xaxis=axis(
                    None, tickvals=_shown(drawn_columns)[:: -(-len(drawn_columns) // 6)], **ticks
                ),
                yaxis=axis(
                    None,
                    tickvals=_shown(drawn_rows)[:: -(-len(drawn_rows) // 6)],
                    autorange="reversed",
                    **ticks,
                ),
                shapes=[used],
                dragmode=False,
                **colour_axis("coloraxis", -limit, limit),
            ),
        ),
        colour_axis="coloraxis",
        opens="Click to choose.",
        cells=columns,
        note=reduced([(len(drawn_rows), rows, "rows"), (len(drawn_columns), columns, "columns")]),
    )


def _around(count: int, used: int | None, most: int) -> list[int]:
    """At most so many of the numbers 0 … count - 1, one after the other, with the one in use."""
    first = 0 if used is None else min(max(0, used - most // 2), max(0, count - most))
    return list(range(first, min(count, first + most)))


def _shown(drawn: Sequence[int]) -> list[int]:
    """Rows or columns as they are counted on screen, from 1."""
    return [number + 1 for number in drawn]


def _in_words(matrix: Matrix, size: str) -> str:
    """What those see who cannot see it: the entries in use, in numbers."""
    used = matrix.values[
        slice(None) if matrix.row is None else slice(matrix.row, matrix.row + 1),
        slice(None) if matrix.column is None else slice(matrix.column, matrix.column + 1),
    ].ravel()
    numbers = ", ".join(f"{value:.4g}" for value in used[:12])
    more = f" and {used.size - 12} more" if used.size > 12 else ""
    return f"Matrix {matrix.title} {size}, {matrix.says}; in use: {numbers}{more}."
