"""The pictures of the Approximation page, in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from nnviz.approximation.along import Along
from nnviz.approximation.course import longest, output_course
from nnviz.approximation.holding import Criterion
from nnviz.figures.agreement import array_angles, lengths
from nnviz.figures.angles import two_angles
from nnviz.figures.components import principal_components
from nnviz.figures.density import error_density
from nnviz.figures.drifting_apart import drifting_apart
from nnviz.figures.frames import frames_of
from nnviz.figures.input_space import input_space
from nnviz.figures.interval import probability_interval
from nnviz.figures.leak import leak
from nnviz.figures.losses import losses
from nnviz.figures.metrics import last_of_axis
from nnviz.figures.over_epochs import on_ribbon
from nnviz.figures.picture import Picture
from nnviz.figures.progress import progress_lines
from nnviz.figures.sample_weights import weight_of_samples
from nnviz.figures.triangle import Triple, probability_triangle
from nnviz.figures.two_losses import two_losses
from nnviz.figures.worst import largest_errors
from nnviz.runs.recording import Recording

LARGE = 3
"""So many pictures stand first, large and without a heading."""


def approximation_pictures(
    runs: Mapping[str, Recording],
    chosen: str,
    along: Along,
    criterion: Criterion,
    triple: Triple = (0, 1, 2),
    first: Sequence[str] = (),
) -> list[Picture]:
    """Make every picture of a run by each rule, and of the agreement along the chosen one.

    Parameters
    ----------
    runs : mapping of str to Recording
        By rule.
    chosen : str
        The rule along whose run the rules are compared.
    along : Along
        Of that run.
    criterion : Criterion
        When an approximation counts as holding.
    triple : three class numbers
        Those of the probability triangle.
    first : sequence of str
        Names of the pictures to be large, where it is not to be the story.
    """
    end = last_of_axes(runs)
    frames = frames_of(runs[chosen])
    data = runs[chosen].dataset
    outputs = {rule: output_course(run) for rule, run in runs.items()}
    in_plane = len(data.feature_names) == 2
    two_classes = len(data.class_names) == 2
    groups = {
        "Where may it be dropped?": [
            progress_lines(along.progress, criterion, end),
            two_angles(along.course, along.equal_weights, criterion, end),
            weight_of_samples(frames),
        ],
        "Where do the runs go?": [
            losses(runs, end),
            two_losses(runs, outputs, end),
            drifting_apart(runs, along.course, end),
        ],
        "What is left out?": [
            error_density(frames, end),
            largest_errors(frames),
            probability_interval(frames) if two_classes else probability_triangle(frames, triple),
            input_space(frames) if in_plane else principal_components(frames),
        ],
        "What does leaving it out do to a step?": [
            lengths(along.course, end),
            array_angles(along.course, end),
            leak(runs, outputs, end),
        ],
    }
    pictures = [
        on_ribbon(replace(picture, group=group))
        for group, members in groups.items()
        for picture in members
    ]
    place = {name: number for number, name in enumerate(first)}
    pictures.sort(key=lambda picture: place.get(picture.name, len(place)))
    large = [replace(picture, group="") for picture in pictures[:LARGE]]
    return [*large, *pictures[LARGE:]]


def last_of_axes(runs: Mapping[str, Recording]) -> int:
    """The epoch at which the pictures over epochs end."""
    return last_of_axis(longest(runs))
