"""Where the approximation holds in a run, in a sentence with its numbers."""

from __future__ import annotations

import numpy as np

from nnviz.holding import below_from, held_until
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
    third = (
        f"from epoch {larger:,} the neglected term is larger than what is left, "
        f"{course.neglected[-1]:.1f} times at the end"
        if larger is not None
        else f"at the end the neglected term is {course.neglected[-1]:.2g} times what is left"
    )
    return f"{first}; {second}; {third}."
