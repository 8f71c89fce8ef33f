"""Agreement of the approximations with the exact gradient along a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnviz.approximation.agreement import APPROXIMATIONS, ARRAYS
from nnviz.approximation.course import Course
from nnviz.figures.over_epochs import AT_EPOCH, named, over_epochs
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line, rule_line
from nnviz.figures.style import axis
from nnviz.paper.network import Array


def array_angles(course: Course, end: int) -> Picture:
    """Angle between each approximate gradient and the exact one, per parameter array.

    Of all parameters together it stands in `nnviz.figures.angles.two_angles`, too.
    """
    return over_epochs(
        name="arrays",
        title="Angle to exact (14), array by array",
        how_to_read="Thick: all parameters; thin: W¹, b¹, W², b². Beyond 90° a small step goes "
        "uphill.",
        alt="Line chart of the angles between the approximate gradients and the exact one.",
        traces=_by_array(course.angle, course, "%{y:.1f}°"),
        end=end,
        yaxis=axis("degrees", range=[0, 180], tickvals=[0, 30, 60, 90, 120, 150, 180]),
    )


def lengths(course: Course, end: int) -> Picture:
    """Lengths by that of the exact gradient, and the neglected term by what is left."""
    traces = _by_array(course.length_ratio, course, "%{y:.3g} × the exact gradient")
    drawn = [trace["y"] for trace in traces]
    neglected = rule_line("exact", course.epochs, course.neglected, "")
    neglected["hovertemplate"] = f"{AT_EPOCH}‖A·E‖ = %{{y:.3g}} × ‖G‖<extra></extra>"
    neglected["line"] = neglected["line"] | {"dash": "dot"}
    return over_epochs(
        name="lengths",
        title="Length by (14)'s",
        how_to_read="Above 1: longer steps at the same α. Thick: all parameters; thin: each array. "
        "Dotted: A·E, by the length of (14).",
        alt="Line chart of the gradients' lengths and of the neglected term, on a log axis.",
        traces=[*traces, named(neglected, "A·E")],
        end=end,
        yaxis=axis("ratio", type="log", exponentformat="power", **_ticks([*drawn, neglected["y"]])),
    )


def _ticks(lines: Sequence[Array]) -> dict[str, Any]:
    """Ticks of a logarithmic axis: few, be it a factor of 3 or, after a step too long, of 1e30."""
    values = np.concatenate(lines)
    values = np.log10(values[np.isfinite(values) & (values > 0)])
    decades = float(np.ptp(values)) if values.size else 1.0
    return {"dtick": "D2" if decades <= 2 else max(1, round(decades / 4))}


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
