"""Pictures of a sweep: an outcome over two settings, the loss curves, all runs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.figures.picture import Mark, Picture
from nnviz.figures.style import (
    CLASS_COLOURS,
    NEUTRAL,
    RULE_COLOURS,
    axis,
    colour_axis,
    layout,
    plot,
)
from nnviz.network import Array
from nnviz.sweep import Outcome

OUTCOMES = {
    "loss": "final loss",
    "test_accuracy": "test accuracy",
    "accuracy": "training accuracy",
    "epochs_to_target": "epochs to the target accuracy",
    "dead_units": "dead ReLU units",
    "mean_abs_error_term": "mean |E|",
    "holds_until": "last epoch (16) is within 30°",
}
"""What can be shown of a run, by its name in `nnviz.sweep.Outcome`."""

LEGIBLE = 12
"""Columns of a heat map in which numbers can be read."""


@dataclass(frozen=True)
class Plane:
    """A grid over two settings or three, with some runs at each place.

    Attributes
    ----------
    names : (str, str)
        Of the settings, across and down.
    across, down : tuple of str
        Their values.
    runs : mapping of (int, int, int) to tuple of Outcome
        By column, row and layer; places where nothing has finished are left out.
    layered : str
        Name of the third setting, if there is one.
    layers : tuple of str
        Its values.
    """

    names: tuple[str, str]
    across: tuple[str, ...]
    down: tuple[str, ...]
    runs: Mapping[tuple[int, int, int], tuple[Outcome, ...]]
    layered: str = ""
    layers: tuple[str, ...] = ("",)

    def place(self, number: int) -> tuple[int, int, int]:
        """Column, row and layer of a place by its number, as clicks tell it."""
        rest, column = divmod(number, len(self.across))
        layer, row = divmod(rest, len(self.down))
        return column, row, layer


def explore_pictures(plane: Plane, shown: str) -> list[Picture]:
    """All pictures of a sweep, `shown` one of `OUTCOMES`."""
    means = np.full((len(plane.layers), len(plane.down), len(plane.across)), np.nan)
    for (column, row, layer), runs in plane.runs.items():
        values = numbers(runs, shown)
        there = values[np.isfinite(values)]
        if there.size:
            means[layer, row, column] = there.mean()
    known = means[np.isfinite(means)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits = (low, high if high > low else low + 1.0)
    heat_maps = [_heat_map(plane, shown, n, means[n], limits) for n in range(len(plane.layers))]
    return [*heat_maps, _curves(plane), _parallel(plane)]


def numbers(runs: Sequence[Outcome], shown: str) -> Array:
    """One outcome of some runs; NaN where a run has none, as a target never reached."""
    values = [getattr(run, shown) for run in runs]
    return np.array([np.nan if value is None else float(value) for value in values])


def _heat_map(
    plane: Plane, shown: str, layer: int, mean: Array, limits: tuple[float, float]
) -> Picture:
    rows, columns = mean.shape
    text = [["" for _ in range(columns)] for _ in range(rows)]
    hover = [["not trained yet" for _ in range(columns)] for _ in range(rows)]
    for (column, row, at), runs in plane.runs.items():
        if at != layer:
            continue
        values = numbers(runs, shown)
        there = values[np.isfinite(values)]
        said = "one seed" if len(runs) == 1 else f"{len(runs)} seeds"
        if there.size:
            spread = f"{there.min():.2g}–{there.max():.2g}"
            text[row][column] = f"{there.mean():.3g}<br>{spread}"
            said += f", {there.size} with a value: mean {there.mean():.4g}, {spread}"
        else:
            text[row][column] = "never"
            said += ", none with a value"
        hover[row][column] = said
    here = f", {plane.layered} {plane.layers[layer]}" if plane.layered else ""
    heat_map: dict[str, Any] = dict(
        type="heatmap",
        z=mean.astype(np.float32),
        x=list(range(columns)),
        y=list(range(rows)),
        customdata=(layer * rows * columns + np.arange(rows * columns)).reshape(rows, columns),
        text=text,
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        coloraxis="coloraxis2",
        xgap=2,
        ygap=2,
    )
    if columns <= LEGIBLE:
        heat_map |= {"texttemplate": "%{text}", "textfont": {"size": 10}}
    return Picture(
        name=f"heat {layer}",
        title=f"{OUTCOMES[shown][0].upper()}{OUTCOMES[shown][1:]}{here}",
        how_to_read="Mean over the seeds, and their lowest to highest. Click a place to open its "
        "runs. Empty: not trained yet.",
        alt=_in_words(plane, f"{OUTCOMES[shown]}{here}", mean),
        figure=plot(
            [heat_map],
            layout(
                uirevision=f"heat {plane.names} {columns} {rows}",
                margin={"l": 36 + 6 * max(map(len, plane.down)), "r": 12, "t": 6, "b": 40},
                xaxis=axis(
                    plane.names[0],
                    tickvals=list(range(columns)),
                    ticktext=list(plane.across),
                    showgrid=False,
                ),
                yaxis=axis(
                    plane.names[1],
                    tickvals=list(range(rows)),
                    ticktext=list(plane.down),
                    showgrid=False,
                ),
                dragmode=False,
                **colour_axis("coloraxis2", *limits),
            ),
        ),
        scale="coloraxis2",
        opens_samples=True,
    )


def _in_words(plane: Plane, shown: str, mean: Array) -> str:
    if not np.isfinite(mean).any():
        return f"Heat map of {shown}, still empty."
    places = {}
    for word, find in (("lowest", np.nanargmin), ("highest", np.nanargmax)):
        row, column = np.unravel_index(find(mean), mean.shape)
        places[word] = (
            f"{word} {mean[row, column]:.3g} at {plane.names[0]} {plane.across[column]}, "
            f"{plane.names[1]} {plane.down[row]}"
        )
    return f"Heat map of {shown}: {places['lowest']}; {places['highest']}."


def _curves(plane: Plane) -> Picture:
    """Loss curves of all seeds, a small chart a place of the grid."""
    rows, columns = len(plane.down), len(plane.across)
    colours: Sequence[str] = CLASS_COLOURS if plane.layered else (RULE_COLOURS["difference"],)
    if plane.layered == "gradient":
        colours = [RULE_COLOURS[rule] for rule in plane.layers]
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    last = max((r.epochs for runs in plane.runs.values() for r in runs), default=1)
    top = max((v for runs in plane.runs.values() for r in runs for _, v in r.curve), default=1.0)
    for row in range(rows):
        for column in range(columns):
            number = row * columns + column + 1
            suffix = "" if number == 1 else str(number)
            for layer in range(len(plane.layers)):
                runs = plane.runs.get((column, row, layer), ())
                traces.append(
                    dict(
                        type="scatter",
                        **_joined(runs),
                        xaxis=f"x{suffix}",
                        yaxis=f"y{suffix}",
                        mode="lines",
                        line={"width": 1, "color": colours[layer]},
                        opacity=0.7,
                        hoverinfo="skip",
                    )
                )
            outer = {"ticks": "", "fixedrange": True}
            axes[f"xaxis{suffix}"] = axis(
                plane.across[column] if row == 0 else None,
                domain=_part(column, columns),
                anchor=f"y{suffix}",
                range=[0, last],
                showticklabels=False,
                **outer,
            )
            axes[f"yaxis{suffix}"] = axis(
                plane.down[row] if column == 0 else None,
                domain=_part(row, rows),
                anchor=f"x{suffix}",
                range=[0, top],
                showticklabels=False,
                **outer,
            )
    return Picture(
        name="curves",
        title="Loss curves",
        how_to_read=f"A chart a place of the grid, a line a seed: loss from 0 to {top:.2g} over "
        f"{last:,} epochs.",
        alt="Small line charts of the loss, one for each place of the grid.",
        legend=tuple(
            Mark(value, colour, "line")
            for value, colour in zip(plane.layers, colours, strict=False)
            if plane.layered
        ),
        figure=plot(
            traces,
            layout(
                uirevision=f"curves {columns} {rows}",
                margin={"l": 40, "r": 8, "t": 6, "b": 34},
                **axes,
            ),
        ),
    )


def _joined(runs: Sequence[Outcome]) -> dict[str, Array]:
    """The loss curves of some runs as one line with gaps."""
    x: list[float] = []
    y: list[float] = []
    for run in runs:
        x += [*(float(epoch) for epoch, _ in run.curve), np.nan]
        y += [*(loss for _, loss in run.curve), np.nan]
    return {"x": np.array(x, np.float32), "y": np.array(y, np.float32)}


def _part(number: int, count: int) -> list[float]:
    """The share of the picture that one of some charts in a row takes."""
    return [(number + 0.04) / count, (number + 0.96) / count]


def _parallel(plane: Plane) -> Picture:
    """Every run as a line through its settings and outcomes."""
    places = [(place, run) for place, runs in plane.runs.items() for run in runs]
    dimensions: list[dict[str, Any]] = []
    settings = [(plane.names[0], plane.across), (plane.names[1], plane.down)]
    if plane.layered:
        settings.append((plane.layered, plane.layers))
    for side, (name, values) in enumerate(settings):
        dimensions.append(
            {
                "label": name,
                "values": [place[side] for place, _ in places],
                "tickvals": list(range(len(values))),
                "ticktext": list(values),
                "range": [0, max(len(values) - 1, 1)],
            }
        )
    for name in ("loss", "accuracy", "test_accuracy", "mean_abs_error_term", "dead_units"):
        found = numbers([run for _, run in places], name)
        if np.isfinite(found).any():
            dimensions.append({"label": OUTCOMES[name], "values": np.nan_to_num(found).tolist()})
    return Picture(
        name="parallel",
        title="All runs",
        how_to_read="A line is a run, coloured by training accuracy. Drag along an axis to keep "
        "the runs that pass there.",
        alt="Parallel coordinates of every run's settings and outcomes.",
        figure=plot(
            [
                {
                    "type": "parcoords",
                    "dimensions": dimensions,
                    "line": {
                        "color": numbers([run for _, run in places], "accuracy").tolist(),
                        "coloraxis": "coloraxis2",
                    },
                    "labelfont": {"size": 11, "color": NEUTRAL},
                    "tickfont": {"size": 10, "color": NEUTRAL},
                    "rangefont": {"size": 10, "color": NEUTRAL},
                }
            ],
            layout(
                uirevision=f"parallel {plane.names}",
                margin={"l": 60, "r": 40, "t": 40, "b": 20},
                **colour_axis("coloraxis2", 0, 1),
            ),
        ),
        scale="coloraxis2",
    )
