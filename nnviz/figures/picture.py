"""Picture: a Plotly figure, what of it changes from epoch to epoch, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNDEFINED = 255
"""The byte that stands for what is undefined, in numbers of one byte."""


@dataclass(frozen=True, eq=False)
class Update:
    """One attribute of some traces, at every keyframe; or at one, if it stays as it is.

    Attributes
    ----------
    attribute : str
        Plotly's path of it, as ``z`` or ``marker.color``.
    traces : tuple of int
        The traces that it is an attribute of. With more than one, the first axis of a frame
        runs over the traces.
    values : array ``[keyframes×…]``, or ``[keyframes×choices×…]`` when the picture has choices
        Numbers, or codes into `lookup`.
    scale, offset : float
        The numbers meant are ``values * scale + offset``: a byte a number where an eye cannot
        tell the difference.
    lookup : tuple of str or bool, or None
        What the codes stand for.
    by_choice : bool
        Whether the second axis runs over the picture's choices.
    trail : int
        Not the numbers of the keyframe alone, but a line for each of them through those of so
        many keyframes before it, with a gap after each line.
    """

    attribute: str
    traces: tuple[int, ...]
    values: NDArray[Any]
    scale: float = 1.0
    offset: float = 0.0
    lookup: tuple[str | bool, ...] | None = None
    by_choice: bool = False
    trail: int = 0


@dataclass(frozen=True)
class Toggle:
    """A button that switches a figure's layout between two states.

    Attributes
    ----------
    label : str
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
    colour : str
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
    how_to_read : str
        One line under the picture.
    alt : str
        What it shows, for those who cannot see it.
    figure : dict
        Plotly's JSON form, ``data`` and ``layout``, as it is at the last keyframe. Arrays stay
        NumPy arrays. (Plotly's own Figure class checks every attribute, at 25 ms a run; the
        tests do that instead.)
    updates : tuple of Update
    cursor : bool
        Whether its x axis is the epoch, so that the shown one is marked.
    toggles : tuple of Toggle
    legend : tuple of Mark
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
        of a training sample or of a run. Empty if it opens nothing.
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
    keyframes: NDArray[Any] | None = None
    place: str = ""
    lags: bool = False
    group: str = ""


def in_bytes(values: NDArray[Any], low: float, high: float) -> dict[str, Any]:
    """`Update` arguments that hold numbers from `low` to `high`, or NaN, in one byte each."""
    scale = (high - low) / 254 or 1.0
    codes = np.clip(np.rint((values - low) / scale), 0, 254)
    codes = np.where(np.isnan(codes), UNDEFINED, codes).astype(np.uint8)
    return {"values": codes, "scale": scale, "offset": low}


def in_words(values: NDArray[Any]) -> dict[str, Any]:
    """`Update` arguments that hold numbers in two bytes each, to be read to four digits.

    Numbers too far apart for that keep their four bytes.
    """
    limit = float(np.abs(values).max())
    if limit > 100 * float(np.median(np.abs(values).reshape(len(values), -1).max(axis=1))):
        return {"values": values.astype(np.float32)}
    scale = limit / 32767 or 1.0
    codes = np.clip(np.rint(values / scale), -32767, 32767).astype(np.int16)
    return {"values": codes, "scale": scale}


def evenly(count: int, at_most: int) -> NDArray[np.intp]:
    """At most `at_most` of the numbers 0 … `count` - 1, evenly spread, with the first and last."""
    steps = np.linspace(0, count - 1, max(0, min(count, at_most)))
    return np.unique(steps.round().astype(np.intp))


def reduced(parts: Sequence[tuple[int, int, str]]) -> str:
    """Say what of a picture is left out: ``(drawn, there are, of what)`` for each kind."""
    left_out = [f"{drawn} of {total:,} {what}" for drawn, total, what in parts if drawn < total]
    return f"Drawn: {', '.join(left_out)}." if left_out else ""
