"""The message of the Explore page: many networks under one scrubber."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.figures.decision import class_scale
from nnviz.figures.moving import Moving
from nnviz.figures.outcome_map import said_of
from nnviz.figures.parallel import parallel_lines
from nnviz.figures.picture import Picture, evenly
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.run_grid import Place, RunGrid
from nnviz.figures.tiles import METRICS, Tile, Tiles
from nnviz.player.messages.measured import measured
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.keyframes import thinned_epochs
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

LINES = {"loss": ("loss", "test_loss"), "E": ("error_term_mean_abs",)}
"""What a picture over the epochs draws."""


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
    epochs = thinned_epochs(told["end"], MOST_EPOCHS).astype(np.uint32)
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
    size = sum(_picture(tile, shown.picture).values[0].nbytes for tile in tiles.values())
    frames = max(2, OF_PICTURES // max(1, size))
    return {
        "picture": shown.picture,
        "names": list(grid.names),
        "heads": [
            [_head(name, value) for value in values]
            for name, values in zip(grid.names, grid.values, strict=True)
        ],
        "end": max((int(tile.epochs[-1]) for tile in tiles.values()), default=0),
        "outcome": shown.outcome,
        "format": FORMATS.get(shown.outcome, "percent"),
        "over": _index(OVER_EPOCHS.get(shown.outcome)),
        "scale": _scale(tiles, shown.picture),
        "upwards": shown.picture == "decisions" and any(tile.classes for tile in tiles.values()),
        "lines": [_index(name) for name in LINES.get(shown.picture, ())],
        "metrics": list(METRICS),
        "rule": rule,
        "ruleName": RULE_LABELS[rule],
        "places": [
            {
                "place": list(place),
                "said": _said(grid, place),
                "opens": numbers[0],
                **_seeds(grid, shown.outcome, numbers),
                "status": _ended(grid, numbers[0]),
                "best": place in best,
                "current": place == shown.current,
                **(_tile(tiles[numbers[0]], shown.picture, frames) if numbers[0] in tiles else {}),
            }
            for place, numbers in grid.places()
        ],
    }


HEADS = {
    "learning rate": "α {}",
    "hidden units": "{} units",
    "initial scale": "scale {}",
    "noise": "noise {}",
}
"""A setting's value with as little of its name as is understood."""


def _head(name: str, value: str) -> str:
    return HEADS.get(name, "{}").format(value)


def _said(grid: RunGrid, place: Place) -> str:
    """The settings of a place."""
    parts = zip(grid.names, grid.values, place, strict=True)
    return ", ".join(_head(name, values[at]) for name, values, at in parts if name)


def _index(metric: str | None) -> int:
    return -1 if metric is None else METRICS.index(metric)


def strip_rule(specs: Sequence[RunSpec]) -> str:
    """The approximation whose strip a place has: that in use, or A − Y."""
    rule = specs[0].config.gradient
    return rule if rule in RULES and all(s.config.gradient == rule for s in specs) else RULES[0]


def _picture(tile: Tile, picture: str) -> Moving:
    return tile.W1 if picture == "weights" else tile.says


def _tile(tile: Tile, picture: str, most: int) -> dict[str, Any]:
    """What is sent of a tile: its picture's frames and its metrics, at some of its epochs."""
    kept = evenly(len(tile.epochs), most)
    moving = _picture(tile, picture)
    return {
        "epochs": tile.epochs[kept],
        "frames": moving.values[kept],
        "unit": moving.scale,
        "zero": moving.offset,
        "metrics": tile.metrics[:, kept],
        "measured": measured(tile.along, tile.along.epochs.tolist(), "", complete=True),
    }


def _scale(tiles: Tiles, picture: str) -> dict[str, Any]:
    """How numbers become colours, or heights: the same for all places."""
    if picture == "weights":
        limit = max((abs(tile.W1.offset) for tile in tiles.values()), default=1.0)
        return {"axis": "coloraxis", "colours": None, "low": -limit, "high": limit}
    if picture in LINES:
        rows = [METRICS.index(name) for name in LINES[picture]]
        known = [np.abs(tile.metrics[rows]) for tile in tiles.values()]
        top = max((float(np.nanmax(one)) for one in known if not np.isnan(one).all()), default=1.0)
        return {"axis": None, "colours": None, "low": 0.0, "high": top}
    classes = max((tile.classes for tile in tiles.values()), default=0)
    if classes:
        return {"axis": None, "colours": class_scale(classes), "low": 0.0, "high": float(classes)}
    return {"axis": "coloraxis2", "colours": None, "low": 0.0, "high": 1.0}


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
