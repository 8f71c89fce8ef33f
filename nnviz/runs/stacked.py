"""Stack: many networks of one shape on the same samples, each NumPy call for all of them.

On small networks the cost of a step is the number of calls. This is the arithmetic of
`nnviz.paper` with one more axis in front, as `nnviz.runs.training.Trainer` has it for one
network: biases are the last column of their matrix. Samples are sorted by class, so that those of
one true class lie next to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from nnviz.data.datasets import Dataset
from nnviz.paper.network import Array, Parameters
from nnviz.runs.training import TINY

SURE = 0.75
"""Probability above which a class counts as nearly certain; two of a sample's cannot be."""


class Stack:
    """Parts of equally many networks, and room for their passes.

    Parameters
    ----------
    dataset : Dataset
        Its training samples are used.
    units : int
        Hidden units of each network.
    parts, count : int
        Number of parts, and of networks in each of them; B in all.
    dtype : str
        ``float32`` or ``float64``.

    Attributes
    ----------
    W1b1 : array ``[B×N1×(N0+1)]``
        W1 with b1 as its last column.
    W2b2 : array ``[B×N2×(N1+1)]``
        W2 with b2 as its last column.
    """

    def __init__(self, dataset: Dataset, units: int, parts: int, count: int, dtype: str) -> None:
        order = np.argsort(dataset.y, kind="stable")
        n0, self._samples = dataset.X.shape
        n2, self._count, networks = len(dataset.class_names), count, parts * count
        ends = np.searchsorted(dataset.y[order], range(n2 + 1)).tolist()
        self._of_class = [slice(low, high) for low, high in pairwise(ends)]
        self._X1 = np.vstack([dataset.X[:, order], np.ones(self._samples)]).astype(dtype)
        self._X1T = np.ascontiguousarray(self._X1.T)
        self.W1b1 = np.empty((networks, units, n0 + 1), dtype)
        self.W2b2 = np.empty((networks, n2, units + 1), dtype)
        shape = (networks, units, self._samples)
        self._P, self._active = np.empty(shape, dtype), np.empty(shape, bool)
        self._A1_1 = np.ones((networks, units + 1, self._samples), dtype)
        of_classes = (networks, n2, self._samples)
        self._A2, self._D, self._G, self._wrong = (np.empty(of_classes, dtype) for _ in range(4))
        self._sure = np.empty(of_classes, bool)
        self._s = np.empty((networks, 1, self._samples), dtype)
        self._dW1b1, self._dW2b2 = np.empty_like(self.W1b1), np.empty_like(self.W2b2)
        self._tiny = TINY[dtype] if dtype == "float32" else None

    def forward(self) -> None:
        """Eqs. (6)-(10) for all networks: A2, and D = A2 - Y as `nnviz.paper.network.residual`."""
        A1, A2, Z1, s = self._A1_1[:, :-1], self._A2, self._P, self._s
        flat = len(Z1) * Z1.shape[1]
        np.matmul(self.W1b1.reshape(flat, -1), self._X1, Z1.reshape(flat, -1))  # (7)
        np.maximum(Z1, 0, out=A1)  # (8)
        np.greater(Z1, 0, self._active)
        np.matmul(self.W2b2, self._A1_1, A2)  # (9)
        A2 -= A2.max(axis=1, keepdims=True)
        np.exp(A2, A2)
        if self._tiny is not None:  # in float64 nothing is added, as in nnviz.paper.network
            A2 += self._tiny
        A2 /= np.sum(A2, axis=1, keepdims=True, out=s)  # (10)
        np.copyto(self._wrong, A2)
        for label, members in enumerate(self._of_class):
            self._wrong[:, label, members] = 0
        np.sum(self._wrong, axis=1, keepdims=True, out=s)
        np.copyto(self._D, self._wrong)
        for label, members in enumerate(self._of_class):
            self._D[:, label, members] = -s[:, 0, members]

    def loss(self) -> Array:
        """Mean squared error (11) of every network ``[B]``, after `forward`."""
        return np.square(self._D).sum(axis=(1, 2)) / (2 * self._samples)

    def gradients(self, rules: Sequence[str]) -> tuple[Array, Array]:
        """Gradients of [W1 b1] and [W2 b2], after `forward`.

        Parameters
        ----------
        rules : sequence of str
            By which rule, for the first of the parts, the second and so on.

        Returns
        -------
        array ``[b×N1×(N0+1)]``, array ``[b×N2×(N1+1)]``
            Of the networks of those parts, Eqs. (14)-(25); valid until this is called again.
        """
        at = 0
        for rule, alike in groupby(rules):
            end = at + self._count * len(list(alike))
            self._output_gradient(rule, slice(at, end))
            at = end
        some, units = slice(at), self.W1b1.shape[1]
        G, A1_1, P = self._G[some], self._A1_1[some], self._P[some]
        dW1b1, dW2b2 = self._dW1b1[some], self._dW2b2[some]
        np.matmul(G, A1_1.transpose(0, 2, 1), dW2b2)  # (17), (19)
        np.matmul(self.W2b2[some, :, :-1].transpose(0, 2, 1), G, P)
        P *= self._active[some]  # (24)
        np.matmul(P.reshape(at * units, -1), self._X1T, dW1b1.reshape(at * units, -1))  # (22), (25)
        # Last, or what is small in G would be denormal, and slow.
        dW1b1 /= self._samples
        dW2b2 /= self._samples
        return dW1b1, dW2b2

    def mean_length(self) -> Array:
        """Mean over the samples of ‖G‖ ``[B]``, of all networks by the last `gradients`."""
        return np.sqrt(np.einsum("bkm,bkm->bm", self._G, self._G)).mean(axis=1)

    def _output_gradient(self, rule: str, some: slice) -> None:
        """Write G by a rule, as `nnviz.paper.gradients.GRADIENT_RULES`."""
        A2, D, G = self._A2[some], self._D[some], self._G[some]
        if rule == "difference":
            np.copyto(G, D)
        elif rule == "exact":
            self._exact(some)
        else:
            np.multiply(A2, D, G)
            if rule == "centred":
                G -= G.mean(axis=1, keepdims=True)

    def _exact(self, some: slice) -> None:
        """Write (14) without cancellation, in float32, too."""
        A2, D, G, sure = self._A2[some], self._D[some], self._G[some], self._sure[some]
        E = np.einsum("bkm,bkm->bm", A2, D)[:, np.newaxis]
        np.subtract(D, E, G)
        G *= A2
        # D and E nearly cancel at a class that is nearly certain, right or wrong, and only there:
        # what it gets is what the other classes give, since (14) sums to zero over them.
        np.greater(A2, SURE, sure)
        np.copyto(G, 0, where=sure)
        np.sum(G, axis=1, keepdims=True, out=E)
        np.copyto(G, np.negative(E, E), where=sure)


def stacked(parameters: Sequence[Parameters], dtype: Any) -> tuple[Array, Array]:
    """[W1 b1] and [W2 b2] of some networks, with one more axis in front."""
    return (
        np.stack([np.hstack([p.W1, p.b1]) for p in parameters]).astype(dtype),
        np.stack([np.hstack([p.W2, p.b2]) for p in parameters]).astype(dtype),
    )
