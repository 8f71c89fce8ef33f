"""The pictures of the Approximation page, in their places."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.figures.agreement import angles, lengths, sample_angles
from nnviz.figures.compared import error_and_distance, leak, losses
from nnviz.figures.density import error_density
from nnviz.figures.frames import frames_of
from nnviz.figures.input_space import input_space
from nnviz.figures.picture import Picture
from nnviz.figures.triangle import probability_triangle
from nnviz.lockstep import Course, longest
from nnviz.recording import Recording


def approximation_pictures(
    runs: Mapping[str, Recording], chosen: str, course: Course, tolerance: float
) -> list[Picture]:
    """Make every picture of three runs, and of the agreement along the chosen one.

    Parameters
    ----------
    runs : mapping of str to Recording
        By rule.
    chosen : str
        The rule along whose run the rules are compared.
    course : Course
        Of that run.
    tolerance : float
        Degrees within which an approximation holds.
    """
    whole = longest(runs)
    end = max(whole.last_epoch, 1)
    if whole.status == "running":
        end = whole.config.epochs
    frames = frames_of(runs[chosen])
    data = runs[chosen].dataset
    pictures = [
        losses(runs, end),
        angles(course, tolerance, end),
        lengths(course, end),
        error_and_distance(runs, end),
        sample_angles(course, end),
        error_density(frames, end),
        leak(runs, end),
    ]
    if len(data.feature_names) == 2:
        pictures.append(input_space(frames))
    if len(data.class_names) == 3:
        pictures.append(probability_triangle(frames))
    return pictures
