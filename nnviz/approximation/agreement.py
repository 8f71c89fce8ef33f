"""How far the approximations agree with the exact gradient (14), at one state.

What is undefined is NaN, and nothing else: the cosine with a zero gradient, a ratio by zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.paper.error_term import QUANTILE_LEVELS, error_term
from nnviz.paper.gradients import Gradients, exact_of, gradients, output_gradient
from nnviz.paper.network import Array, Parameters, forward, residual

ARRAYS = ("W1", "b1", "W2", "b2", "all")
"""The parameter arrays, and all of them as one vector."""

NOISE = 1e-13
"""Length of a network's gradient, by the mean length of its samples' G, below which it is zero: the
samples cancel, and what is left is rounding."""

APPROXIMATIONS = ("drop_error_term", "difference", "centred")
"""The rules that are compared with ``exact``: Eqs. (15) and (16), and ours."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """One approximation beside the exact gradient.

    Attributes
    ----------
    angle : array ``[5]``
        Degrees between the two gradients of the loss, for each of `ARRAYS`.
    length_ratio : array ``[5]``
        Length of the approximate gradient by that of the exact one.
    sample_angle : array ``[M]``
        Degrees between the two output gradients ∂L/∂Z2 of each sample.
    leak : float
        Mean over the samples of the sum of ∂L/∂Z2 over the classes: 0 for a gradient of a loss
        that depends on the softmax alone.
    """

    angle: Array
    length_ratio: Array
    sample_angle: Array
    leak: float

    def sample_angle_quantiles(self) -> Array:
        """Quantiles `QUANTILE_LEVELS` over the samples for which the angle is defined."""
        defined = self.sample_angle[np.isfinite(self.sample_angle)]
        if not defined.size:
            return np.full(len(QUANTILE_LEVELS), np.nan)
        return np.quantile(defined, QUANTILE_LEVELS)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The rules at one state.

    Attributes
    ----------
    agreement : dict of str to Agreement
        For each of `APPROXIMATIONS`.
    neglected : float
        Size of the neglected term A·E by that of the exact ∂L/∂Z2, over all samples: above 1,
        more is neglected than is left.
    neglected_size : float
        Root mean square over the samples of ‖A·E‖, the neglected term itself.
    """

    agreement: dict[str, Agreement]
    neglected: float
    neglected_size: float


def compare_rules(parameters: Parameters, X: Array, Y: Array) -> Comparison:
    """Compare the rules on all samples; they share the forward pass.

    Parameters
    ----------
    parameters : Parameters
        The state to compare them at.
    X : array ``[N0×M]``
        Inputs of all training samples.
    Y : array ``[N2×M]``
        One-hot targets.
    """
    activations = forward(parameters, X)
    A2 = activations.A2
    G = output_gradient(A2, Y, "exact")
    exact = _without_noise(gradients(parameters, activations, X, Y, "exact"), G)
    neglected = A2 * error_term(A2, Y)
    scaled, _ = scaled_exact(A2, Y)
    agreement = {}
    for rule in APPROXIMATIONS:
        G_rule = output_gradient(A2, Y, rule)
        approximate = _without_noise(gradients(parameters, activations, X, Y, rule), G_rule)
        pairs = _pairs(approximate, exact)
        agreement[rule] = Agreement(
            angle=np.array([angle(a, b) for a, b in pairs]),
            length_ratio=np.array([ratio(length(a), length(b)) for a, b in pairs]),
            sample_angle=column_angles(G_rule, scaled),
            leak=float(G_rule.sum(axis=0).mean()),
        )
    return Comparison(
        agreement=agreement,
        neglected=float(ratio(length(neglected), length(G))),
        neglected_size=length(neglected) / A2.shape[1] ** 0.5,
    )


def _without_noise(found: Gradients, G: Array) -> Gradients:
    """A gradient, or zero where it is no more than the rounding of a mean that is zero."""
    whole = np.concatenate([array.ravel() for array in vars(found).values()])
    if length(whole) > NOISE * column_lengths(G).mean():
        return found
    return Gradients(*(np.zeros_like(array) for array in vars(found).values()))


def scaled_exact(A2: Array, Y: Array) -> tuple[Array, Array]:
    """Eq. (14) of each sample, divided by a number of its own: ``[N2×M]``, and those ``[M]``.

    For a sample certain to 1e-160, (14) is about 1e-320 in size, which no float holds; its
    direction, and its length by another of that sample's, are as good as any.
    """
    D = residual(A2, Y)
    largest = np.abs(D).max(axis=0)
    scale = np.where(largest > 0, largest, 1.0)
    return exact_of(A2, D / scale), scale


def angle(a: Array, b: Array) -> float:
    """Degrees between two arrays as vectors; NaN if one of them is zero."""
    return float(column_angles(a.reshape(-1, 1), b.reshape(-1, 1))[0])


def length(a: Array) -> float:
    """Length of an array as a vector."""
    return float(column_lengths(a.reshape(-1, 1))[0])


def column_angles(a: Array, b: Array) -> Array:
    """Degrees between the columns of two arrays ``[N2×M]``; NaN for zero columns."""
    a, b = ratio(a, column_lengths(a)), ratio(b, column_lengths(b))
    # Not by the arc cosine, which is blind below 1e-6 degrees.
    return np.degrees(2 * np.arctan2(column_lengths(a - b), column_lengths(a + b)))


def column_lengths(columns: Array) -> Array:
    """Lengths ``[M]`` of the columns of an array ``[N2×M]``."""
    # Scaled first: the squares of small numbers would vanish.
    largest = np.abs(columns).max(axis=0)
    scaled = columns / np.where(largest > 0, largest, 1.0)
    return largest * np.sqrt(np.square(scaled).sum(axis=0))


def ratio(a: Array | float, b: Array | float) -> Array:
    """A / b; NaN where b is zero."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.divide(a, b, out=np.full(np.broadcast(a, b).shape, np.nan), where=b != 0)


def _pairs(a: Gradients, b: Gradients) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """The arrays of two gradients, and all of each as one vector, in the order of `ARRAYS`."""
    of_a, of_b = list(vars(a).values()), list(vars(b).values())
    whole = [np.concatenate([array.ravel() for array in arrays]) for arrays in (of_a, of_b)]
    return [*zip(of_a, of_b, strict=True), (whole[0], whole[1])]
