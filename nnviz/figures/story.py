"""The Approximation page's story in three pictures: what holds, why the angle grows, what weighs.

`progress_lines` has taken the place of the green stretches in "Angle to (14)", and `two_angles`
that of "Sample by sample" and of the whole network's lines there; what is left of that picture,
array by array, is `nnviz.figures.agreement.array_angles`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.course import Course
from nnviz.approximation.holding import Criterion
from nnviz.approximation.progress import DEFINED, HORIZONS, NOT_MEASURED, WHY, Progress
from nnviz.approximation.weighing import sample_weights
from nnviz.figures.compared import RULE_LABELS, RULE_SHORT, rule_line
from nnviz.figures.frames import Frames
from nnviz.figures.over_epochs import level_line, over_epochs
from nnviz.figures.picture import Picture, Toggle, Update, in_bytes, in_words, reduced, spread
from nnviz.figures.style import RULE_COLOURS, axis, layout, plot, with_alpha
from nnviz.paper.error_term import QUANTILE_LEVELS
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import Array

MARGIN = {"l": 44, "r": 84, "t": 8, "b": 34}
"""With room for names at the ends of lines."""

MOST_SAMPLES = 150
LEAST_WEIGHT = 1e-4
"""Lengths below are not told apart on the logarithmic axis."""


def progress_lines(progress: Progress, criterion: Criterion, end: int) -> Picture:
    """Progress ρ of each approximation, from where it was measured; at every horizon.

    The player gives it the line of the threshold, which can be dragged, and the limits of ρ: they
    are not the same at every horizon.
    """
    horizons = (criterion.horizon, *(h for h in HORIZONS if h != criterion.horizon))
    epochs = np.stack([_measured(progress, horizon)[0] for horizon in horizons for _ in range(2)])
    x = epochs[np.newaxis].astype(np.uint32)
    traces, updates = [], []
    for number, rule in enumerate(APPROXIMATIONS):
        lines = [
            kind[rule][_measured(progress, horizon)[1], HORIZONS.index(horizon)]
            for horizon in horizons
            for kind in (progress.matched, progress.one_rate)
        ]
        y = np.where(np.isfinite(lines), lines, np.nan).astype(np.float32)
        line = rule_line(rule, epochs[0], y[0], "%{y:.2f} times exact (14)", width=2.5)
        line |= {
            "mode": "lines+markers",
            "marker": {"size": 5},
            "meta": {"label": RULE_SHORT[rule]},
        }
        traces.append(line)
        updates.append(Update("x", (number,), x, by_choice=True))
        updates.append(Update("y", (number,), y[np.newaxis], by_choice=True))
    return over_epochs(
        name="progress",
        title="Progress ρ",
        how_to_read="How many times as much the next steps lower the loss as so many by exact "
        "(14): with equal steps, each as long as (14)'s.",
        alt="Line chart of the progress of each approximation beside the exact gradient's.",
        traces=traces,
        end=end,
        yaxis=axis("ρ", zeroline=True, range=[-1, 2]),
        margin=MARGIN,
        shapes=[level_line(1.0, "solid")],
        updates=tuple(updates),
        choices=(
            tuple(f"next {horizon}" for horizon in horizons),
            ("equal steps", "one α"),
        ),
        note=_gaps(progress),
        place="claim",
    )


def _measured(progress: Progress, horizon: int) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Epochs from which a horizon is measured, and their rows, the last again where others are."""
    there = np.flatnonzero(progress.why[:, HORIZONS.index(horizon)] != NOT_MEASURED)
    if not there.size:
        there = np.arange(len(progress.epochs))
    rows = (
        np.pad(there, (0, len(progress.epochs) - there.size), mode="edge") if there.size else there
    )
    return progress.epochs[rows], rows


def _gaps(progress: Progress) -> str:
    """Why a line has gaps, if one has."""
    if not len(progress.epochs):
        return "Not measured: while a run grows, or where the network is too large."
    why = [WHY[r] for r in np.unique(progress.why).tolist() if r not in (DEFINED, NOT_MEASURED)]
    if any(np.isneginf(rho).any() for rho in progress.matched.values()):
        why.append("the rule's own steps explode")
    return f"Gaps: {'; or '.join(why)}." if why else ""


def two_angles(course: Course, equal_weights: Array, criterion: Criterion, end: int) -> Picture:
    """Angle of (16) to (14): of the network, of its samples, and with the samples weighed equally.

    Parameters
    ----------
    course : Course
    equal_weights : array ``[F]``
        From `nnviz.approximation.weighing.mixed_angles`: directions of (16), lengths of (14).
    criterion : Criterion
    end : int
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
        how_to_read="Thick: the network's. Band: of 90 % of the samples' ∂L/∂Z². Dots: the "
        f"network's, each sample as long as by (14). Dashed: {criterion.degrees:.0f}°.",
        alt="Line chart of the angle of A − Y to the exact gradient: of the network, of the "
        "samples, and of the network with the exact rule's weights.",
        traces=traces,
        end=end,
        yaxis=axis("degrees", range=[0, 1.05 * top], tickvals=list(range(0, 181, 30))),
        margin=MARGIN,
        shapes=[level_line(criterion.degrees, "dash")],
    )


def weight_of_samples(frames: Frames) -> Picture:
    """How long each sample's G is, by each rule, over the probability of its class."""
    data = frames.run.dataset
    drawn = spread(data.y.size, MOST_SAMPLES)
    X, Y = data.X[:, drawn], data.Y[:, drawn]
    A2 = [p.A2.astype(float) for p in frames.activations(X)]
    of_true = in_bytes(np.stack([A.T[Y.T == 1] for A in A2]), 0, 1)
    found = [sample_weights(A, Y) for A in A2]
    traces, updates = [], []
    for number, rule in enumerate(RULES_BY_SIZE):
        weights = in_words(np.stack([weight[rule] for weight in found]))
        last = np.asarray(weights["values"][-1] * weights.get("scale", 1), np.float32)
        traces.append(_points(rule, of_true["values"][-1] / 254, last, drawn))
        updates.append(Update("x", (number,), **of_true))
        updates.append(Update("y", (number,), **weights))
    curves = _of_two_classes() if len(data.class_names) == 2 else []
    linear = {"yaxis.type": "linear", "yaxis.range": [0, 1.45]}
    log = {"yaxis.type": "log", "yaxis.range": [float(np.log10(LEAST_WEIGHT)), 0.2]}
    return Picture(
        name="weights",
        title="Weight of a sample",
        how_to_read="A training sample, by each rule: how long its ∂L/∂Z² is, so how much it "
        "counts, over the probability of its class.",
        alt="Scatter chart of the length of each sample's output gradient by each rule.",
        figure=plot(
            [*traces, *curves],
            layout(
                uirevision="weights",
                margin={**MARGIN, "r": 16, "t": 24},
                xaxis=axis("A² of the true class", range=[-0.02, 1.02]),
                yaxis=axis("‖∂L/∂Z²‖", range=[0, 1.45]),
                annotations=[_names()],
            ),
        ),
        updates=tuple(updates),
        toggles=(Toggle("log y", off=linear, on=log),),
        note=reduced([(drawn.size, data.y.size, "samples")]),
        opens="A click opens the sample's terms.",
    )


def _names() -> dict[str, Any]:
    """The rules by their marks, above the chart: Plotly would draw a legend anew at every epoch."""
    signs = {rule: "◆" if rule == "exact" else "●" for rule in GRADIENT_RULES}
    named = (
        f'<span style="color:{RULE_COLOURS[rule]}"><b>{sign} {RULE_SHORT[rule]}</b></span>'
        for rule, sign in signs.items()
    )
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper"}
    return {"text": "  ".join(named), "showarrow": False, "yanchor": "bottom", **place}


RULES_BY_SIZE = ("drop_error_term", "centred", "difference", "exact")
"""In the order in which they are drawn: the two that are to be compared above the others."""


def _points(rule: str, x: Array, y: Array, drawn: NDArray[np.intp]) -> dict[str, Any]:
    plain = rule in ("exact", "difference")
    return dict(
        type="scatter",
        x=x.astype(np.float32),
        y=y,
        mode="markers",
        marker={
            "color": RULE_COLOURS[rule],
            "size": 6 if plain else 4,
            "opacity": 0.85 if plain else 0.45,
            "symbol": "diamond" if rule == "exact" else "circle",
        },
        customdata=drawn.astype(np.int32),
        hovertemplate=f"sample %{{customdata}}, {RULE_LABELS[rule]}: %{{y:.3g}} at A² = %{{x:.2f}}"
        "<extra></extra>",
        cliponaxis=False,
    )


def _of_two_classes() -> list[dict[str, Any]]:
    """Of two classes, the curves on which all samples lie."""
    p = np.linspace(0, 1, 101)
    found = sample_weights(np.stack([p, 1 - p]), np.stack([np.ones(p.size), np.zeros(p.size)]))
    return [
        rule_line(rule, p, found[rule].astype(np.float32), "", width=1) | {"hoverinfo": "skip"}
        for rule in GRADIENT_RULES
    ]
