"""What state a page may send of each widget: of the right kind, and one that the widget can have.

Streamlit trusts a page to send what its widgets can hold; what cannot be read is a traceback there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from nnviz.checks import SettingError, value_text
from nnviz.ui.controls.catalogue import CONTROLS, COUNTED
from nnviz.ui.reported import are_events, from_json, is_state
from nnviz.ui.state import (
    APPROXIMATION,
    CHECK,
    COMPARE,
    EXPLORE,
    HOME,
    OWN_DECIMAL,
    OWN_EDITOR,
    OWN_FEATURES,
    OWN_FILE,
    OWN_FIRST_ROW,
    OWN_LABEL,
    PROGRAM,
    RECORDING_FILE,
    STEP,
    STEP_PATH,
    TOUR,
    TRAIN,
)

_WIDGET = r"\$\$ID-[0-9a-f]{32,64}-(.{1,300})"
NAME = re.compile(_WIDGET, re.DOTALL)
TOLD_BY = re.compile(rf"\$\$STREAMLIT_INTERNAL_KEY_{_WIDGET}__events", re.DOTALL)
"""How Streamlit names a widget, by a digest and the key that the page gave it; and what a player
tells once."""

NO_KEY = "None"

MOST_EDITS = 2_000_000
"""Characters of a table's changes: some more than the largest table that can be edited has."""

MOST_CHANGED, MOST_ADDED = 20_000, 2_000
"""Rows of a table that are changed or deleted by hand at most, and rows added to it."""

MOST_CHOSEN, MOST_TEXT = 500, 1_000
"""Names chosen from a list, and the characters of one."""


@dataclass(frozen=True)
class Kind:
    """What the state of a widget is.

    Attributes
    ----------
    field : str
        Of Streamlit's `WidgetState`, in which it comes.
    fits : callable
        Whether a value, found there, can be the widget's.
    """

    field: str
    fits: Callable[[Any], bool] = lambda _value: True


def _is_text(value: str) -> bool:
    return len(value) <= MOST_TEXT


def _are_texts(values: Any) -> bool:
    return len(values.data) <= MOST_CHOSEN and all(map(_is_text, values.data))


def _is_one_text(values: Any) -> bool:
    return len(values.data) <= 1 and all(map(_is_text, values.data))


def _is_one_file(value: Any) -> bool:
    files = value.uploaded_file_info
    return len(files) <= 1 and all(_is_text(file.file_id) for file in files)


def are_edits(text: str) -> bool:
    """Whether a text is the changes to a table, as Streamlit's editor sends them.

    Whether the table has those rows and columns is known where it is shown (`nnviz.ui.editing`).
    """
    told = from_json(text, MOST_EDITS)
    if not isinstance(told, Mapping):
        return False
    changed = told.get("edited_rows", {})
    added, deleted = (told.get(name, []) for name in ("added_rows", "deleted_rows"))
    return (
        isinstance(changed, Mapping)
        and len(changed) <= MOST_CHANGED
        and all(re.fullmatch("[0-9]{1,9}", row) for row in changed)
        and all(isinstance(cells, Mapping) for cells in changed.values())
        and isinstance(added, list)
        and len(added) <= MOST_ADDED
        and all(isinstance(cells, Mapping) for cells in added)
        and isinstance(deleted, list)
        and len(deleted) <= MOST_CHANGED
        and all(type(row) is int for row in deleted)
    )


def _of_control(key: str, field: str) -> Kind:
    """The kind of a control: what the address may say of it, a page may send."""

    def fits(value: Any) -> bool:
        values = value.data if field.endswith("array_value") else [value]
        control = CONTROLS[key]
        if not control.several and len(values) != 1:
            return False
        try:
            for one in values:
                control.check(key, value_text(one))
        except SettingError:
            return False
        return True

    return Kind(field, fits)


def _counted(key: str) -> Kind:
    """The kind of a control that counts from 1 on screen."""
    high = int(CONTROLS[key].high) + 1
    return Kind("int_value", lambda value: 1 <= value <= high)


LISTS = (
    "dataset", "gradient", "horizon", "step_length", "triple", "across", "down", "third", "outcome",
)  # fmt: skip
NUMBERS = ("seed", "data_seed", "at")
SLIDERS = ("hidden_units", "samples", "classes", "noise", "test_share", "threshold", "seeds")
"""Controls by what draws them (`nnviz.ui.controls.drawing`); all others send texts, in a list."""

_FIELDS = {
    **dict.fromkeys(CONTROLS, "string_array_value"),
    **dict.fromkeys(LISTS, "string_value"),
    **dict.fromkeys(NUMBERS, "int_value"),
    **dict.fromkeys(SLIDERS, "double_array_value"),
}

KINDS = {
    **{key: _of_control(key, field) for key, field in _FIELDS.items() if key not in COUNTED},
    **dict.fromkeys(
        (TRAIN, APPROXIMATION, STEP, STEP_PATH, EXPLORE, COMPARE, TOUR),
        Kind("json_value", is_state),
    ),
    **dict.fromkeys((HOME, CHECK, PROGRAM), Kind("bool_value")),
    **dict.fromkeys((OWN_EDITOR, "W1", "W2"), Kind("string_value", are_edits)),
    **dict.fromkeys((OWN_FILE, RECORDING_FILE), Kind("file_uploader_state_value", _is_one_file)),
    **dict.fromkeys((OWN_FIRST_ROW, OWN_DECIMAL), Kind("string_array_value", _is_one_text)),
    **dict.fromkeys((NO_KEY, "unpin", "load"), Kind("trigger_value")),
    OWN_LABEL: Kind("string_value", _is_text),
    OWN_FEATURES: Kind("string_array_value", _are_texts),
    **{f"{key}_from_1": _counted(key) for key in COUNTED},
    "rate": Kind("double_value", lambda value: 0 < value < 1e9),
}
"""Every widget by its key, up to the first space: what follows there says of what it is."""

TOLD = Kind("json_trigger_value", are_events)


def kind_of(name: str) -> Kind | None:
    """What the state of the widget of that name is; None if there is no such widget."""
    told = TOLD_BY.fullmatch(name)
    found = told or NAME.fullmatch(name)
    kind = KINDS.get(found[1].partition(" ")[0]) if found else None
    if not told:
        return kind
    return TOLD if kind is not None and kind.field == "json_value" else None


def is_possible(state: WidgetState) -> bool:
    """Whether a widget can have that state; also none, as when it is emptied."""
    kind = kind_of(state.id)
    field = state.WhichOneof("value")
    if kind is None or field is None:
        return kind is not None
    return field == kind.field and kind.fits(getattr(state, field))
