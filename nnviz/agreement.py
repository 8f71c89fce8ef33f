"""How far the approximations (15) and (16) agree with the exact gradient (14), at one state.

What is undefined is NaN, and nothing else: the cosine with a zero gradient, a ratio by zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.error_term import QUANTILE_LEVELS, error_term
from nnviz.gradients import Gradients, gradients, output_gradient
from nnviz.network import Array, Parameters, forward

ARRAYS = ("W1", "b1", "W2", "b2", "all")
"""The parameter arrays, and all of them as one vector."""

APPROXIMATIONS = ("drop_error_term", "difference")
"""The rules that are compared with ``exact``, Eqs. (15) and (16)."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """One approximation beside the exact gradient.

    Attributes
    ----------
    cosine : array ``[5]``
        Of the angle between the two gradients of the loss, for each of `ARRAYS`.
    length_ratio : array ``[5]``
        Length of the approximate gradient by that of the exact one.
    relative_error : array ``[5]``
        ‖approximate - exact‖ / ‖exact‖ of the two gradients.
    sample_cosine : array ``[M]``
        Of the angle between the two output gradients ∂L/∂Z2 of each sample.
    sample_error : array ``[M]``
        ‖approximate - exact‖ / ‖exact‖ of each sample's output gradient.
    leak : float
        Mean over the samples of the sum of ∂L/∂Z2 over the classes: 0 for a gradient of a loss
        that depends on the softmax alone.
    """

    cosine: Array
    length_ratio: Array
    relative_error: Array
    sample_cosine: Array
    sample_error: Array
    leak: float

    def sample_cosine_quantiles(self) -> Array:
        """Quantiles `QUANTILE_LEVELS` over the samples for which the cosine is defined."""
        defined = self.sample_cosine[np.isfinite(self.sample_cosine)]
        if not defined.size:
            return np.full(len(QUANTILE_LEVELS), np.nan)
        return np.quantile(defined, QUANTILE_LEVELS)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The three rules at one state.

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
    X : array ``[N0×M]``
    Y : array ``[N2×M]``
        One-hot targets.
    """
    activations = forward(parameters, X)
    A2 = activations.A2
    exact = gradients(parameters, activations, X, Y, "exact")
    G = output_gradient(A2, Y, "exact")
    neglected = A2 * error_term(A2, Y)
    agreement = {}
    for rule in APPROXIMATIONS:
        approximate = gradients(parameters, activations, X, Y, rule)
        G_rule = output_gradient(A2, Y, rule)
        pairs = _pairs(approximate, exact)
        agreement[rule] = Agreement(
            cosine=np.array([cosine(a, b) for a, b in pairs]),
            length_ratio=np.array([ratio(np.linalg.norm(a), np.linalg.norm(b)) for a, b in pairs]),
            relative_error=np.array(
                [ratio(np.linalg.norm(a - b), np.linalg.norm(b)) for a, b in pairs]
            ),
            sample_cosine=column_cosines(G_rule, G),
            sample_error=ratio(np.linalg.norm(G_rule - G, axis=0), np.linalg.norm(G, axis=0)),
            leak=float(G_rule.sum(axis=0).mean()),
        )
    return Comparison(
        agreement=agreement,
        neglected=float(ratio(np.linalg.norm(neglected), np.linalg.norm(G))),
        neglected_size=float(np.sqrt(np.square(neglected).sum(axis=0).mean())),
    )


def cosine(a: Array, b: Array) -> float:
    """Cosine of the angle between two arrays as vectors; NaN if one of them is zero."""
    return float(column_cosines(a.reshape(-1, 1), b.reshape(-1, 1))[0])


def column_cosines(a: Array, b: Array) -> Array:
    """Cosine of the angle between the columns of two arrays ``[N2×M]``; NaN for zero columns."""
    # Directions first: products of small numbers would vanish in the squares.
    a, b = _directions(a), _directions(b)
    return np.clip((a * b).sum(axis=0), -1.0, 1.0)


def ratio(a: Array | np.floating, b: Array | np.floating) -> Array:
    """A / b; NaN where b is zero."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.divide(a, b, out=np.full(np.broadcast(a, b).shape, np.nan), where=b != 0)


def _directions(columns: Array) -> Array:
    """Columns of length 1; NaN for zero columns."""
    largest = np.abs(columns).max(axis=0)
    scaled = ratio(columns, largest)
    return ratio(scaled, np.sqrt(np.square(scaled).sum(axis=0)))


def _pairs(a: Gradients, b: Gradients) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """The arrays of two gradients, and all of each as one vector, in the order of `ARRAYS`."""
    of_a, of_b = list(vars(a).values()), list(vars(b).values())
    whole = [np.concatenate([array.ravel() for array in arrays]) for arrays in (of_a, of_b)]
    return [*zip(of_a, of_b, strict=True), (whole[0], whole[1])]
