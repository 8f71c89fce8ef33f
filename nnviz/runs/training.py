"""Trainer: full-batch gradient descent that allocates nothing.

`nnviz.paper` says what a step is; here is the same arithmetic arranged to be fast, and tested
against it. What is different, and why:

- Biases are the last column of a weight matrix whose input has a last row of ones. That saves
  the additions of Eqs. (7) and (9) and the sums of Eqs. (19) and (25). All parameters are views
  of one flat vector, so that Eqs. (28)-(29) are one subtraction.
- W2 is kept transposed, and X in both orders, so that every product reads contiguous rows.
- Large products go to `np.matmul`, since `dot` clears its output first; small ones to `dot`,
  which has less overhead.
- The ReLU is a product with its own derivative, which the backward pass needs as a number
  anyway; NumPy's product is faster than its maximum.
- Every array is made once, on a 64-byte boundary, and every operation writes to one.
- Samples are taken in blocks whose hidden activations stay in the processor's cache.
- The 1/M of Eqs. (17)-(25) is multiplied with α, once, on the small gradient.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from nnviz.data.datasets import Dataset
from nnviz.paper.network import Array, Parameters, initialize
from nnviz.runs.config import Config

BLOCK_ELEMENTS = 65_536
"""Hidden activations in a block at most: 512 kB in float64, half a common second-level cache."""

SMALL = 8_000
"""Hidden activations in a block up to which what counts is the overhead of a call."""

TINY = {"float64": 1e-150, "float32": 1e-18}
"""Added to exp(logit - largest logit), which is 1 for the largest. It is far below what either
type resolves beside 1, and keeps a saturated softmax, and its squares, out of the denormal
numbers, which slow every product down up to tenfold."""


dot = np.ndarray.dot
"""``dot(a, b, out)``, as `np.dot`, without the cost of its dispatch."""


class Trainer:
    """One network in training; an epoch is one step on all training samples.

    Parameters
    ----------
    config : Config
        Settings of the run.
    dataset : Dataset
        What it is trained on.
    start : Parameters or None
        Parameters to start from; otherwise those that `config` draws, Eqs. (26)-(27).

    Attributes
    ----------
    epoch : int
        Updates made so far; 0 for the starting parameters.

    Examples
    --------
    >>> from nnviz import load_dataset
    >>> trainer = Trainer(Config(), load_dataset("spiral"))
    >>> trainer.step()
    >>> trainer.epoch
    1
    """

    def __init__(
        self,
        config: Config,
        dataset: Dataset,
        *,
        start: Parameters | None = None,
    ) -> None:
        n0, samples = dataset.X.shape
        n1, n2 = config.hidden_units, len(dataset.class_names)
        dtype = np.dtype(config.dtype)
        self.epoch = 0
        self._samples = samples
        self._rate_a_sample = config.learning_rate / samples  # what is summed becomes a mean by it
        self._theta = _Flat(n0, n1, n2, dtype)
        self._before = _Flat(n0, n1, n2, dtype)  # the parameters one update ago
        if start is None:
            start = initialize(n0, n1, n2, config.seed, config.init_scale)
        self._theta.set(start)
        self._gradient = _Flat(n0, n1, n2, dtype)
        self._partial = _Flat(n0, n1, n2, dtype)  # of one block; also the step itself
        # With many inputs the time goes into the first product, which likes more samples.
        parts = math.ceil(samples * n1 / (BLOCK_ELEMENTS * max(1, n0 // 128)))
        bounds = np.linspace(0, samples, parts + 1).astype(int)
        scratch = {size: _Scratch(n1, size, dtype) for size in set(np.diff(bounds).tolist())}
        self._blocks = [
            _Block(
                dataset.X[:, low:high], dataset.Y[:, low:high], scratch[high - low], config.gradient
            )
            for low, high in pairwise(bounds.tolist())
        ]
        self._active = np.zeros(n1, bool)
        matched = config.step_length == "matched" and config.gradient != "exact"
        self._exact = _Flat(n0, n1, n2, dtype) if matched else None
        self._gradient_is_current = self._active_is_current = False

    @property
    def parameters(self) -> Parameters:
        """A copy of the parameters after `epoch` updates, in the run's dtype."""
        return self._theta.get()

    @property
    def nbytes(self) -> int:
        """Size of the blocks' arrays in memory, in bytes: what they share counts once."""
        owners = {id(array): array for block in self._blocks for array in block.owners()}
        return sum(array.nbytes for array in owners.values())

    def evaluate(self, *, count_active: bool = False) -> None:
        """Run all samples forward and backward at the current parameters, Eqs. (6)-(25).

        Afterwards `outputs` are those of `epoch`.

        Parameters
        ----------
        count_active : bool
            Also find the hidden units that are active for no sample (see `dead_units`).
        """
        if self._gradient_is_current and (self._active_is_current or not count_active):
            return
        self._active.fill(False)
        into = self._gradient
        for block in self._blocks:
            block.forward(self._theta)
            block.backward(self._theta, into)
            if into is self._partial:
                np.add(self._gradient.flat, into.flat, out=self._gradient.flat)
            if self._exact is not None:
                block.backward_exactly(self._theta, self._partial)
                if into is self._gradient:
                    self._exact.flat[:] = self._partial.flat
                else:
                    np.add(self._exact.flat, self._partial.flat, out=self._exact.flat)
            if count_active:
                block.mark_active(self._active)
            into = self._partial
        self._gradient_is_current, self._active_is_current = True, count_active

    def step(self) -> None:
        """Make one update of all parameters, Eqs. (28)-(29)."""
        self.evaluate()
        step = self._partial.flat
        rate = self._rate_a_sample * (1.0 if self._exact is None else self._match())
        np.multiply(self._gradient.flat, rate, step)
        np.subtract(self._theta.flat, step, self._before.flat)
        self._theta, self._before = self._before, self._theta
        self.epoch += 1
        self._gradient_is_current = self._active_is_current = False

    def _match(self) -> float:
        """Length of the exact gradient by that of the rule's; 0 where the rule has none."""
        assert self._exact is not None
        length = np.linalg.norm(self._gradient.flat)
        return float(np.linalg.norm(self._exact.flat) / length) if length else 0.0

    def undo(self) -> None:
        """Take the last update back; once, after a `step`."""
        self._theta, self._before = self._before, self._theta
        self.epoch -= 1
        self._gradient_is_current = self._active_is_current = False

    def squared_norm(self) -> float:
        """Sum of the squares of all parameters; NaN or infinite once training has diverged."""
        return float(self._theta.flat.dot(self._theta.flat))

    def outputs(self, out: Array) -> None:
        """Write A2 of every training sample to `out` ``[N2×M]``."""
        low = 0
        for block in self._blocks:
            high = low + block.samples
            out[:, low:high] = block.A2
            low = high

    def dead_units(self) -> int:
        """Hidden units that are 0 for every training sample, and so cannot learn by it."""
        assert self._active_is_current, "evaluate with count_active=True"
        return self._active.size - int(np.count_nonzero(self._active))


class HeldOut:
    """Forward passes on the test samples, of many epochs' parameters at once.

    They change nothing of the training, so that they can wait: for a small network the cost of a
    pass is the number of NumPy calls. Each epoch's is a product of its own: it does not depend on
    how many wait with it.

    Parameters
    ----------
    config : Config
        Settings of the run.
    dataset : Dataset
        Its test samples are used.
    most : int
        Epochs that wait at most.
    """

    def __init__(self, config: Config, dataset: Dataset, most: int) -> None:
        n0, samples = dataset.X_test.shape
        n1, n2 = config.hidden_units, len(dataset.class_names)
        dtype = np.dtype(config.dtype)
        self._samples = samples
        self._first, self._shapes = n1 * (n0 + 1), ((n1, n0 + 1), (n1 + 1, n2))
        self._thetas = np.empty((most, self._first + (n1 + 1) * n2), dtype)
        self._together = max(1, min(most, BLOCK_ELEMENTS // max(1, n1 * samples)))
        self._X1 = np.vstack([dataset.X_test, np.ones(samples)]).astype(dtype)
        self._A1_1 = np.ones((self._together, n1 + 1, samples), dtype)
        self._tiny = TINY[dtype.name]

    @property
    def nbytes(self) -> int:
        """Size of its arrays in memory, in bytes."""
        return self._thetas.nbytes + self._X1.nbytes + self._A1_1.nbytes

    def note(self, trainer: Trainer, row: int) -> None:
        """Note a trainer's parameters, in one of the rows."""
        if self._samples:
            self._thetas[row] = trainer._theta.flat

    def outputs(self, out: Array) -> None:
        """Write A2 of every test sample to `out` ``[rows×N2×M]``, by the parameters noted.

        Eqs. (6)-(10), with one more axis in front.
        """
        if not self._samples:
            return
        for low in range(0, len(out), self._together):
            some = self._thetas[low : low + self._together][: len(out) - low]
            A2, A1_1 = out[low : low + len(some)], self._A1_1[: len(some)]
            W1b1, W2b2 = (
                part.reshape(len(some), *shape)
                for part, shape in zip(
                    (some[:, : self._first], some[:, self._first :]), self._shapes, strict=True
                )
            )
            A1_1[:, :-1] = np.matmul(W1b1, self._X1)  # Z1, Eq. (7)
            np.maximum(A1_1, 0, out=A1_1)  # Eq. (8); the ones stay
            np.matmul(W2b2.transpose(0, 2, 1), A1_1, out=A2)  # Z2, Eq. (9)
            A2 -= A2.max(axis=1, keepdims=True)
            np.exp(A2, out=A2)
            A2 += self._tiny
            A2 /= A2.sum(axis=1, keepdims=True)  # Eq. (10)


class _Flat:
    """One vector that holds a number for every parameter, and its views as matrices.

    W1b1 is W1 with b1 as its last column, ``[N1×(N0+1)]``; W2b2 is W2 transposed with b2 as its
    last row, ``[(N1+1)×N2]``.
    """

    def __init__(self, n0: int, n1: int, n2: int, dtype: np.dtype[Any]) -> None:
        first = n1 * (n0 + 1)
        self.flat = _aligned((first + (n1 + 1) * n2,), dtype)
        self.W1b1 = self.flat[:first].reshape(n1, n0 + 1)
        self.W2b2 = self.flat[first:].reshape(n1 + 1, n2)
        self.W2T, self.W2b2T = self.W2b2[:-1], self.W2b2.T

    def set(self, parameters: Parameters) -> None:
        self.W1b1[:, :-1], self.W1b1[:, -1:] = parameters.W1, parameters.b1
        self.W2b2[:-1], self.W2b2[-1:] = parameters.W2.T, parameters.b2.T

    def get(self) -> Parameters:
        return Parameters(
            W1=self.W1b1[:, :-1].copy(),
            b1=self.W1b1[:, -1:].copy(),
            W2=self.W2T.T.copy(),
            b2=self.W2b2[-1:].T.copy(),
        )


class _Scratch:
    """The large arrays of one block's pass, used in turn by all blocks of the same size."""

    def __init__(self, n1: int, samples: int, dtype: np.dtype[Any]) -> None:
        self.A1_1 = _aligned((n1 + 1, samples), dtype)  # A1 over a row of ones
        self.A1_1[-1] = 1.0
        self.P = _aligned((n1, samples), dtype)
        self.slope = _aligned((n1, samples), dtype)  # g'(Z1), as a number
        self.positive = _aligned((n1, samples), np.dtype(bool))
        self.ones = np.ones(samples, dtype)
        self.wide_product = dot if n1 * samples <= SMALL else np.matmul


class _Block:
    """Some of the samples, on their way forward and backward through the network."""

    def __init__(self, X: Array, Y: Array, scratch: _Scratch, rule: str) -> None:
        dtype = scratch.P.dtype
        n0, self.samples = X.shape
        shape = n2, _ = Y.shape
        self.X1 = _aligned((n0 + 1, self.samples), dtype)  # X over a row of ones
        self.X1[:-1], self.X1[-1] = X, 1.0
        self.X1T = _aligned((self.samples, n0 + 1), dtype)
        self.X1T[:] = self.X1.T
        self.Y = _aligned(shape, dtype)
        self.Y[:] = Y

        self.A1_1, self.A1, self.P = scratch.A1_1, scratch.A1_1[:-1], scratch.P
        self.slope, self.positive = scratch.slope, scratch.positive
        self.positive_bytes = self.positive.view(np.int8)
        self.ones = scratch.ones
        self.wide_product = scratch.wide_product

        self.A2, self.D = _aligned(shape, dtype), _aligned(shape, dtype)
        self.G = self.D if rule == "difference" else _aligned(shape, dtype)
        self.GT = self.G.T
        self.exact_G = _aligned(shape, dtype)  # beside G, where steps are matched
        self.row = _aligned((self.samples,), dtype)
        self.class_ones = np.ones(n2, dtype)
        self.class_shares = np.full(n2, 1 / n2, dtype)  # for a mean over the classes
        self.rule = rule
        self.tiny = np.full(shape, TINY[dtype.name], dtype)

    def owners(self) -> list[Array]:
        """The arrays in which its own and its scratch's lie."""
        arrays = (value for value in vars(self).values() if isinstance(value, np.ndarray))
        return [array if array.base is None else array.base for array in arrays]

    def forward(self, theta: _Flat) -> None:
        """Eqs. (6)-(10): A1 and A2 of this block."""
        A1, A2, row = self.A1, self.A2, self.row
        self.wide_product(theta.W1b1, self.X1, A1)  # Z1, Eq. (7)
        np.greater(A1, 0.0, self.positive)
        self.slope[...] = self.positive_bytes
        np.multiply(A1, self.slope, A1)  # Eq. (8): g(Z1) = Z1 g'(Z1)
        dot(theta.W2b2T, self.A1_1, A2)  # Z2, Eq. (9)
        np.maximum.reduce(A2, 0, None, row)
        np.subtract(A2, row, A2)
        np.exp(A2, A2)
        np.add(A2, self.tiny, A2)
        dot(self.class_ones, A2, row)
        np.divide(A2, row, A2)  # Eq. (10)

    def output_gradient(self) -> None:
        """D = A2 - Y, and G = ∂L/∂Z2 of every sample by the rule, Eqs. (14)-(16) or ours."""
        np.subtract(self.A2, self.Y, self.D)  # Eq. (16): D is G itself
        if self.rule == "drop_error_term":
            np.multiply(self.A2, self.D, self.G)
        elif self.rule == "centred":
            np.multiply(self.A2, self.D, self.G)
            dot(self.class_shares, self.G, self.row)
            np.subtract(self.G, self.row, self.G)
        elif self.rule == "exact":
            self.exact_output_gradient(self.G)

    def exact_output_gradient(self, out: Array) -> None:
        """Eq. (14): A2∘(D - E), of the D that is there."""
        np.multiply(self.A2, self.D, out)
        dot(self.class_ones, out, self.row)  # E
        np.subtract(self.D, self.row, out)
        np.multiply(self.A2, out, out)

    def backward(self, theta: _Flat, gradient: _Flat) -> None:
        """Eqs. (14)-(25): the gradient of this block's samples, summed, not averaged."""
        self.output_gradient()
        self.propagate(self.G, self.GT, theta, gradient)

    def backward_exactly(self, theta: _Flat, gradient: _Flat) -> None:
        """The same by the exact rule, after `backward` by another."""
        self.exact_output_gradient(self.exact_G)
        self.propagate(self.exact_G, self.exact_G.T, theta, gradient)

    def propagate(self, G: Array, GT: Array, theta: _Flat, gradient: _Flat) -> None:
        """Eqs. (17)-(25), from the output gradient and its transpose."""
        P = self.P
        dot(self.A1_1, GT, gradient.W2b2)  # Eqs. (17), (19)
        self.wide_product(theta.W2T, G, P)
        np.multiply(P, self.slope, P)  # Eq. (24)
        dot(P, self.X1T, gradient.W1b1)  # Eqs. (22), (25)

    def mark_active(self, active: Array) -> None:
        """Mark the hidden units ``[N1]`` that are above 0 for a sample of this block."""
        np.logical_or(active, self.slope.dot(self.ones), out=active)


def _aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Make an uninitialized array that starts on a 64-byte boundary."""
    size = math.prod(shape) * dtype.itemsize
    memory = np.empty(size + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size].view(dtype).reshape(shape)
