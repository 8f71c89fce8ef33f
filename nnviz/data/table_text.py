"""The text of a table's file: its encoding, comments, separator and cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from functools import cache

from nnviz.data.numerals import any_number, is_number

MOST_ROWS = 10_000

MOST_LINES = 500_000
"""With those that are empty, and those within quotes."""

MOST_COLUMNS = 200

MOST_SEPARATORS = 16_384
"""In a line. More than columns: what a spreadsheet writes may end in empty cells, up to as many as
it can have."""

MOST_CHARACTERS = 60
"""Of a name or a cell; what is longer is cut."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

COMMENTS = ("#", "%", "//")
"""What a line of comment begins with."""

_BINARY = {
    b"PK": "a spreadsheet or another packed file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a packed file",
}


class TableError(ValueError):
    """A file is not a table that can be read; the message says where and why."""


def decoded(data: bytes) -> tuple[str, list[str]]:
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


def separated(text: str) -> tuple[str, str, list[str]]:
    """The separator, the text without comments above the table, and what is to be said of both.

    A line of comment that has as many cells as the table, which has no names of its own, holds
    its names. Lines that are taken out are left empty, so that the others keep their numbers.
    """
    named, text = _named_separator(text)
    lines = _lines(text)
    written = [number for number, line in enumerate(lines) if line and not line.isspace()]
    begins = next((n for n in written if not lines[n].lstrip().startswith(COMMENTS)), len(lines))
    above = [number for number in written if number < begins]
    separator = named or _likely_separator([lines[n] for n in written if n >= begins][:20])
    if above and begins < len(lines):
        below = [lines[number] for number in written[len(above) :][: MOST_ROWS + 1]]
        cells = len(_split(below[0], separator))
        if len(_split(lines[above[-1]], separator)) == cells > 1 and _has_no_names(
            below, separator
        ):
            names = above.pop()
            bare = lines[names].lstrip().lstrip("#%/").lstrip(" ")
            # A first column may be called #.
            lines[names] = lines[names] if bare.startswith(separator) else bare
    notes = []
    if above:
        shown = lines[above[0]].strip()[:40]
        many = "1 line is" if len(above) == 1 else f"{len(above)} lines are"
        more = "" if len(above) == 1 else " …"
        notes.append(f"{many} left out as comments above the table: {shown!r}{more}.")
        for number in above:
            lines[number] = ""
    return separator, "\n".join(lines), notes


def _named_separator(text: str) -> tuple[str, str]:
    """What a first line like ``sep=;`` names, as Excel writes it; that line is left empty."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS and text[5:6] in ("", "\n"):
        return text[4], text[5:]
    return "", text


def _lines(text: str) -> list[str]:
    """The lines of a text, if they are neither too many nor of too many cells."""
    if (many := text.count("\n") + 1) > MOST_LINES:
        raise TableError(f"The file has {many:,} lines; at most {MOST_LINES:,} are taken")
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_SEPARATORS:
            for separator, name in SEPARATORS.items():
                if (many := line.count(separator)) > MOST_SEPARATORS:
                    raise TableError(
                        f"Line {number} has {many:,} {name}; at most {MOST_SEPARATORS:,} are taken"
                    )
    return lines


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return [line]  # said with its line when the whole text is read


def _has_no_names(lines: Sequence[str], separator: str) -> bool:
    """Whether the first of these lines is none of names above columns of numbers."""
    first, *rest = (_split(line, separator) for line in lines)
    return any_number([first]) or not any_number(rest)


def _likely_separator(sample: list[str]) -> str:
    """The one that splits the first lines into the most columns, the same number in each.

    The more numbers it leaves, the better: between tabs or semicolons, commas may be decimal.
    """

    def quality(separator: str) -> tuple[int, float, int]:
        rows = [row[: full(row)] for row in (_split(line, separator) for line in sample)]
        usual, times = Counter(map(len, rows)).most_common(1)[0]
        cells = [cell for row in rows for cell in row[:MOST_COLUMNS]]
        if usual < 2:
            return 0, 0.0, 0
        return times, sum(map(is_number, cells)) / len(cells), usual

    return max(SEPARATORS, key=quality) if sample else ","


def full(row: Sequence[str]) -> int:
    """How many cells a row has up to the last that is not empty."""
    count = len(row)
    while count and not row[count - 1].strip():
        count -= 1
    return count


def one_line(text: str) -> str:
    """Text of one line that can be shown: no control characters, not too long."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(text.split()) if " " in text else text
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"


def cells_of(text: str, separator: str) -> tuple[list[int], list[list[str]]]:
    """The rows that are not empty, each with the number of the line that it begins on.

    Each cell is `one_line`; equal cells are one text, which is made once.
    """
    cleaned = cache(one_line)
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True, skipinitialspace=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    begins = 1
    try:
        for read in reader:
            row = list(map(cleaned, read))
            if any(row):
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
