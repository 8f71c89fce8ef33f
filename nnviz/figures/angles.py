"""Angles of the rules to exact (14): of the network, and of its samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.approximation.course import Course
from nnviz.approximation.holding import Criterion
from nnviz.figures.over_epochs import MARGIN_FOR_NAMES, level_line, over_epochs
from nnviz.figures.picture import Picture
from nnviz.figures.rules import rule_line
from nnviz.figures.style import RULE_COLOURS, axis, with_alpha
from nnviz.paper.error_term import QUANTILE_LEVELS
from nnviz.paper.network import Array


def two_angles(course: Course, equal_weights: Array, criterion: Criterion, end: int) -> Picture:
    """Angle of (16) to (14): of the network, of its samples, and with the samples weighed equally.

    Parameters
    ----------
    course : Course
        Of the run along which the rules are compared.
    equal_weights : array ``[F]``
        From `nnviz.approximation.weighing.mixed_angles`: directions of (16), lengths of (14).
    criterion : Criterion
        When an approximation counts as holding: its angle is marked.
    end : int
        Last epoch of the axis.
    """
    quantiles = dict(zip(QUANTILE_LEVELS, course.sample_angle["difference"].T, strict=True))
    colour, x = RULE_COLOURS["difference"], course.epochs

    def edge(level: float, **of_trace: Any) -> dict[str, Any]:
        y = quantiles[level].astype(np.float32)
        found = rule_line("difference", x, y, f"{level:.0%} of the samples are below %{{y:.1f}}°")
        return found | {"line": {"width": 0, "color": colour}, **of_trace}

    filled = {"fill": "tonexty", "fillcolor": with_alpha(colour, 0.25)}
    whole, without_E = (course.angle[r][:, -1] for r in ("difference", "drop_error_term"))
    equal = rule_line("difference", x, equal_weights, "the samples as long as (14)'s: %{y:.1f}°")
    equal["line"] |= {"dash": "dot"}
    traces = [
        edge(0.05),
        edge(0.95, **filled, meta={"label": "samples"}),
        rule_line("drop_error_term", x, without_E, "whole network %{y:.1f}°", width=1.2),
        equal,
        rule_line("difference", x, whole, "whole network %{y:.1f}°", width=3.5),
    ]
    for trace, name in zip(traces[2:], ("without E", "reweighted", "A − Y"), strict=True):
        trace["meta"] = {"label": name}
    shown = np.concatenate([quantiles[0.95], equal_weights, whole, without_E])
    top = float(np.nanmax(shown, initial=criterion.degrees))
    return over_epochs(
        name="angles",
        title="Angle to exact (14): network and samples",
        how_to_read="Thick: the network. Band: 90 % of the samples' ∂L/∂Z². Dotted: the network "
        f"with each sample as long as by (14). Dashed: {criterion.degrees:.0f}°.",
        alt="Line chart of the angle of A − Y to the exact gradient: of the network, of the "
        "samples, and of the network with the exact rule's weights.",
        traces=traces,
        end=end,
        yaxis=axis("degrees", range=[0, 1.05 * top], tickvals=list(range(0, 181, 30))),
        margin=MARGIN_FOR_NAMES,
        shapes=[level_line(criterion.degrees, "dash")],
    )
