"""The error term E over the epochs."""

from __future__ import annotations

from typing import Any

from nnviz.error_term import QUANTILE_LEVELS, error_term_bounds
from nnviz.figures.metrics import Metrics
from nnviz.figures.picture import Mark, Picture, Toggle
from nnviz.figures.style import NEUTRAL, RULE_COLOURS, axis, layout, plot, with_alpha
from nnviz.recording import Recording

COLOUR = RULE_COLOURS["exact"]
"""E is what the exact rule has and the others lack."""


def neglected_term(run: Recording, metrics: Metrics) -> Picture:
    """Mean, RMS and two quantile bands of E over the training samples, with E's bounds."""
    x = metrics.epochs
    low, high = error_term_bounds(len(run.dataset.class_names))
    quantiles = dict(zip(QUANTILE_LEVELS, metrics.of("error_term_quantiles"), strict=True))

    def band(level: float, fill: str | None) -> dict[str, Any]:
        return dict(
            type="scatter",
            x=x,
            y=quantiles[level],
            mode="lines",
            line={"width": 0},
            fill="tonexty" if fill else None,
            fillcolor=fill,
            hoverinfo="skip",
        )

    def line(metric: str, name: str, colour: str, dash: str) -> dict[str, Any]:
        return dict(
            type="scatter",
            x=x,
            y=metrics.of(metric),
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            name=name,
            hovertemplate=f"{name} %{{y:.4f}}<extra></extra>",
        )

    end = run.config.epochs if run.status == "running" else max(run.last_epoch, 1)
    seen_low = min(float(quantiles[0.05].min()), 0.0)
    seen_high = max(float(quantiles[0.95].max()), float(metrics.of("error_term_rms").max()))
    margin = 0.05 * (seen_high - seen_low) or 0.01
    figure = plot(
        [
            band(0.05, None),
            band(0.95, with_alpha(COLOUR, 0.15)),
            band(0.25, None),
            band(0.75, with_alpha(COLOUR, 0.28)),
            line("error_term_rms", "RMS", COLOUR, "solid"),
            line("error_term_mean", "mean", COLOUR, "dot"),
        ],
        layout(
            uirevision=f"E {run.config.epochs} {end} {low}",
            xaxis=axis("epoch", range=[0, end]),
            yaxis=axis("E", range=[low - 0.04, high + 0.04], zeroline=True),
            shapes=[
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": bound,
                    "y1": bound,
                    "line": {"color": NEUTRAL, "width": 1, "dash": "dash"},
                    "label": {
                        "text": text,
                        "textposition": "end",
                        "yanchor": anchor,
                        "font": {"size": 10, "color": NEUTRAL},
                    },
                }
                for bound, text, anchor in (
                    (high, "upper bound 1", "top"),
                    (low, f"lower bound −(K−1)/4K = {low:.3f}".replace("-", "−"), "bottom"),
                )
            ],
            hovermode="x",
        ),
    )
    return Picture(
        name="E",
        title="Error term E",
        how_to_read="In (14), not in (15); bands hold 50 % and 90 % of the samples. Both signs: "
        "judge its size by RMS. Small is not negligible.",
        alt="Line chart of the mean, RMS and quantiles of E over epochs, with its bounds.",
        figure=figure,
        cursor=True,
        legend=(
            Mark("RMS", COLOUR, "line"),
            Mark("mean", COLOUR, "dots"),
            Mark("50, 90 %", COLOUR, "band"),
        ),
        toggles=(
            Toggle(
                "zoom in",
                off={"yaxis.range": [low - 0.04, high + 0.04]},
                on={"yaxis.range": [seen_low - margin, seen_high + margin]},
            ),
        ),
    )
