"""Loss and accuracy of a run by each rule."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line, rule_line
from nnviz.figures.style import axis
from nnviz.runs.recording import Recording


def losses(runs: Mapping[str, Recording], end: int) -> Picture:
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
