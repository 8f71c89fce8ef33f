"""Keyframes: the epochs of a run of which the parameters are kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEYFRAMES = 110
"""Keyframes of a run at most."""

KEYFRAME_BYTES = 4_000_000
"""Memory for a run's keyframes, in bytes: large networks get fewer of them."""


def thinned_epochs(epochs: int, count: int) -> NDArray[np.intp]:
    """About `count` epochs from 0 to `epochs`, half of them even in log(epoch), half in epoch.

    So the first epochs, in which most happens, are all there, and no late stretch is missed.

    Returns
    -------
    int array
        Rising; no more than `count` (at least 2), the first 0 and the last `epochs`.
    """
    half = max(2, count // 2)
    even_in_log = np.expm1(np.linspace(0, np.log1p(epochs), half))
    even = np.linspace(0, epochs, max(2, count - half))
    return np.unique(np.round(np.concatenate([even_in_log, even])).astype(np.intp))


def most_keyframes(parameter_bytes: int) -> int:
    """Keyframes of a run at most: `KEYFRAMES`, and no more than fit in `KEYFRAME_BYTES`.

    But always the first and the last. One that ends early may have one more.
    """
    return min(KEYFRAMES, max(2, KEYFRAME_BYTES // parameter_bytes))


def keyframe_epochs(epochs: int, parameter_bytes: int) -> NDArray[np.intp]:
    """Epochs of a run of which to keep the parameters.

    Parameters
    ----------
    epochs : int
        Of the whole run.
    parameter_bytes : int
        Size of one keyframe.

    Returns
    -------
    int array
        As `thinned_epochs`: `most_keyframes` at most.
    """
    return thinned_epochs(epochs, most_keyframes(parameter_bytes))
