"""When an approximation holds: where its progress is at least so much of the exact gradient's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

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


def share_above(epochs: NDArray[np.integer], values: Array, threshold: float) -> float:
    """Share of a run in which something is at least so much, judged from some of its epochs.

    Between two of them the values are taken to be linear in the logarithm of the epoch: of epochs
    that are even in it, the last two are half of the run apart.

    Parameters
    ----------
    epochs : int array ``[P]``
        Rising, at least one.
    values : array ``[P]``
        At those epochs, finite.
    threshold : float
        What counts as enough.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> round(share_above(np.array([0, 99]), np.array([1.0, 0.0]), 0.5), 3)  # up to epoch 9
    0.091
    """
    if len(epochs) == 1:
        return float(values[0] >= threshold)
    held = 0.0
    places = np.log1p(epochs)
    for (x, to), (v, w) in zip(pairwise(places), pairwise(values), strict=True):
        # From which part of the way to which part of it: all, nothing, or up to the crossing.
        crossing = (threshold - v) / (w - v) if (v >= threshold) != (w >= threshold) else 1.0
        first, last = (0.0, crossing) if v >= threshold else (crossing, 1.0)
        held += float(np.expm1(x + last * (to - x)) - np.expm1(x + first * (to - x)))
    return held / int(epochs[-1] - epochs[0])


def below_from(epochs: NDArray[np.integer], values: Array, bound: float) -> int | None:
    """The first epoch from which on all values are below a bound; None if the last is not."""
    below = values < bound
    if not below[-1]:
        return None
    return int(epochs[0] if below.all() else epochs[len(below) - np.argmin(below[::-1])])
