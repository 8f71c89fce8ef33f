"""When an approximation holds: where its progress is at least so much of the exact gradient's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.paper.network import Array


@dataclass(frozen=True)
class Criterion:
    """When an approximation counts as holding.

    Attributes
    ----------
    threshold : float
        Least ρ, with steps as long as those of (14) (see `nnviz.approximation.progress`); of the
        very next step, the least cosine of the angle to the exact gradient.
    horizon : int
        Number of steps: one of `nnviz.approximation.progress.HORIZONS`.
    """

    threshold: float = 0.9
    horizon: int = 50

    @property
    def degrees(self) -> float:
        """The angle of that cosine."""
        return math.degrees(math.acos(self.threshold))


@dataclass(frozen=True)
class Stretch:
    """Epochs from `first` to `last`, both included."""

    first: int
    last: int


def stretches(epochs: NDArray[np.integer], holds: NDArray[np.bool_]) -> list[Stretch]:
    """The stretches of epochs over which something holds.

    Parameters
    ----------
    epochs : int array
        Rising.
    holds : bool array
        Whether it does, at each of them.

    Returns
    -------
    list of Stretch
        In order; each as long as possible, from one of `epochs` to another.
    """
    edges = np.flatnonzero(np.diff(np.r_[False, holds, False].astype(int)))
    return [
        Stretch(int(epochs[first]), int(epochs[end - 1]))
        for first, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def share(epochs: NDArray[np.integer], holds: NDArray[np.bool_]) -> float:
    """Share of a run over which something holds: that of its `stretches` in all epochs.

    Returns
    -------
    float
        From 0 to 1; NaN where nothing is known.
    """
    if not len(epochs):
        return float("nan")
    held = sum(stretch.last - stretch.first + 1 for stretch in stretches(epochs, holds))
    return held / int(epochs[-1] - epochs[0] + 1)


def below_from(epochs: NDArray[np.integer], values: Array, bound: float) -> int | None:
    """The first epoch from which on all values are below a bound; None if the last is not."""
    below = values < bound
    if not below[-1]:
        return None
    return int(epochs[0] if below.all() else epochs[len(below) - np.argmin(below[::-1])])
