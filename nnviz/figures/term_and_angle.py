"""E beside what dropping it does to the gradient, along one run."""

from __future__ import annotations

import numpy as np

from nnviz.approximation.course import network_angles
from nnviz.figures.claim import COLOUR
from nnviz.figures.metrics import Metrics, last_of_axis
from nnviz.figures.over_epochs import AT_EPOCH, line, named, two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line
from nnviz.figures.style import axis

SHOWN = ("drop_error_term", "difference")
"""The rules whose angles are drawn: those of the source."""


def term_and_angle(metrics: Metrics) -> Picture:
    """Mean |E| above, the angles of (15) and (16) to exact (14) below, over the same epochs."""
    run = metrics.run
    angles = network_angles(run)
    at = np.array([keyframe.epoch for keyframe in run.keyframes])
    mean = line(
        metrics.epochs,
        metrics.of("error_term_mean_abs"),
        COLOUR,
        f"{AT_EPOCH}mean |E| %{{y:.4f}}",
        "y2",
        width=2.5,
    )
    return two_rows(
        name="term and angle",
        title="Mean |E|, and the angle to exact (14)",
        how_to_read="Above: the mean size of E over the samples. Below: the angle between the "
        "network's gradient by each rule and the exact one.",
        alt="Line chart of the mean size of E, and of the angles of the rules without E (15) and "
        "A − Y (16) to the exact gradient.",
        traces=[
            named(mean, "mean |E|"),
            *(named_line(rule, at, angles[rule], "%{y:.0f}°", "y") for rule in SHOWN),
        ],
        lower=axis("degrees", range=[0, 125], tickvals=[0, 30, 60, 90, 120]),
        upper=axis("mean |E|", rangemode="tozero"),
        end=last_of_axis(run),
    )
