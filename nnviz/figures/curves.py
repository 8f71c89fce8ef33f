"""Loss and accuracy over the epochs."""

from __future__ import annotations

from nnviz.figures.metrics import Metrics, last_of_axis
from nnviz.figures.picture import Mark, Picture, Toggle
from nnviz.figures.style import NEUTRAL, RULE_COLOURS, axis, layout, plot
from nnviz.runs.recording import Recording


def learning_curves(run: Recording, metrics: Metrics) -> Picture:
    """Accuracy above, loss below, training and test samples, over the same epochs."""
    colour = RULE_COLOURS[run.config.gradient]
    has_test = run.dataset.y_test.size > 0
    parts = [("train", colour, "solid")]
    if has_test:
        parts.append(("test", NEUTRAL, "dot"))
    traces = [
        dict(
            type="scatter",
            x=metrics.epochs,
            y=metrics.of("test_" + metric if part == "test" else metric),
            yaxis="y2" if metric == "accuracy" else "y",
            name=part,
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"epoch %{{customdata:,}}: {part} {metric} %{{y:.4f}}<extra></extra>",
        )
        for metric in ("accuracy", "loss")
        for part, colour, dash in parts
    ]
    end = last_of_axis(run)
    figure = plot(
        traces,
        layout(
            uirevision=f"curves {run.config.epochs} {end}",
            xaxis=axis("epoch", range=[0, end], anchor="y"),
            yaxis=axis("loss", domain=[0, 0.47], rangemode="tozero"),
            yaxis2=axis("accuracy", domain=[0.53, 1], range=[0, 1.02], tickformat=".0%"),
        ),
    )
    return Picture(
        name="curves",
        title="Loss and accuracy",
        how_to_read="Mean squared error (11) and share of samples predicted correctly, by epoch. "
        "The line marks the epoch shown.",
        alt="Line chart of loss and accuracy over epochs, for training and test samples.",
        figure=figure,
        cursor=True,
        legend=tuple(
            Mark(part, colour, "line" if dash == "solid" else "dots")
            for part, colour, dash in parts
        ),
        toggles=(
            Toggle(
                "log y",
                off={"yaxis.type": "linear", "yaxis.autorange": True},
                on={"yaxis.type": "log", "yaxis.autorange": True},
            ),
        ),
    )
