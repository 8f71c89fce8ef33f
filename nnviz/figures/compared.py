"""Runs by each rule, over the same epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.course import Course, OutputCourse, distances
from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import line, named, two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.style import NEUTRAL, RULE_COLOURS, RULE_DASHES, axis
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import Array
from nnviz.runs.recording import Recording

RULE_LABELS = RULE_NAMES | {"centred": "centred (ours)"}
"""The rules' names where there is little room."""

RULE_SHORT = {rule: label.split(" (")[0] for rule, label in RULE_LABELS.items()}
"""Without numbers, for the ends of lines."""

AT_EPOCH = "epoch %{customdata:,}, "
"""What a point of a line says first; the player gives it its epoch (`static/epochs.js`)."""

Runs = Mapping[str, Recording]
Outputs = Mapping[str, OutputCourse]


def losses(runs: Runs, end: int) -> Picture:
    """Accuracy above, loss below, of each run."""
    traces = []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        right, loss = metrics.of("accuracy"), metrics.of("loss")
        traces.append(named_line(rule, metrics.epochs, right, "accuracy %{y:.4f}", "y2"))
        traces.append(rule_line(rule, metrics.epochs, loss, "loss %{y:.4f}"))
    return two_rows(
        name="losses",
        title="Four runs",
        how_to_read="Same start, same data, one gradient rule each: loss (11) and training "
        "accuracy, epoch by epoch.",
        alt="Line chart of loss and accuracy of the four runs.",
        traces=traces,
        lower=axis("loss", rangemode="tozero"),
        upper=axis("accuracy", range=[0, 1.02], tickformat=".0%"),
        end=end,
    )


def error_and_distance(runs: Runs, course: Course, end: int) -> Picture:
    """RMS E of each run, and of A·E along one, above; distance from the exact run below."""
    traces, apart_of = [], []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        rms = metrics.of("error_term_rms")
        traces.append(named_line(rule, metrics.epochs, rms, "RMS E %{y:.4f}", "y2"))
        if rule != "exact":
            epochs, apart = distances(run, runs["exact"])
            traces.append(rule_line(rule, epochs, apart, "distance %{y:.3f}", "y"))
            apart_of.append(apart)
    neglected = rule_line("exact", course.epochs, course.neglected_size, "", "y2")
    neglected["hovertemplate"] = f"{AT_EPOCH}RMS of ‖A·E‖ %{{y:.4f}}<extra></extra>"
    neglected["line"] = {"color": NEUTRAL, "width": 2, "dash": "dot"}
    traces.append(neglected)
    return two_rows(
        name="distance",
        title="E, and drifting apart",
        how_to_read="Above: RMS of E in each run; dotted: of the neglected term A·E along the "
        "chosen one. Below: distance from the exact run.",
        alt="Line chart of RMS E of the four runs, and of their parameters' distance.",
        traces=traces,
        lower=axis("‖θ − θ exact‖", **_readable(apart_of)),
        upper=axis("RMS E", rangemode="tozero"),
        end=end,
    )


def two_losses(runs: Runs, outputs: Outputs, end: int) -> Picture:
    """Cross-entropy above, mean squared error below, of each run."""
    traces = []
    for rule, run in runs.items():
        metrics, along = metrics_of(run), outputs[rule]
        entropy = along.cross_entropy
        traces.append(named_line(rule, along.epochs, entropy, "cross-entropy %{y:.4f}", "y2"))
        traces.append(rule_line(rule, metrics.epochs, metrics.of("loss"), "loss %{y:.4f}", "y"))
    return two_rows(
        name="entropy",
        title="Two losses",
        how_to_read="Exact (14) is the gradient of the loss (11), below; A − Y (16) of the "
        "cross-entropy −mean log A², above.",
        alt="Line chart of cross-entropy and mean squared error of the four runs.",
        traces=traces,
        lower=axis("loss", rangemode="tozero"),
        upper=axis("cross-entropy", **_readable([o.cross_entropy for o in outputs.values()])),
        end=end,
    )


def leak(runs: Runs, outputs: Outputs, end: int) -> Picture:
    """How far the column sums of [W² b²] have moved, and what moves them, which only (15) has."""
    traces = []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        # The column sums of G: those of (15) are E, those of all others zero.
        sums = metrics.of("error_term_mean") if rule == "drop_error_term" else None
        zeros = np.zeros(len(metrics.epochs), np.float32)
        push = zeros if sums is None else sums
        traces.append(named_line(rule, metrics.epochs, push, "Σ G %{y:.4f}", "y2"))
        along = outputs[rule]
        moved = along.column_sum_drift
        traces.append(rule_line(rule, along.epochs, moved, "moved by %{y:.2g}", "y"))
    return two_rows(
        name="leak",
        title="The leak of the rule without E",
        how_to_read="Above: ∂L/∂Z², summed over the classes: 0, but without E (15). Below: the "
        "most that a column sum of [W² b²] has moved.",
        alt="Line chart of the column sums of the output gradients, and of how far those of the "
        "output layer have moved.",
        traces=traces,
        lower=axis(
            "Σ [W² b²] − start",
            **_readable([o.column_sum_drift for o in outputs.values()]),
        ),
        upper=axis("mean Σ G", zeroline=True),
        end=end,
    )


def _readable(lines: Sequence[Array]) -> dict[str, Any]:
    """An axis that ends at four times what is usual, where one run's weights explode."""
    usual = 4 * max(float(np.median(np.abs(line))) for line in lines)
    low = min(0.0, *(float(line.min()) for line in lines))
    high = max(0.0, *(float(line.max()) for line in lines))
    if max(-low, high) <= 10 * usual:
        return {"rangemode": "tozero"}
    return {"range": [max(low, -usual), min(high, usual)]}


def rule_line(
    rule: str, x: NDArray[Any], y: Array, hover: str, on: str = "y", width: float = 2
) -> dict[str, Any]:
    """A line in its rule's colour and dash; gaps where it is undefined."""
    found = line(x, y, RULE_COLOURS[rule], f"{AT_EPOCH}{RULE_LABELS[rule]}: {hover}", on, width)
    found["line"]["dash"] = RULE_DASHES[rule]
    return found


def named_line(rule: str, *of_line: Any, **how: Any) -> dict[str, Any]:
    """The same with the rule's name above the chart: one of its lines in each."""
    return named(rule_line(rule, *of_line, **how), RULE_LABELS[rule])
