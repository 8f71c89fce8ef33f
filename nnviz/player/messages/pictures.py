"""Pictures as a message, within its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.picture import Picture, evenly
from nnviz.figures.style import theme_layouts
from nnviz.player.wire import pack

MOST_MESSAGE_BYTES = 990_000
"""Size of a message at most: a run of large pictures is shown in fewer keyframes."""


def pack_pictures(
    pictures: list[Picture], keyframes: Sequence[int], header: dict[str, Any]
) -> bytes:
    """Pack pictures for the player, in as many of the keyframes as `MOST_MESSAGE_BYTES` allow.

    Parameters
    ----------
    pictures : list of Picture
        In the order of the page.
    keyframes : sequence of int
        Their epochs.
    header : dict
        What else the player is to know: run, version, status, progress, notice, epochs, metrics.
    """
    values = {id(u.values): u.values for picture in pictures for u in picture.updates}
    moving = [array for array in values.values() if len(array) > 1]

    def with_frames(most: int) -> bytes:
        # By the array: what two updates share is cut, and sent, once.
        cut = {key: array[evenly(len(array), most)] for key, array in values.items()}
        return pack(
            {
                **header,
                "keyframes": np.array(keyframes, np.uint32)[evenly(len(keyframes), most)],
                "pictures": [_picture(picture, cut, most) for picture in pictures],
                "themes": theme_layouts(),
            }
        )

    if sum(array.nbytes for array in moving) < MOST_MESSAGE_BYTES / 2:
        return with_frames(max([len(keyframes), *map(len, moving)]))
    rest = MOST_MESSAGE_BYTES - len(with_frames(1))
    return with_frames(max(2, rest // sum(array[:1].nbytes for array in moving)))


def _picture(picture: Picture, values: dict[int, NDArray[Any]], most: int) -> dict[str, Any]:
    """A picture with the names that the player uses, and the values of its updates by their id."""
    own = picture.keyframes
    return {
        "keyframes": None if own is None else own[evenly(len(own), most)].astype(np.uint32),
        "name": picture.name,
        "title": picture.title,
        "howToRead": picture.how_to_read,
        "alt": picture.alt,
        "note": picture.note,
        "cursor": picture.cursor,
        "place": picture.place,
        "lags": picture.lags,
        "group": picture.group,
        "choices": picture.choices,
        "legend": [asdict(mark) for mark in picture.legend],
        "colourAxis": picture.colour_axis,
        "opens": picture.opens,
        "cells": picture.cells,
        "toggles": [asdict(toggle) for toggle in picture.toggles],
        "data": picture.figure["data"],
        "layout": picture.figure["layout"],
        "updates": [
            {
                "attribute": update.attribute,
                "traces": update.traces,
                "values": values[id(update.values)],
                "scale": update.scale,
                "offset": update.offset,
                "lookup": update.lookup,
                "byChoice": update.by_choice,
                "trail": update.trail,
            }
            for update in picture.updates
        ],
    }
