"""Where the approximation holds in a run, in a sentence with its numbers."""

from __future__ import annotations

import numpy as np

from nnviz.agreement import APPROXIMATIONS
from nnviz.holding import Stretch, Tolerance, below_from, held_until, stretches
from nnviz.lockstep import Course
from nnviz.network import Array
from nnviz.recording import Recording

SMALL_E = 0.05
"""Mean |E| below which the verdict calls E small."""


def verdict(run: Recording, course: Course, tolerance: Tolerance) -> str:
    """Say how long (16) stays close to (14); then, apart from it, how long (15) does, and E's size.

    Only (15) differs from (14) by E: what is said of E is no reason for or against (16).

    Parameters
    ----------
    run : Recording
    course : Course
        Of that run; angles are known at its keyframes, and so are the epochs named.
    tolerance : Tolerance
    """
    held = {
        rule: _angle_held(course, course.angle[rule][:, -1], tolerance.degrees)
        for rule in APPROXIMATIONS
    }
    error = _error_held(
        course, course.relative_error["drop_error_term"][:, -1], tolerance.relative_error
    )
    return (
        f"A − Y (16) {held['difference']}. The gradient without E (15) "
        f"{held['drop_error_term']}; {error}. {_size_of_error_term(run, course)}; "
        f"{_neglected(course)}."
    )


def _angle_held(course: Course, angle: Array, most: float) -> str:
    if np.isnan(angle[0]):
        return "has no angle to (14) at the start: a gradient is zero"
    until = held_until(course.epochs, angle, most)
    if until is None:
        later = _longest(stretches(course.epochs, angle <= most))
        inside = f", and is within it {_when(later)}" if later else ""
        return f"starts {angle[0]:.1f}° from the exact gradient, beyond {most:g}°{inside}"
    if until == course.epochs[-1]:
        return f"stays within {most:g}° of the exact gradient in the whole run"
    return f"stays within {most:g}° of the exact gradient until epoch {until:,}"


def _error_held(course: Course, error: Array, most: float) -> str:
    if np.isnan(error).all():
        return "its relative error is undefined, since the exact gradient is zero"
    within = _longest(stretches(course.epochs, error <= most))
    if within is None:
        return f"its relative error is never below {np.nanmin(error):.2g}"
    return f"its relative error is at most {most:g} {_when(within)}"


def _size_of_error_term(run: Recording, course: Course) -> str:
    small = below_from(np.arange(run.last_epoch + 1), run.error_term_mean_abs, SMALL_E)
    if small is None:
        return f"Mean |E| ends at {run.error_term_mean_abs[-1]:.2f}"
    said = f"Mean |E| is below {SMALL_E:g} from epoch {small:,}"
    angle = course.angle["drop_error_term"][np.searchsorted(course.epochs, small), -1]
    # Or a small E would be read as a reason to neglect it: it usually goes with the opposite.
    return said if np.isnan(angle) else f"{said}, where (15) is at {angle:.0f}°"


def _neglected(course: Course) -> str:
    last = course.neglected[-1]
    if np.isnan(last):
        return "at the end the exact gradient is zero, and the neglected term beside it undefined"
    larger = below_from(course.epochs, -course.neglected, -1.0)
    if larger is None:
        return f"at the end the neglected term A·E is {last:.2g} times what is left"
    return (
        f"from epoch {larger:,} the neglected term A·E is larger than what is left, "
        f"{last:.1f} times at the end"
    )


def _longest(found: list[Stretch]) -> Stretch | None:
    return max(found, key=lambda stretch: stretch.last - stretch.first, default=None)


def _when(stretch: Stretch) -> str:
    if stretch.first == stretch.last:
        return f"at epoch {stretch.first:,}"
    return f"from epoch {stretch.first:,} to {stretch.last:,}"
