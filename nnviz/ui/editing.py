"""Editing a table by hand, of which only changes count that the table can have."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_numeric_dtype

MOST_TEXT = 1_000
"""Characters that may be typed into a cell; a longer name is cut by whoever shows it."""

INDEX = "_index"
"""What Streamlit calls the rows' numbers; those of an added row are its own."""


MOST_ADDED = 300
"""Cells of added rows that are left to Streamlit, which takes 30 s for 500 rows of 200 columns."""


def edited(frame: pd.DataFrame, key: str, **how: Any) -> pd.DataFrame:
    """Show a table to be edited; what comes of it.

    Parameters
    ----------
    frame : DataFrame
        The table, its columns of numbers or of texts, its rows counted.
    key : str
        Of the editor; changes under it that the table cannot have are forgotten.
    how : anything
        As `streamlit.data_editor` takes it.
    """
    changes = st.session_state.get(key)
    grows = how.get("num_rows") == "dynamic"
    if changes is not None and not fits(changes, frame, grows):
        del st.session_state[key]
    return st.data_editor(frame, key=key, **how)


def with_many_rows(frame: pd.DataFrame, key: str) -> list[list[str]] | None:
    """The rows of a table of texts with its changes, if these add more than Streamlit should."""
    changes = st.session_state.get(key)
    if changes is None or not fits(changes, frame, grows=True):
        return None
    added, width = changes.get("added_rows", []), frame.shape[1]
    if len(added) * width <= MOST_ADDED:
        return None
    rows: list[list[str]] = frame.to_numpy().tolist()
    for row, cells in changes.get("edited_rows", {}).items():
        for column, value in cells.items():
            rows[row][frame.columns.get_loc(column)] = value or ""
    gone = set(changes.get("deleted_rows", []))
    rows = [cells for row, cells in enumerate(rows) if row not in gone]
    return rows + [[cells.get(column) or "" for column in frame.columns] for cells in added]


def fits(changes: Mapping[str, Any], frame: pd.DataFrame, grows: bool) -> bool:
    """Whether a table has the rows and columns that changes name, and can hold their values."""
    if not grows and (changes.get("added_rows") or changes.get("deleted_rows")):
        return False
    numeric = {name: is_numeric_dtype(kind) for name, kind in frame.dtypes.items()}

    def fit(cells: Mapping[str, Any]) -> bool:
        return all(name in numeric and _fits(value, numeric[name]) for name, value in cells.items())

    rows = [*changes.get("edited_rows", {}), *changes.get("deleted_rows", [])]
    added = changes.get("added_rows", [])
    return (
        all(0 <= row < len(frame) for row in rows)
        and all(map(fit, changes.get("edited_rows", {}).values()))
        and all(fit({k: v for k, v in cells.items() if k != INDEX}) for cells in added)
    )


def _fits(value: Any, numeric: bool) -> bool:
    """Whether a cell of a column can hold a value."""
    if value is None:
        return True
    if not numeric:
        return isinstance(value, str) and len(value) <= MOST_TEXT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e300 and math.isfinite(value)
