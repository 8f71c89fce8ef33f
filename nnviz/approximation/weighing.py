"""Weighing: how much each sample counts by a rule, apart from where it points.

A rule gives every sample a G = ∂L/∂Z2; its length is the sample's weight in the network's gradient.
By a mixed rule it points where one rule has it, and is as long as another has it: so lengths and
directions can be told apart. Mixed rules are for analysis, and nothing is trained with them.
"""

from __future__ import annotations

import numpy as np

from nnviz.approximation.agreement import angle, column_lengths, ratio, scaled_exact
from nnviz.paper.gradients import GRADIENT_RULES, Gradients, backward, gradients, output_gradient
from nnviz.paper.network import Array, Parameters, forward
from nnviz.runs.recording import Recording
from nnviz.runs.threads import one_thread


def sample_weights(A2: Array, Y: Array) -> dict[str, Array]:
    """Length ``[M]`` of each sample's G, for each of `nnviz.paper.gradients.GRADIENT_RULES`.

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.

    Examples
    --------
    >>> A2, Y = np.array([[0.001], [0.999]]), np.array([[1.0], [0.0]])  # certain, and wrong
    >>> found = sample_weights(A2, Y)
    >>> found["exact"].round(4), found["difference"].round(2)
    (array([0.0028]), array([1.41]))
    """
    return {rule: _parted(A2, Y, rule)[1] for rule in GRADIENT_RULES}


def mixed(A2: Array, Y: Array, direction: str, length: str) -> Array:
    """G of each sample that points as by one rule and is as long as by another.

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.
    direction, length : str
        Keys of `nnviz.paper.gradients.GRADIENT_RULES`.

    Returns
    -------
    array ``[N2×M]``
        0 for a sample whose direction is undefined.

    Examples
    --------
    With two classes (16) points as (14) does: there only the lengths differ.

    >>> A2, Y = np.array([[0.75], [0.25]]), np.array([[1.0], [0.0]])
    >>> mixed(A2, Y, direction="difference", length="exact").round(6).ravel().tolist()
    [-0.09375, 0.09375]
    >>> output_gradient(A2, Y, "exact").round(6).ravel().tolist()
    [-0.09375, 0.09375]
    """
    return _parted(A2, Y, direction)[0] * _parted(A2, Y, length)[1]


def mixed_angle(parameters: Parameters, X: Array, Y: Array, direction: str, length: str) -> float:
    """Degrees between the network's gradient by a mixed rule and the exact one (14).

    Parameters
    ----------
    parameters : Parameters
        The state to take both gradients at.
    X : array ``[N0×M]``
        Inputs.
    Y : array ``[N2×M]``
        One-hot targets.
    direction, length : str
        As for `mixed`: with the directions of (16) and the lengths of (14), every sample has the
        weight that (14) gives it, and what is left of the angle is the directions' doing.

    Returns
    -------
    float
        NaN where one of the gradients is zero.
    """
    activations = forward(parameters, X)
    of_mixed = backward(parameters, activations, X, mixed(activations.A2, Y, direction, length))
    of_exact = gradients(parameters, activations, X, Y, "exact")
    return angle(_as_vector(of_mixed), _as_vector(of_exact))


def mixed_angles(run: Recording, direction: str = "difference", length: str = "exact") -> Array:
    """`mixed_angle` at every keyframe of a run ``[F]``.

    Examples
    --------
    >>> from nnviz import Config, load_dataset, train
    >>> from nnviz.approximation.course import network_angles
    >>> run = train(Config(), load_dataset("spiral"))
    >>> network_angles(run)["difference"][-1].round()  # of A - Y, at the last epoch
    np.float64(73.0)
    >>> mixed_angles(run)[-1].round()  # with every sample as long as by (14)
    np.float64(8.0)
    """
    data = run.dataset
    with one_thread(), np.errstate(all="ignore"):  # of exploded weights
        return np.array([
            mixed_angle(keyframe.parameters, data.X, data.Y, direction, length)
            for keyframe in run.keyframes
        ])  # fmt: skip


def _parted(A2: Array, Y: Array, rule: str) -> tuple[Array, Array]:
    """Directions ``[N2×M]``, of length 1 or 0, and lengths ``[M]`` of each sample's G."""
    # (14) of a certain sample is smaller than floats can hold, but its direction is not.
    G, scale = scaled_exact(A2, Y) if rule == "exact" else (output_gradient(A2, Y, rule), 1.0)
    lengths = column_lengths(G)
    return np.nan_to_num(ratio(G, lengths)), lengths * scale


def _as_vector(found: Gradients) -> Array:
    return np.concatenate([array.ravel() for array in vars(found).values()])
