"""E of a run by each rule, and how far the runs drift apart."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.approximation.course import Course, distances
from nnviz.figures.metrics import metrics_of
from nnviz.figures.over_epochs import AT_EPOCH, readable, two_rows
from nnviz.figures.picture import Picture
from nnviz.figures.rules import named_line, rule_line
from nnviz.figures.style import NEUTRAL, axis
from nnviz.runs.recording import Recording


def drifting_apart(runs: Mapping[str, Recording], course: Course, end: int) -> Picture:
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
        lower=axis("‖θ − θ exact‖", **readable(apart_of)),
        upper=axis("RMS E", rangemode="tozero"),
        end=end,
    )
