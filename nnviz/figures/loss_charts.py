"""Loss curves of a sweep, a small chart a place of its grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.figures.over_epochs import NAMES
from nnviz.figures.picture import Picture, Toggle
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.run_grid import Place, RunGrid
from nnviz.figures.style import (
    CLASS_COLOURS,
    RULE_COLOURS,
    RULE_DASHES,
    axis,
    layout,
    plot,
)


def loss_charts(grid: RunGrid) -> Picture:
    """Loss curves of all seeds, a small chart a place of the grid."""
    columns, rows, _ = grid.sides
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    points = [point for run in grid.outcomes.values() for point in run.curve]
    last, top = (max(values) for values in zip(*points, strict=True))
    least = min((loss for _, loss in points if loss > 0), default=top)
    lines = _lines(grid)
    named: set[int] = set()  # layers with a line that says which they are
    for (column, row, layer), numbers in grid.places():
        position = row * columns + column + 1
        trained = any(run in grid.outcomes for run in numbers)
        suffix = "" if position == 1 else str(position)
        traces.append(
            dict(
                type="scatter",
                **_joined(grid, numbers),
                xaxis=f"x{suffix}",
                yaxis=f"y{suffix}",
                mode="lines",
                line={"width": 1.5, **lines[column, row, layer]},
                hovertemplate="loss %{y:.3g} at epoch %{x}<extra></extra>",
                name=grid.values[2][layer],
                showlegend=layer not in named and trained,
            )
        )
        if trained:
            named.add(layer)
        if layer:
            continue
        outer = {"ticks": "", "fixedrange": True, "showticklabels": False}
        axes[f"xaxis{suffix}"] = axis(
            grid.values[0][column] if row == 0 else None,
            domain=_part(column, columns),
            anchor=f"y{suffix}",
            range=[0, last],
            **outer,
        )
        axes[f"yaxis{suffix}"] = axis(
            grid.values[1][row] if column == 0 else None,
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
        how_to_read=f"One chart per place of the grid, one line per seed: loss from 0 to "
        f"{top:.2g} over {last:,} epochs.",
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
                showlegend=bool(grid.names[2]),
                legend=NAMES,
                margin={"l": 40, "r": 8, "t": 6, "b": 34},
                **axes,
            ),
        ),
        opens="A click opens the run.",
    )


def _lines(grid: RunGrid) -> dict[Place, dict[str, str]]:
    """Colour and dash of each place's curves: those of its rule, unless layers are to be told.

    Layers of another setting have colours of their own.
    """
    of_rule = not grid.names[2] or grid.values[2][0] in RULE_LABELS.values()
    found = {}
    for place, numbers in grid.places():
        rule = grid.specs[numbers[0]].config.gradient
        found[place] = {
            "color": RULE_COLOURS[rule]
            if of_rule
            else CLASS_COLOURS[place[2] % len(CLASS_COLOURS)],
            "dash": RULE_DASHES[rule] if of_rule else "solid",
        }
    return found


def _joined(grid: RunGrid, numbers: Sequence[int]) -> dict[str, Any]:
    """The loss curves of some runs as one line with gaps; each point knows its run."""
    there = [number for number in numbers if number in grid.outcomes]
    x: list[float] = []
    y: list[float] = []
    run: list[int] = []
    for number in there:
        curve = grid.outcomes[number].curve
        x += [*(float(epoch) for epoch, _ in curve), np.nan]
        y += [*(loss for _, loss in curve), np.nan]
        run += [number] * (len(curve) + 1)
    return {
        "x": np.array(x, np.float32),
        "y": np.array(y, np.float32),
        "customdata": np.array(run, np.uint32),
    }


def _part(position: int, count: int) -> list[float]:
    """The share of the picture that one of some charts in a row takes."""
    return [(position + 0.04) / count, (position + 0.96) / count]
