"""How much each sample counts, by each rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.weighing import sample_weights
from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated, in_bytes, in_words
from nnviz.figures.over_epochs import MARGIN_FOR_NAMES
from nnviz.figures.picture import Picture, Toggle, evenly, numbered, reduced
from nnviz.figures.rules import RULE_LABELS, RULE_SHORT, rule_line
from nnviz.figures.style import RULE_COLOURS, axis, layout
from nnviz.paper.gradients import GRADIENT_RULES

MOST_SAMPLES = 150

LEAST_WEIGHT = 1e-4
"""Lengths below are not told apart on the logarithmic axis."""


def weight_of_samples(frames: Frames) -> Picture:
    """How long each sample's G is, by each rule, over the probability of its class."""
    data = frames.run.dataset
    drawn = evenly(data.y.size, MOST_SAMPLES)
    X, Y = data.X[:, drawn], data.Y[:, drawn]
    A2 = [p.A2.astype(float) for p in frames.activations(X)]
    of_true = in_bytes(np.stack([A.T[Y.T == 1] for A in A2]), 0, 1)
    found = [sample_weights(A, Y) for A in A2]
    traces = []
    for rule in RULES_BY_SIZE:
        weights = in_words(np.stack([weight[rule] for weight in found]))
        traces.append(_points(rule, of_true, weights, drawn))
    curves = _of_two_classes() if len(data.class_names) == 2 else []
    linear = {"yaxis.type": "linear", "yaxis.range": [0, 1.45]}
    log = {"yaxis.type": "log", "yaxis.range": [float(np.log10(LEAST_WEIGHT)), 0.2]}
    figure, updates = animated(
        [*traces, *curves],
        layout(
            uirevision="weights",
            margin={**MARGIN_FOR_NAMES, "r": 16, "t": 24},
            xaxis=axis("A² of the true class", range=[-0.02, 1.02]),
            yaxis=axis("‖∂L/∂Z²‖", range=[0, 1.45]),
            annotations=[_names()],
        ),
    )
    return Picture(
        name="weights",
        title="Weight of a sample",
        how_to_read="How much each training sample counts by each rule: the length of its "
        "∂L/∂Z², over the probability of its class.",
        alt="Scatter chart of the length of each sample's output gradient by each rule.",
        figure=figure,
        updates=updates,
        toggles=(Toggle("log y", off=linear, on=log),),
        note=reduced([(drawn.size, data.y.size, "samples")]),
        opens="A click chooses the sample.",
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


def _points(rule: str, x: Moving, y: Moving, drawn: NDArray[np.intp]) -> dict[str, Any]:
    plain = rule in ("exact", "difference")
    return dict(
        type="scatter",
        x=x,
        y=y,
        mode="markers",
        marker={
            "color": RULE_COLOURS[rule],
            "size": 6 if plain else 4,
            "opacity": 0.85 if plain else 0.45,
            "symbol": "diamond" if rule == "exact" else "circle",
        },
        customdata=numbered(drawn),
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
