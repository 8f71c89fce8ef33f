"""Pictures of several runs beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnviz.figures.confusion import confusion_matrix
from nnviz.figures.decision import decision_map
from nnviz.figures.frames import frames_of
from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import line, two_rows
from nnviz.figures.picture import Mark, Picture
from nnviz.figures.style import RUN_COLOURS, axis
from nnviz.figures.weights import first_layer, second_layer
from nnviz.runs.recording import Recording

TITLES = {"W1": "W¹ and b¹", "W2": "W² and b²"}
"""Shorter than on the Train page, where there is more room."""

Runs = Mapping[str, Recording]


def compare_pictures(runs: Runs, end: int) -> list[Picture]:
    """Make all pictures: curves of all runs in one, then each run's own, kind by kind.

    Parameters
    ----------
    runs : mapping of str to Recording
        By a short name.
    end : int
        The last epoch of the axes.
    """
    legend = tuple(
        Mark(name, colour, "line") for name, colour in zip(runs, RUN_COLOURS, strict=False)
    )
    return [*_curves(runs, end, legend), *_of_each(runs)]


def _curves(runs: Runs, end: int, legend: tuple[Mark, ...]) -> list[Picture]:
    share = {"range": [0, 1.02], "tickformat": ".0%"}
    tested = {name: run for name, run in runs.items() if run.dataset.y_test.size}
    pictures = [
        two_rows(
            name="all training",
            title="Training",
            how_to_read="Training samples: loss (11) and share predicted correctly, one line per "
            "run.",
            alt="Line chart of every run's training loss and accuracy.",
            traces=_lines(runs, legend, "loss", "accuracy"),
            lower=axis("loss", rangemode="tozero"),
            upper=axis("accuracy", **share),
            end=end,
            legend=legend,
        ),
        two_rows(
            name="all test",
            title="Test",
            how_to_read="Test samples, which training never sees: loss and accuracy.",
            alt="Line chart of every run's test loss and accuracy.",
            traces=_lines(tested, legend, "test_loss", "test_accuracy"),
            lower=axis("test loss", rangemode="tozero"),
            upper=axis("test accuracy", **share),
            end=end,
            legend=legend,
        ),
        two_rows(
            name="all E",
            title="E, and dead units",
            how_to_read="Above: RMS of the error term E. Below: hidden units that are 0 for "
            "every training sample.",
            alt="Line chart of every run's RMS E and dead ReLU units.",
            traces=_lines(runs, legend, "dead_units", "error_term_rms"),
            lower=axis("dead units", rangemode="tozero"),
            upper=axis("RMS E", rangemode="tozero"),
            end=end,
            legend=legend,
        ),
    ]
    return [picture for picture in pictures if picture.figure["data"]]


def _lines(runs: Runs, legend: Sequence[Mark], lower: str, upper: str) -> list[dict[str, Any]]:
    colours = {mark.label: mark.colour for mark in legend}
    found = []
    for name, run in runs.items():
        metrics = metrics_of(run)
        for metric, on in ((lower, "y"), (upper, "y2")):
            said = f"{name}: {metric.replace('_', ' ')} %{{y:.4g}}"
            found.append(line(metrics.epochs, metrics.of(metric), colours[name], said, on))
    return found


def _of_each(runs: Runs) -> list[Picture]:
    """Each run's own pictures, those of one kind next to each other and in the same colours.

    The hidden activations are not among them: they would leave room for a fifth of the epochs.
    """
    of_run = []
    for name, run in runs.items():
        frames = frames_of(run)
        in_plane = len(run.dataset.feature_names) == 2
        of_run.append(
            [
                replace(
                    picture,
                    name=f"{name} {number}",
                    title=f"{name} · {TITLES.get(picture.name, picture.title)}",
                    keyframes=frames.epochs,
                    opens="",
                )
                for number, picture in enumerate(
                    [
                        decision_map(frames) if in_plane else confusion_matrix(frames),
                        first_layer(frames),
                        second_layer(frames),
                    ]
                )
            ]
        )
    kinds = [list(kind) for kind in zip(*of_run, strict=True)]
    for kind in kinds:
        _same_colours(kind)
    return [picture for kind in kinds for picture in kind]


def _same_colours(pictures: Sequence[Picture]) -> None:
    """Let one colour mean one number in all of them."""
    scales = [
        picture.figure["layout"][picture.colour_axis] for picture in pictures if picture.colour_axis
    ]
    if not scales:
        return
    limits = np.array([(scale["cmin"], scale["cmax"]) for scale in scales])
    for scale in scales:
        scale["cmin"], scale["cmax"] = float(limits[:, 0].min()), float(limits[:, 1].max())
