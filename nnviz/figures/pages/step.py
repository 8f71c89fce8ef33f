"""The pictures of the Step page: the matrices that a stage of a step computes with."""

from __future__ import annotations

import numpy as np

from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import Place
from nnviz.figures.matrix import Matrix, matrix_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.rules import RULE_LABELS
from nnviz.paper.network import Array

_OF_CLASSES, _OF_UNITS, _OF_INPUTS = (
    ("output", "sample"),
    ("unit", "sample"),
    ("feature", "sample"),
)
_FIRST, _SECOND = ("unit", "feature"), ("output", "unit")

AXES: dict[str, tuple[str, str]] = {
    "X": _OF_INPUTS,
    **dict.fromkeys(("Z1", "A1", "P"), _OF_UNITS),
    **dict.fromkeys(("Z2", "A2", "Y", "D", "G", *RULE_LABELS), _OF_CLASSES),
    **dict.fromkeys(("W1", "dW1", "W1 before", "W1 after"), _FIRST),
    **dict.fromkeys(("W2", "dW2", "W2 before", "W2 after"), _SECOND),
}
"""What rows and columns of each matrix are, as attributes of `Place`.

Of weights the last column is the biases, which are of no input and of no unit."""

PATH = "path"
"""Name of the network's picture, the rows of which are its layers."""

_LAYERS = ("feature", "unit", "output")


def chosen_by(picture: str, row: int, column: int) -> dict[str, int]:
    """What a click on a cell of a matrix, or on a node of the network, chooses.

    Whether a step has as many is not known here: of a column of biases there is none.

    Parameters
    ----------
    picture : str
        Its name.
    row, column : int
        From 0; of the network, the layer and the node.

    Examples
    --------
    >>> chosen_by("Z1", 3, 17)
    {'unit': 3, 'sample': 17}
    >>> chosen_by("path", 2, 1)
    {'output': 1}
    """
    if picture == PATH:
        return {_LAYERS[row]: column} if row < len(_LAYERS) else {}
    return dict(zip(AXES.get(picture, ()), (row, column), strict=False))


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
    before, after = step.before, step.after
    A2 = _matrix("A2", "A²", a.A2, None, m, "outputs")
    Y = _matrix("Y", "Y", step.Y, None, m, "outputs")
    W1, W2 = _with(before.W1, before.b1), _with(before.W2, before.b2)
    dW1 = _matrix("dW1", "dW¹ | db¹", _with(g.dW1, g.db1), j, i)
    dW2 = _matrix("dW2", "dW² | db²", _with(g.dW2, g.db2), k, j)
    of_stage = {
        "forward": [
            _matrix("X", "A⁰ = X", step.X, None, m),
            _matrix("W1", "W¹ | b¹", W1, j, None),
            _matrix("Z1", "Z¹", a.Z1, j, m),
            _matrix("A1", "A¹", a.A1, None, m),
            _matrix("W2", "W² | b²", W2, k, None),
            _matrix("Z2", "Z²", a.Z2, k, m),
            A2,
        ],
        "loss": [A2, Y, _matrix("D", "D = A² − Y", step.D, None, m, "outputs")],
        "output gradient": [
            A2,
            Y,
            *(
                _matrix(rule, f"G {label}", step.G[rule], k, m, "G")
                for rule, label in RULE_LABELS.items()
            ),
        ],
        "back-propagation": [
            _matrix("G", "G", step.G[step.rule], k, None),
            _matrix("A1", "A¹", a.A1, j, None),
            dW2,
            _matrix("P", "P, Eq. (24)", step.P, j, None),
            _matrix("X", "A⁰ = X", step.X, i, None),
            dW1,
        ],
        "update": [
            _matrix("W1 before", "W¹ | b¹ before", W1, j, i, "W1"),
            dW1,
            _matrix("W1 after", "W¹ | b¹ after", _with(after.W1, after.b1), j, i, "W1"),
            _matrix("W2 before", "W² | b² before", W2, k, j, "W2"),
            dW2,
            _matrix("W2 after", "W² | b² after", _with(after.W2, after.b2), k, j, "W2"),
        ],
    }
    return matrix_pictures(of_stage[stage])


def _with(weights: Array, biases: Array) -> Array:
    return np.hstack([weights, biases])


def _matrix(
    name: str, title: str, values: Array, row: int | None, column: int | None, like: str = ""
) -> Matrix:
    return Matrix(name, title, *AXES[name], values, row, column, like)
