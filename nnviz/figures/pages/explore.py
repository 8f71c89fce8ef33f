"""The pictures of the Explore page, in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nnviz.figures.loss_charts import loss_charts
from nnviz.figures.outcome_map import outcome_maps
from nnviz.figures.parallel import parallel_lines
from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import RunGrid


def explore_pictures(grid: RunGrid, shown: Sequence[str]) -> list[Picture]:
    """All pictures of a sweep.

    Parameters
    ----------
    grid : RunGrid
        The runs and their outcomes, as far as they have come.
    shown : sequence of str
        Of `OUTCOMES`: those to draw heat maps of, one for each layer.
    """
    maps = [
        replace(picture, name=f"heat {number}")
        for number, picture in enumerate(
            picture for one in shown for picture in outcome_maps(grid, one)
        )
    ]
    return [*maps, loss_charts(grid), parallel_lines(grid)] if grid.outcomes else maps
