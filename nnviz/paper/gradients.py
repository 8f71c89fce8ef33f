"""Back-propagation: the output gradient by each rule, then the parameters, Eqs. (12)-(25).

Three rules are the source's, (14)-(16); the fourth, `centred`, is ours. They differ only in
G = ∂L/∂Z2; everything downstream is the same. L is a mean over the samples throughout, so every
gradient of a parameter carries 1/M (the source drops it in the matrix form of Eq. (22); its
component form has it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnviz.paper.network import Activations, Array, Parameters, relu_derivative, residual


@dataclass(frozen=True, eq=False)
class Gradients:
    """∂L/∂W and ∂L/∂b of both layers, each shaped as its parameter.

    Attributes
    ----------
    dW1 : array ``[N1×N0]``
        ∂L/∂W1, Eq. (22).
    db1 : array ``[N1×1]``
        ∂L/∂b1, Eq. (25).
    dW2 : array ``[N2×N1]``
        ∂L/∂W2, Eq. (17).
    db2 : array ``[N2×1]``
        The source tiles the bias gradients to ``[N×M]``, Eqs. (20) and (25) (where (20) reads
        ∂L/∂h², ∂L/∂b² is meant); a column that broadcasts gives the same numbers.
    """

    dW1: Array
    db1: Array
    dW2: Array
    db2: Array


def exact(A2: Array, Y: Array) -> Array:
    """Exact gradient of the squared error, Eqs. (12)-(14): A∘D - A·E, with D = A2 - Y.

    It follows from the softmax derivative ∂A_β/∂Z_α = A_β (δ_αβ - A_α), Eq. (13), and sums to
    zero over the classes of a sample.
    """
    return exact_of(A2, residual(A2, Y))


def exact_of(A2: Array, D: Array) -> Array:
    """Eq. (14) from D ``[N2×M]``; with each column of D by a number, so is the result."""
    # Not as the source writes (14): for a sample that is nearly certain and right, A∘D and A·E are
    # both of the size ε of what is left to certainty and differ by ε². As the probabilities sum
    # to 1, D_α - E = Σ_β A_β (D_α - D_β), where nothing cancels.
    D_minus_E = np.zeros_like(D)
    for A_beta, D_beta in zip(A2, D, strict=True):
        D_minus_E += A_beta * (D - D_beta)
    return A2 * D_minus_E


def drop_error_term(A2: Array, Y: Array) -> Array:
    """Eq. (14) without its second term, Eq. (15): A∘D. It sums to E over the classes.

    It is the gradient of no loss.
    """
    return A2 * residual(A2, Y)


def difference(A2: Array, Y: Array) -> Array:
    """The bare difference, Eq. (16): D = A2 - Y.

    It is the exact gradient of another loss, the mean cross-entropy -(1/M) Σ_m log A2_{y,m}.
    """
    return residual(A2, Y)


def centred(A2: Array, Y: Array) -> Array:
    """Eq. (15) less its mean over the classes of each sample; ours, and not the source's.

    It sums to zero over the classes, as (14) and (16) do, and so mends the leak of (15). With two
    classes it is half of (16).

    Examples
    --------
    >>> A2, Y = np.array([[0.75], [0.25]]), np.array([[1.0], [0.0]])
    >>> drop_error_term(A2, Y).ravel().tolist()
    [-0.1875, 0.0625]
    >>> centred(A2, Y).ravel().tolist()
    [-0.125, 0.125]
    >>> difference(A2, Y).ravel().tolist()
    [-0.25, 0.25]
    """
    G = drop_error_term(A2, Y)
    return G - G.mean(axis=0)


GRADIENT_RULES: dict[str, Callable[[Array, Array], Array]] = {
    "exact": exact,
    "drop_error_term": drop_error_term,
    "difference": difference,
    "centred": centred,
}
"""The rules by name: those of the source's Eqs. (14), (15), (16) in their order, then ours."""

RULE_NAMES = {
    "exact": "exact (14)",
    "drop_error_term": "without E (15)",
    "difference": "A − Y (16)",
    "centred": "without E, centred (ours)",
}
"""What people call the rules."""


def output_gradient(A2: Array, Y: Array, rule: str) -> Array:
    """G = ∂L/∂Z2 of every sample by one of the rules, before the mean over samples.

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.
    rule : str
        A key of `GRADIENT_RULES`: ``exact`` (14), ``drop_error_term`` (15), ``difference`` (16),
        or ``centred``, which is ours.

    Returns
    -------
    array ``[N2×M]``

    Raises
    ------
    KeyError
        If there is no such rule.

    Examples
    --------
    >>> A2, Y = np.array([[0.75], [0.25]]), np.array([[1.0], [0.0]])
    >>> output_gradient(A2, Y, "exact").ravel().tolist()
    [-0.09375, 0.09375]
    >>> output_gradient(A2, Y, "difference").ravel().tolist()
    [-0.25, 0.25]
    """
    return GRADIENT_RULES[rule](A2, Y)


def gradients(
    parameters: Parameters, activations: Activations, X: Array, Y: Array, rule: str
) -> Gradients:
    """Gradient of the loss with respect to every parameter, Eqs. (17)-(25).

    Parameters
    ----------
    parameters : Parameters
        Where the gradient is taken.
    activations : Activations
        Of `parameters` and `X`, from `nnviz.paper.network.forward`.
    X : array ``[N0×M]``
        Inputs.
    Y : array ``[N2×M]``
        One-hot targets.
    rule : str
        A key of `GRADIENT_RULES`.

    Returns
    -------
    Gradients
        dW2 by Eq. (17), db2 by (18)-(20), dW1 by (21)-(22) and (24), db1 by (23)-(25).

    Examples
    --------
    >>> from nnviz import forward, initialize, load_dataset
    >>> data, start = load_dataset("spiral"), initialize(2, 16, 3, seed=0)
    >>> found = gradients(start, forward(start, data.X), data.X, data.Y, "exact")
    >>> found.dW1.shape, found.dW2.shape
    ((16, 2), (3, 16))
    """
    return backward(parameters, activations, X, output_gradient(activations.A2, Y, rule))


def backward(parameters: Parameters, activations: Activations, X: Array, G: Array) -> Gradients:
    """Gradient with respect to every parameter from that of the logits, Eqs. (17)-(25).

    Parameters
    ----------
    parameters : Parameters
        Where the gradient is taken.
    activations : Activations
        Of `parameters` and `X`.
    X : array ``[N0×M]``
        Inputs.
    G : array ``[N2×M]``
        ∂L/∂Z2 of every sample, before the mean over samples.
    """
    samples = X.shape[1]
    dW2 = G @ activations.A1.T / samples
    db2 = G.sum(axis=1, keepdims=True) / samples
    pd_Z1 = (parameters.W2.T @ G) * relu_derivative(activations.Z1)  # Eq. (24)
    dW1 = pd_Z1 @ X.T / samples
    db1 = pd_Z1.sum(axis=1, keepdims=True) / samples
    return Gradients(dW1=dW1, db1=db1, dW2=dW2, db2=db2)


def descend(parameters: Parameters, step: Gradients, learning_rate: float) -> Parameters:
    """One step of gradient descent, Eqs. (28)-(29); the given parameters are left as they were.

    Examples
    --------
    >>> from nnviz import forward, initialize, load_dataset, loss
    >>> data, start = load_dataset("spiral"), initialize(2, 16, 3, seed=0)
    >>> first = forward(start, data.X)
    >>> after = descend(start, gradients(start, first, data.X, data.Y, "exact"), learning_rate=0.1)
    >>> loss(forward(after, data.X).A2, data.Y) < loss(first.A2, data.Y)
    True
    """
    return Parameters(
        W1=parameters.W1 - learning_rate * step.dW1,
        b1=parameters.b1 - learning_rate * step.db1,
        W2=parameters.W2 - learning_rate * step.dW2,
        b2=parameters.b2 - learning_rate * step.db2,
    )
