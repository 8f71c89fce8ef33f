"""The pictures of the Step page: the matrices that a stage of a step computes with."""

from __future__ import annotations

import numpy as np

from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import Place
from nnviz.figures.matrix import Matrix, matrix_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.rules import RULE_LABELS
from nnviz.paper.network import Array


def step_pictures(step: Step, at: Place, stage: str) -> list[Picture]:
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
    of_stage = {
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
    }
    return matrix_pictures(of_stage[stage])


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
