"""A run's keyframes as arrays with one more axis, which all pictures animate over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnviz.paper.error_term import error_term
from nnviz.paper.network import Activations, Array, Parameters, forward, relu
from nnviz.runs.recording import Recording


@dataclass(frozen=True, eq=False)
class Frames:
    """The keyframes of a run.

    Attributes
    ----------
    run : Recording
        The run that is shown.
    epochs : int array ``[F]``
        Epochs of its keyframes, rising.
    W1b1 : array ``[F×N1×(N0+1)]``
        W1 with b1 as its last column, at every keyframe.
    W2b2 : array ``[F×N2×(N1+1)]``
        W2 with b2 as its last column.
    """

    run: Recording
    epochs: NDArray[np.uint32]
    W1b1: Array
    W2b2: Array

    def activations(self, X: Array) -> Iterator[Activations]:
        """Forward passes of some samples ``[N0×M]``, one a keyframe, Eqs. (6)-(10).

        In float32, which is more than a picture can show.
        """
        X = X.astype(np.float32)
        for W1b1, W2b2 in zip(self._single[0], self._single[1], strict=True):
            yield forward(Parameters(W1b1[:, :-1], W1b1[:, -1:], W2b2[:, :-1], W2b2[:, -1:]), X)

    def hidden(self, X: Array) -> Iterator[NDArray[np.float32]]:
        """A1 ``[N1×M]`` of some samples, one a keyframe, Eqs. (7)-(8), in float32."""
        X = X.astype(np.float32)
        for W1b1 in self._single[0]:
            yield relu(W1b1[:, :-1] @ X + W1b1[:, -1:])

    @cached_property
    def E(self) -> Array:
        """E of every training sample at every keyframe, Eq. (14), ``[F×M]``."""
        data = self.run.dataset
        return np.stack([error_term(p.A2, data.Y) for p in self.activations(data.X)])

    @cached_property
    def _single(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self.W1b1.astype(np.float32), self.W2b2.astype(np.float32)


def frames_of(run: Recording) -> Frames:
    """Stack the keyframes of a run."""
    parameters = [keyframe.parameters for keyframe in run.keyframes]
    return Frames(
        run=run,
        epochs=np.array([keyframe.epoch for keyframe in run.keyframes], np.uint32),
        W1b1=np.stack([np.hstack([p.W1, p.b1]) for p in parameters]),
        W2b2=np.stack([np.hstack([p.W2, p.b2]) for p in parameters]),
    )


def largest(values: Array) -> float:
    """Largest size in an array ``[F×…]``, for a colour scale that is the same in the whole run.

    Where the weights explode at the end of a run, the scale ends at four times what is usual in
    it, or nothing could be seen of the rest.
    """
    of_frame = np.abs(values).reshape(len(values), -1).max(axis=1)
    return float(min(of_frame.max(), 4 * np.median(of_frame))) or 1.0
