"""Pictures of a sweep: outcomes over the grid, the loss curves, all runs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnviz.figures.compared import RULE_LABELS
from nnviz.figures.outcome_map import outcome_maps
from nnviz.figures.over_epochs import NAMES
from nnviz.figures.picture import Picture, Toggle
from nnviz.figures.plane_of_runs import Place, Plane
from nnviz.figures.style import (
    CLASS_COLOURS,
    RULE_COLOURS,
    RULE_DASHES,
    axis,
    colour_axis,
    layout,
    plot,
)

RUNS_SEEN = ("final loss", "training accuracy", "test accuracy", "mean |E|", "dead units")
"""Outcomes among the axes of all runs."""


def explore_pictures(plane: Plane, shown: Sequence[str]) -> list[Picture]:
    """All pictures of a sweep.

    Parameters
    ----------
    plane : Plane
    shown : sequence of str
        Of `OUTCOMES`: those to draw heat maps of, one for each layer.
    """
    maps = [
        replace(picture, name=f"heat {number}")
        for number, picture in enumerate(
            picture for one in shown for picture in outcome_maps(plane, one)
        )
    ]
    return [*maps, _curves(plane), _parallel(plane)] if plane.outcomes else maps


def _curves(plane: Plane) -> Picture:
    """Loss curves of all seeds, a small chart a place of the grid."""
    columns, rows, _ = plane.sides
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    points = [point for run in plane.outcomes.values() for point in run.curve]
    last, top = (max(values) for values in zip(*points, strict=True))
    least = min((loss for _, loss in points if loss > 0), default=top)
    lines = _lines(plane)
    named: set[int] = set()  # layers with a line that says which they are
    for (column, row, layer), numbers in plane.places():
        number = row * columns + column + 1
        trained = any(run in plane.outcomes for run in numbers)
        suffix = "" if number == 1 else str(number)
        traces.append(
            dict(
                type="scatter",
                **_joined(plane, numbers),
                xaxis=f"x{suffix}",
                yaxis=f"y{suffix}",
                mode="lines",
                line={"width": 1.5, **lines[column, row, layer]},
                hovertemplate="loss %{y:.3g} at epoch %{x}<extra></extra>",
                name=plane.values[2][layer],
                showlegend=layer not in named and trained,
            )
        )
        if trained:
            named.add(layer)
        if layer:
            continue
        outer = {"ticks": "", "fixedrange": True, "showticklabels": False}
        axes[f"xaxis{suffix}"] = axis(
            plane.values[0][column] if row == 0 else None,
            domain=_part(column, columns),
            anchor=f"y{suffix}",
            range=[0, last],
            **outer,
        )
        axes[f"yaxis{suffix}"] = axis(
            plane.values[1][row] if column == 0 else None,
            domain=_part(row, rows),
            anchor=f"x{suffix}",
            range=[0, top],
            **outer,
        )

    def heights(kind: str, limits: Sequence[float]) -> dict[str, Any]:
        of_each = {"type": kind, "range": limits}
        every = (key for key in axes if key.startswith("yaxis"))
        return {f"{key}.{name}": value for key in every for name, value in of_each.items()}

    return Picture(
        name="curves",
        title="Loss curves",
        how_to_read=f"A chart a place of the grid, a line a seed: loss from 0 to {top:.2g} over "
        f"{last:,} epochs.",
        alt="Small line charts of the loss, one for each place of the grid.",
        toggles=(
            Toggle(
                "log y",
                off=heights("linear", [0, top]),
                on=heights("log", [float(np.log10(least)), float(np.log10(top))]),
            ),
        ),
        figure=plot(
            traces,
            layout(
                uirevision=f"curves {columns} {rows}",
                showlegend=bool(plane.names[2]),
                legend=NAMES,
                margin={"l": 40, "r": 8, "t": 6, "b": 34},
                **axes,
            ),
        ),
        opens="A click opens the run.",
    )


def _lines(plane: Plane) -> dict[Place, dict[str, str]]:
    """Colour and dash of each place's curves: those of its rule, unless layers are to be told.

    Layers of another setting have colours of their own.
    """
    of_rule = not plane.names[2] or plane.values[2][0] in RULE_LABELS.values()
    found = {}
    for place, numbers in plane.places():
        rule = plane.specs[numbers[0]].config.gradient
        found[place] = {
            "color": RULE_COLOURS[rule]
            if of_rule
            else CLASS_COLOURS[place[2] % len(CLASS_COLOURS)],
            "dash": RULE_DASHES[rule] if of_rule else "solid",
        }
    return found


def _joined(plane: Plane, numbers: Sequence[int]) -> dict[str, Any]:
    """The loss curves of some runs as one line with gaps; each point knows its run."""
    there = [number for number in numbers if number in plane.outcomes]
    x: list[float] = []
    y: list[float] = []
    run: list[int] = []
    for number in there:
        curve = plane.outcomes[number].curve
        x += [*(float(epoch) for epoch, _ in curve), np.nan]
        y += [*(loss for _, loss in curve), np.nan]
        run += [number] * (len(curve) + 1)
    return {
        "x": np.array(x, np.float32),
        "y": np.array(y, np.float32),
        "customdata": np.array(run, np.uint32),
    }


def _part(number: int, count: int) -> list[float]:
    """The share of the picture that one of some charts in a row takes."""
    return [(number + 0.04) / count, (number + 0.96) / count]


def _parallel(plane: Plane) -> Picture:
    """Every run as a line through its settings and outcomes."""
    runs = [(place, n) for place, numbers in plane.places() for n in numbers if n in plane.outcomes]
    numbers = [number for _, number in runs]
    dimensions: list[dict[str, Any]] = [
        {
            "label": name,
            "values": [place[side] for place, _ in runs],
            "tickvals": list(range(len(values))),
            "ticktext": list(values),
            "range": [0, max(len(values) - 1, 1)],
        }
        for side, (name, values) in enumerate(zip(plane.names, plane.values, strict=True))
        if name
    ]
    for shown in RUNS_SEEN:
        found = plane.found(shown, numbers)
        if np.isfinite(found).all():  # a line has no gaps: a run without a test part would be at 0
            dimensions.append({"label": shown, "values": found.tolist()})
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
                        "color": plane.found("training accuracy", numbers).tolist(),
                        "coloraxis": "coloraxis2",
                    },
                    "labelfont": {"size": 11},
                    "tickfont": {"size": 10},
                    "rangefont": {"size": 10},
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
