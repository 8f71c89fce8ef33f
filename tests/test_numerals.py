"""Text as numbers: read as they are meant, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnviz.data.columns import columns_of
from nnviz.data.numerals import numeral, numerals


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("7", 7, 7),
        ("+5", 5, 5),
        ("-7e-1", -0.7, -0.7),
        (".5", 0.5, None),
        ("1.", 1, None),
        ("12.5", 12.5, None),
        ("12,5", None, 12.5),
        ("1,5e3", None, 1500),
        ("1.200", 1.2, 1200),
        ("1,200", 1200, 1.2),
        ("0.125", 0.125, None),  # nobody groups after a zero
        ("0,125", None, 0.125),
        ("1234.567", 1234.567, None),  # nor only the last three of more digits
        ("1.200e3", 1200, None),
        ("1,234.5", 1234.5, None),
        ("1.234,5", None, 1234.5),
        ("1,234,567", 1234567, None),
        ("1.234.567", None, 1234567),
        ("1 234,5", None, 1234.5),
        ("1 234.567", 1234.567, None),
        ("12 345", 12345, 12345),
        ("1'234.5", 1234.5, None),
        ("1’234’567", 1234567, 1234567),
        ("−1", -1, -1),
        ("–2,5", None, -2.5),
        ("12.5 %", 12.5, None),
        ("$1,200.50", 1200.5, None),
        ("-€ 1.200,50", None, -1200.5),
        ("3,40 €", None, 3.4),
        ("0e-999", 0, 0),
    ],
)
def test_a_number_is_what_each_decimal_mark_makes_of_it(
    text: str, point: float | None, comma: float | None
) -> None:
    found = numeral(text)
    assert found is not None
    assert (found.meant.get("."), found.meant.get(",")) == (point, comma)
    assert found.doubtful == (None not in (point, comma) and point != comma)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "abc", "1.2.3", "1,23,456", "12.05.2020", "2020-01-05", "05/01/2020", "12:30"),
        *("inf", "-Infinity", "nan", "TRUE", "0x1F", "1_000", "1.5D+03", "5-", "(5)", "--5", "1e"),
        *(
            "1e100",
            "1e400",
            "1e-400",
            "1 23",
            "1 2345",
            "0 123",
            "1,234 567",
            "$5 %",
            "5 kg",
            "１２",
        ),
        *("1'234,5'67", "1,,5", "e5", ".", ",", "1 000e3", "１２"),
    ],
)
def test_what_is_no_number_is_a_word(text: str) -> None:
    assert numeral(text) is None


COUNTRIES = {"English": (",", "."), "German": (".", ","), "Swiss": ("’", "."), "French": (" ", ",")}


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False), st.sampled_from([*COUNTRIES]))
def test_numbers_are_read_as_other_countries_write_them(number: Decimal, country: str) -> None:
    thousands, mark = COUNTRIES[country]
    marks = {",": thousands, ".": mark}
    found = numeral("".join(marks.get(c, c) for c in f"{number:,.2f}"))
    assert found is not None
    assert list(found.meant) == [mark]
    assert found.exact(mark) == number
    assert found.meant[mark] == float(number)


@given(st.sets(st.one_of(st.text("0019.,'’ eE+-−%€x", max_size=12),
                         st.from_regex(r"-?[0-9]{1,4}([.,][0-9]{1,3})?([eE]-?[0-9]{1,3})?[%€]?",
                                       fullmatch=True))))  # fmt: skip
@example({"1e100", "2e99", "1.5e-320", "9e-400", "0e999", "1.200", "2.500", "0.125", "9" * 59})
@example({"9" * 101, "1" * 100, "9" * 100, "0." + "0" * 400 + "1", "0." + "0" * 400})
@example({"12%", "7 %", "€5", "-€ 1.200,50", "−1,5", "1 234", "1'234", "1,234,567", "0 123"})
def test_numbers_together_are_read_as_each_alone(cells: set[str]) -> None:
    alone = {cell: found for cell in cells if (found := numeral(cell))}
    together = {cell: alike.form for alike in numerals(cells) for cell in alike.cells}
    assert together.keys() == alone.keys()
    for cell, found in alone.items():
        form = together[cell]
        assert (form.unit, form.doubtful) == (found.unit, found.doubtful), cell
        assert {m: bool(x) for m, x in form.meant.items()} == {
            m: bool(x) for m, x in found.meant.items()
        }
    for alike in numerals(cells):
        for mark in alike.form.written:
            expected = [alone[cell].meant[mark] for cell in alike.cells]
            assert alike.numbers(mark) == expected


def read(cells: str, decimal: str = "", *others: str) -> list[float | None] | str:
    """A column's numbers, or why they are in doubt; beside other columns."""
    columns = {f"c{n}": text.split() for n, text in enumerate((cells, *others))}
    column = columns_of(columns, {"c0": decimal} if decimal else {})[0]
    return column.doubt if column.undecided else [column.number(cell) for cell in cells.split()]


def test_one_sure_number_decides_for_its_column() -> None:
    assert read("950 1.200 45.000 12,5") == [950, 1200, 45000, 12.5]
    assert read("950 1,200 45,000 12.5") == [950, 1200, 45000, 12.5]
    assert read("1.250 0.125 3.5") == [1.25, 0.125, 3.5]
    assert read("950 1.200 12,5", ".") == [950, 1200, 12.5], "a choice does not overrule it"


def test_the_other_columns_decide_next() -> None:
    assert read("950 1.200", "", "1,5 2,5") == [950, 1200]
    assert read("950 1.200", "", "1.5 2.5") == [950, 1.2]
    assert read("950 1,200", "", "1.5 2.5") == [950, 1200]
    assert read("950 1.200", "", "no,words a,b") == "'1.200' is 1.2 with a decimal point, " \
        "1200 with a decimal comma"  # fmt: skip


def test_what_can_be_two_numbers_is_asked() -> None:
    for cells, point, comma in (
        ("950 1,200", [950, 1200], [950, 1.2]),
        ("950 1.200", [950, 1.2], [950, 1200]),
        ("1.200 1,300", [1.2, 1300], [1200, 1.3]),
        ("1.5 2,5 7", [1.5, None, 7], [None, 2.5, 7]),
    ):
        assert isinstance(read(cells), str)
        assert read(cells, ".") == point
        assert read(cells, ",") == comma
    assert isinstance(read("1,200 3", "", "1.5 2.5", "3,5 4,5"), str)


def test_three_decimals_everywhere_are_no_reason_to_ask() -> None:
    """The other reading differs by one factor, which standardization takes out."""
    assert read("1.200 3.455 -7.125 0") == [1.2, 3.455, -7.125, 0]
    assert read("1.200 3.455", ",") == [1200, 3455], "but it can be said"


def test_a_column_has_one_unit() -> None:
    assert read("5% 7.5% 8 9%") == [5, 7.5, None, 9]
