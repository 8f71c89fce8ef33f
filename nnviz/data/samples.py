"""Samples: a visitor's own table, as numbers and classes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnviz.data.columns import Column, is_missing
from nnviz.data.datasets import OWN, Dataset, DatasetError, dataset_from_samples, is_constant
from nnviz.data.numerals import MARKS, numeral
from nnviz.data.table import MOST_CHARACTERS, Table
from nnviz.paper.network import Array

MOST_CLASSES = 10
MOST_VALUES = 30
"""Different words of a column at most that can be made columns of zeros and ones."""

MOST_FEATURES = 200

MOST_NAME_CHARACTERS = MOST_CHARACTERS
"""Of the name of a feature or a class, in a table or a recording."""

NAMED = 3
"""Problems of one kind that are named; of more, the number is said."""


MOST_NAMED_RUNS = 12
"""Rows one after the other that are named as one."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples before they are split and standardized; equal if all their numbers are.

    Attributes
    ----------
    features : array ``[all samples×N0]``
        As they were measured, one row a sample.
    labels : int array ``[all samples]``
        Class of each, an index into `class_names`.
    feature_names, class_names : tuple of str
        One for each feature, and for each class.
    """

    features: Array
    labels: NDArray[np.intp]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """A short name of the contents."""
        said = repr((self.feature_names, self.class_names, self.features.shape)).encode()
        numbers = self.features.tobytes() + self.labels.tobytes()
        return hashlib.sha256(said + numbers).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Samples) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Samples({self.digest})"

    def dataset(self, data_seed: int, test_share: float) -> Dataset:
        """Split and standardize them, as `nnviz.data.datasets.dataset_from_samples`."""
        return dataset_from_samples(
            OWN,
            self.features,
            self.labels,
            feature_names=self.feature_names,
            class_names=self.class_names,
            data_seed=data_seed,
            test_share=test_share,
        )


def likely_label(columns: Sequence[Column]) -> str:
    """The column that most likely names the classes: the last with few words, or few numbers.

    If there is none with few words, it is the last column if that has words, though they are too
    many or all the same: which is then said.
    """
    few = [column for column in columns if 2 <= column.classes <= MOST_CLASSES]
    words = [column for column in few if not column.numeric]
    last = columns[-1:]
    return (words or [c for c in last if not c.numeric and c.classes] or few or last)[-1].name


def likely_features(columns: Sequence[Column], label: str) -> list[str]:
    """The columns to learn from: those of numbers; if there are none, those of a few words.

    None that is mostly empty, or that counts the rows.
    """
    able = [c for c in columns if c.name != label and not (c.counts_rows or c.sparse)]
    words = [c.name for c in able if not c.numeric and 2 <= c.different <= MOST_VALUES]
    return [c.name for c in able if c.numeric] or words


def samples_of(
    table: Table, label: str, features: Sequence[str]
) -> tuple[Samples, tuple[str, ...]]:
    """Make samples of a table.

    Parameters
    ----------
    table : Table
        What the visitor brought.
    label : str
        The column that names the classes.
    features : sequence of str
        The columns to learn from. One of words becomes a column of zeros and ones a word.

    Returns
    -------
    samples, notes : Samples, tuple of str
        What was left out, and why, each a sentence with rows (counted from 1) and columns.

    Raises
    ------
    DatasetError
        If nothing can be trained on what is there.
    """
    columns = {column.name: column for column in table.columns}
    if not features:
        raise DatasetError("Choose at least one column to learn from")
    if label in features:
        raise DatasetError(f"Column {label!r} is the label: it cannot be learned from, too")
    for name in features:
        if not columns[name].numeric and columns[name].different > MOST_VALUES:
            raise DatasetError(
                f"Column {name!r} has {columns[name].different:,} different words; at most "
                f"{MOST_VALUES} can be made columns of zeros and ones. Leave it out"
            )
    if undecided := [columns[name] for name in features if columns[name].undecided]:
        raise DatasetError(
            f"The numbers of column {undecided[0].name!r} can be read in two ways: "
            f"{undecided[0].doubt}. Choose which is meant (on the command line: --decimal)"
        )
    notes: list[str] = []
    cells = table.cells()
    used = [_Used.of(cells[name], columns[name]) for name in features]
    label_cells = cells[label]
    kept = _whole_rows(used, columns[label], label_cells, notes)
    try:
        labels = _of_rows(label_cells, kept)
        samples = _made([one.only(kept) for one in used], columns[label], labels, notes)
    except DatasetError as error:
        if not notes:
            raise
        raise DatasetError(f"{error}. Before that: {' '.join(notes)}".rstrip(".")) from None
    return samples, tuple(notes)


@dataclass(frozen=True, eq=False)
class _Used:
    """A column to learn from.

    Attributes
    ----------
    column : Column
        What it holds.
    cells : tuple of str
        Row by row.
    numbers : array ``[rows]`` or None
        The same as numbers, NaN where a cell is none; None if the column is one of words.
    bad : bool array ``[rows]``
        Where a cell cannot be used.
    """

    column: Column
    cells: tuple[str, ...]
    numbers: Array | None
    bad: NDArray[np.bool_]

    @classmethod
    def of(cls, cells: tuple[str, ...], column: Column) -> _Used:
        """Look at each different cell once."""
        if column.numeric:
            found = column.numbers(set(cells))
            numbers = np.array([found.get(cell, np.nan) for cell in cells], np.float64)
            return cls(column, cells, numbers, np.isnan(numbers))
        missing = {cell for cell in set(cells) if is_missing(cell)}
        return cls(column, cells, None, np.array([cell in missing for cell in cells], np.bool_))

    def only(self, rows: NDArray[np.intp]) -> _Used:
        """The same of some rows."""
        if rows.size == len(self.cells):
            return self
        numbers = None if self.numbers is None else self.numbers[rows]
        return _Used(self.column, _of_rows(self.cells, rows), numbers, self.bad[rows])

    @property
    def constant(self) -> bool:
        """Whether it tells nothing, since it is the same in every row up to rounding."""
        return self.numbers is not None and is_constant(self.numbers)


def _of_rows(cells: Sequence[str], rows: NDArray[np.intp]) -> tuple[str, ...]:
    return tuple([cells[row] for row in rows.tolist()])


def _made(
    used: Sequence[_Used], label: Column, label_cells: Sequence[str], notes: list[str]
) -> Samples:
    """Samples of rows in which everything that is used can be."""
    labels = _classes_of(label, label_cells, notes)
    class_names = _class_names(label, labels)
    words = {one.column.name: sorted(set(one.cells)) for one in used if not one.column.numeric}
    telling = []
    for one in used:
        name, same = one.column.name, len(set(one.cells)) == 1
        if same or one.constant:
            about = "" if same else "about "
            notes.append(
                f"Column {name!r} is {about}{one.cells[0]!r} in every row and tells nothing: it is "
                "left out."
            )
        else:
            telling.append(one)
    if not telling:
        raise DatasetError("Every chosen column is the same in all rows: nothing can be learned")
    count = sum(1 if one.column.numeric else len(words[one.column.name]) for one in telling)
    if count > MOST_FEATURES:
        raise DatasetError(
            f"That makes {count:,} features; at most {MOST_FEATURES} are taken. Choose fewer"
        )
    parts: list[Array] = []
    names: list[str] = []
    for one in telling:
        if one.numbers is not None:
            parts.append(one.numbers[:, np.newaxis])
            names.append(one.column.name)
        else:
            different = words[one.column.name]
            place = {word: number for number, word in enumerate(different)}
            parts.append(np.eye(len(different))[[place[cell] for cell in one.cells]])
            names += [_of_word(one.column.name, word) for word in different]
    number = {name: number for number, name in enumerate(class_names)}
    samples = Samples(
        features=np.hstack(parts),
        labels=np.array([number[cell] for cell in labels], np.intp),
        feature_names=tuple(names),
        class_names=class_names,
    )
    for array in (samples.features, samples.labels):
        array.flags.writeable = False
    return samples


def _of_word(column: str, word: str) -> str:
    """The name of the feature that says whether a column has a word; both cut if they are long."""
    over = len(column) + 1 + len(word) - MOST_NAME_CHARACTERS
    if over > 0:
        kept = max(len(column) - over, MOST_NAME_CHARACTERS // 2)
        column = column if len(column) <= kept else column[: kept - 1] + "…"
        kept = MOST_NAME_CHARACTERS - len(column) - 1
        word = word if len(word) <= kept else word[: kept - 1] + "…"
    return f"{column}={word}"


def _whole_rows(
    used: Sequence[_Used], label: Column, label_cells: Sequence[str], notes: list[str]
) -> NDArray[np.intp]:
    """The rows in which every cell that is used can be; a note says which are left out."""
    unlabelled = np.array([not cell for cell in label_cells], np.bool_)
    bad = np.logical_or.reduce([unlabelled, *(one.bad for one in used)])
    wrong, kept = np.flatnonzero(bad), np.flatnonzero(~bad)
    if wrong.size:
        problems = [_problem_of(row, used, label) for row in wrong[:NAMED].tolist()]
        more = f"; and {wrong.size - NAMED:,} more" if wrong.size > NAMED else ""
        are = "row is" if wrong.size == 1 else "rows are"
        said = f"{wrong.size:,} {are} left out: {'; '.join(problems)}{more}."
        if more:
            costs = {**{one.column.name: one.bad for one in used}, label.name: unlabelled}
            dearest = max(costs, key=lambda name: int(costs[name].sum()))
            rows = np.flatnonzero(costs[dearest]).tolist()
            said += f" Most are for column {dearest!r}: {_rows(rows)}."
        notes.append(said)
        if kept.size < 2:
            raise DatasetError(f"Too few rows are left. {said}"[:-1])
    if kept.size < 2:
        raise DatasetError(f"There are {kept.size} rows; at least two are needed, of two classes")
    return kept


def _problem_of(row: int, used: Sequence[_Used], label: Column) -> str:
    """The first thing that is wrong in a row."""
    for one in used:
        if one.bad[row]:
            problem = _problem(one.column, one.cells[row])
            return f"row {row + 1}, column {one.column.name!r}: {problem}"
    return f"row {row + 1}, column {label.name!r}: no value"


def _problem(column: Column, cell: str) -> str:
    """Why a cell cannot be used as a feature."""
    if is_missing(cell):
        return f"{cell!r} means no value" if cell.isalpha() else "no value"
    found = numeral(cell)
    if found is None:
        return f"{cell!r} is no number"
    if found.unit != column.unit:
        return f"{cell!r} is not in {column.unit}" if column.unit else f"{cell!r} has a unit"
    return f"{cell!r} is no number with a decimal {MARKS[column.decimal]}"


def _rows(numbers: Sequence[int]) -> str:
    """Rows, counted from 0 here and from 1 in what is said: 18 (1 to 9, 11 to 19)."""
    runs: list[list[int]] = []
    for number in (row + 1 for row in numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [f"{a}" if a == b else f"{a} to {b}" for a, b in runs[:MOST_NAMED_RUNS]]
    more = ", …" if len(runs) > MOST_NAMED_RUNS else ""
    return f"{len(numbers):,} ({', '.join(said)}{more})"


def _classes_of(label: Column, cells: Sequence[str], notes: list[str]) -> list[str]:
    """Each row's class: its cell, or the shortest of those that are the same number."""
    meanings = {cell: _meaning(label, cell) for cell in dict.fromkeys(cells)}
    spelt: dict[object, str] = {}
    written: dict[object, set[str]] = {}
    for cell, key in meanings.items():
        written.setdefault(key, set()).add(cell)
        if key not in spelt or len(cell) < len(spelt[key]):
            spelt[key] = cell
    for key, name in spelt.items():
        if others := sorted(written[key] - {name}):
            notes.append(
                f"In the label, {', '.join(map(repr, others[:NAMED]))} is the same number as "
                f"{name!r}: one class."
            )
    if words := sorted(cell for cell in spelt.values() if is_missing(cell)):
        notes.append(
            f"In the label, {', '.join(map(repr, words))} is a class like any other; an empty cell "
            "is a missing one."
        )
    return [spelt[meanings[cell]] for cell in cells]


def _meaning(label: Column, cell: str) -> object:
    """What is the same for labels that are the same number; to the last digit, unlike floats."""
    number = label.number(cell)
    found = numeral(cell)
    if number is None or found is None:
        return cell
    return found.exact(label.decimal)


def _class_names(label: Column, labels: Sequence[str]) -> tuple[str, ...]:
    """The classes' names in order: numbers by size, words by the alphabet."""
    counts = Counter(labels)
    if len(counts) < 2:
        raise DatasetError(
            f"Column {label.name!r} is {labels[0]!r} in every row: there is one class, and nothing "
            "to tell apart. Choose another label column"
        )
    if len(counts) > MOST_CLASSES:
        raise DatasetError(
            f"Column {label.name!r} has {len(counts):,} different values; at most {MOST_CLASSES} "
            "classes are taken. Choose another label column"
        )
    sizes = {name: label.number(name) for name in counts}
    return tuple(sorted(counts, key=lambda name: (sizes[name] is None, sizes[name] or 0.0, name)))
