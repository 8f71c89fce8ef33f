"""Agreement of the approximations with the exact gradient along a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnviz.agreement import APPROXIMATIONS, ARRAYS
from nnviz.error_term import QUANTILE_LEVELS
from nnviz.figures.compared import named_line, rule_line
from nnviz.figures.over_epochs import named, over_epochs
from nnviz.figures.picture import Mark, Picture
from nnviz.figures.style import NEUTRAL, RULE_COLOURS, axis, with_alpha
from nnviz.holding import stretches
from nnviz.lockstep import Course
from nnviz.network import Array

HOLDS = "#3F9471"
"""Epochs in which an approximation holds."""

LEGEND = (Mark("holds", HOLDS, "band"),)


def angles(course: Course, most: float, end: int) -> Picture:
    """Angle between each approximate gradient and the exact one, per parameter array."""
    traces = _by_array(course.angle, course, "%{y:.1f}°")
    return over_epochs(
        name="angles",
        title="Angle to (14)",
        how_to_read="Thick: all parameters; thin: W¹, b¹, W², b². 90° is no agreement. Green: A − "
        "Y (16) is within the dashed line.",
        alt="Line chart of the angles between the approximate gradients and the exact one.",
        traces=traces,
        end=end,
        yaxis=axis("degrees", range=[0, 180], tickvals=[0, 30, 60, 90, 120, 150, 180]),
        shapes=_within(course, course.angle["difference"][:, -1], most),
        hovermode="closest",
        legend=LEGEND,
    )


def lengths(course: Course, end: int) -> Picture:
    """Lengths by that of the exact gradient, and the neglected term by what is left."""
    traces = _by_array(course.length_ratio, course, "%{y:.2f} × the exact gradient")
    neglected = rule_line("exact", course.epochs, course.neglected, "")
    neglected["hovertemplate"] = "‖A·E‖ = %{y:.3g} × ‖G‖<extra></extra>"
    neglected["line"] = neglected["line"] | {"dash": "dot"}
    return over_epochs(
        name="lengths",
        title="Length by (14)'s",
        how_to_read="Above 1: longer steps at the same α. Thick: all parameters; thin: each array. "
        "Dotted: A·E by what (14) leaves.",
        alt="Line chart of the gradients' lengths and of the neglected term, on a log axis.",
        traces=[*traces, named(neglected, "A·E")],
        end=end,
        yaxis=axis("ratio", type="log", dtick=1, zeroline=False),
        hovermode="x",
    )


def sample_angles(course: Course, end: int) -> Picture:
    """Per-sample angle of (16) as a band, beside the whole network's."""
    quantiles = dict(zip(QUANTILE_LEVELS, course.sample_angle["difference"].T, strict=True))
    colour = RULE_COLOURS["difference"]

    def edge(level: float, fill: str | None = None) -> dict[str, Any]:
        return dict(
            type="scatter",
            x=course.epochs,
            y=quantiles[level].astype(np.float32),
            mode="lines",
            line={"width": 0},
            fill="tonexty" if fill else None,
            fillcolor=fill,
            hoverinfo="skip",
        )

    median = rule_line("difference", course.epochs, quantiles[0.5], "median sample %{y:.1f}°")
    median["line"] = median["line"] | {"dash": "dot"}
    whole = course.angle["difference"][:, -1]
    return over_epochs(
        name="samples",
        title="Sample by sample",
        how_to_read="Angle of (16) to (14) for each sample's ∂L/∂Z²: bands hold 50 % and 90 %, "
        "dots the median. Line: whole network.",
        alt="Line chart of quantiles of the per-sample angle, and of the whole network's angle.",
        traces=[
            edge(0.05),
            edge(0.95, with_alpha(colour, 0.15)),
            edge(0.25),
            edge(0.75, with_alpha(colour, 0.28)),
            median,
            rule_line("difference", course.epochs, whole, "whole network %{y:.1f}°"),
        ],
        end=end,
        yaxis=axis("degrees", rangemode="tozero"),
        hovermode="x",
        legend=(
            Mark("network", colour, "line"),
            Mark("median", colour, "dots"),
        ),
    )


def _by_array(values: Mapping[str, Array], course: Course, hover: str) -> list[dict[str, Any]]:
    """A thick line for all parameters, thin ones for each array, by each approximation."""
    traces = []
    for rule in APPROXIMATIONS:
        for i, name in enumerate(ARRAYS):
            whole = name == "all"
            line = (named_line if whole else rule_line)(
                rule,
                course.epochs,
                values[rule][:, i],
                f"{'all parameters' if whole else name} {hover}",
                width=2.5 if whole else 1,
            )
            traces.append(line | {"opacity": 1.0 if whole else 0.45})
    return traces


def _within(course: Course, values: Array, most: float) -> list[dict[str, Any]]:
    """Shapes: the epochs in which values are at most so much, and a line at it."""
    shades = [
        {
            "type": "rect",
            "yref": "paper",
            "x0": stretch.first,
            "x1": stretch.last,
            "y0": 0,
            "y1": 1,
            "fillcolor": with_alpha(HOLDS, 0.16),
            "line": {"width": 0},
            "layer": "below",
        }
        for stretch in stretches(course.epochs, values <= most)
    ]
    bound = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": most,
        "y1": most,
        "line": {"color": NEUTRAL, "width": 1, "dash": "dash"},
    }
    return [*shades, bound]
