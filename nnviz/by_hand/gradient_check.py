"""Gradient check: a rule's gradient beside finite differences of the losses it might belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from nnviz.by_hand.step import Step
from nnviz.paper.gradients import difference, exact
from nnviz.paper.network import Activations, Array, Parameters, cross_entropy, forward, loss

Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

MOST_ENTRIES = 100
"""Entries of an array at most whose difference is taken; of more, as many drawn at random."""

STEP_SIZE = 1e-4
"""Of a difference, by the weight that is moved (or, of smaller ones, by its array's RMS)."""

MOST_MOVED = 0.01
"""By so much a difference may move a logit: where some weights have exploded, the array's RMS says
nothing of the others, and a loss is far from a parabola over more."""

CLOSER = (1.0, 1 / 30, 1 / 900)
"""Where a ReLU switches on the way, a shorter step is tried."""

AGREES = 1e-5
"""Relative difference below which a gradient is that of a loss."""

ROUNDINGS = 8
"""Of the sums in a forward pass, in units of the last digit: an upper bound in practice."""

MATCHES, DIFFERS, CANNOT_TELL = "matches", "does not match", "cannot tell"

ON_A_CORNER = "every entry is on the corner of a ReLU, where the loss has no derivative"
TOO_SMALL = "the gradient is smaller than what finite differences can resolve"
ZERO = "the gradient is zero, and so are the differences of the loss"

LOSSES: dict[str, Callable[[Activations, Array], float]] = {
    "mean squared error": lambda activations, Y: loss(activations.A2, Y),
    "cross-entropy": lambda activations, Y: cross_entropy(activations.Z2, Y),
}

_SLOPES: dict[str, Callable[[Array, Array], Array]] = {
    "mean squared error": exact,
    "cross-entropy": difference,
}
"""By how much each loss changes with the logits: what rounding of those does to it."""


@dataclass(frozen=True)
class ArrayCheck:
    """One parameter array's gradient beside the differences of one loss.

    Attributes
    ----------
    absolute : float
        Largest absolute difference; NaN if no entry could be checked.
    relative : float
        The same by the largest size among both.
    noise : float
        How far off the differences themselves may be, by rounding and by the loss's curvature, at
        the entry where that is most.
    checked, skipped : int
        Entries compared; entries left out because a ReLU switches within the difference, where
        the loss has a corner and no derivative.
    says : str
        `MATCHES`, `DIFFERS` or `CANNOT_TELL`.
    why : str
        Why it cannot be told; empty otherwise.
    """

    absolute: float
    relative: float
    noise: float
    checked: int
    skipped: int
    says: str
    why: str = ""


def check_gradient(step: Step, seed: int = 0) -> dict[str, dict[str, ArrayCheck]]:
    """Compare the gradient that a step takes with central differences of both losses.

    Parameters
    ----------
    step : Step
        The step whose gradient is checked.
    seed : int
        Of the entries drawn from large arrays.

    Returns
    -------
    dict of str to dict of str to ArrayCheck
        By loss (`LOSSES`), then by parameter array.

    Examples
    --------
    >>> from nnviz import initialize, load_dataset
    >>> from nnviz.by_hand.step import make_step
    >>> data, start = load_dataset("spiral"), initialize(2, 16, 3, seed=0)
    >>> found = check_gradient(make_step(start, data.X, data.Y, "exact", 0.5))
    >>> {name: check["W1"].says for name, check in found.items()}
    {'mean squared error': 'matches', 'cross-entropy': 'does not match'}
    """
    rng = np.random.default_rng(seed)
    rounding = _rounding(step)
    found: dict[str, dict[str, ArrayCheck]] = {name: {} for name in LOSSES}
    for field in fields(Parameters):
        values: Array = getattr(step.before, field.name)
        gradient: Array = getattr(step.gradients, f"d{field.name}")
        entries = np.arange(values.size)
        if values.size > MOST_ENTRIES:
            entries = np.sort(rng.choice(entries, MOST_ENTRIES, replace=False))
        slopes, steps = _differences(step, field.name, entries)
        smooth = steps > 0
        analytic = gradient.ravel()[entries][smooth]
        for name in LOSSES:
            coarse, fine = slopes[name][:, smooth]
            # The error of a central difference is as its step squared: with half the step, a
            # quarter. From both follow a better value and what the better one may still be off.
            numeric = (4 * fine - coarse) / 3
            noise = np.abs(fine - coarse) / 3 + 3 * rounding[name] / steps[smooth]
            found[name][field.name] = _compare(analytic, numeric, noise, int((~smooth).sum()))
    return found


def verdict_of(checks: dict[str, ArrayCheck]) -> tuple[str, str]:
    """Whether the gradient of all parameter arrays is that of the loss, and why if nobody can tell.

    Returns
    -------
    (str, str)
        `DIFFERS` if one array's does not match. `MATCHES` if all match, and one of them is not
        zero, or nothing would be said. `CANNOT_TELL` otherwise, with the reason.
    """
    if any(check.says == DIFFERS for check in checks.values()):
        return DIFFERS, ""
    says = {check.says for check in checks.values()}
    if says == {MATCHES} and any(np.isfinite(check.relative) for check in checks.values()):
        return MATCHES, ""
    reasons = dict.fromkeys(check.why for check in checks.values() if check.why)
    return CANNOT_TELL, "; ".join(reasons) or ZERO


def _rounding(step: Step) -> dict[str, float]:
    """What a loss may be off by rounding, of each loss."""
    p, a = step.before, step.activations
    with np.errstate(all="ignore"):
        size = np.abs(p.W2) @ (np.abs(p.W1) @ np.abs(step.X) + np.abs(p.b1)) + np.abs(p.b2)
    epsilon = ROUNDINGS * float(np.finfo(float).eps)
    return {
        name: epsilon
        * (of(a, step.Y) + float((np.abs(_SLOPES[name](a.A2, step.Y)) * size).sum(axis=0).mean()))
        for name, of in LOSSES.items()
    }


def _differences(step: Step, name: str, entries: Indices) -> tuple[dict[str, Array], Array]:
    """Central differences of each loss, ``[2×entries]``: by the whole step and by half of it.

    Returns
    -------
    differences, steps : dict of str to array, array ``[entries]``
        The half steps; 0 where a ReLU switches on the way however short it is.
    """
    values: Array = getattr(step.before, name).astype(float)
    usual = float(np.sqrt(np.square(values).mean())) or 1.0
    reach = _reach(step, name)
    active = step.activations.Z1 > 0
    found = {loss_name: np.full((2, len(entries)), np.nan) for loss_name in LOSSES}
    steps = np.zeros(len(entries))
    for i, entry in enumerate(entries):
        for closer in CLOSER:
            at = abs(values.flat[entry])
            width = closer * min(STEP_SIZE * max(at, usual), MOST_MOVED / reach.flat[entry])
            width = max(width, 64 * float(np.spacing(at)))  # or the weight would not move
            sides = [_moved(step, name, values, entry, by) for by in (width, -width)]
            if not all(((side.Z1 > 0) == active).all() for side in sides):
                continue
            steps[i] = width / 2
            halves = [_moved(step, name, values, entry, by) for by in (width / 2, -width / 2)]
            for loss_name, of in LOSSES.items():
                for row, (up, down), far in ((0, sides, width), (1, halves, width / 2)):
                    # By what the weight did move: of a large one, not all of it is held.
                    moved = (values.flat[entry] + far) - (values.flat[entry] - far)
                    found[loss_name][row, i] = (of(up, step.Y) - of(down, step.Y)) / moved
            break
    return found, steps


def _reach(step: Step, name: str) -> Array:
    """By how much a logit moves at most when a parameter does, shaped as the parameters."""
    inputs = np.abs(step.X).max(axis=1)
    votes = np.abs(step.before.W2).max(axis=0)[:, np.newaxis]
    found = {
        "W1": votes * inputs,
        "b1": votes,
        "W2": np.abs(step.activations.A1).max(axis=1) * np.ones_like(step.before.W2),
        "b2": np.ones_like(step.before.b2),
    }[name]
    return np.maximum(found, np.finfo(float).tiny)


def _moved(step: Step, name: str, values: Array, entry: int, by: float) -> Activations:
    moved = values.copy()
    moved.flat[entry] += by
    return forward(replace(step.before, **{name: moved}), step.X)


def _compare(analytic: Array, numeric: Array, noise: Array, skipped: int) -> ArrayCheck:
    if not analytic.size:
        nan = float("nan")
        return ArrayCheck(nan, nan, nan, 0, skipped, CANNOT_TELL, ON_A_CORNER)
    apart = np.abs(analytic - numeric)
    size = float(max(np.abs(analytic).max(), np.abs(numeric).max()))
    absolute, most = float(apart.max()), float(noise.max())
    relative = absolute / size if size else float("nan")
    check = (absolute, relative, most, analytic.size, skipped)
    if absolute <= AGREES * size:
        return ArrayCheck(*check, MATCHES)
    if (apart <= np.maximum(noise, AGREES * size)).all():
        return ArrayCheck(*check, CANNOT_TELL, TOO_SMALL)
    return ArrayCheck(*check, DIFFERS)
