"""All runs of a sweep, each a line through its settings and outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import RunGrid
from nnviz.figures.style import (
    colour_axis,
    layout,
    plot,
)

RUNS_SEEN = ("final loss", "training accuracy", "test accuracy", "mean |E|", "dead units")
"""Outcomes among the axes of all runs."""


def parallel_lines(grid: RunGrid) -> Picture:
    """Every run as a line through its settings and outcomes."""
    runs = [(place, n) for place, numbers in grid.places() for n in numbers if n in grid.outcomes]
    numbers = [number for _, number in runs]
    dimensions: list[dict[str, Any]] = [
        {
            "label": name,
            "values": [place[side] for place, _ in runs],
            "tickvals": list(range(len(values))),
            "ticktext": list(values),
            "range": [0, max(len(values) - 1, 1)],
        }
        for side, (name, values) in enumerate(zip(grid.names, grid.values, strict=True))
        if name
    ]
    for shown in RUNS_SEEN:
        found = grid.found(shown, numbers)
        if np.isfinite(found).all():  # a line has no gaps: a run without a test part would be at 0
            dimensions.append({"label": shown, "values": found.tolist(), "tickformat": ".2~g"})
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
                        "color": grid.found("training accuracy", numbers).tolist(),
                        "coloraxis": "coloraxis2",
                    },
                    "labelfont": {"size": 13},
                    "tickfont": {"size": 12},
                    "rangefont": {"size": 12},
                }
            ],
            layout(
                uirevision=f"parallel {grid.names}",
                margin={"l": 60, "r": 40, "t": 40, "b": 20},
                **colour_axis("coloraxis2", 0, 1),
            ),
        ),
        colour_axis="coloraxis2",
    )
