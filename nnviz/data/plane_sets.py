"""Toy data in the plane: where the samples of each set lie.

Every maker takes a generator, the class of every sample and the noise, and returns the points
``[M×2]``. The shapes have a radius of about 1 before noise, which is Gaussian in both
coordinates; its unit is a fifth of that radius at 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.intp]

NOISE_UNIT = 0.2
"""Standard deviation, in radii, of noise 1."""


def blobs(rng: np.random.Generator, y: Labels, classes: int) -> Points:
    """Round clouds with their centres on a circle."""
    angle = 2 * np.pi * y / classes + np.pi / 2
    return np.column_stack([np.cos(angle), np.sin(angle)]) + 0.25 * rng.standard_normal((y.size, 2))


def moons(rng: np.random.Generator, y: Labels, classes: int) -> Points:
    """Half circles in a row, opening down and up by turns, each reaching into the next."""
    angle = np.pi * rng.random(y.size)
    upward = np.where(y % 2, -1.0, 1.0)
    x = np.cos(angle) + y - (classes - 1) / 2
    return np.column_stack([x, upward * (np.sin(angle) - 0.25)]) / (1 + (classes - 2) / 4)


def circles(rng: np.random.Generator, y: Labels, classes: int) -> Points:
    """Rings around one centre."""
    angle = 2 * np.pi * rng.random(y.size)
    radius = (y + 1) / classes
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def xor(rng: np.random.Generator, y: Labels, classes: int) -> Points:
    """A board of ``classes×classes`` fields; the class is (row + column) mod classes."""
    row = rng.integers(classes, size=y.size)
    column = (y - row) % classes
    cell = np.column_stack([column, row]) + rng.uniform(0.05, 0.95, (y.size, 2))
    return 2 * cell / classes - 1


def spiral(rng: np.random.Generator, y: Labels, classes: int) -> Points:
    """Arms that wind once around the centre, one a class."""
    radius = np.sqrt(rng.uniform(0.01, 1.0, y.size))
    angle = 2 * np.pi * (y / classes + 0.8 * radius)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


PLANE_SETS: dict[str, Callable[[np.random.Generator, Labels, int], Points]] = {
    "spiral": spiral,
    "blobs": blobs,
    "moons": moons,
    "circles": circles,
    "xor": xor,
}
"""The toy sets by name; each draws 2 to 6 classes."""


def plane_points(
    name: str, samples: int, classes: int, noise: float, rng: np.random.Generator
) -> tuple[Points, Labels]:
    """Draw one of `PLANE_SETS`.

    Returns
    -------
    points : array ``[samples×2]``
        Points of the plane, a row each.
    y : int array ``[samples]``
        Classes by turns, so that they differ in size by one at most.
    """
    y = np.arange(samples) % classes
    points = PLANE_SETS[name](rng, y, classes)
    return points + noise * NOISE_UNIT * rng.standard_normal(points.shape), y
