"""Picture: a Plotly figure, what of it changes from epoch to epoch, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.moving import Update


@dataclass(frozen=True)
class Toggle:
    """A button that switches a figure's layout between two states.

    Attributes
    ----------
    label : str
        What the button says.
    off, on : mapping
        Layout attributes by Plotly's path.
    """

    label: str
    off: Mapping[str, Any]
    on: Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """An entry of a picture's legend.

    Attributes
    ----------
    label : str
        What it stands for.
    colour : str
        As CSS has it.
    shape : str
        ``line``, ``dots`` (a dotted line), ``band`` or ``point``.
    """

    label: str
    colour: str
    shape: str


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure for the player.

    Attributes
    ----------
    name : str
        Stays the same from run to run; the player keeps its place and zoom by it.
    title : str
        Stands above it.
    how_to_read : str
        One line under the picture.
    alt : str
        What it shows, for those who cannot see it.
    figure : dict
        Plotly's JSON form, ``data`` and ``layout``, as it is at the last keyframe. Arrays stay
        NumPy arrays. (Plotly's own Figure class checks every attribute, at 25 ms a run; the
        tests do that instead.)
    updates : tuple of Update
        What moves, as `nnviz.figures.moving.animated` finds it.
    cursor : bool
        Whether its x axis is the epoch, so that the shown one is marked.
    toggles : tuple of Toggle
        Buttons in its corner.
    legend : tuple of Mark
        What its colours and shapes mean.
    colour_axis : str or None
        The layout's colour axis that the colours are read by. The player draws it, and the
        legend, outside Plotly, which would draw them anew at every frame.
    choices : tuple of tuple of str
        What a visitor can choose to see, each a list in which the first is chosen at first. The
        axis of choices of an update runs over all combinations, the last list fastest.
    note : str
        What of the run is left out, and why; empty if nothing is.
    opens : str
        What a click on a point opens, said where it can; the point's ``customdata`` is the number
        of a training sample, as `numbered`, or of a run, from 0. Empty if it opens nothing.
    cells : int
        Of a picture whose points are the cells of a matrix: its columns. A point's ``customdata``
        is row × `cells` + column, from 0, and a click tells row and column. Otherwise 0.
    keyframes : int array or None
        Epochs of its frames, if they are not those of the other pictures.
    lags : bool
        Whether, where it is small, it follows only when the visitor rests: Plotly draws it as a
        whole, which would halve the pace of all others.
    place : str
        ``claim`` has the line from which an approximation holds, which can be dragged. On the Train
        page it and ``map`` are the large ones, and ``small`` is one of the row below.
    group : str
        A heading: it stands above the first of the pictures, one after the other, that have it.
    """

    name: str
    title: str
    how_to_read: str
    alt: str
    figure: dict[str, Any]
    updates: tuple[Update, ...] = ()
    cursor: bool = False
    toggles: tuple[Toggle, ...] = ()
    legend: tuple[Mark, ...] = ()
    colour_axis: str | None = None
    choices: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    opens: str = ""
    cells: int = 0
    keyframes: NDArray[Any] | None = None
    place: str = ""
    lags: bool = False
    group: str = ""


def numbered(samples: NDArray[np.integer]) -> NDArray[np.int32]:
    """Training samples as they are counted on screen, and told by a click: from 1."""
    return (samples + 1).astype(np.int32)


def linked(by: str, units: NDArray[np.integer], **shape: int) -> dict[str, Any]:
    """A trace's ``meta`` that says which hidden units it shows: one of them is marked in all.

    Parameters
    ----------
    by : str
        What of the trace a unit is: ``rows`` or ``columns`` of a heat map, ``points``, ``lines`` of
        two points and a gap, or ``tiles`` of a mosaic.
    units : int array
        The units in that order, from 0; they are sent as they are counted on screen, from 1.
    **shape : int
        Of tiles: how many there are ``across``, and the ``rows`` and ``columns`` of each.
    """
    return {"units": {"by": by, "ids": numbered(units).tolist(), **shape}}


def evenly(count: int, at_most: int) -> NDArray[np.intp]:
    """At most `at_most` of the numbers 0 … `count` - 1, evenly spread, with the first and last."""
    steps = np.linspace(0, count - 1, max(0, min(count, at_most)))
    return np.unique(steps.round().astype(np.intp))


def reduced(parts: Sequence[tuple[int, int, str]]) -> str:
    """Say what of a picture is left out: ``(drawn, there are, of what)`` for each kind."""
    left_out = [f"{drawn} of {total:,} {what}" for drawn, total, what in parts if drawn < total]
    return f"Drawn: {', '.join(left_out)}." if left_out else ""
