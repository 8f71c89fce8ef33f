"""The leak of the rule without E: column sums that move."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnviz.approximation.course import OutputCourse
from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import readable, two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line, rule_line
from nnviz.figures.style import axis
from nnviz.runs.recording import Recording


def leak(runs: Mapping[str, Recording], outputs: Mapping[str, OutputCourse], end: int) -> Picture:
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
        how_to_read="Above: ∂L/∂Z² summed over the classes, 0 except without E (15). Below: the "
        "largest change of a column sum of [W² b²].",
        alt="Line chart of the column sums of the output gradients, and of how far those of the "
        "output layer have moved.",
        traces=traces,
        lower=axis(
            "Σ [W² b²] − start",
            **readable([o.column_sum_drift for o in outputs.values()]),
        ),
        upper=axis("mean Σ G", zeroline=True),
        end=end,
    )
