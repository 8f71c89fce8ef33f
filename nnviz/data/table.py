"""Table: rows of text as they stand in a file, read without trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from nnviz.data.columns import Column, columns_of
from nnviz.data.numerals import MARKS, any_number, is_number
from nnviz.data.table_text import (
    MOST_CHARACTERS as MOST_CHARACTERS,
)
from nnviz.data.table_text import (
    MOST_COLUMNS,
    MOST_ROWS,
    SEPARATORS,
    cells_of,
    decoded,
    full,
    one_line,
    separated,
)
from nnviz.data.table_text import TableError as TableError

MOST_FILE_BYTES = 5_000_000

HOW_TO_SAY = "say so under “First row” (on the command line: --header {})"
"""What can be done where a first row was mistaken."""

NAMED = 3
"""Columns that one note names; of more, the number is said."""


@dataclass(frozen=True)
class Table:
    """Columns by name, rows of text.

    Attributes
    ----------
    names : tuple of str
        Of the columns; all different, none empty.
    rows : tuple of tuple of str
        One cell a column each, without blanks around.
    found : tuple of str
        What was taken for granted or changed when it was read, each a sentence.
    decimals : tuple of (str, str)
        Columns whose decimal mark a visitor has said, each with it.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    found: tuple[str, ...] = ()
    decimals: tuple[tuple[str, str], ...] = ()

    def with_decimal(self, mark: str, names: Sequence[str]) -> Table:
        """The same table, with this decimal mark wherever these columns do not show theirs."""
        others = {name: chosen for name, chosen in self.decimals if name not in names}
        chosen = {**others, **dict.fromkeys(names, mark)} if mark in MARKS else others
        return replace(self, decimals=tuple(sorted(chosen.items())))

    def cells(self) -> dict[str, tuple[str, ...]]:
        """The cells of each column."""
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.names)
        return dict(zip(self.names, columns, strict=True))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What each column holds, looked at once."""
        return columns_of(self.cells(), dict(self.decimals))

    @property
    def notes(self) -> tuple[str, ...]:
        """All that is to be said about how it was read, each a sentence."""
        ways: dict[str, list[str]] = {}
        for column in self.columns:
            if column.how and not column.undecided:
                ways.setdefault(column.how, []).append(column.name)
        read = (f"The numbers of {_listed(names)} have {how}." for how, names in ways.items())
        sparse = (
            f"Column {c.name!r} is mostly empty ({c.missing:,} of {c.rows:,} rows): it is not "
            "learned from unless you choose it."
            for c in self.columns
            if c.sparse and c.missing < c.rows
        )
        return (*self.found, *read, *sparse)


def _listed(names: Sequence[str]) -> str:
    said = ", ".join(map(repr, names[:NAMED]))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"column{'' if len(names) == 1 else 's'} {said}{more}"


def read_table(data: bytes, header: bool | None = None) -> Table:
    """Read a CSV file: its encoding, separator and header are found out.

    Parameters
    ----------
    data : bytes
        The file. Nothing in it is ever executed: a formula is text.
    header : bool or None
        Whether the first row holds the columns' names; found out if it is not said.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        With the line and what is wrong there.
    """
    if len(data) > MOST_FILE_BYTES:
        raise TableError(
            f"The file has {len(data):,} bytes; at most {MOST_FILE_BYTES:,} are taken. Leave "
            "out rows or columns"
        )
    text, notes = decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TableError("The file is empty. A line of column names and lines of values are needed")
    separator, text, skipped = separated(text)
    lines, rows = cells_of(text, separator)
    if len(rows[0]) == 1:
        shown = rows[0][0]
        if len(rows) > 1 and len(rows[1]) > 1:
            raise TableError(
                f"Line {lines[0]} is {shown!r}, but the next has {len(rows[1])} cells. Let the "
                "file begin with a line of column names"
            )
        raise _one_column(shown)
    _check_size(0, full(rows[0]))
    if separator != ",":
        notes.append(f"The columns are separated by {SEPARATORS[separator]}.")
    notes += skipped
    names, rows = _names(rows, header, notes)
    names, rows = _without_trailing(names, rows, notes)
    if len(names) == 1:
        raise _one_column(names[0])
    for line, row in zip(lines[-len(rows) :], rows, strict=True):
        if len(row) != len(names):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            raise TableError(
                f"Line {line} has {cells}, but there are {len(names)} columns. Is a "
                "separator missing, or text with a separator not in quotes?"
            )
    return _table(names, rows, notes)


def _one_column(shown: str) -> TableError:
    separators = ", ".join(list(SEPARATORS.values())[:-1])
    return TableError(
        f"Only one column was found, {shown!r}. Separate the columns with {separators} or bars"
    )


def table_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> Table:
    """Make a table of cells: check its size, and name every column differently.

    Parameters
    ----------
    header : sequence of str
        Heading of each column, as it was written.
    rows : sequence of sequence of str
        As many cells each as there are columns.
    notes : sequence of str
        What there is to say of it so far, each a sentence.

    Raises
    ------
    TableError
    """
    _check_size(len(rows), len(header))
    cleaned = cache(one_line)
    return _table([*map(cleaned, header)], [[*map(cleaned, row)] for row in rows], notes)


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]) -> Table:
    """The same of cells that are all `one_line`."""
    _check_size(len(rows), len(names))
    said = list(notes)
    return Table(names=_different(names, said), rows=tuple(map(tuple, rows)), found=tuple(said))


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise TableError(f"There are {rows:,} rows; at most {MOST_ROWS:,} are taken")
    if columns > MOST_COLUMNS:
        raise TableError(f"There are {columns:,} columns; at most {MOST_COLUMNS:,} are taken")


def _names(
    rows: list[list[str]], header: bool | None, notes: list[str]
) -> tuple[list[str], list[list[str]]]:
    """The columns' names, and the rows below them."""
    below = rows[1:]
    first = rows[0][: full(rows[0])]
    numbers = [cell for cell in first if is_number(cell)]
    counts = _counts(first) and not (below and _counts(below[0]))
    if header is False or (header is None and len(numbers) == len(first) and not counts):
        if header is None:
            notes.append(
                "The first row is all numbers: it was taken for a sample, and the columns are "
                f"numbered. If it holds their names, {HOW_TO_SAY.format('yes')}."
            )
        wide = max(map(full, rows))
        _check_size(len(rows), wide)
        return [f"column {n + 1}" for n in range(wide)], rows
    if not below:
        raise TableError("There is a line of column names, but no row of values below it")
    why = ""
    if counts:
        why = "which counts the columns"
    elif numbers:
        why = f"with {numbers[0]!r} in it"
    elif not any_number(below):
        why = "of words as all the others"
    if why and header is None:
        notes.append(
            f"The first row, {why}, was taken for the columns' names. If it is a sample, "
            f"{HOW_TO_SAY.format('no')}."
        )
    return rows[0], below


def _counts(row: Sequence[str]) -> bool:
    """Whether a row of three cells or more counts up by one, as numbers of columns do."""
    cells = [cell.strip() for cell in row]
    if len(cells) < 3 or not all(c.isascii() and c.isdigit() and len(c) < 9 for c in cells):
        return False
    return [int(cell) for cell in cells] == list(range(int(cells[0]), int(cells[0]) + len(cells)))


def _without_trailing(
    names: list[str], rows: list[list[str]], notes: list[str]
) -> tuple[list[str], list[list[str]]]:
    """Leave out what separators at the ends of lines make: empty cells, and columns of them.

    Where every row has one cell more than there are names, and the last is not always empty, the
    first one names the row.
    """
    wide = max(full(names), *map(full, rows))
    over = sum(len(row) > max(wide, len(names)) for row in rows)
    short = len(names) > wide and any(len(row) < len(names) for row in rows)
    names, rows = names[:wide], [row[:wide] for row in rows]
    if over:
        many = "1 row" if over == 1 else f"{over:,} rows"
        notes.append(f"{many} had empty cells after the last column: they are left out.")
    if short:
        notes.append("Empty names after the last, with nothing below them, are left out.")
    if len(names) == wide - 1 and all(len(row) == wide for row in rows):
        notes.append("The rows have one cell more than there are names: the first column is rows.")
        names = ["row", *names]
    return names, rows


def _different(names: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    """The columns' names, each different, none empty, and none too long."""
    different: list[str] = []
    for number, text in enumerate(names, start=1):
        name = text
        if not name:
            name = f"column {number}"
            notes.append(f"Column {number} has no name: it is called {name!r}.")
        if name in different:
            first, plain, count = different.index(name) + 1, name, 2
            while name in different or name in names:
                more = f" ({count})"
                name, count = plain[: MOST_CHARACTERS - len(more)] + more, count + 1
            notes.append(
                f"Columns {first} and {number} are both called {plain!r}: column {number} is now "
                f"{name!r}."
            )
        different.append(name)
    return tuple(different)
