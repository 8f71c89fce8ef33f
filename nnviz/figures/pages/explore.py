"""The pictures of the Explore page, in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nnviz.figures.loss_charts import loss_charts
from nnviz.figures.outcome_map import outcome_maps
from nnviz.figures.parallel import parallel_lines
from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import Plane


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
    return [*maps, loss_charts(plane), parallel_lines(plane)] if plane.outcomes else maps
