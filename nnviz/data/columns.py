"""Columns: what the cells of a table hold, and how their numbers are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from nnviz.data.numerals import MARKS, MINUS, MISSING, Numeral, numeral


@dataclass(frozen=True)
class Column:
    """What a column of a table holds.

    Attributes
    ----------
    name : str
        Its heading, different from those of the other columns.
    numeric : bool
        At least half of its values are numbers.
    different : int
        How many different values it has.
    counts_rows : bool
        It counts 0, 1, 2 … or 1, 2, 3 …, which says nothing of a sample.
    word : str
        Its first value that is no number; empty if all are.
    classes : int
        How many classes it names: in a label, none and NA are words like any other.
    missing, filled, rows : int
        Cells without a value, those that are not empty, and all.
    decimal : str
        The decimal mark of its numbers; empty where that is not known.
    doubt : str
        Why its numbers may be others with the other decimal mark, where nothing in the column
        tells which are meant: then a visitor may say so.
    unit : str
        The percent or currency sign of its numbers, if there is one.
    how : str
        What is special about its numbers, in words.
    low, high : float
        Its smallest and its largest number.
    """

    name: str
    numeric: bool
    different: int
    counts_rows: bool
    word: str = ""
    classes: int = 0
    missing: int = 0
    filled: int = 0
    rows: int = 0
    decimal: str = "."
    doubt: str = ""
    unit: str = ""
    how: str = ""
    low: float = 0.0
    high: float = 0.0

    @property
    def undecided(self) -> bool:
        """Whether its numbers may mean two things, and nobody has said which."""
        return self.numeric and not self.decimal

    @property
    def sparse(self) -> bool:
        """Whether most of it is empty."""
        return 2 * self.missing > self.rows

    def number(self, cell: str) -> float | None:
        """The number that a cell is, by this column's notation; None if it is none."""
        found = numeral(cell)
        if found is None or found.unit != self.unit:
            return None
        written = found.written.get(self.decimal)
        return None if written is None else float(written)


@dataclass(frozen=True)
class _Way:
    """What is found where numbers are read with one decimal mark: as in `Column`."""

    how: str
    low: float
    high: float


@dataclass(frozen=True)
class _Survey:
    """What a column shows, before it is known how its numbers are read.

    Attributes
    ----------
    numeric, different, word, doubt, unit
        As in `Column`.
    marks : set of str
        The decimal marks that its numbers show beyond doubt.
    thousandfold : bool
        Every number has three decimals after a point, or is a thousand times as large.
    ways : dict of str to _Way
        By the decimal mark.
    """

    numeric: bool
    different: int
    word: str
    doubt: str
    unit: str
    marks: frozenset[str]
    thousandfold: bool
    ways: dict[str, _Way]

    @classmethod
    def of(cls, values: Mapping[str, int]) -> _Survey:
        """Of the different values, each with how often it occurs."""
        read = {cell: found for cell in values if (found := numeral(cell)) is not None}
        units: Counter[str] = Counter()
        for cell, found in read.items():
            units[found.unit] += values[cell]
        unit = units.most_common(1)[0][0] if units else ""
        if len(units) > 1:
            read = {cell: found for cell, found in read.items() if found.unit == unit}
        marks = frozenset(m for n in read.values() if len(n.written) == 1 for m in n.written)
        doubt = _doubt(read, marks)
        return cls(
            numeric=0 < sum(values.values()) <= 2 * units[unit],
            different=len(values),
            word=next((cell for cell in values if cell not in read), ""),
            doubt=doubt,
            unit=unit,
            marks=marks,
            thousandfold=all(
                "," not in n.text and (n.doubtful or not any(n.meant.values()))
                for n in read.values()
            ),
            ways={mark: _way(read, mark, bool(doubt)) for mark in MARKS},
        )

    def decimal(self, chosen: str, others: set[str]) -> str:
        """The decimal mark: what the column shows, or was chosen, or the other columns show."""
        if len(self.marks) == 1:
            return next(iter(self.marks))
        if not self.doubt:
            return "."
        if chosen or self.marks:
            return chosen
        if len(others) == 1:
            return next(iter(others))
        # Where the other reading is a thousand times as large throughout, standardization takes
        # that out again; so the usual one is as good.
        return "." if self.thousandfold else ""


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.lower() in MISSING


def columns_of(
    cells: Mapping[str, Sequence[str]], decimals: Mapping[str, str]
) -> tuple[Column, ...]:
    """Find out what each column holds.

    Parameters
    ----------
    cells : mapping of str to sequence of str
        Those of each column, by its name, as they were written. Equal cells are looked at once.
    decimals : mapping of str to str
        The decimal mark of a column, by its name, where a visitor has said it. It decides where
        the column itself does not show it.
    """
    counted = [Counter(column) for column in cells.values()]
    present = [{c: n for c, n in counts.items() if not is_missing(c)} for counts in counted]
    surveys = [_Survey.of(values) for values in present]
    shown: set[str] = set().union(*(s.marks for s in surveys if s.numeric))
    found = []
    for name, counts, values, survey in zip(cells, counted, present, surveys, strict=True):
        rows = len(cells[name])
        decimal = survey.decimal(decimals.get(name, ""), shown)
        way = survey.ways.get(decimal) if survey.numeric else None
        valued = sum(values.values())
        found.append(
            Column(
                name=name,
                numeric=survey.numeric,
                different=survey.different,
                counts_rows=valued == len(values) and _counts(list(values)),
                word=survey.word,
                classes=len(counts) - ("" in counts),
                missing=rows - valued,
                filled=rows - counts[""],
                rows=rows,
                decimal=decimal,
                doubt=survey.doubt,
                unit=survey.unit,
                how=way.how if way else "",
                low=way.low if way else 0.0,
                high=way.high if way else 0.0,
            )
        )
    return tuple(found)


def _doubt(read: Mapping[str, Numeral], marks: Set[str]) -> str:
    """Why the decimal mark is not known from the column alone; empty if it is."""
    if len(marks) == 2:
        point, comma = (
            next(cell for cell, found in read.items() if [*found.written] == [mark])
            for mark in MARKS
        )
        return f"{point!r} has a decimal point, {comma!r} a decimal comma"
    for cell, found in read.items():
        if found.doubtful and not marks:
            point, comma = (f"{found.meant[mark]:.15g}" for mark in MARKS)
            return f"{cell!r} is {point} with a decimal point, {comma} with a decimal comma"
    return ""


def _way(read: Mapping[str, Numeral], mark: str, doubted: bool) -> _Way:
    """What numbers are with a decimal mark, and what is special about them."""
    numbers = [found for found in read.values() if mark in found.written]
    values = [float(found.written[mark]) for found in numbers]
    seen = set("".join(found.text for found in numbers))
    other = "," if mark == "." else "."
    between = {other: f"{MARKS[other]}s", " ": "spaces", "'": "apostrophes", "’": "apostrophes"}
    said = []
    if mark in seen and (mark == "," or doubted):
        said.append(f"a decimal {MARKS[mark]}")
    if groups := sorted({name for sign, name in between.items() if sign in seen}):
        said.append(f"{' and '.join(groups)} between thousands")
    if unit := next((found.unit for found in numbers), ""):
        said.append(f"{unit} as the unit")
    if set(map(ord, set("".join(read)))) & set(MINUS):
        said.append("a typographic minus")
    return _Way(", ".join(said), min(values, default=0.0), max(values, default=0.0))


def _counts(values: Sequence[str]) -> bool:
    """Whether cells count 0, 1, 2 or 1, 2, 3 and so on."""
    return len(values) > 2 and any(
        all(cell == str(n) for n, cell in enumerate(values, start)) for start in (0, 1)
    )
