"""What the player reports, checked: whatever a browser sends, a `Report` comes of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.checks import RealNumber, SettingError, WholeNumber
from nnviz.ui.shown_epoch import END

MOST_CHARACTERS = 4_000
"""Of all that a player reports at once."""

MOST_EVENTS = 20
"""Told at once."""

MOST_POINT = 100_000
"""The highest number of a sample or a run that can be opened."""

MOST_NAME = 40
"""Characters of a picture's name."""

MOST_STEP = 40
"""The highest number of a tour's step."""

MOST_RUN = 400
"""Characters of a run's name; that of the Step page says which numbers are shown."""


@dataclass(frozen=True)
class Report:
    """One thing that the player reports.

    Attributes
    ----------
    run : str
        Name of the run that the player shows.
    epoch : int
        The epoch that it is of.
    end : bool
        Whether that is the run's last one.
    point : int
        Number of what is to be opened.
    picture : str
        Name of the picture that a cell is of.
    row, column : int
        Of the cell, from 0.
    threshold : float
        From which ρ an approximation is to count as holding.
    step : int
        Of a tour, to go to; 0 to leave it.
    """

    run: str = ""
    epoch: int = 0
    end: bool = False
    point: int = 0
    picture: str = ""
    row: int = 0
    column: int = 0
    threshold: float = 0.0
    step: int = 0


def _name(field: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_RUN:
        raise SettingError(field, value, "the name of a run")
    return value


def _picture(field: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_NAME:
        raise SettingError(field, value, "the name of a picture")
    return value


def _flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SettingError(field, value, "true or false")
    return value


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "run": _name,
    "epoch": WholeNumber(0, END).check,
    "end": _flag,
    "point": WholeNumber(0, MOST_POINT).check,
    "picture": _picture,
    "row": WholeNumber(0, MOST_POINT).check,
    "column": WholeNumber(0, MOST_POINT).check,
    "threshold": RealNumber(-10, 10).check,
    "step": WholeNumber(0, MOST_STEP).check,
}
"""What each field of a report may be; whether there is such a run or point, its page knows."""

STATES: dict[str, str | tuple[str, ...]] = {
    "epoch": ("run", "epoch", "end"),
    "threshold": "threshold",
}
"""What the player reports and Streamlit keeps: its fields, or the one that it is itself."""

EVENTS: dict[str, str | tuple[str, ...]] = {
    "more": "run",
    "stop": "run",
    "resume": "run",
    "point": ("run", "epoch", "point"),
    "cell": ("run", "picture", "row", "column"),
    "check": ("run", "epoch"),
    "step": ("run", "epoch"),
    "go": "step",
}
"""What it, or the tour's bar, tells once."""


def reported(told: Any, name: str) -> Report | None:
    """One of the player's reports, if it is there and is one.

    Parameters
    ----------
    told : anything
        What stands in the session for the player.
    name : str
        One of `STATES` or `EVENTS`.
    """
    return _report(told.get(name), {**STATES, **EVENTS}[name]) if _is_map(told) else None


def _report(value: Any, fields: str | tuple[str, ...]) -> Report | None:
    if isinstance(fields, str):
        fields, value = (fields,), {fields: value}
    if not _is_map(value) or value.keys() != set(fields):
        return None
    try:
        return Report(**{field: CHECKS[field](field, value[field]) for field in fields})
    except SettingError:
        return None


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def from_json(text: str, most: int) -> Any:
    """What a text of at most so many characters says; None if it says nothing."""
    try:
        return json.loads(text) if len(text) <= most else None
    except (ValueError, RecursionError):
        return None


def is_state(text: str) -> bool:
    """Whether a text is what the player has Streamlit keep."""
    told = from_json(text, MOST_CHARACTERS)
    return _is_map(told) and all(
        name in STATES and _report(value, STATES[name]) for name, value in told.items()
    )


def are_events(text: str) -> bool:
    """Whether a text is what the player tells once."""
    told = from_json(text, MOST_CHARACTERS)
    return isinstance(told, list) and len(told) <= MOST_EVENTS and all(map(_is_event, told))


def _is_event(told: Any) -> bool:
    if not _is_map(told) or told.keys() != {"event", "value"}:
        return False
    name = told["event"]
    return isinstance(name, str) and name in EVENTS and bool(_report(told["value"], EVENTS[name]))
