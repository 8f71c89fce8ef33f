"""Columns: what the cells of a table hold, and how their numbers are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nnviz.numerals import MARKS, MINUS, MISSING, Numeral, numeral


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
        return found.meant.get(self.decimal)


@dataclass(frozen=True)
class _Survey:
    """The values of a column, before it is known how its numbers are read."""

    cells: Sequence[str]

    @cached_property
    def values(self) -> Counter[str]:
        return Counter(cell for cell in self.cells if not is_missing(cell))

    @cached_property
    def all_numbers(self) -> dict[str, Numeral]:
        return {cell: found for cell in self.values if (found := numeral(cell)) is not None}

    @cached_property
    def unit(self) -> str:
        """The one that most numbers have."""
        units: Counter[str] = Counter()
        for cell, found in self.all_numbers.items():
            units[found.unit] += self.values[cell]
        return units.most_common(1)[0][0] if units else ""

    @cached_property
    def numbers(self) -> dict[str, Numeral]:
        """The numbers in that unit."""
        return {cell: found for cell, found in self.all_numbers.items() if found.unit == self.unit}

    @cached_property
    def numeric(self) -> bool:
        numbers = sum(self.values[cell] for cell in self.numbers)
        return 0 < self.values.total() <= 2 * numbers

    @cached_property
    def marks(self) -> set[str]:
        """The decimal marks that its numbers show beyond doubt."""
        return {mark for found in self.numbers.values() if len(found.meant) == 1
                for mark in found.meant}  # fmt: skip

    @cached_property
    def doubt(self) -> str:
        """Why the decimal mark is not known from the column alone; empty if it is."""
        if len(self.marks) == 2:
            point, comma = (
                next(cell for cell, found in self.numbers.items() if [*found.meant] == [mark])
                for mark in MARKS
            )
            return f"{point!r} has a decimal point, {comma!r} a decimal comma"
        for cell, found in self.numbers.items():
            if found.doubtful and not self.marks:
                point, comma = (f"{found.meant[mark]:.15g}" for mark in MARKS)
                return f"{cell!r} is {point} with a decimal point, {comma} with a decimal comma"
        return ""

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
        # With three decimals in every number the other reading is a thousand times as large, which
        # standardization takes out again; so the usual one is as good.
        same = all(n.doubtful or not any(n.meant.values()) for n in self.numbers.values())
        points = all("," not in n.text for n in self.numbers.values())
        return "." if same and points else ""


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.lower() in MISSING


def columns_of(
    names: Sequence[str], rows: Sequence[Sequence[str]], decimals: Mapping[str, str]
) -> tuple[Column, ...]:
    """Find out what each column holds.

    Parameters
    ----------
    names : sequence of str
    rows : sequence of sequence of str
    decimals : mapping of str to str
        The decimal mark of a column, by its name, where a visitor has said it. It decides where
        the column itself does not show it.
    """
    surveys = [_Survey([row[number] for row in rows]) for number in range(len(names))]
    shown: set[str] = set().union(*(s.marks for s in surveys if s.numeric))
    counted = [str(n) for n in range(len(rows) + 1)]
    found = []
    for name, survey in zip(names, surveys, strict=True):
        decimal = survey.decimal(decimals.get(name, ""), shown)
        read = [n.meant[decimal] for n in survey.numbers.values() if decimal in n.meant]
        cells = [cell for cell in survey.cells if not is_missing(cell)]
        found.append(
            Column(
                name=name,
                numeric=survey.numeric,
                different=len(survey.values),
                counts_rows=len(cells) > 2 and cells in (counted[:-1], counted[1:]),
                word=next((cell for cell in survey.values if cell not in survey.numbers), ""),
                classes=len({cell for cell in survey.cells if cell}),
                missing=len(rows) - len(cells),
                filled=sum(map(bool, survey.cells)),
                rows=len(rows),
                decimal=decimal,
                doubt=survey.doubt,
                unit=survey.unit,
                how=_how(survey, decimal) if survey.numeric else "",
                low=min(read, default=0.0),
                high=max(read, default=0.0),
            )
        )
    return tuple(found)


def _how(survey: _Survey, decimal: str) -> str:
    """What is special about the numbers of a column."""
    texts = [n.text for n in survey.numbers.values() if decimal in n.meant]
    other = "," if decimal == "." else "."
    between = {other: f"{MARKS[other]}s", " ": "spaces", "'": "apostrophes", "’": "apostrophes"}
    groups = sorted({said for mark, said in between.items() if any(mark in t for t in texts)})
    said = []
    if decimal == "," and any("," in text for text in texts):
        said.append("a decimal comma")
    if decimal == "." and survey.doubt and any("." in text for text in texts):
        said.append("a decimal point")
    if groups:
        said.append(f"{' and '.join(groups)} between thousands")
    if survey.unit:
        said.append(f"{survey.unit} as the unit")
    if any(cell != cell.translate(MINUS) for cell in survey.numbers):
        said.append("a typographic minus")
    return ", ".join(said)
