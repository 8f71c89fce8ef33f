"""Readings: how each column of a table was read, in words."""

from __future__ import annotations

import streamlit as st

from nnviz.data.columns import Column
from nnviz.data.table import Table

MOST_HEIGHT, ROW_HEIGHT = 390, 36
"""Of the list at most, and of a row in it, in pixels."""


def show_readings(table: Table, label: str) -> None:
    """Show how each column is read, as a list."""
    st.markdown("**How each column is read**")
    widths = {"Column": 140, "Read as": 340, "Missing": 70}
    st.dataframe(
        readings_of(table, label),
        hide_index=True,
        height=min(MOST_HEIGHT, ROW_HEIGHT * (len(table.columns) + 1)),
        column_config={name: st.column_config.Column(width=px) for name, px in widths.items()},
    )


def readings_of(table: Table, label: str) -> dict[str, list[str | int]]:
    """How each column is read, in four columns."""
    return {
        "Column": [c.name for c in table.columns],
        "Read as": [_read_as(c, label) for c in table.columns],
        "Missing": [c.rows - c.filled if c.name == label else c.missing for c in table.columns],
        "Values": [_holds(c, label) for c in table.columns],
    }


def _read_as(column: Column, label: str) -> str:
    if column.name == label:
        return "label"
    if column.undecided:
        return "numbers: choose the decimal mark"
    if column.numeric and not column.counts_rows:
        return f"numbers, {column.how}" if column.how else "numbers"
    return kind_of(column) if column.counts_rows or not column.different else "words"


def _holds(column: Column, label: str) -> str:
    if column.name == label:
        return f"{column.classes} different"
    if column.numeric and not column.undecided:
        others = f"; not a number: {column.word}" if column.word else ""
        return f"{column.low:.6g} to {column.high:.6g}{others}"
    example = f", as {column.word}" if column.word else ""
    return f"{column.different} different{example}" if column.different else ""


def kind_of(column: Column) -> str:
    """What a column holds, in words."""
    if column.counts_rows:
        return "counts the rows"
    if column.numeric:
        return "numbers, mostly empty" if column.sparse else "numbers"
    words = "1 word" if column.different == 1 else f"{column.different} words"
    return f"{words}, as {column.word}" if column.word else "empty"
