"""When something holds: the epochs at which it is within a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.network import Array


@dataclass(frozen=True)
class Tolerance:
    """Within what an approximation holds.

    Attributes
    ----------
    degrees : float
        Angle to the exact gradient.
    relative_error : float
        ‖approximate - exact‖ / ‖exact‖, for (15): that of (16) is large by its length alone.
    """

    degrees: float
    relative_error: float


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


def held_until(epochs: NDArray[np.integer], values: Array, at_most: float) -> int | None:
    """The last epoch up to which all values are at most a bound; None if not even the first is.

    A value that is undefined (NaN) is not within the bound.
    """
    within = values <= at_most
    if not within[0]:
        return None
    return int(epochs[-1] if within.all() else epochs[np.argmin(within) - 1])


def below_from(epochs: NDArray[np.integer], values: Array, bound: float) -> int | None:
    """The first epoch from which on all values are below a bound; None if the last is not."""
    below = values < bound
    if not below[-1]:
        return None
    return int(epochs[0] if below.all() else epochs[len(below) - np.argmin(below[::-1])])
