"""Table: rows of text as they stand in a file, read without trust."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_BYTES = 5_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 200
LARGEST = 1e100
"""Numbers end here, so that squares of their sums do not overflow."""

MOST_CHARACTERS = 60
"""Of a name or a cell; what is longer is cut."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

_BINARY = {
    b"PK": "a spreadsheet or another packed file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a packed file",
}


MISSING = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none", "#n/a"})
"""Cells that say that there is no value, in any case."""


class TableError(ValueError):
    """A file is not a table that can be read; the message says where and why."""


@dataclass(frozen=True)
class Column:
    """What a column of a table holds.

    Attributes
    ----------
    name : str
    numeric : bool
        At least half of its values are numbers.
    different : int
        How many different values it has.
    counts_rows : bool
        It counts 0, 1, 2 … or 1, 2, 3 …, which says nothing of a sample.
    word : str
        Its first value that is no number; empty if all are.
    """

    name: str
    numeric: bool
    different: int
    counts_rows: bool
    word: str = ""


@dataclass(frozen=True)
class Table:
    """Columns by name, rows of text.

    Attributes
    ----------
    names : tuple of str
        Of the columns; all different, none empty.
    rows : tuple of tuple of str
        One cell a column each, without blanks around.
    notes : tuple of str
        What was taken for granted or changed when it was read, each a sentence.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What each column holds, looked at once."""
        counted = [str(n) for n in range(len(self.rows) + 1)]
        found = []
        for number, name in enumerate(self.names):
            cells = [row[number] for row in self.rows if row[number].lower() not in MISSING]
            numbers = sum(map(is_number, cells))
            found.append(
                Column(
                    name=name,
                    numeric=0 < len(cells) <= 2 * numbers,
                    different=len(set(cells)),
                    counts_rows=len(cells) > 2 and cells in (counted[:-1], counted[1:]),
                    word=next((cell for cell in cells if not is_number(cell)), ""),
                )
            )
        return tuple(found)


def read_table(data: bytes) -> Table:
    """Read a CSV file: its encoding, separator and header are found out.

    Parameters
    ----------
    data : bytes
        The file. Nothing in it is ever executed: a formula is text.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        With the line and what is wrong there.
    """
    if len(data) > MOST_BYTES:
        raise TableError(
            f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} are taken. Leave out rows "
            "or columns"
        )
    text, notes = _decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TableError("The file is empty. A line of column names and lines of values are needed")
    separator, text = _separator(text)
    lines, rows = _cells(text, separator)
    if len(rows[0]) == 1:
        shown = rows[0][0][:MOST_CHARACTERS]
        if len(rows) > 1 and len(rows[1]) > 1:
            raise TableError(
                f"Line {lines[0]} is {shown!r}, but the next has {len(rows[1])} cells. Let the "
                "file begin with a line of column names"
            )
        raise TableError(
            f"Only one column was found, {shown!r}. Separate the columns with "
            + ", ".join(list(SEPARATORS.values())[:-1])
            + " or bars"
        )
    if separator != ",":
        notes.append(f"The columns are separated by {SEPARATORS[separator]}.")
    header, rows = _header(rows, notes)
    for line, row in zip(lines[-len(rows) :], rows, strict=True):
        if len(row) != len(header):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            raise TableError(
                f"Line {line} has {cells}, but there are {len(header)} columns. Is a "
                "separator missing, or text with a separator not in quotes?"
            )
    if separator == ";":
        rows = _decimal_points(rows, notes)
    return table_of(header, rows, notes)


def table_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> Table:
    """Make a table of cells: check its size, and name every column differently.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
        As many cells each as there are columns.
    notes : sequence of str

    Raises
    ------
    TableError
    """
    said = list(notes)
    if len(rows) > MOST_ROWS:
        raise TableError(f"There are {len(rows):,} rows; at most {MOST_ROWS:,} are taken")
    if len(header) > MOST_COLUMNS:
        raise TableError(f"There are {len(header):,} columns; at most {MOST_COLUMNS:,} are taken")
    return Table(
        names=_different(header, said),
        rows=tuple(tuple(_clean(cell) for cell in row) for row in rows),
        notes=tuple(said),
    )


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text of a file, and what is to be said about its encoding."""
    for start, kind in _BINARY.items():
        if data.startswith(start):
            raise TableError(f"This is {kind}, and no text. Save the table as CSV")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ["The file is in UTF-16."]
        except UnicodeDecodeError:
            raise TableError("The file is not quite UTF-16: save it as UTF-8") from None
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise TableError(f"Line {line} has a NUL byte: this is no text. Save the table as CSV")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return data.decode("cp1252", errors="replace"), [
            f"Line {line} is not UTF-8: the file was read as Western European (Windows-1252)."
        ]


def _separator(text: str) -> tuple[str, str]:
    """The one that splits the first lines into the most columns, the same number in each.

    Or that which a first line like ``sep=;`` names, as Excel writes it; that line is left empty.
    """
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS and text[5:6] in ("", "\n"):
        return text[4], text[5:]
    sample = [line for line in text.split("\n") if line.strip()][:20]

    def quality(separator: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=separator))) for line in sample]
        usual, times = Counter(counts).most_common(1)[0]
        return (times if usual > 1 else 0, usual)

    try:
        return max(SEPARATORS, key=quality), text
    except csv.Error:
        return ",", text  # said with its line when the whole text is read


def _cells(text: str, separator: str) -> tuple[list[int], list[list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True, skipinitialspace=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                lines.append(begins)
                rows.append(row)
            begins = reader.line_num + 1
            if len(rows) > MOST_ROWS + 1:
                raise TableError(f"There are more than {MOST_ROWS:,} rows; leave some out")
    except csv.Error as error:
        raise TableError(f"Line {begins} cannot be read ({error}). Is a quote left open?") from None
    if not rows:
        raise TableError("There is nothing but separators in the file")
    return lines, rows


def _header(rows: list[list[str]], notes: list[str]) -> tuple[list[str], list[list[str]]]:
    """The columns' names, and the rows below them."""
    if all(is_number(cell) for cell in rows[0]):
        notes.append(
            "The first row is all numbers: it was taken for data, and the columns are numbered."
        )
        return [f"column {n + 1}" for n in range(len(rows[0]))], rows
    header = rows[0]
    if len(rows) == 1:
        raise TableError("There is a line of column names, but no row of values below it")
    if numbers := [cell for cell in header if is_number(cell)]:
        notes.append(
            f"The first row, with {numbers[0]!r} in it, was taken for the columns' names. If it is "
            "a sample, add a line of names above it."
        )
    if all(len(row) == len(header) + 1 for row in rows[1:]):
        notes.append("The rows have one cell more than there are names: the first column is rows.")
        header = ["row", *header]
    while len(header) > 1 and not header[-1].strip() and all(not r[-1].strip() for r in rows[1:]):
        if any(len(row) != len(header) for row in rows[1:]):
            break
        header, rows = header[:-1], [rows[0], *(row[:-1] for row in rows[1:])]
    return header, rows[1:]


def _different(header: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    """The columns' names, each different, and none empty."""
    names: list[str] = []
    for number, text in enumerate(header, start=1):
        name = _clean(text)
        if not name:
            name = f"column {number}"
            notes.append(f"Column {number} has no name: it is called {name!r}.")
        if name in names:
            first, plain, count = names.index(name) + 1, name, 2
            while name in names or name in header:
                name, count = f"{plain} ({count})", count + 1
            notes.append(
                f"Columns {first} and {number} are both called {plain!r}: column {number} is now "
                f"{name!r}."
            )
        names.append(name)
    return tuple(names)


def _decimal_points(rows: list[list[str]], notes: list[str]) -> list[list[str]]:
    """Numbers with a decimal comma as numbers with a point, where semicolons are between them."""
    found = False

    def with_point(cell: str) -> str:
        nonlocal found
        if cell.count(",") == 1 and is_number(cell.replace(",", ".")):
            found = True
            return cell.replace(",", ".")
        return cell

    changed = [[with_point(cell) for cell in row] for row in rows]
    if found:
        notes.append("Commas in numbers were read as decimal points.")
    return changed


def is_number(cell: str) -> bool:
    """Whether a cell is a number that can be computed with, as 1, -2.5 or 1e-3."""
    cell = cell.strip()
    if not cell or not set(cell) <= set("0123456789+-.eE"):
        return False
    try:
        return abs(float(cell)) < LARGEST
    except ValueError:
        return False


def _clean(text: str) -> str:
    """Text of one line that can be shown: no control characters, not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"
