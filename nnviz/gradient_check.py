"""Gradient check: a rule's gradient beside finite differences of the losses it might belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from nnviz.network import Activations, Array, Parameters, cross_entropy, forward, loss
from nnviz.step import Step

Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

MOST_ENTRIES = 100
"""Entries of an array at most whose difference is taken; of more, as many drawn at random."""

STEP_SIZE = 1e-5
"""Of a central difference, whose own error is about its square."""

AGREES = 1e-5
"""Relative difference below which a gradient is that of a loss."""

LOSSES: dict[str, Callable[[Activations, Array], float]] = {
    "mean squared error": lambda activations, Y: loss(activations.A2, Y),
    "cross-entropy": lambda activations, Y: cross_entropy(activations.Z2, Y),
}


@dataclass(frozen=True)
class ArrayCheck:
    """One parameter array's gradient beside the differences of one loss.

    Attributes
    ----------
    absolute : float
        Largest absolute difference; NaN if no entry could be checked.
    relative : float
        The same by the largest size among both.
    checked, skipped : int
        Entries compared; entries left out because a ReLU switches within the difference, where
        the loss has a corner and no derivative.
    """

    absolute: float
    relative: float
    checked: int
    skipped: int

    @property
    def agrees(self) -> bool:
        """Whether the gradient is that of the loss, as far as differences can tell."""
        return self.relative < AGREES


def check_gradient(step: Step, seed: int = 0) -> dict[str, dict[str, ArrayCheck]]:
    """Compare the gradient that a step takes with central differences of both losses.

    Parameters
    ----------
    step : Step
    seed : int
        Of the entries drawn from large arrays.

    Returns
    -------
    dict of str to dict of str to ArrayCheck
        By loss (`LOSSES`), then by parameter array.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, ArrayCheck]] = {name: {} for name in LOSSES}
    for field in fields(Parameters):
        values: Array = getattr(step.before, field.name)
        gradient: Array = getattr(step.gradients, f"d{field.name}")
        entries = np.arange(values.size)
        if values.size > MOST_ENTRIES:
            entries = np.sort(rng.choice(entries, MOST_ENTRIES, replace=False))
        differences, smooth = _differences(step, field.name, entries)
        analytic = gradient.ravel()[entries][smooth]
        for name in LOSSES:
            found[name][field.name] = _compare(analytic, differences[name][smooth], smooth)
    return found


def matches(checks: dict[str, ArrayCheck]) -> bool:
    """Whether the gradient of every parameter array is that of the loss."""
    return all(check.agrees for check in checks.values())


def _differences(step: Step, name: str, entries: Indices) -> tuple[dict[str, Array], Mask]:
    """Central differences of each loss, and where no ReLU switches on the way."""
    values: Array = getattr(step.before, name)
    found: dict[str, Array] = {loss_name: np.empty(len(entries)) for loss_name in LOSSES}
    smooth = np.ones(len(entries), bool)
    for i, entry in enumerate(entries):
        sides = []
        for sign in (1, -1):
            moved = values.astype(float)
            moved.flat[entry] += sign * STEP_SIZE
            sides.append(forward(replace(step.before, **{name: moved}), step.X))
        active = [side.Z1 > 0 for side in sides]
        smooth[i] = bool((active[0] == active[1]).all())
        for loss_name, of in LOSSES.items():
            up, down = (of(side, step.Y) for side in sides)
            found[loss_name][i] = (up - down) / (2 * STEP_SIZE)
    return found, smooth


def _compare(analytic: Array, numeric: Array, smooth: Mask) -> ArrayCheck:
    skipped = int((~smooth).sum())
    if not analytic.size:
        return ArrayCheck(float("nan"), float("nan"), 0, skipped)
    absolute = float(np.abs(analytic - numeric).max())
    size = max(float(np.abs(analytic).max()), float(np.abs(numeric).max()))
    return ArrayCheck(absolute, absolute / size if size else 0.0, analytic.size, skipped)
