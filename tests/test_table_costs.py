"""What a stranger's table costs: what is refused is not split, and equal cells are read once."""

from __future__ import annotations

import importlib
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mutated_tables import check_samples, check_table, is_read, mutated
from streamlit.testing.v1 import AppTest

from nnviz.data import columns, numerals
from nnviz.data.datasets import DatasetError
from nnviz.data.numerals import numeral
from nnviz.data.samples import MOST_NAME_CHARACTERS, likely_features, likely_label, samples_of
from nnviz.data.table import MOST_FILE_BYTES, TableError, read_table, table_of
from nnviz.data.table_text import MOST_LINES, MOST_SEPARATORS
from nnviz.ui.views.own_data import EXAMPLE

TABLE = b"x,y,kind\n1,2,a\n2,5,b\n"


def flood(text: bytes) -> bytes:
    """As much of a text as a file may have beside a table."""
    return text * ((MOST_FILE_BYTES - 2 * len(TABLE)) // len(text))


class SplitError(Exception):
    """A text has been split into cells."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b",", r"has 4,\d{3},\d{3} commas; at most 16,384 are taken"),
        (b";", "semicolons; at most"),
        (b"\t", "tabs; at most"),
        (b"|", "bars; at most"),
        (b"a,", r"has 2,\d{3},\d{3} commas; at most"),
        (b'",', "commas; at most"),
        (b",;", "commas; at most"),
        (b"\xe9,", "commas; at most"),
        (b"\n", r"has 4,\d{3},\d{3} lines; at most 500,000 are taken"),
        (b"\r", "lines; at most"),
        (b" \n", "lines; at most"),
        (b",\n", "lines; at most"),
        (b"#\n", "lines; at most"),
        (b"#,\r\n", "lines; at most"),
        (b"1,2,a\n", "lines; at most"),
    ],
)
def test_a_flood_is_refused_before_it_is_split(
    text: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def split(*_: object, **__: object) -> None:
        raise SplitError

    monkeypatch.setattr("nnviz.data.table_text.csv.reader", split)
    for data in (flood(text), TABLE + flood(text), flood(text) + TABLE):
        if data.strip():
            with pytest.raises(TableError, match=said):
                read_table(data)
    with pytest.raises(SplitError):
        read_table(TABLE)


@pytest.mark.parametrize(
    "text",
    [b'"', b"x", b"1", b"1.", b" ", b"\xc3\xa9", b"\xe9", b"#", b"\x01", b"\x00", b"\xef\xbb\xbf"],
)
def test_a_flood_within_a_cell_is_taken_or_refused(text: bytes) -> None:
    assert not is_read(flood(text))
    for data in (TABLE + flood(text), TABLE + b"1,2," + flood(text) + b"\n5,6,a\n"):
        is_read(data)
    assert is_read(b"#" + flood(b"x ") + b"\n" + TABLE), "a comment may be long"
    assert is_read(flood(b" ") + b"\n" + TABLE)


def test_as_many_separators_and_lines_as_programs_write_are_taken() -> None:
    rows = TABLE.replace(b"\n", b"," * (MOST_SEPARATORS - 2) + b"\n")
    assert read_table(rows).names == ("x", "y", "kind")
    blank = b"\n" * (MOST_LINES - TABLE.count(b"\n") - 1)
    assert len(read_table(TABLE + blank).rows) == 2


def wide(cell: str, rows: int) -> bytes:
    """200 columns; a cell says a number from 0 to 4."""
    names = ",".join([*(f"c{n}" for n in range(199)), "kind"])
    lines = [
        ",".join([*(cell.format(column % 3 + row % 3) for column in range(199)), "ab"[row % 2]])
        for row in range(rows)
    ]
    return "\n".join([names, *lines]).encode()


class Looks:
    """Counts the cells that are looked at, whether they are numbers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        for module in (columns, numerals):
            monkeypatch.setattr(module, "numeral", self.look)

    def look(self, text: str) -> Any:
        self.number += 1
        return numeral(text)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(monkeypatch)


@pytest.mark.parametrize("cell", ["{}", "w", "{}%", "?"])
def test_equal_cells_are_read_once(cell: str, looks: Looks) -> None:
    table = read_table(wide(cell, rows=5_000))
    check_table(table)
    check_samples(table, "kind", [name for name in table.names if name != "kind"])
    assert looks.number < 10_000, f"{looks.number:,} of 1,000,000 cells were looked at"
    assert looks.number > 0


def test_a_separator_is_found_in_few_cells(looks: Looks) -> None:
    line = ",".join(map(str, range(16_000)))
    with pytest.raises(TableError, match="There are 16,000 columns"):
        read_table("\n".join([line] * 20).encode())
    assert 0 < looks.number < 20_000


def test_a_large_table_takes_bounded_memory() -> None:
    data = wide("1{}", rows=1_000)
    tracemalloc.start()
    try:
        table = read_table(data)
        label = likely_label(table.columns)
        samples, _ = samples_of(table, label, likely_features(table.columns, label))
        samples.dataset(data_seed=0, test_share=0.25)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 15_000_000, f"{most:,} bytes"


@pytest.mark.parametrize(
    "number",
    [
        *("9" * 10**6, "1." * 10**6, "1" + ",111" * 10**6, "0." + "0" * 10**6 + "1"),
        *("1" + " " * 10**6 + "1", "1e" + "9" * 10**6, "1e999999999", "-" * 10**6, "−" * 10**6),
        *("1'" * 10**6 + "x", "0" * 10**6, "1." + "0" * 10**6),
    ],
    ids=lambda number: number[:8],
)
def test_no_number_is_as_long_as_a_book(number: str) -> None:
    assert numeral(number) is None
    rows = [("1", number, "a"), ("2", "3", "b"), ("3", "4", "a"), ("5", "3", number)]
    check_samples(table_of(("x", "y", "kind"), rows), "kind", ["x", "y"])


@settings(max_examples=300)
@given(st.integers(0, 2**32 - 1))
@example(0)
def test_no_mutated_table_breaks_anything(seed: int) -> None:
    is_read(mutated(np.random.default_rng(seed), most_bytes=20_000))


@pytest.mark.parametrize("seed", range(20))
def test_no_large_mutated_table_breaks_anything(seed: int) -> None:
    is_read(mutated(np.random.default_rng([seed])))


def test_names_are_short_and_differ() -> None:
    long = "x" * 100
    table = table_of((long, long, long, "", "a\x00\u202eb", "kind"), [("1",) * 6, ("2",) * 6])
    check_table(table)
    cut = "x" * (MOST_NAME_CHARACTERS - 1) + "…"
    assert table.names[:2] == (cut, "x" * (MOST_NAME_CHARACTERS - 4) + " (2)")
    assert table.names[4] == "a b"


def test_names_of_features_made_of_words_are_short() -> None:
    rows = [(f"{letter * 50} end", letter * 80) for letter in "abba"]
    samples, _ = samples_of(
        table_of(("colour " * 8, "kind"), rows), "kind", ["colour " * 7 + "colour"]
    )
    assert [len(name) for name in samples.feature_names] == [MOST_NAME_CHARACTERS] * 2
    assert [name[30:40] for name in samples.feature_names] == ["=aaaaaaaaa", "=bbbbbbbbb"]
    assert samples.class_names == tuple(letter * 59 + "…" for letter in "ab")


def test_what_the_editor_may_send_is_a_table_or_refused() -> None:
    surrogate = "\ud800\x00\x1b[31m"
    check_table(table_of(("a", "b"), [(surrogate, "9" * 10**6), ("", "x\r\ny")]))
    nothing = table_of(("a", "b"), [])
    assert nothing.columns[0].rows == 0
    with pytest.raises(DatasetError, match="There are 0 rows"):
        samples_of(nothing, "b", ["a"])
    with pytest.raises(TableError, match="There are 10,001 rows"):
        table_of(("a", "b"), [("1", "2")] * 10_001)


class Work:
    """What the Data page has read, looked at and made; all of it must be in turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _ = EXAMPLE.columns  # a dozen rows, once for all visitors
        self.done: list[str] = []
        self.in_turn = False
        for module, name in (
            ("nnviz.ui.views.own_data", "read_table"),
            ("nnviz.data.table", "columns_of"),
            ("nnviz.ui.views.own_data", "samples_of"),
        ):
            function = getattr(importlib.import_module(module), name)
            monkeypatch.setattr(f"{module}.{name}", partial(self.call, name, function))
        monkeypatch.setattr("nnviz.ui.views.own_data.TURNS", self)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn, which is always had at once."""
        self.in_turn = True
        try:
            yield
        finally:
            self.in_turn = False

    def call(self, name: str, function: Any, *arguments: Any) -> Any:
        assert self.in_turn, f"{name} did not wait for its turn"
        self.done.append(name)
        return function(*arguments)

    def since(self) -> list[str]:
        """What was done since this was asked for the last time."""
        done, self.done = self.done, []
        return done


def data_page(data: bytes) -> AppTest:
    """The Data page, where this file has been uploaded."""
    script = (
        "from nnviz.runs.config import Config\nfrom nnviz.runs.spec import RunSpec\n"
        "from nnviz.ui.views.own_data import own_data_page\n"
        "own_data_page(RunSpec('spiral', (), Config()), {})"
    )
    page = AppTest.from_string(script, default_timeout=60).run()
    page.file_uploader[0].upload("own.csv", data, "text/csv").run()
    assert not page.exception
    return page


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


def test_a_script_run_does_not_read_again_what_it_has_read(work: Work) -> None:
    page = data_page(wide("{}", rows=300))
    assert work.since()[-3:] == ["read_table", "columns_of", "samples_of"]
    assert len(page.dataframe[0].value) == 100, "a large table is sent at every script run"
    assert any("the first 100 of 300 rows are shown" in said.value for said in page.caption)
    for _ in range(2):
        assert not page.run().exception
        assert work.since() == []
    page.multiselect(key="own_features").unselect("c3").run()
    assert work.since() == ["samples_of"]
    assert [metric.value for metric in page.metric] == ["300", "198", "2"]


def test_what_is_refused_is_not_tried_again(work: Work) -> None:
    page = data_page(b"x,y,kind\n1,2\n")
    said = [error.value for error in page.error]
    assert len(said) == 1
    assert said[0].startswith("Line 2 has 2 cells, but there are 3 columns")
    assert work.since()[-1] == "read_table"
    assert [error.value for error in page.run().error] == said
    assert work.since() == []


def test_what_cannot_be_trained_on_is_not_tried_again(work: Work) -> None:
    page = data_page(b"x,y,kind\n1,2,a\n2,5,a\n")
    said = [error.value for error in page.error]
    assert "there is one class" in said[0]
    assert work.since()[-3:] == ["read_table", "columns_of", "samples_of"]
    assert [error.value for error in page.run().error] == said
    assert work.since() == []
