"""What moves from keyframe to keyframe, declared in the traces that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.style import plot

UNDEFINED = 255
"""The byte that stands for what is undefined, in numbers of one byte."""


@dataclass(frozen=True, eq=False)
class Moving:
    """An attribute of a trace, at every keyframe; or at one, if it stays as it is.

    Attributes
    ----------
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

    values: NDArray[Any]
    scale: float = 1.0
    offset: float = 0.0
    lookup: tuple[str | bool, ...] | None = None
    by_choice: bool = False
    trail: int = 0

    def parts(self) -> list[Part]:
        """One for each of the traces over which the next axis runs, to be sent as one update."""
        return [Part(self, index, value) for index, value in enumerate(self.at_end.tolist())]

    @property
    def at_end(self) -> NDArray[Any]:
        """What is meant at the last keyframe, for the first choice."""
        if self.trail:
            return np.full(1, np.nan, np.float32)  # the player's to draw
        codes = self.values[-1, 0] if self.by_choice else self.values[-1]
        if self.lookup is not None:
            return np.array(self.lookup, object)[codes]
        if self.scale == 1 and self.offset == 0:
            return codes
        undefined = codes == UNDEFINED if codes.dtype == np.uint8 else np.isnan(codes)
        return np.where(undefined, np.nan, codes * self.scale + self.offset).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Part:
    """What one of several traces shows of an attribute that they share.

    Attributes
    ----------
    whole : Moving
        What all of them share.
    index : int
        Place of the trace among those that share it.
    at_end : Any
        What it is at the last keyframe, for the first choice.
    """

    whole: Moving
    index: int
    at_end: Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Update(Moving):
    """An attribute that moves, and where it stands in a figure.

    Attributes
    ----------
    attribute : str
        Plotly's path of it, as ``z`` or ``marker.color``.
    traces : tuple of int
        The traces that it is an attribute of. With more than one, the first axis of a frame
        runs over the traces.
    """

    attribute: str
    traces: tuple[int, ...]


def in_bytes(values: NDArray[Any], low: float, high: float, by_choice: bool = False) -> Moving:
    """Numbers from `low` to `high`, or NaN, in one byte each."""
    scale = (high - low) / 254 or 1.0
    codes = np.clip(np.rint((values - low) / scale), 0, 254)
    codes = np.where(np.isnan(codes), UNDEFINED, codes).astype(np.uint8)
    return Moving(codes, scale, low, by_choice=by_choice)


def in_words(values: NDArray[Any]) -> Moving:
    """Numbers in two bytes each, to be read to four digits.

    Numbers too far apart for that keep their four bytes.
    """
    limit = float(np.abs(values).max())
    if limit > 100 * float(np.median(np.abs(values).reshape(len(values), -1).max(axis=1))):
        return Moving(values.astype(np.float32))
    scale = limit / 32767 or 1.0
    codes = np.clip(np.rint(values / scale), -32767, 32767).astype(np.int16)
    return Moving(codes, scale)


def animated(
    traces: Sequence[dict[str, Any]], layout: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Update, ...]]:
    """A figure of the last keyframe, and what moves in it.

    Parameters
    ----------
    traces : sequence of dict
        In Plotly's form, with a `Moving`, or a `Part` of one, wherever an attribute moves.
    layout : dict
        In Plotly's form.
    """
    found: dict[tuple[str, int, int], tuple[Moving, list[int]]] = {}

    def still(attributes: dict[str, Any], trace: int, above: str = "") -> dict[str, Any]:
        at_end = {}
        for name, value in attributes.items():
            path = above + name
            if isinstance(value, dict):
                value = still(value, trace, f"{path}.")
            elif isinstance(value, Moving):
                found[path, id(value), trace] = value, [trace]
                # As a list where it is text, which no array can be sent of.
                value = value.at_end.tolist() if value.lookup else value.at_end
            elif isinstance(value, Part):
                _, sharing = found.setdefault((path, id(value.whole), -1), (value.whole, []))
                assert value.index == len(sharing), f"{path}: parts in the order of their traces"
                sharing.append(trace)
                value = value.at_end
            at_end[name] = value
        return at_end

    data = [still(attributes, trace) for trace, attributes in enumerate(traces)]
    updates = (
        Update(**vars(moving), attribute=path, traces=tuple(sharing))
        for (path, _, _), (moving, sharing) in found.items()
    )
    return plot(data, layout), tuple(updates)
