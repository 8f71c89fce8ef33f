"""What a picture draws at a keyframe, read as the player reads it; and how to find it there.

The player's own reading, in JavaScript, is tested where it is; this one is slow and plain.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np

from nnviz.figures.moving import UNDEFINED, Update
from nnviz.figures.picture import Picture


def drawn(picture: Picture, keyframe: int = -1, choice: int = 0) -> dict[str, Any]:
    """The picture's figure, ``data`` and ``layout``, with all its updates made.

    Parameters
    ----------
    picture : Picture
    keyframe : int
        Number of the frame, not its epoch.
    choice : int
        Which combination of the picture's choices is chosen, the last list fastest.
    """
    figure = copy.deepcopy(picture.figure)
    for update in picture.updates:
        for place, value in zip(update.traces, _of_traces(update, keyframe, choice), strict=True):
            *path, last = update.attribute.split(".")
            holder = figure["data"][place]
            for key in path:
                holder = holder[key]
            assert last in holder or last in ("visible", "hovertext"), f"{update.attribute} is new"
            holder[last] = value
    return figure


def _of_traces(update: Update, keyframe: int, choice: int) -> list[Any]:
    """The value of an update, one for each of its traces."""
    at = 0 if len(update.values) == 1 else keyframe
    if update.trail:
        return [_trail(update, at % len(update.values))]
    codes = update.values[at]
    if update.by_choice:
        codes = codes[choice]
    if update.lookup is not None:
        meant = np.array([update.lookup[code] for code in codes.ravel()], object)
        meant = meant.reshape(codes.shape)
    elif (update.scale, update.offset) == (1.0, 0.0):
        meant = codes
    else:
        meant = codes * update.scale + update.offset
        if codes.dtype == np.uint8:
            meant = np.where(codes == UNDEFINED, np.nan, meant)
    if len(update.traces) == 1:
        return [meant]
    assert len(meant) == len(update.traces), "a value for every trace"
    return [np.ravel(of_one)[0] if np.size(of_one) == 1 else of_one for of_one in meant]


def _trail(update: Update, at: int) -> Any:
    """For each number a line through its last keyframes, and a gap after each."""
    first = max(0, at - update.trail)
    lines = [[*update.values[first : at + 1, i], math.nan] for i in range(update.values.shape[1])]
    return np.array(lines).ravel()


def by_name(pictures: list[Picture]) -> dict[str, Picture]:
    """Pictures by their names, which must differ."""
    found = {picture.name: picture for picture in pictures}
    assert len(found) == len(pictures)
    return found


def said(trace: dict[str, Any]) -> str:
    """What is said of a trace: its name, label and hover text."""
    label = (trace.get("meta") or {}).get("label", "")
    return f"{trace.get('name', '')}|{label}|{trace.get('hovertemplate', '')}"


def trace_of(figure: dict[str, Any], *words: str) -> dict[str, Any]:
    """The one trace of which all these words are said."""
    found = [trace for trace in figure["data"] if all(word in said(trace) for word in words)]
    assert len(found) == 1, f"{len(found)} traces speak of {words}: {list(map(said, found))}"
    return found[0]


def heatmap_of(figure: dict[str, Any]) -> dict[str, Any]:
    """The one heat map of a figure."""
    (found,) = (trace for trace in figure["data"] if trace["type"] == "heatmap")
    return found


def axis_title(figure: dict[str, Any], trace: dict[str, Any], which: str = "y") -> str:
    """The title of the axis that a trace is read by."""
    name = trace.get(f"{which}axis", which).replace(which, f"{which}axis", 1)
    return figure["layout"][name]["title"]["text"] or ""


def upper(figure: dict[str, Any], trace: dict[str, Any]) -> bool:
    """Whether a trace stands in the upper of two charts."""
    name = trace.get("yaxis", "y").replace("y", "yaxis", 1)
    low, high = figure["layout"][name]["domain"]
    others = [of["domain"] for key, of in figure["layout"].items() if key.startswith("yaxis")]
    assert len(others) == 2
    return low > 0.4 and high == 1


def ticks(figure: dict[str, Any], which: str) -> dict[float, str]:
    """The words at an axis, by where they stand."""
    axis = figure["layout"][which]
    return dict(zip(axis["tickvals"], axis["ticktext"], strict=True))


def marks_the_epoch(picture: Picture) -> bool:
    """Whether a picture is over epochs, and so has the shown one marked."""
    over_epochs = picture.figure["layout"].get("xaxis", {}).get("title", {}).get("text") == "epoch"
    assert picture.cursor == over_epochs, picture.name
    return over_epochs


def points(trace: dict[str, Any]) -> dict[float, float]:
    """The y of a line by its x."""
    return dict(zip(np.asarray(trace["x"]).tolist(), np.asarray(trace["y"]).tolist(), strict=True))


def samples_of(trace: dict[str, Any]) -> list[int]:
    """The training samples that its points open, from 0: on screen they are counted from 1."""
    numbers = [int(number) for number in trace["customdata"]]
    assert min(numbers, default=1) >= 1
    return [number - 1 for number in numbers]
