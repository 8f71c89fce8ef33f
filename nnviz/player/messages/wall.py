"""The message of the Explore page: many networks under one scrubber."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.milestones import USUAL
from nnviz.figures.decision import class_scale
from nnviz.figures.moving import Moving
from nnviz.figures.outcome_map import said_of
from nnviz.figures.parallel import parallel_lines
from nnviz.figures.picture import Picture, evenly
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.run_grid import ANGLE, ANGLE_WITHOUT_E, Place, RunGrid
from nnviz.figures.tiles import MATRICES, METRICS, Tiles
from nnviz.player.messages.measured import measured
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import RULES

OF_PICTURES = 700_000
"""Bytes of a message that are for the pictures, of the most that there may be."""

MOST_EPOCHS = 2_000
"""Epochs to stop at at most."""

FORMATS = {
    "final loss": "number",
    "test accuracy": "percent",
    "training accuracy": "percent",
    "epochs to target": "count",
    "dead units": "count",
    "mean |E|": "number",
    ANGLE: "degrees",
    ANGLE_WITHOUT_E: "degrees",
}
"""How an outcome is written; else it is a share."""

OVER_EPOCHS = {
    "final loss": "loss",
    "test accuracy": "test_accuracy",
    "training accuracy": "accuracy",
    "dead units": "dead_units",
    "mean |E|": "error_term_mean_abs",
}
"""Outcomes that have a value at every epoch, and which of `METRICS` they are."""

CHARTS = {
    "loss": ("loss", "test_loss"),
    "accuracy": ("accuracy", "test_accuracy"),
    "E": ("error_term_mean_abs",),
}
"""What is drawn over the epochs, and of which metrics."""


@dataclass(frozen=True)
class Shown:
    """What a wall shows of every place.

    Attributes
    ----------
    picture : str
        One of `nnviz.figures.tiles.PICTURES`.
    outcome : str
        One of `nnviz.figures.run_grid.OUTCOMES`.
    current : Place or None
        The place of the controls' own settings.
    """

    picture: str
    outcome: str
    current: Place | None


def wall_message(
    grid: RunGrid,
    tiles: Tiles,
    shown: Shown,
    run: str,
    version: str,
    below: Sequence[Picture] | None = None,
) -> bytes:
    """Pack a wall, as far as its runs have come.

    Parameters
    ----------
    grid : RunGrid
        The runs.
    tiles : mapping of int to Tile
        Of the first seed's run of every place, as far as they are there.
    shown : Shown
        What every place shows.
    run : str
        By which the player names what it shows.
    version : str
        Differs when anything shown does.
    below : sequence of Picture or None
        Of the whole grid; all runs in parallel coordinates if None.
    """
    if below is None:
        below = [parallel_lines(grid)] if grid.outcomes else []
    told = wall_of(grid, tiles, shown)
    # Only those that a place has: of others, its picture and its number would be of an earlier one.
    there = [place["epochs"] for place in told["places"] if "epochs" in place]
    epochs = np.unique(np.concatenate([np.zeros(1, np.uint32), *there]))
    epochs = epochs[evenly(len(epochs), MOST_EPOCHS)]
    return pack_pictures(
        list(below),
        keyframes=[0],
        header={
            "run": run,
            "version": version,
            "status": "finished",
            "progress": 1.0,
            "notice": "",
            "epochs": epochs,
            "metrics": [],
            "wall": told,
        },
    )


def wall_of(grid: RunGrid, tiles: Tiles, shown: Shown) -> dict[str, Any]:
    """What a message says of a wall; its parameters are those of `wall_message`."""
    best, rule = grid.best(shown.outcome), strip_rule(grid.specs)
    is_film = grid.sides[1] * grid.sides[2] == 1
    matrices = MATRICES if is_film else tuple({shown.picture} & set(MATRICES))
    size = sum(t.matrices[name].values[0].nbytes for t in tiles.values() for name in matrices)
    frames = max(2, OF_PICTURES // max(1, size + 4 * len(METRICS) * len(tiles)))
    return {
        "picture": shown.picture,
        "film": is_film,
        "names": list(grid.names),
        "heads": grid.heads,
        "end": max((int(tile.epochs[-1]) for tile in tiles.values()), default=0),
        "outcome": shown.outcome,
        "format": FORMATS.get(shown.outcome, "percent"),
        "over": _index(OVER_EPOCHS.get(shown.outcome)),
        "scales": {name: _scale(tiles, name) for name in matrices},
        "upwards": any(tile.classes for tile in tiles.values()),
        "charts": {name: _chart(grid, tiles, name) for name in CHARTS},
        "metrics": list(METRICS),
        "rule": rule,
        "ruleName": RULE_LABELS[rule],
        "farthest": USUAL,
        "about": _about(grid),
        "places": [
            {
                "place": list(place),
                "said": grid.said(place),
                "opens": numbers[0],
                **_seeds(grid, shown.outcome, numbers),
                "seeds": _curves(grid, numbers) if shown.picture == "loss" else [],
                "held": _held(grid, numbers[0], rule),
                "status": _ended(grid, numbers[0]),
                "best": place in best,
                "current": place == shown.current,
                **_run(grid, tiles, numbers[0], matrices, frames),
            }
            for place, numbers in grid.places()
        ],
    }


def _about(grid: RunGrid) -> str:
    """What all runs share that one looks for first: the data, and the rule unless rules vary."""
    first = grid.specs[0]
    rule = "" if "gradient rule" in grid.names else RULE_LABELS[first.config.gradient]
    return ", ".join(filter(None, (first.dataset, rule)))


def _held(grid: RunGrid, number: int, rule: str) -> float | None:
    """In which share of a run a rule holds, if that is known."""
    if number not in grid.outcomes:
        return None
    held = grid.outcomes[number].held(grid.criterion, rule)
    return None if np.isnan(held) else held


def _index(metric: str | None) -> int:
    return -1 if metric is None else METRICS.index(metric)


def strip_rule(specs: Sequence[RunSpec]) -> str:
    """The approximation whose strip a place has: that in use, or A − Y."""
    rule = specs[0].config.gradient
    return rule if rule in RULES and all(s.config.gradient == rule for s in specs) else RULES[0]


def _run(
    grid: RunGrid, tiles: Tiles, number: int, matrices: Sequence[str], most: int
) -> dict[str, Any]:
    """What is sent of a run: its matrices and its metrics, at some of its tile's epochs."""
    if number not in tiles or number not in grid.outcomes:
        return {}
    tile, along = tiles[number], grid.outcomes[number].along
    kept = evenly(len(tile.epochs), most)
    return {
        "epochs": tile.epochs[kept],
        "matrices": {name: _matrix(tile.matrices[name], kept) for name in matrices},
        "metrics": tile.metrics[:, kept],
        "measured": measured(along, along.epochs.tolist(), "", complete=True),
    }


def _matrix(moving: Moving, kept: NDArray[np.integer]) -> dict[str, Any]:
    return {"frames": moving.values[kept], "unit": moving.scale, "zero": moving.offset}


def _curves(grid: RunGrid, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The loss curves of a place's seeds, as far as they are trained."""
    curves = (grid.outcomes[number].curve for number in numbers if number in grid.outcomes)
    return [
        {
            "epochs": np.array([epoch for epoch, _ in curve], np.uint32),
            "loss": np.array([loss for _, loss in curve], np.float32),
        }
        for curve in curves
    ]


def _chart(grid: RunGrid, tiles: Tiles, name: str) -> dict[str, Any]:
    """Which metrics are drawn, and how high: the same for all places."""
    rows = [METRICS.index(metric) for metric in CHARTS[name]]
    known = [np.abs(tile.metrics[rows]) for tile in tiles.values()]
    if name == "loss":
        known += [np.array([loss for _, loss in one.curve]) for one in grid.outcomes.values()]
    top = max((float(np.nanmax(one)) for one in known if not np.isnan(one).all()), default=1.0)
    return {"lines": rows, "high": top}


def _scale(tiles: Tiles, matrix: str) -> dict[str, Any]:
    """How a matrix's numbers become colours: the same for all places."""
    classes = max((tile.classes for tile in tiles.values()), default=0)
    if matrix == "decisions" and classes:
        return {"axis": None, "colours": class_scale(classes), "low": 0.0, "high": float(classes)}
    moving = [tile.matrices[matrix] for tile in tiles.values()]
    # The largest of all, but not where that is far beyond most: nothing would be seen of those.
    limits = [m.offset + 254 * m.scale for m in moving] or [1.0]
    limit = float(min(max(limits), 2 * np.median(limits)))
    rising = matrix in ("decisions", "hidden")
    axis = "coloraxis2" if rising else "coloraxis"
    return {"axis": axis, "colours": None, "low": 0.0 if rising else -limit, "high": limit}


def _seeds(grid: RunGrid, shown: str, numbers: Sequence[int]) -> dict[str, Any]:
    """What a place's seeds come to: their mean, their spread, how many have no value."""
    values = grid.found(shown, numbers)
    there = values[np.isfinite(values)]
    lacking = there.size < values.size
    return {
        "value": float(there.mean()) if there.size else None,
        "spread": said_of(values, len(numbers), shown)[1],
        "without": f"{there.size} of {len(numbers)} seeds" if lacking else "",
    }


def _ended(grid: RunGrid, number: int) -> str:
    """How the first seed's run ended, if not as planned."""
    found = grid.outcomes.get(number)
    return found.status if found and found.status not in ("finished", "target") else ""
