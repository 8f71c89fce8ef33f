"""Loss, accuracy and E of many epochs at once.

One call for many epochs: on small networks, what a measure costs is the number of calls. The
readable form, of one epoch, is `nnviz.paper`'s.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnviz.paper.network import Array


class EpochMeasures:
    """What a recording says of the outputs of some epochs.

    Parameters
    ----------
    A2 : array ``[epochs×N2×M]``
        Predictions, epoch by epoch.
    Y : array ``[N2×M]``
        One-hot targets.
    y : int array ``[M]``
        True classes.

    Attributes
    ----------
    loss : array ``[epochs]``
        Eq. (11), as `nnviz.paper.network.loss`.
    accuracy : array ``[epochs]``
        As `nnviz.paper.network.accuracy`.
    """

    def __init__(self, A2: Array, Y: Array, y: NDArray[np.intp]) -> None:
        samples = y.size
        # D is the probability of a wrong class, and minus their sum at the true one (`residual`).
        wrong = A2 * (1 - Y)
        self._wrong, self._squares = wrong.sum(axis=1), np.einsum("tkm,tkm->tm", wrong, wrong)
        self._true = np.einsum("tkm,km->tm", A2, Y)
        self.loss = (np.square(self._wrong) + self._squares).sum(axis=1) / (2 * samples)
        self.accuracy = _right(A2, Y, y).sum(axis=1) / samples

    def error_term(self) -> Array:
        """E of every epoch and sample, Eq. (14), as `nnviz.paper.error_term.error_term`.

        Returns
        -------
        array ``[epochs×M]``
        """
        return self._squares - self._true * self._wrong


def _right(A2: Array, Y: Array, y: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the lowest of the most probable classes is the true one, ``[epochs×M]``."""
    best = A2.max(axis=1, keepdims=True) == A2
    if np.count_nonzero(best) == A2.shape[0] * A2.shape[2]:  # no ties: this is much faster
        return (best & (Y == 1.0)).any(axis=1)
    return A2.argmax(axis=1) == y
