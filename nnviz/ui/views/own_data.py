"""The Data page: a table of one's own, as a file or typed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.datasets import OWN, DatasetError
from nnviz.samples import (
    MOST_CLASSES,
    MOST_FEATURES,
    MOST_VALUES,
    Samples,
    likely_features,
    likely_label,
    samples_of,
)
from nnviz.table import MOST_BYTES, MOST_ROWS, Column, Table, TableError, read_table, table_of
from nnviz.ui.controls import markdown_text, values_of
from nnviz.ui.runs import Settings
from nnviz.ui.state import OWN_DATA, OWN_EDITOR, OWN_FEATURES, OWN_LABEL
from nnviz.ui.views.links import open_run

EDITABLE_CELLS = 20_000
"""A larger table is shown, and not edited: every change sends all of it."""

EXAMPLE = Table(
    names=("height", "weight", "kind"),
    rows=(
        ("21", "3.9", "cat"),
        ("24", "4.4", "cat"),
        ("25", "4.1", "cat"),
        ("23", "5.2", "cat"),
        ("48", "18", "dog"),
        ("55", "27", "dog"),
        ("61", "30", "dog"),
        ("39", "11", "dog"),
        ("16", "1.6", "rabbit"),
        ("18", "2.1", "rabbit"),
        ("19", "1.9", "rabbit"),
        ("17", "2.4", "rabbit"),
    ),
)
"""What the page opens with, to be typed over."""


@dataclass
class OwnData:
    """What a visitor has brought.

    Attributes
    ----------
    opened : Table
        As it was opened, or came back to: what the editor's changes are to.
    table : Table
        With the changes.
    version : int
        Counts the tables opened.
    file : str
        Streamlit's name of the file read last.
    samples : Samples or None
        What can be trained on.
    notes : tuple of str
        What was left out to make them.
    made_of : tuple
        Table, label and features that they were made of.
    """

    opened: Table = EXAMPLE
    table: Table = EXAMPLE
    version: int = 0
    file: str = ""
    samples: Samples | None = None
    notes: tuple[str, ...] = ()
    made_of: tuple[Any, ...] = ()
    choices: dict[str, Any] = field(default_factory=dict)

    def open(self, table: Table) -> None:
        """Take another table."""
        self.opened = self.table = table
        self.version += 1
        self.choices = {}

    def make_samples(self, label: str, features: list[str]) -> Samples:
        """Make samples of the table, anew if anything is different; or raise `DatasetError`."""
        if self.samples is None or self.made_of != (self.table, label, features):
            self.samples = None
            made, self.notes = samples_of(self.table, label, features)
            made.dataset(seed=0, test_share=0.0)  # may find that they cannot be trained on
            self.samples, self.made_of = made, (self.table, label, features)
        return self.samples


def own_data_page(settings: Settings, pages: dict[str, Any]) -> None:
    """Draw the page."""
    own: OwnData = st.session_state.setdefault(OWN_DATA, OwnData())
    left, right = st.columns([3, 2], gap="large")
    with left:
        _upload(own)
        _edit(own)
    with right:
        label, features = _choose(own)
        try:
            samples = own.make_samples(label, features)
        except DatasetError as error:
            st.error(f"{markdown_text(str(error))}.")
        else:
            _summary(samples, (*own.table.notes, *own.notes))
            if st.button("Train on these data", icon=":material/model_training:", type="primary"):
                open_run({**values_of(settings), "dataset": OWN}, pages)


def _upload(own: OwnData) -> None:
    """Take a file."""
    file = st.file_uploader(
        f"A CSV file: up to {MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows, {MOST_FEATURES} "
        f"features of numbers, {MOST_CLASSES} classes",
        type=["csv", "tsv", "txt"],
        max_upload_size=MOST_BYTES // 1_000_000,
        help="A line of column names, then a line a sample. It stays in this session: it is "
        "forgotten when the page is closed, no other visitor sees it, and an address does not "
        "hold it.",
    )
    if file is None or file.file_id == own.file:
        return
    try:
        own.open(read_table(file.getvalue()))
    except TableError as error:
        st.error(f"{markdown_text(str(error))}. The table below is the one from before.")
        return
    own.file = file.file_id
    for key in (OWN_LABEL, OWN_FEATURES):
        st.session_state.pop(key, None)


def _edit(own: OwnData) -> None:
    """Show the table, to be changed cell by cell if it is not too large."""
    key = f"{OWN_EDITOR} {own.version}"
    if key not in st.session_state:
        own.opened = own.table  # back on the page: the changes of before are part of it
    shown = own.opened
    # By number: Streamlit keeps a name for itself.
    columns = [f"{number}" for number in range(len(shown.names))]
    frame = pd.DataFrame(list(shown.rows), columns=columns, dtype="string")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    named = {
        column: st.column_config.TextColumn(name, max_chars=60)
        for column, name in zip(columns, shown.names, strict=True)
    }
    if frame.size > EDITABLE_CELLS:
        st.dataframe(frame, height=420, column_config=named)
        st.caption("Too large to be changed here.")
        return
    edited = st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=False,
        height=420,
        column_config=named,
    )
    st.caption(
        "Click a cell to change it; the last line adds a row. A block of cells can be pasted."
    )
    try:
        rows = edited.fillna("").to_numpy().tolist()
        own.table = table_of(shown.names, rows, shown.notes)
    except TableError as error:
        st.error(f"{markdown_text(str(error))}.")


def _choose(own: OwnData) -> tuple[str, list[str]]:
    """Let the visitor choose the label and the features."""
    columns = own.table.columns
    names = [column.name for column in columns]
    state = st.session_state
    if state.get(OWN_LABEL) not in names:
        state[OWN_LABEL] = own.choices.get("label", likely_label(columns))
    kinds = {column.name: _kind(column) for column in columns}
    label = st.selectbox("Label: the column that names the class", names, key=OWN_LABEL)
    others = [name for name in names if name != label]
    if OWN_FEATURES not in state or own.choices.get("label") != label:
        before = own.choices if own.choices.get("label") == label else {}
        state[OWN_FEATURES] = before.get("features", likely_features(columns, label))
    features = st.multiselect(
        "Features: the columns to learn from",
        others,
        key=OWN_FEATURES,
        format_func=lambda name: name if kinds[name] == "numbers" else f"{name} ({kinds[name]})",
        help="A column of words becomes a column of zeros and ones for each word.",
    )
    own.choices = {"label": label, "features": features}
    if left_out := [name for name in others if name not in features]:
        said = (f"{markdown_text(name)} ({kinds[name]})" for name in left_out)
        st.caption(f"Not learned from: {', '.join(said)}.")
    few = {c.name for c in columns if not c.numeric and 2 <= c.different <= MOST_VALUES}
    if words := [name for name in left_out if name in few]:
        more = f" and {len(words) - 1} more" if len(words) > 1 else ""
        st.button(
            f"Learn from {markdown_text(words[0])}{more}, too",
            on_click=_learn_from,
            args=([*features, *words],),
            help="Each of its words becomes a column of zeros and ones. Or leave it out.",
        )
    return label, features


def _learn_from(features: list[str]) -> None:
    st.session_state[OWN_FEATURES] = features


def _kind(column: Column) -> str:
    """What a column holds, in words."""
    if column.counts_rows:
        return "counts the rows"
    if column.numeric:
        return "numbers"
    words = "1 word" if column.different == 1 else f"{column.different} words"
    return f"{words}, as {column.word}" if column.word else "empty"


def _summary(samples: Samples, notes: tuple[str, ...]) -> None:
    """Say what there is to train on, and what was done to get it."""
    places = st.columns(3)
    places[0].metric("Samples", f"{len(samples.labels):,}")
    places[1].metric("Features", len(samples.feature_names))
    places[2].metric("Classes", len(samples.class_names))
    counts = Counter(samples.labels.tolist())
    st.caption(
        "Samples of each class: "
        + ", ".join(
            f"{markdown_text(name)} {counts[label]:,}"
            for label, name in enumerate(samples.class_names)
        )
        + ". Features are standardized with the training samples' mean and spread."
    )
    if notes:
        st.info("\n".join(f"- {markdown_text(note)}" for note in notes))
