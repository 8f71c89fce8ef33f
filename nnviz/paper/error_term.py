"""E, the term of the softmax gradient that the approximation (15) neglects."""

from __future__ import annotations

import numpy as np

from nnviz.paper.network import Array, residual

QUANTILE_LEVELS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The quantiles of E over the samples that a recording keeps, from the minimum to the maximum."""


def error_term(A2: Array, Y: Array) -> Array:
    """E_m = Σ_β A2_βm (A2_βm - Y_βm), the sum in Eq. (14): one number per sample.

    The source calls it "the averaged error term"; its mean over samples is a second step, and
    hides cancellation, since E takes both signs.

    Parameters
    ----------
    A2, Y : array ``[N2×M]``
        Predictions and one-hot targets.

    Returns
    -------
    array ``[M]``
        Within `error_term_bounds`. It is 0 for a certain and right sample, but also for a
        uniform output, and on a whole surface in between.

    Examples
    --------
    >>> A2 = np.array([[0.75, 0.5, 0.0], [0.25, 0.5, 1.0]])  # near, undecided, certain of the wrong
    >>> error_term(A2, np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])).tolist()
    [-0.125, 0.0, 1.0]
    """
    return np.einsum("km,km->m", A2, residual(A2, Y))


def error_term_bounds(classes: int) -> tuple[float, float]:
    """Smallest and largest E that `classes` classes and one-hot targets allow.

    Returns
    -------
    (float, float)
        -(K-1)/(4K), reached at A_y = (K+1)/(2K) with the rest uniform, and 1, reached at
        certainty on a wrong class.

    Examples
    --------
    >>> error_term_bounds(2)
    (-0.125, 1.0)
    """
    return -(classes - 1) / (4 * classes), 1.0


class ErrorTermSummary:
    """Mean, mean size, RMS and quantiles of E over the samples, for many epochs at once.

    Attributes
    ----------
    mean, mean_abs, rms : array ``[epochs]``
        Over the samples, at each epoch: mean of E, of |E|, and root mean square of E.
    quantiles : array ``[len(QUANTILE_LEVELS)×epochs]``
        Linearly interpolated between the sorted samples.
    """

    def __init__(self, E: Array) -> None:
        """Summarize E, an array ``[epochs×M]``; it is sorted in place."""
        self.mean = E.mean(axis=1)
        self.mean_abs = np.abs(E).mean(axis=1)
        self.rms = np.sqrt(np.square(E).mean(axis=1))
        E.sort(axis=1)
        position = np.multiply(QUANTILE_LEVELS, E.shape[1] - 1)
        low = position.astype(int)
        high = np.minimum(low + 1, E.shape[1] - 1)
        self.quantiles = (E[:, low] + (E[:, high] - E[:, low]) * (position - low)).T
