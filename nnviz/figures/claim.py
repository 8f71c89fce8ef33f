"""The claim: E over the epochs, and below it what dropping it does to the next steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.figures.frames import Frames
from nnviz.figures.metrics import Metrics, last_of_axis
from nnviz.figures.over_epochs import level_line
from nnviz.figures.picture import Picture
from nnviz.figures.rules import RULE_LABELS, RULE_SHORT
from nnviz.figures.style import RULE_COLOURS, RULE_DASHES, axis, layout, plot, with_alpha
from nnviz.paper.network import Array

COLOUR = RULE_COLOURS["exact"]
"""E is what the exact rule has and the others lack."""

LEVELS = (0.05, 0.25, 0.75, 0.95)
"""The quantiles of |E| over the samples between which the bands lie."""


def claim(frames: Frames, metrics: Metrics) -> Picture:
    """|E| above, the progress of the approximations below, over the same epochs.

    The lower lines are empty: the player draws them as far as they are measured.
    """
    run = frames.run
    bands = size_quantiles(frames)
    end = last_of_axis(run)

    def edge(level: int, fill: str | None = None) -> dict[str, Any]:
        return dict(
            type="scatter",
            x=frames.epochs,
            y=bands[level].astype(np.float32),
            yaxis="y2",
            mode="lines",
            line={"width": 0},
            fill="tonexty" if fill else None,
            fillcolor=fill,
            hoverinfo="skip",
        )

    mean = dict(
        type="scatter",
        x=metrics.epochs,
        y=metrics.of("error_term_mean_abs"),
        yaxis="y2",
        mode="lines",
        line={"color": COLOUR, "width": 2.5},
        meta={"label": "mean |E|"},
        hovertemplate="epoch %{customdata:,}: mean |E| %{y:.4f}<extra></extra>",
    )
    lines = [
        dict(
            type="scatter",
            x=[],
            y=[],
            mode="lines+markers",
            line={"color": RULE_COLOURS[rule], "width": 2.5, "dash": RULE_DASHES[rule]},
            marker={"size": 4},
            meta={"label": RULE_SHORT[rule], "rule": rule},
            hovertemplate=f"epoch %{{customdata:,}}, {RULE_LABELS[rule]}: %{{y:.2f}} times the "
            "exact gradient's<extra></extra>",
        )
        for rule in APPROXIMATIONS
    ]
    top = max(float(bands[-1].max()), float(run.error_term_mean_abs.max())) or 0.01
    figure = plot(
        [
            edge(0),
            edge(3, with_alpha(COLOUR, 0.15)),
            edge(1),
            edge(2, with_alpha(COLOUR, 0.28)),
            mean,
            *lines,
        ],
        layout(
            uirevision=f"claim {run.config.epochs} {end}",
            margin={"l": 44, "r": 78, "t": 20, "b": 36},
            xaxis=axis("epoch", range=[0, end], anchor="y"),
            yaxis=axis(None, domain=[0, 0.52], range=[-1, 2], zeroline=True),
            yaxis2=axis(None, domain=[0.66, 1], range=[0, 1.05 * top]),
            shapes=[level_line(1.0, "solid")],
            annotations=[
                _heading("What without E (15) leaves out: |E|, mean and bands", 1.0, COLOUR),
                _heading("Progress beside the exact gradient's (= 1)", 0.52, None),
            ],
        ),
    )
    return Picture(
        name="claim",
        title="E, and what dropping it does",
        how_to_read="Bands hold 50 % and 90 % of the samples. Below: what the next steps do, each "
        "as long as the exact one.",
        alt="Line chart of the size of E, and of the progress of each rule beside the exact one.",
        figure=figure,
        cursor=True,
        place="claim",
    )


def size_quantiles(frames: Frames) -> Array:
    """Quantiles `LEVELS` of |E| over the training samples, at every keyframe: ``[4×F]``."""
    return np.quantile(np.abs(frames.E), LEVELS, axis=1)


def _heading(text: str, y: float, colour: str | None) -> dict[str, Any]:
    """Words above a panel."""
    return dict(
        text=f"<b>{text}</b>",
        xref="paper",
        yref="paper",
        x=0,
        y=y,
        xanchor="left",
        yanchor="bottom",
        showarrow=False,
        font={"color": colour} if colour else {},
    )
