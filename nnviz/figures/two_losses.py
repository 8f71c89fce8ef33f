"""The two losses of a run by each rule: (14) descends one, (16) the other."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.approximation.course import OutputCourse
from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import readable, two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line, rule_line
from nnviz.figures.style import axis
from nnviz.runs.recording import Recording


def two_losses(
    runs: Mapping[str, Recording], outputs: Mapping[str, OutputCourse], end: int
) -> Picture:
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
        upper=axis("cross-entropy", **readable([o.cross_entropy for o in outputs.values()])),
        end=end,
    )
