"""What showing a run costs, and how much of it is shown for that.

Every picture, and the angles between the gradients, are computed at every keyframe: of a large
network on many samples that takes seconds, in which nobody else has a turn.
"""

from __future__ import annotations

from dataclasses import replace

from nnviz.data.table_text import MOST_ROWS
from nnviz.figures.decision import GRID
from nnviz.figures.picture import evenly
from nnviz.runs.recording import Recording

SECONDS = 0.6
"""Of computing at most, about: where all keyframes take more, fewer are shown."""

WHILE_IT_GROWS = 0.15
"""The same of a run that is trained on: it is shown again, with more, twice a second."""

OF_ACTIVATION, OF_PRODUCT, OF_OUTPUT, OF_POINT = 1.7e-8, 3.2e-10, 4.5e-8, 4e-9
"""Seconds a keyframe: for a hidden unit's activation by a sample, more for each of its weights; for
an output by a sample; and for a hidden unit's activation at a point of the decision map."""

MOST_SAMPLES = MOST_ROWS
"""Samples of a run that can be shown: those of the largest table."""

MOST_ACTIVATIONS = 1_500_000
"""Hidden units times samples of a run that can be shown: all that the controls offer, 128 units on
10,000 samples, and two keyframes of it take less than `SECONDS`."""

MOST_WEIGHTS = 200_000
"""Weights of a run that can be shown: the controls offer 27,000, and with so many the steps of one
group of milestones take about `SECONDS`."""


def too_large(run: Recording) -> str:
    """Why a run cannot be shown, as one of a file may be; empty if it can."""
    units, data = run.config.hidden_units, run.dataset
    samples = _samples(run)
    weights = units * (len(data.feature_names) + len(data.class_names))
    if weights > MOST_WEIGHTS:
        return f"a network of {weights:,} weights is too large; {MOST_WEIGHTS:,} can be shown"
    if samples > MOST_SAMPLES:
        return f"{samples:,} samples are too many; {MOST_SAMPLES:,} can be shown"
    if units * samples > MOST_ACTIVATIONS:
        return (
            f"{units:,} hidden units on {samples:,} samples are too many: the product of the two "
            f"may be {MOST_ACTIVATIONS:,}"
        )
    return ""


def affordable(run: Recording) -> Recording:
    """The run with all its keyframes, or with as many as can be shown, the first and the last too.

    By what they cost, not by the clock, so that the same run is shown the same everywhere.
    """
    features, classes = len(run.dataset.feature_names), len(run.dataset.class_names)
    units, samples = run.config.hidden_units, _samples(run)
    seconds = units * samples * (OF_ACTIVATION + OF_PRODUCT * (features + classes))
    seconds += classes * samples * OF_OUTPUT
    if features == 2:
        seconds += units * GRID**2 * OF_POINT
    most = max(2, int((WHILE_IT_GROWS if run.status == "running" else SECONDS) / seconds))
    if len(run.keyframes) <= most:
        return run
    return replace(run, keyframes=tuple(run.keyframes[i] for i in evenly(len(run.keyframes), most)))


def _samples(run: Recording) -> int:
    return run.dataset.y.size + run.dataset.y_test.size
