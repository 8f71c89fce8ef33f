"""Where the approximation holds in a run, in a sentence with its numbers."""

from __future__ import annotations

import numpy as np

from nnviz.holding import Stretch, below_from, held_until, stretches
from nnviz.lockstep import Course
from nnviz.recording import Recording

SMALL_E = 0.05
"""Mean |E| below which the verdict calls E small."""


def verdict(run: Recording, course: Course, tolerance: float) -> str:
    """Say how long (16) stays close to (14), when E is small, and what neglecting it costs.

    Parameters
    ----------
    run : Recording
    course : Course
        Of that run; angles are known at its keyframes, and so are the epochs named.
    tolerance : float
        Degrees.
    """
    angle = course.angle["difference"][:, -1]
    until = held_until(course.epochs, angle, tolerance)
    if np.isnan(angle[0]):
        first = "The angle between (16) and (14) is undefined at the start: a gradient is zero"
    elif until is None:
        first = f"(16) starts {angle[0]:.1f}° from the exact gradient, beyond {tolerance:g}°"
        later = max(stretches(course.epochs, angle <= tolerance), key=_length, default=None)
        if later is not None:
            first += f", and is within it from epoch {later.first:,} to {later.last:,}"
    elif until == course.epochs[-1]:
        first = f"(16) stays within {tolerance:g}° of the exact gradient in the whole run"
    else:
        first = f"(16) stays within {tolerance:g}° of the exact gradient until epoch {until:,}"
    small = below_from(np.arange(run.last_epoch + 1), run.error_term_mean_abs, SMALL_E)
    second = (
        f"mean |E| is below {SMALL_E:g} from epoch {small:,}"
        if small is not None
        else f"mean |E| ends at {run.error_term_mean_abs[-1]:.2f}"
    )
    larger = below_from(course.epochs, -course.neglected, -1.0)
    if np.isnan(course.neglected[-1]):
        third = "at the end the exact gradient is zero, and the neglected term beside it undefined"
    elif larger is not None:
        third = (
            f"from epoch {larger:,} the neglected term is larger than what is left, "
            f"{course.neglected[-1]:.1f} times at the end"
        )
    else:
        third = f"at the end the neglected term is {course.neglected[-1]:.2g} times what is left"
    return f"{first}; {second}; {third}{_ended(run)}."


def _length(stretch: Stretch) -> int:
    return stretch.last - stretch.first


def _ended(run: Recording) -> str:
    """What there is to say of a run that did not come to its last epoch."""
    if run.status != "diverged":
        return ""
    return f". The run by {run.config.gradient} diverged after epoch {run.last_epoch:,}"
