"""The matrices of one step, with the entries that an equation uses outlined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import Place
from nnviz.figures.compared import RULE_LABELS
from nnviz.figures.picture import Picture, reduced
from nnviz.figures.style import NEUTRAL, axis, colour_axis, layout, plot
from nnviz.paper.network import Array

MOST_ROWS, MOST_COLUMNS = 40, 24
LEGIBLE_ROWS, LEGIBLE_COLUMNS = 6, 6


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix to show.

    Attributes
    ----------
    name, title, says : str
        ``says`` is what its rows and columns are.
    values : array ``[rows×columns]``
    row, column : int or None
        Those in use; None for all.
    like : str
        Matrices that say the same here share the limits of their colours, to be compared.
    """

    name: str
    title: str
    says: str
    values: Array
    row: int | None
    column: int | None
    like: str = ""


def stage_matrices(step: Step, at: Place, stage: str) -> list[Picture]:
    """The matrices that a stage of a step computes with."""
    a, g, m, j, k, i = (
        step.activations,
        step.gradients,
        at.sample,
        at.unit,
        at.output,
        at.feature,
    )
    samples = "columns: samples"
    first, second = "rows: units, columns: inputs", "rows: classes, columns: units"
    before, after = step.before, step.after
    G = step.G[step.rule]
    A2 = Matrix("A2", "A²", f"rows: classes, {samples}", a.A2, None, m, "outputs")
    Y = Matrix("Y", "Y", f"rows: classes, {samples}", step.Y, None, m, "outputs")
    W1 = Matrix("W1", "W¹ | b¹", first, _with(before.W1, before.b1), j, None)
    W2 = Matrix("W2", "W² | b²", second, _with(before.W2, before.b2), k, None)
    shown = {
        "forward": [
            Matrix("X", "A⁰ = X", f"rows: inputs, {samples}", step.X, None, m),
            W1,
            Matrix("Z1", "Z¹", f"rows: units, {samples}", a.Z1, j, m),
            Matrix("A1", "A¹", f"rows: units, {samples}", a.A1, None, m),
            W2,
            Matrix("Z2", "Z²", f"rows: classes, {samples}", a.Z2, k, m),
            A2,
        ],
        "loss": [
            A2,
            Y,
            Matrix("D", "D = A² − Y", f"rows: classes, {samples}", step.D, None, m, "outputs"),
        ],
        "output gradient": [
            A2,
            Y,
            *(
                Matrix(rule, f"G {label}", f"rows: classes, {samples}", step.G[rule], k, m, "G")
                for rule, label in RULE_LABELS.items()
            ),
        ],
        "back-propagation": [
            Matrix("G", "G", f"rows: classes, {samples}", G, k, None),
            Matrix("A1", "A¹", f"rows: units, {samples}", a.A1, j, None),
            Matrix("dW2", "dW² | db²", second, _with(g.dW2, g.db2), k, j),
            Matrix("P", "P, Eq. (24)", f"rows: units, {samples}", step.P, j, None),
            Matrix("X", "A⁰ = X", f"rows: inputs, {samples}", step.X, i, None),
            Matrix("dW1", "dW¹ | db¹", first, _with(g.dW1, g.db1), j, i),
        ],
        "update": [
            _entry(W1, j, i, "before"),
            Matrix("dW1", "dW¹ | db¹", first, _with(g.dW1, g.db1), j, i),
            _entry(W1, j, i, "after", _with(after.W1, after.b1)),
            _entry(W2, k, j, "before"),
            Matrix("dW2", "dW² | db²", second, _with(g.dW2, g.db2), k, j),
            _entry(W2, k, j, "after", _with(after.W2, after.b2)),
        ],
    }[stage]
    largest: dict[str, float] = {}
    for matrix in shown:
        most = float(np.abs(matrix.values).max())
        largest[_group(matrix)] = max(most, largest.get(_group(matrix), 0.0))
    return [_picture(matrix, largest[_group(matrix)] or 1.0) for matrix in shown]


def _group(matrix: Matrix) -> str:
    return matrix.like or matrix.name


def _with(weights: Array, biases: Array) -> Array:
    return np.hstack([weights, biases])


def _entry(matrix: Matrix, row: int, column: int, when: str, values: Array | None = None) -> Matrix:
    return Matrix(
        f"{matrix.name} {when}",
        f"{matrix.title} {when}",
        matrix.says,
        matrix.values if values is None else values,
        row,
        column,
        matrix.name,
    )


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
        x=drawn_columns,
        y=drawn_rows,
        coloraxis="coloraxis",
        hovertemplate="row %{y}, column %{x}: %{z:.6g}<extra></extra>",
        xgap=1,
        ygap=1,
    )
    if legible:
        heatmap |= {"texttemplate": "%{z:.3g}", "textfont": {"size": 9}}
    used = {
        "type": "rect",
        "x0": (drawn_columns[0] if matrix.column is None else matrix.column) - 0.5,
        "x1": (drawn_columns[-1] if matrix.column is None else matrix.column) + 0.5,
        "y0": (drawn_rows[0] if matrix.row is None else matrix.row) - 0.5,
        "y1": (drawn_rows[-1] if matrix.row is None else matrix.row) + 0.5,
        "line": {"color": "#D55E00", "width": 2},
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
                xaxis=axis(None, tickvals=drawn_columns[:: -(-len(drawn_columns) // 6)], **ticks),
                yaxis=axis(
                    None,
                    tickvals=drawn_rows[:: -(-len(drawn_rows) // 6)],
                    autorange="reversed",
                    **ticks,
                ),
                shapes=[used],
                dragmode=False,
                **colour_axis("coloraxis", -limit, limit),
            ),
        ),
        scale="coloraxis",
        note=reduced([(len(drawn_rows), rows, "rows"), (len(drawn_columns), columns, "columns")]),
    )


def _around(count: int, used: int | None, most: int) -> list[int]:
    """At most so many of the numbers 0 … count - 1, one after the other, with the one in use."""
    first = 0 if used is None else min(max(0, used - most // 2), max(0, count - most))
    return list(range(first, min(count, first + most)))


def _in_words(matrix: Matrix, size: str) -> str:
    """What those see who cannot see it: the entries in use, in numbers."""
    used = matrix.values[
        slice(None) if matrix.row is None else slice(matrix.row, matrix.row + 1),
        slice(None) if matrix.column is None else slice(matrix.column, matrix.column + 1),
    ].ravel()
    numbers = ", ".join(f"{value:.4g}" for value in used[:12])
    more = f" and {used.size - 12} more" if used.size > 12 else ""
    return f"Matrix {matrix.title} {size}, {matrix.says}; in use: {numbers}{more}."
