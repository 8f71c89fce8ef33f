"""Columns: what the cells of a table hold, and how their numbers are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from nnviz.data.numerals import MARKS, MINUS, MISSING, Alike, numeral, numerals


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

    def numbers(self, cells: Collection[str]) -> dict[str, float]:
        """The numbers that different cells are, for those that are one, as `number`."""
        found: dict[str, float] = {}
        for alike in numerals(cells):
            if alike.form.unit == self.unit and self.decimal in alike.form.written:
                found |= zip(alike.cells, alike.numbers(self.decimal), strict=True)
        return found


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
    read : list of Alike
        The different values that are numbers.
    """

    numeric: bool
    different: int
    word: str
    doubt: str
    unit: str
    marks: frozenset[str]
    thousandfold: bool
    read: list[Alike]

    @classmethod
    def of(cls, values: dict[str, int]) -> _Survey:
        """Of the different values, each with how often it occurs."""
        read = numerals(values)
        units: Counter[str] = Counter()
        for alike in read:
            units[alike.form.unit] += sum(values[cell] for cell in alike.cells)
        unit = units.most_common(1)[0][0] if units else ""
        read = [alike for alike in read if alike.form.unit == unit]
        numbers = {cell for alike in read for cell in alike.cells}
        forms = [alike.form for alike in read]
        marks = frozenset(m for form in forms if len(form.written) == 1 for m in form.written)
        return cls(
            numeric=0 < sum(values.values()) <= 2 * units[unit],
            different=len(values),
            word=next((cell for cell in values if cell not in numbers), ""),
            doubt=_doubt(read, marks),
            unit=unit,
            marks=marks,
            thousandfold=all(
                "," not in form.text and (form.doubtful or not any(form.meant.values()))
                for form in forms
            ),
            read=read,
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
        read = [a for a in survey.read if survey.numeric and decimal in a.form.written]
        numbers = [number for alike in read for number in alike.numbers(decimal)]
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
                how=_how(read, decimal, bool(survey.doubt)),
                low=min(numbers, default=0.0),
                high=max(numbers, default=0.0),
            )
        )
    return tuple(found)


def _doubt(read: Sequence[Alike], marks: Set[str]) -> str:
    """Why the decimal mark is not known from the column alone; empty if it is."""
    if len(marks) == 2:
        point, comma = (
            next(alike.cells[0] for alike in read if [*alike.form.written] == [mark])
            for mark in MARKS
        )
        return f"{point!r} has a decimal point, {comma!r} a decimal comma"
    for alike in read:
        if alike.form.doubtful and not marks:
            point, comma = (f"{alike.numbers(mark)[0]:.15g}" for mark in MARKS)
            return (
                f"{alike.cells[0]!r} is {point} with a decimal point, {comma} with a decimal comma"
            )
    return ""


def _how(read: Sequence[Alike], mark: str, doubted: bool) -> str:
    """What is special about numbers with a decimal mark."""
    seen = set("".join(alike.form.text for alike in read))
    other = "," if mark == "." else "."
    between = {other: f"{MARKS[other]}s", " ": "spaces", "'": "apostrophes", "’": "apostrophes"}
    said = []
    if mark in seen and (mark == "," or doubted):
        said.append(f"a decimal {MARKS[mark]}")
    if groups := sorted({name for sign, name in between.items() if sign in seen}):
        said.append(f"{' and '.join(groups)} between thousands")
    if unit := next((alike.form.unit for alike in read), ""):
        said.append(f"{unit} as the unit")
    if any(ord(sign) in MINUS for alike in read for sign in alike.cells[0]):
        said.append("a typographic minus")
    return ", ".join(said)


def _counts(values: Sequence[str]) -> bool:
    """Whether cells count 0, 1, 2 or 1, 2, 3 and so on."""
    return len(values) > 2 and any(
        all(cell == str(n) for n, cell in enumerate(values, start)) for start in (0, 1)
    )
