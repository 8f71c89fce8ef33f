"""The Data page: a table of one's own, as a file or typed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from nnviz.data.datasets import OWN, DatasetError
from nnviz.data.numerals import MARKS
from nnviz.data.samples import (
    MOST_CLASSES,
    MOST_FEATURES,
    MOST_VALUES,
    Samples,
    likely_features,
    likely_label,
    samples_of,
)
from nnviz.data.table import (
    MOST_CHARACTERS,
    MOST_FILE_BYTES,
    Table,
    TableError,
    read_table,
    table_of,
)
from nnviz.data.table_text import MOST_ROWS
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.translation import values_of
from nnviz.ui.editing import edited, with_many_rows
from nnviz.ui.markdown import markdown_text
from nnviz.ui.shared.room import BROUGHT, NoRoomError
from nnviz.ui.shared.turns import TURNS
from nnviz.ui.shown_epoch import END
from nnviz.ui.state import (
    OWN_DATA,
    OWN_DECIMAL,
    OWN_EDITOR,
    OWN_FEATURES,
    OWN_FILE,
    OWN_FIRST_ROW,
    OWN_LABEL,
)
from nnviz.ui.views.links import open_run
from nnviz.ui.views.readings import kind_of, show_readings

EDITABLE_CELLS = 20_000
"""Of a larger table, so many are shown, and not edited: every script run sends all of them."""

HELD_BYTES = 25
"""Memory for each byte of a table's file, at most: its cells as texts, and the samples of them."""

EDITOR_HEIGHT, ROW_HEIGHT = 420, 36
"""Of the table at most, and of a row in it, in pixels."""

FIRST_ROW = {"found out": None, "names": True, "a sample": False}
"""What the first row of a file may be said to be, as `read_table` takes it."""

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
    content : bytes
        What is in it.
    first_row : str
        What its first row is, as the visitor says.
    refused : dict of (str, str) to str
        Why files were not read, by Streamlit's name of the file and its first row.
    decimals : dict of str to str
        Decimal marks that the visitor chose, by the column's name.
    samples : Samples or None
        What can be trained on.
    notes : tuple of str
        What was left out to make them.
    made_of : tuple
        Table, label and features that they were made of.
    unmade : str
        Why no samples could be made of these.
    choices : dict
        The label and the features that the visitor chose last.
    """

    opened: Table = EXAMPLE
    table: Table = EXAMPLE
    version: int = 0
    file: str = ""
    content: bytes = b""
    first_row: str = "found out"
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    samples: Samples | None = None
    notes: tuple[str, ...] = ()
    made_of: tuple[Any, ...] = ()
    unmade: str = ""
    choices: dict[str, Any] = field(default_factory=dict)

    def open(self, table: Table) -> None:
        """Take another table."""
        self.opened = self.table = table
        self.version += 1
        self.choices, self.decimals = {}, {}
        for key in (OWN_LABEL, OWN_FEATURES):
            st.session_state.pop(key, None)

    def make_samples(self, label: str, features: list[str]) -> Samples:
        """Make samples of the table, anew if anything is different; or raise `DatasetError`."""
        if self.made_of != (self.table, label, features):
            self.made_of, self.samples, self.unmade = (self.table, label, features), None, ""
            try:
                with TURNS.turn():
                    made, self.notes = samples_of(self.table, label, features)
                    made.dataset(data_seed=0, test_share=0.0)  # may find that they are of no use
                self.samples = made
            except DatasetError as error:
                self.unmade = str(error)
        if self.samples is None:
            raise DatasetError(self.unmade)
        return self.samples


def own_data_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    own: OwnData = st.session_state.setdefault(OWN_DATA, OwnData())
    left, right = st.columns([3, 2], gap="large")
    with left:
        _upload(own)
        _edit(own)
    with right:
        _decide(own)
        label, features = _choose(own)
        try:
            samples = own.make_samples(label, features)
        except DatasetError as error:
            st.error(f"{markdown_text(str(error))}.")
            _say(own.table.notes)
        else:
            _summary(samples)
            _say((*own.table.notes, *own.notes))
            if st.button("Train on this data", icon=":material/model_training:", type="primary"):
                open_run({**values_of(spec), "dataset": OWN}, END, pages)
    show_readings(own.table, label)


def _upload(own: OwnData) -> None:
    """Take a file, of whatever name: what is in it decides.

    For a name that is not of the right kind, Streamlit has a traceback instead of an answer.
    """
    file = st.file_uploader(
        f"A CSV file: up to {MOST_FILE_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows, {MOST_FEATURES} "
        f"features of numbers, {MOST_CLASSES} classes",
        max_upload_size=MOST_FILE_BYTES // 1_000_000,
        key=OWN_FILE,
        help="A line of column names, then one line per sample. It stays in this session: it is "
        "forgotten when the page is closed, no other visitor sees it, and no address holds it.",
    )
    # It may be one that is not there any more.
    if isinstance(file, UploadedFile) and file.file_id != own.file:
        _read(own, file.file_id, file, "found out")
    if own.file:
        said = st.segmented_control(
            "First row",
            tuple(FIRST_ROW),
            default=own.first_row,
            required=True,
            key=f"{OWN_FIRST_ROW} {own.file}",
            help="Whether the file's first row holds the columns' names, or is a sample.",
        )
        if said != own.first_row:
            _read(own, own.file, BytesIO(own.content), said)


def _read(own: OwnData, file: str, opened: BytesIO, first_row: str) -> None:
    """Open a file's table; or say why not, as long as the file is there."""
    why = own.refused.get((file, first_row), "")
    if not why:
        content = opened.getvalue()
        try:
            with TURNS.turn():
                table = read_table(content, FIRST_ROW[first_row])
            BROUGHT.take(own, HELD_BYTES * len(content))
        except TableError as error:
            why = own.refused[file, first_row] = str(error)
        except NoRoomError as error:  # there may be soon
            why = str(error)
        else:
            _look_at(table)
            own.open(table)
            own.file, own.content, own.first_row = file, content, first_row
    if why:
        st.error(f"{markdown_text(why)}. The table below is the one from before.")


def _edit(own: OwnData) -> None:
    """Show the table, to be changed cell by cell if it is not too large."""
    key = f"{OWN_EDITOR} {own.version}"
    if key not in st.session_state:
        own.opened = own.table  # back on the page: the changes of before are part of it
    shown = own.opened
    if not _is_large(shown) and (rows := with_many_rows(_frame(shown), key)) is not None:
        try:
            own.table = own.opened = shown = table_of(shown.names, rows, shown.found)
            _look_at(shown)
        except TableError as error:
            st.error(f"{markdown_text(str(error))}. The table below is the one from before.")
        own.version += 1
        key = f"{OWN_EDITOR} {own.version}"
    frame = _frame(shown)
    named = {
        column: st.column_config.TextColumn(name, max_chars=MOST_CHARACTERS)
        for column, name in zip(frame.columns, shown.names, strict=True)
    }
    if _is_large(shown):
        st.dataframe(frame, height=EDITOR_HEIGHT, column_config=named)
        st.caption(
            f"Too large to be changed here: the first {len(frame):,} of {len(shown.rows):,} rows "
            "are shown."
        )
        return
    changed = edited(
        frame,
        key,
        num_rows="dynamic",
        hide_index=False,
        height=min(EDITOR_HEIGHT, ROW_HEIGHT * (len(frame) + 2)),
        column_config=named,
    )
    st.caption(
        "Click a cell to change it; the last line adds a row. A block of cells can be pasted."
    )
    try:
        rows = changed.fillna("").to_numpy().tolist()
        table = table_of(shown.names, rows, shown.found)
    except TableError as error:
        st.error(f"{markdown_text(str(error))}.")
    else:
        _take(own, table)


def _is_large(table: Table) -> bool:
    """Whether a table is too large to be sent whole."""
    return len(table.names) * len(table.rows) > EDITABLE_CELLS


def _frame(table: Table) -> pd.DataFrame:
    """As much of a table as is sent; its columns by number, since Streamlit keeps a name."""
    columns = [f"{number}" for number in range(len(table.names))]
    rows = list(table.rows[: EDITABLE_CELLS // len(columns)])
    frame = pd.DataFrame(rows, columns=columns, dtype="string")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _take(own: OwnData, table: Table) -> None:
    """Take a table with the decimal marks that were chosen; the old one if nothing changed."""
    table = replace(table, decimals=tuple(sorted(own.decimals.items())))
    if table != own.table:
        _look_at(table)
        own.table = table


def _look_at(table: Table) -> None:
    """Find out what its columns hold, which it then knows."""
    with TURNS.turn():
        _ = table.columns


def _decide(own: OwnData) -> None:
    """Ask for the decimal mark of each column whose numbers can be read in two ways."""
    doubted = [c for c in own.table.columns if c.numeric and c.doubt]
    if not doubted:
        return
    keys = {column.name: f"{OWN_DECIMAL} {own.version} {column.name}" for column in doubted}
    with st.container(border=True):
        st.markdown("**Which number is meant?**")
        for column in doubted:
            mark = st.segmented_control(
                f"{markdown_text(column.name)}: {markdown_text(column.doubt)}",
                tuple(MARKS),
                default=column.decimal or None,
                format_func=lambda mark: f"decimal {MARKS[mark]}",
                key=keys[column.name],
            )
            if mark != (column.decimal or None):
                own.decimals = {**own.decimals, column.name: mark or ""}
        if len(doubted) > 1:
            with st.container(horizontal=True):
                for mark, name in MARKS.items():
                    st.button(f"All: decimal {name}", on_click=_mark_all, args=(keys, mark))
    _take(own, own.table)


def _mark_all(keys: dict[str, str], mark: str) -> None:
    for key in keys.values():
        st.session_state[key] = mark


def _choose(own: OwnData) -> tuple[str, list[str]]:
    """Let the visitor choose the label and the features."""
    columns = own.table.columns
    names = [column.name for column in columns]
    state = st.session_state
    if state.get(OWN_LABEL) not in names:
        state[OWN_LABEL] = own.choices.get("label", likely_label(columns))
    kinds = {column.name: kind_of(column) for column in columns}
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
        said = (f"{markdown_text(name)} ({markdown_text(kinds[name])})" for name in left_out)
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


def _summary(samples: Samples) -> None:
    """Say what there is to train on."""
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
        + ". Features are standardized with the training samples' mean and standard deviation."
    )


def _say(notes: tuple[str, ...]) -> None:
    """Say what was done to get it."""
    if notes:
        st.info("\n".join(f"- {markdown_text(note)}" for note in notes))
