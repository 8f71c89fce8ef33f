"""A visitor's own table: what is read from any file, and what is said of a bad one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from nnviz.data.datasets import DatasetError
from nnviz.data.samples import likely_features, likely_label, samples_of
from nnviz.data.table import (
    MOST_CHARACTERS,
    MOST_FILE_BYTES,
    Table,
    TableError,
    read_table,
    table_of,
)
from nnviz.runs.config import Config
from nnviz.runs.recording import train

GOOD = "x,y,kind\n1,2,a\n3,4,b\n5,6.5,a\n-7,8e-1,b\n"
ROWS = (("1", "2", "a"), ("3", "4", "b"), ("5", "6.5", "a"), ("-7", "8e-1", "b"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GOOD.encode(), ""),
        (GOOD.encode("utf-8-sig"), ""),
        (GOOD.replace("\n", "\r\n").encode(), ""),
        (GOOD.replace("\n", "\r").encode(), ""),
        (GOOD.encode("utf-16"), "UTF-16"),
        (GOOD.replace(",", ";").encode(), "semicolons"),
        (GOOD.replace(",", "\t").encode(), "tabs"),
        (GOOD.replace(",", "|").encode(), "bars"),
        (GOOD.replace(",", " , ").replace("\n", "\n\n").encode(), ""),
        (GOOD.replace("kind", '"kind"').replace("a\n", '"a"\n').encode(), ""),
        (GOOD.replace("\n", ",\n").encode(), ""),
        (GOOD.replace(",", ";").replace("6.5", "6,5").encode(), "decimal comma"),
        (("sep=;\n" + GOOD.replace(",", ";")).encode(), "semicolons"),
        (("sep=,\r\n" + GOOD).encode(), ""),
    ],
)
def test_the_same_table_is_read_however_it_is_written(data: bytes, said: str) -> None:
    table = read_table(data)
    assert table.names == ("x", "y", "kind")
    numbers = [[c.number(cell) for c, cell in zip(table.columns[:2], row[:2], strict=True)]
               for row in table.rows]  # fmt: skip
    assert numbers == [[float(x), float(y)] for x, y, _ in ROWS]
    assert [row[2] for row in table.rows] == [kind for _, _, kind in ROWS]
    assert said in " ".join(table.notes)
    assert bool(said) == bool(table.notes)


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        ("abc" * 4, "kind"),
        ("a" * 12, "kind"),  # one class, which is then said
        ("012" * 4, "kind"),
    ],
)
def test_the_last_words_name_the_classes(kinds: str, label: str) -> None:
    rows = "".join(f"name {n},{n % 2},{kind}\n" for n, kind in enumerate(kinds))
    assert likely_label(read_table(f"name,x,kind\n{rows}".encode()).columns) == label


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "file is empty"),
        (b" \n\n  ", "file is empty"),
        (b",,,\n,,\n", "nothing but separators"),
        (b"a b c\n1 2 3\n", "Only one column was found, 'a b c'"),
        (b"By me\na,b,c\n1,2,3\n", "Line 1 is 'By me', but the next has 3 cells"),
        (b"a,\n1,\n2,\n", "Only one column was found, 'a'"),
        (b"a,b\n", "no row of values"),
        (b"a,b\n1,2\n3\n", "Line 3 has 1 cell, but there are 2 columns"),
        (b"a,b\n1,2\n\n3,4,5\n1,2\n", "Line 4 has 3 cells"),
        (b'a,b\n1,"2\n3,4\n', "Line 2 cannot be read"),
        (b"PK\x03\x04 xlsx", "a spreadsheet or another packed file"),
        (b"a,b\n1,\x00\n", "Line 2 has a NUL byte"),
        (b"\xff\xfea", "not quite UTF-16"),
        (b"a,b\n" + b"1,2\n" * 10_001, "more than 10,000 rows"),
        (b",".join([b"c"] * 201) + b"\n" + b",".join([b"1"] * 201), "201 columns"),
        (b"x" * (MOST_FILE_BYTES + 1), "at most 5,000,000"),
        (b"a,b\n" + b"1" * 200_000 + b",2\n", "Line 2 cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(data)


def test_what_was_taken_for_granted_is_said() -> None:
    table = read_table(b"x,x,,caf\xe9\n1,2,3,a\n4,5,6,b\n")
    assert table.names == ("x", "x (2)", "column 3", "café")
    said = " ".join(table.notes)
    assert "Line 1 is not UTF-8" in said
    assert "Columns 1 and 2 are both called 'x': column 2 is now 'x (2)'" in said
    assert "Column 3 has no name" in said
    headless = read_table(b"1.5,2,a\n3,4,b\n")
    assert headless.names == ("1.5", "2", "a")
    assert "The first row, with '1.5' in it, was taken for the columns' names" in headless.notes[0]
    numbered = read_table(b"1,2\n3,4\n")
    assert numbered.names == ("column 1", "column 2")
    assert numbered.rows == (("1", "2"), ("3", "4"))
    assert "first row is all numbers" in numbered.notes[0]


def test_numbers_become_features_and_words_zeros_and_ones() -> None:
    table = read_table(b"x,city,kind\n1,Rome,a\n2,Oslo,b\n3,Rome,b\n4,Bonn,a\n")
    samples, notes = samples_of(table, "kind", ["x", "city"])
    words = np.array([row[1:2] for row in table.rows])
    expected = OneHotEncoder(sparse_output=False).fit_transform(words)
    np.testing.assert_array_equal(samples.features[:, 1:], expected)
    np.testing.assert_array_equal(samples.features[:, 0], [1, 2, 3, 4])
    np.testing.assert_array_equal(samples.labels, [0, 1, 1, 0])
    assert samples.feature_names == ("x", "city=Bonn", "city=Oslo", "city=Rome")
    assert samples.class_names == ("a", "b")
    assert notes == ()


def test_labels_that_are_numbers_are_in_their_order() -> None:
    rows = "".join(f"{n},{n % 3 * 5}\n" for n in range(12))
    samples, _ = samples_of(read_table(f"x,label\n{rows}".encode()), "label", ["x"])
    assert samples.class_names == ("0", "5", "10")


def test_rows_that_cannot_be_used_are_named() -> None:
    table = read_table(b"x,y,kind\n1,2,a\n,3,b\n2,NA,b\n3,oops,b\n4,5,\n6,7,b\n8,1e400,a\n9,1,a\n")
    samples, notes = samples_of(table, "kind", ["x", "y"])
    np.testing.assert_array_equal(samples.features, [[1, 2], [6, 7], [9, 1]])
    assert notes == (
        "5 rows are left out: row 2, column 'x': no value; row 3, column 'y': 'NA' means no value; "
        "row 4, column 'y': 'oops' is no number; and 2 more. Most are for column 'y': 3 (3 to 4, "
        "7).",
    )


def test_a_constant_column_is_left_out_and_named() -> None:
    samples, notes = samples_of(read_table(b"x,c,k\n1,7,a\n2,7,b\n3,7,a\n"), "k", ["x", "c"])
    assert samples.feature_names == ("x",)
    assert notes == ("Column 'c' is '7' in every row and tells nothing: it is left out.",)


@pytest.mark.parametrize(
    ("data", "label", "features", "message"),
    [
        (GOOD, "kind", [], "at least one column"),
        (GOOD, "kind", ["x", "kind"], "cannot be learned from, too"),
        ("x,k\n1,a\n2,a\n3,a\n", "k", ["x"], "one class"),
        ("x,k\n" + "".join(f"{n},{n}\n" for n in range(11)), "k", ["x"], "11 different values"),
        ("x,k\n7,a\n7,b\n", "x", ["k"], "one class"),
        ("x,k\n7,a\n7,b\n", "k", ["x"], "the same in all rows"),
        ("x,k\n1,a\n,b\n", "k", ["x"], "Too few rows are left. 1 row is left out: row 2"),
        (
            "w,k\n" + "".join(f"word {n},{n % 2}\n" for n in range(40)),
            "k",
            ["w"],
            "40 different words",
        ),
    ],
)
def test_what_cannot_be_trained_on_is_refused(
    data: str, label: str, features: list[str], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        samples_of(read_table(data.encode()), label, features)


def test_likely_choices() -> None:
    table = read_table(
        b"id,size,year,colour,kind\n1,2.5,1,red,a\n2,3.5,2,blue,b\n3,4.5,1,red,a\n4,1,2,red,b\n"
    )
    columns = table.columns
    assert likely_label(columns) == "kind"
    assert likely_features(columns, "kind") == ["size", "year"]
    assert [column.counts_rows for column in columns] == [True, False, False, False, False]


def test_own_data_train_as_any_other() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for label in ("left", "right"):
        for x, y in rng.normal(-3 if label == "left" else 3, 1, (30, 2)):
            rows.append((f"{x}", f"{y}", label))
    samples, _ = samples_of(table_of(("x", "y", "side"), rows), "side", ["x", "y"])
    run = train(Config(epochs=300), samples.dataset(data_seed=0, test_share=0.25))
    assert run.accuracy[-1] > 0.95
    assert run.test_accuracy[-1] > 0.9


def test_samples_are_equal_by_their_contents() -> None:
    first, _ = samples_of(read_table(GOOD.encode()), "kind", ["x", "y"])
    again, _ = samples_of(read_table(GOOD.encode("utf-16")), "kind", ["x", "y"])
    other, _ = samples_of(read_table(GOOD.replace("5", "6").encode()), "kind", ["x", "y"])
    assert first == again
    assert hash(first) == hash(again)
    assert first != other
    relabelled = replace(first, labels=first.labels[::-1].copy())
    assert (relabelled.labels != first.labels).any()
    assert first != relabelled, "other classes of the same rows are other samples"
    assert "7" not in repr(first).replace(first.digest, ""), "a name must not hold data"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        table = read_table(data)
    except TableError:
        return
    check_whole(table)


PIECES = st.sampled_from(
    [",", ";", "\t", "|", "\n", "\r\n", '"', "'", "=1+1", "<b>", "1", "2.5", "-3e4", "a", "", " ",
     "é", "\u202e", "NA", "x" * 100, "0,5", "1.200", "1,200", "−", "%", "#"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_no_table_breaks_what_is_made_of_it(pieces: list[str], encoding: str) -> None:
    try:
        table = read_table("".join(pieces).encode(encoding, errors="replace"))
    except TableError:
        return
    check_whole(table)
    columns = table.columns
    label = likely_label(columns)
    for features in (likely_features(columns, label), [n for n in table.names if n != label]):
        try:
            samples, _ = samples_of(table, label, features)
            dataset = samples.dataset(data_seed=0, test_share=0.25)
        except DatasetError:
            continue
        assert np.isfinite(dataset.X).all()
        assert len(dataset.class_names) >= 2


def check_whole(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert all(table.names)
    for row in table.rows:
        assert len(row) == len(table.names)
        assert all(cell.isprintable() and len(cell) <= MOST_CHARACTERS for cell in row)
