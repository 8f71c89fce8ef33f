"""The network of the source: one hidden ReLU layer, softmax output, Eqs. (1)-(11), (26)-(27).

Samples are columns. Sizes: N0 inputs, N1 hidden units, N2 classes, M samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
"""A real array; its shape is stated where it is used, as ``[N1×M]``."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """What gradient descent learns.

    Attributes
    ----------
    W1 : array ``[N1×N0]``
        Weights from the inputs to the hidden layer.
    b1 : array ``[N1×1]``
        Biases of the hidden layer, a column that broadcasts over the samples.
    W2 : array ``[N2×N1]``
        Weights from the hidden layer to the output.
    b2 : array ``[N2×1]``
        Biases of the output layer.
    """

    W1: Array
    b1: Array
    W2: Array
    b2: Array

    @property
    def nbytes(self) -> int:
        """Size in memory, in bytes."""
        return self.W1.nbytes + self.b1.nbytes + self.W2.nbytes + self.b2.nbytes


@dataclass(frozen=True, eq=False)
class Activations:
    """Input Z and output A of every layer, for all samples at once.

    Attributes
    ----------
    Z1, A1 : array ``[N1×M]``
        Hidden layer before and after the ReLU, Eqs. (7) and (8).
    Z2, A2 : array ``[N2×M]``
        Output layer before (the logits) and after the softmax, Eqs. (9) and (10).
    """

    Z1: Array
    A1: Array
    Z2: Array
    A2: Array


def initialize(n0: int, n1: int, n2: int, seed: int, init_scale: float = 1.0) -> Parameters:
    """Draw the starting parameters, Eqs. (26)-(27): uniform on [-1/2, 1/2).

    Parameters
    ----------
    n0, n1, n2 : int
        Number of inputs, hidden units and classes.
    seed : int
        Seed of ``np.random.default_rng``. W1, b1, W2, b2 are drawn in that order.
    init_scale : float
        Factor on every drawn number; 1 is the source's initialization.

    Returns
    -------
    parameters : Parameters
        In float64; the same arguments give the same bits.

    Examples
    --------
    >>> start = initialize(2, 16, 3, seed=0)
    >>> start.W1.shape, start.b1.shape, start.W2.shape, start.b2.shape
    ((16, 2), (16, 1), (3, 16), (3, 1))
    """
    rng = np.random.default_rng(seed)

    def draw(rows: int, columns: int) -> Array:
        return (rng.random((rows, columns)) - 0.5) * init_scale

    # Keyword arguments are evaluated left to right: the order of the draws is the order here.
    return Parameters(W1=draw(n1, n0), b1=draw(n1, 1), W2=draw(n2, n1), b2=draw(n2, 1))


def relu(z: Array) -> Array:
    """Rectified linear unit g(z) = max(0, z), Eq. (4)."""
    return np.maximum(z, 0.0)


def relu_derivative(z: Array) -> Array:
    """Derivative g'(z) of the ReLU: 1 where z > 0, else 0 (at z = 0 it is taken as 0)."""
    return (z > 0).astype(z.dtype)


def softmax(z: Array) -> Array:
    """Softmax σ over the classes of each sample, Eqs. (5) and (10).

    Parameters
    ----------
    z : array ``[N2×M]``
        Logits.

    Returns
    -------
    array ``[N2×M]``
        Probabilities; every column sums to 1. The largest logit of a column is subtracted
        first, which changes nothing but keeps ``exp`` from overflowing.

    Examples
    --------
    >>> softmax(np.log([[2.0], [3.0], [5.0]])).round(6).ravel().tolist()
    [0.2, 0.3, 0.5]
    """
    exponentials = np.exp(z - z.max(axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)


def forward(parameters: Parameters, X: Array) -> Activations:
    """Forward propagation of all samples, Eqs. (1)-(10).

    Parameters
    ----------
    parameters : Parameters
        Weights and biases of both layers.
    X : array ``[N0×M]``
        The input A⁰ = Z⁰, Eqs. (1) and (6).

    Returns
    -------
    Activations
        Z1 by Eqs. (2), (3), (7); A1 by (4), (8); Z2 by (5), (9); A2 by (5), (10).
        A2 is the prediction (the text after (10) calls it Y, which is the target).

    Examples
    --------
    >>> network = Parameters(  # one input, two hidden units, two classes
    ...     W1=np.array([[1.0], [-1.0]]), b1=np.zeros((2, 1)), W2=np.eye(2), b2=np.zeros((2, 1))
    ... )
    >>> forward(network, np.array([[3.0, -2.0]])).A1.tolist()  # two samples: 3 and -2
    [[3.0, 0.0], [0.0, 2.0]]
    """
    Z1 = parameters.W1 @ X + parameters.b1
    A1 = relu(Z1)
    Z2 = parameters.W2 @ A1 + parameters.b2
    return Activations(Z1=Z1, A1=A1, Z2=Z2, A2=softmax(Z2))


def residual(A2: Array, Y: Array) -> Array:
    """D = A2 - Y, without the cancellation of 1 - A2 at the true class.

    There D is minus the sum of the other probabilities. Written as in the source, a prediction
    that rounds to 1 (a logit 36 above the others) leaves 0 or rounding noise of it, and so of all
    that is made of D for that sample: E, G, their ratio and angles.

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.

    Returns
    -------
    array ``[N2×M]``
        Every column sums to zero.

    Examples
    --------
    >>> residual(np.array([[1.0], [1e-20]]), np.array([[1.0], [0.0]]))
    array([[-1.e-20],
           [ 1.e-20]])
    """
    is_true = Y == 1
    others = np.where(is_true, 0.0, A2).sum(axis=0)
    return np.where(is_true, -others, A2)


def loss(A2: Array, Y: Array) -> float:
    """Mean squared error, Eq. (11): 1/(2M) Σ_m |A2_m - Y_m|².

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.

    Returns
    -------
    float
        Between 0 and 1 for one-hot targets; NaN when there is no sample.

    Examples
    --------
    >>> Y = np.array([[1.0], [0.0]])
    >>> loss(np.array([[0.5], [0.5]]), Y), loss(np.array([[0.0], [1.0]]), Y)
    (0.25, 1.0)
    """
    samples = Y.shape[1]
    return float(np.square(residual(A2, Y)).sum() / (2 * samples)) if samples else float("nan")


def cross_entropy(Z2: Array, Y: Array) -> float:
    """Mean cross-entropy -(1/M) Σ_m log A2_ym, of which rule (16) is the exact gradient.

    Parameters
    ----------
    Z2 : array ``[N2×M]``
        Logits: the logarithm of a softmax that has underflowed could not be taken.
    Y : array ``[N2×M]``
        One-hot targets.

    Returns
    -------
    float
        At least 0; NaN when there is no sample.

    Examples
    --------
    >>> Y = np.array([[1.0], [0.0]])
    >>> round(cross_entropy(np.zeros((2, 1)), Y), 6)  # log 2
    0.693147
    """
    if not Y.shape[1]:
        return float("nan")
    # By log(1 + the others) where the true class is the most probable: 1 would swallow them.
    above_true = Z2 - np.where(Y == 1, Z2, 0.0).sum(axis=0)
    top = above_true.max(axis=0)
    others = np.where(above_true == top, 0.0, np.exp(above_true - top)).sum(axis=0)
    ties = (above_true == top).sum(axis=0) - 1
    return float((top + np.log1p(others + ties)).mean())


def accuracy(A2: Array, y: NDArray[np.integer]) -> float:
    """Share of samples whose most probable class is the true one.

    Parameters
    ----------
    A2 : array ``[N2×M]``
        Predictions.
    y : int array ``[M]``
        True classes. Between equally probable classes the lowest number is the prediction.

    Returns
    -------
    float
        Between 0 and 1; NaN when there is no sample.

    Examples
    --------
    >>> accuracy(np.array([[0.9, 0.6], [0.1, 0.4]]), np.array([0, 1]))  # right, and wrong
    0.5
    """
    right = int(np.count_nonzero(A2.argmax(axis=0) == y))
    return right / y.size if y.size else float("nan")
