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


def angles(course: Course, tolerance: float, end: int) -> Picture:
    """Angle between each approximate gradient and the exact one, per parameter array."""
    traces = _by_array(course.angle, course, "%{y:.1f}°")
    return over_epochs(
        name="angles",
        title="Angle to (14)",
        how_to_read="Thick: all parameters; thin: W¹, b¹, W², b². 90° is no agreement. Green: A − "
        "Y (16) is within the tolerance.",
        alt="Line chart of the angles between the approximate gradients and the exact one.",
        traces=traces,
        end=end,
        yaxis=axis("degrees", range=[0, 180], tickvals=[0, 30, 60, 90, 120, 150, 180]),
        shapes=_within(course, course.angle["difference"][:, -1], tolerance),
        hovermode="closest",
        legend=LEGEND,
    )


def relative_errors(course: Course, tolerance: float, end: int) -> Picture:
    """‖approximate - exact‖ / ‖exact‖ of all parameters' gradients."""
    traces = [
        named_line(
            rule, course.epochs, course.relative_error[rule][:, -1], "off by %{y:.2f} × the exact"
        )
        for rule in APPROXIMATIONS
    ]
    return over_epochs(
        name="errors",
        title="Relative error",
        how_to_read="‖approximate − (14)‖ / ‖(14)‖ of all gradients: at 1, off by as much as (14) "
        "itself. Green: without E (15) within tolerance.",
        alt="Line chart of the relative errors of the approximations, on a log axis.",
        traces=traces,
        end=end,
        yaxis=axis("relative error", type="log", dtick=1),
        # Of (16) it says nothing: its length alone makes its error large.
        shapes=_within(course, course.relative_error["drop_error_term"][:, -1], tolerance),
        hovermode="x",
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


def _within(course: Course, values: Array, tolerance: float) -> list[dict[str, Any]]:
    """Shapes: the epochs in which values are at most the tolerance, and a line at it."""
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
        for stretch in stretches(course.epochs, values <= tolerance)
    ]
    bound = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": tolerance,
        "y1": tolerance,
        "line": {"color": NEUTRAL, "width": 1, "dash": "dash"},
    }
    return [*shades, bound]
