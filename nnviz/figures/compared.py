"""Three runs by the three rules, over the same epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.metrics import metrics_of
from nnviz.figures.picture import Mark, Picture, Toggle
from nnviz.figures.style import RULE_COLOURS, axis, layout, plot
from nnviz.lockstep import distances, mean_logits
from nnviz.network import Array
from nnviz.recording import Recording

RULE_LABELS = {
    "exact": "(14)",
    "drop_error_term": "(15)",
    "difference": "(16)",
}

LEGEND = tuple(Mark(label, RULE_COLOURS[rule], "line") for rule, label in RULE_LABELS.items())

Runs = Mapping[str, Recording]


def losses(runs: Runs, end: int) -> Picture:
    """Accuracy above, loss below, of each run."""
    traces = []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        for metric, on in (("accuracy", "y2"), ("loss", "y")):
            traces.append(
                rule_line(rule, metrics.epochs, metrics.of(metric), f"{metric} %{{y:.4f}}", on)
            )
    return _two_rows(
        name="losses",
        title="Three runs",
        how_to_read="Same start, same data, one gradient rule each: loss (11) and training "
        "accuracy, epoch by epoch.",
        alt="Line chart of loss and accuracy of the three runs.",
        traces=traces,
        lower=axis("loss", rangemode="tozero"),
        upper=axis("accuracy", range=[0, 1.02], tickformat=".0%"),
        end=end,
    )


def error_and_distance(runs: Runs, end: int) -> Picture:
    """RMS E of each run above, its parameters' distance from the exact run below."""
    traces = []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        rms = metrics.of("error_term_rms")
        traces.append(rule_line(rule, metrics.epochs, rms, "RMS E %{y:.4f}", "y2"))
        if rule != "exact":
            epochs, apart = distances(run, runs["exact"])
            traces.append(rule_line(rule, epochs, apart, "distance %{y:.3f}", "y"))
    return _two_rows(
        name="distance",
        title="E, and drifting apart",
        how_to_read="Above: RMS of E in each run. Below: how far the parameters are from those of "
        "the exact run.",
        alt="Line chart of RMS E of the three runs, and of their parameters' distance.",
        traces=traces,
        lower=axis("‖θ − θ exact‖", rangemode="tozero"),
        upper=axis("RMS E", rangemode="tozero"),
        end=end,
    )


def leak(runs: Runs, end: int) -> Picture:
    """Mean logit of each run, which only rule (15) pushes; and the push, its mean E."""
    traces = []
    for rule, run in runs.items():
        metrics = metrics_of(run)
        # The column sums of G: those of (14) and (16) are zero, those of (15) are E.
        sums = metrics.of("error_term_mean") if rule == "drop_error_term" else None
        zeros = np.zeros(len(metrics.epochs), np.float32)
        push = zeros if sums is None else sums
        traces.append(rule_line(rule, metrics.epochs, push, "Σ G %{y:.4f}", "y2"))
        epochs, logit = mean_logits(run)
        traces.append(rule_line(rule, epochs, logit, "mean Z² %{y:.3f}", "y"))
    return _two_rows(
        name="leak",
        title="The leak of (15)",
        how_to_read="Above: mean over samples of the sum of ∂L/∂Z² over classes, 0 by (14), (16). "
        "Below: the mean logit it pushes.",
        alt="Line chart of the column sums of the output gradients, and of the mean logit.",
        traces=traces,
        lower=axis("mean Z²", zeroline=True),
        upper=axis("mean Σ G", zeroline=True),
        end=end,
    )


def rule_line(
    rule: str, x: NDArray[Any], y: Array, hover: str, on: str = "y", width: float = 2
) -> dict[str, Any]:
    """A line in its rule's colour; gaps where it is undefined."""
    return dict(
        type="scatter",
        x=x,
        y=np.asarray(y, np.float32),
        yaxis=on,
        mode="lines",
        line={"color": RULE_COLOURS[rule], "width": width},
        hovertemplate=f"{RULE_LABELS[rule]}: {hover}<extra></extra>",
    )


def log_x(end: int) -> Toggle:
    """A switch to epochs on a logarithmic axis."""
    return Toggle(
        "log x",
        off={"xaxis.type": "linear", "xaxis.range": [0, end]},
        on={"xaxis.type": "log", "xaxis.range": [0, float(np.log10(max(end, 2)))]},
    )


def _two_rows(
    *,
    name: str,
    title: str,
    how_to_read: str,
    alt: str,
    traces: list[dict[str, Any]],
    lower: dict[str, Any],
    upper: dict[str, Any],
    end: int,
) -> Picture:
    """Two charts over the same epochs; ``y`` is the lower, ``y2`` the upper."""
    return Picture(
        name=name,
        title=title,
        how_to_read=how_to_read,
        alt=alt,
        figure=plot(
            traces,
            layout(
                uirevision=f"{name} {end}",
                margin={"l": 52, "r": 16, "t": 6, "b": 34},
                xaxis=axis("epoch", range=[0, end], anchor="y"),
                yaxis={**lower, "domain": [0, 0.47]},
                yaxis2={**upper, "domain": [0.53, 1]},
                hovermode="x",
            ),
        ),
        cursor=True,
        toggles=(log_x(end),),
        legend=LEGEND if name == "losses" else (),
    )
