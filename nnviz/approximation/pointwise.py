"""What can be said of the approximations at a single output: E, an angle, a relative error."""

from __future__ import annotations

import numpy as np

from nnviz.approximation.agreement import column_angles, column_lengths, ratio, scaled_exact
from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import difference
from nnviz.paper.network import Array

SHOWN = ("E", "angle (16)", "error (15)")


def pointwise(A2: Array, Y: Array) -> Array:
    """All of `SHOWN` for each sample, on one scale: how far (16), and (15), are from (14).

    Returns
    -------
    array ``[3×M]``
        E; the angle as a share of 180°; e/(1+e), with e the relative error, which has no bound.
        NaN where the exact gradient is zero.
    """
    G, scale = scaled_exact(A2, Y)
    E = error_term(A2, Y)
    with np.errstate(over="ignore"):  # beside next to nothing: infinite, and so 1 below
        error = ratio(column_lengths(A2 * (E / scale)), column_lengths(G))  # (15) - (14) is A·E
    return np.stack([E, column_angles(difference(A2, Y), G) / 180, 1 - 1 / (1 + error)])
