"""The pictures of the Approximation page, in their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnviz.figures.agreement import angles, lengths, sample_angles
from nnviz.figures.compared import error_and_distance, leak, losses, two_losses
from nnviz.figures.components import principal_components
from nnviz.figures.density import error_density
from nnviz.figures.frames import frames_of
from nnviz.figures.input_space import input_space
from nnviz.figures.interval import probability_interval
from nnviz.figures.picture import Picture
from nnviz.figures.triangle import Triple, probability_triangle
from nnviz.figures.worst import largest_errors
from nnviz.holding import Criterion
from nnviz.lockstep import Course, longest, output_course
from nnviz.recording import Recording


def approximation_pictures(
    runs: Mapping[str, Recording],
    chosen: str,
    course: Course,
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
    course : Course
        Of that run.
    criterion : Criterion
    triple : three class numbers
        Those of the probability triangle.
    first : sequence of str
        Names of pictures to put before the others.
    """
    whole = longest(runs)
    end = max(whole.last_epoch, 1)
    if whole.status == "running":
        end = whole.config.epochs
    frames = frames_of(runs[chosen])
    data = runs[chosen].dataset
    outputs = {rule: output_course(run) for rule, run in runs.items()}
    in_plane = len(data.feature_names) == 2
    two_classes = len(data.class_names) == 2
    pictures = [
        losses(runs, end),
        angles(course, criterion.degrees, end),
        lengths(course, end),
        two_losses(runs, outputs, end),
        error_and_distance(runs, course, end),
        sample_angles(course, end),
        error_density(frames, end),
        largest_errors(frames),
        leak(runs, outputs, end),
        input_space(frames) if in_plane else principal_components(frames),
        probability_interval(frames) if two_classes else probability_triangle(frames, triple),
    ]
    place = {name: number for number, name in enumerate(first)}
    return sorted(pictures, key=lambda picture: place.get(picture.name, len(place)))
