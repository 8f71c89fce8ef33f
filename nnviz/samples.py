"""Samples: a visitor's own table, as numbers and classes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnviz.datasets import OWN, Dataset, DatasetError, dataset_from_samples
from nnviz.network import Array
from nnviz.table import MISSING, Column, Table, is_number

MOST_CLASSES = 10
MOST_VALUES = 30
"""Different words of a column at most that can be made columns of zeros and ones."""

MOST_FEATURES = 200

NAMED = 3
"""Problems of one kind that are named; of more, the number is said."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples before they are split and standardized; equal if all their numbers are.

    Attributes
    ----------
    features : array ``[all samples×N0]``
    labels : int array ``[all samples]``
    feature_names, class_names : tuple of str
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

    def dataset(self, seed: int, test_share: float) -> Dataset:
        """Split and standardize them, as `nnviz.datasets.dataset_from_samples`."""
        return dataset_from_samples(
            OWN,
            self.features,
            self.labels,
            feature_names=self.feature_names,
            class_names=self.class_names,
            seed=seed,
            test_share=test_share,
        )


def likely_label(columns: Sequence[Column]) -> str:
    """The column that most likely names the classes: the last with few words, or few numbers.

    If there is none with few words, it is the last column if that has words, though they are too
    many or all the same: which is then said.
    """
    few = [column for column in columns if 2 <= column.different <= MOST_CLASSES]
    words = [column for column in few if not column.numeric]
    last = columns[-1:]
    return (words or [c for c in last if not c.numeric and c.different] or few or last)[-1].name


def likely_features(columns: Sequence[Column], label: str) -> list[str]:
    """The columns to learn from: those of numbers that do not just count the rows."""
    return [c.name for c in columns if c.numeric and c.name != label and not c.counts_rows]


def samples_of(
    table: Table, label: str, features: Sequence[str]
) -> tuple[Samples, tuple[str, ...]]:
    """Make samples of a table.

    Parameters
    ----------
    table : Table
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
    place = {name: number for number, name in enumerate(table.names)}
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
    notes: list[str] = []
    rows = _whole_rows(table, [(place[n], n, columns[n].numeric) for n in features], label, notes)
    labels = [row[place[label]] for row in rows]
    class_names = _classes(label, labels)
    parts: list[Array] = []
    names: list[str] = []
    for name in features:
        cells = [row[place[name]] for row in rows]
        if len(set(cells)) == 1:
            notes.append(
                f"Column {name!r} is {cells[0]!r} in every row and tells nothing: it is left out."
            )
        elif columns[name].numeric:
            parts.append(np.array([[float(cell)] for cell in cells]))
            names.append(name)
        else:
            words = sorted(set(cells))
            parts.append(np.array([[float(cell == word) for word in words] for cell in cells]))
            names += [f"{name}={word}" for word in words]
    if not parts:
        raise DatasetError("Every chosen column is the same in all rows: nothing can be learned")
    if len(names) > MOST_FEATURES:
        raise DatasetError(
            f"That makes {len(names)} features; at most {MOST_FEATURES} are taken. Choose fewer"
        )
    samples = Samples(
        features=np.hstack(parts),
        labels=np.array([class_names.index(cell) for cell in labels], np.intp),
        feature_names=tuple(names),
        class_names=class_names,
    )
    for array in (samples.features, samples.labels):
        array.flags.writeable = False
    return samples, tuple(notes)


def _whole_rows(
    table: Table, used: Sequence[tuple[int, str, bool]], label: str, notes: list[str]
) -> list[tuple[str, ...]]:
    """The rows in which every cell that is used can be; a note says which are left out."""
    label_place = table.names.index(label)
    kept, problems = [], []
    for number, row in enumerate(table.rows, start=1):
        wrong = [
            (name, row[place])
            for place, name, numeric in [*used, (label_place, label, False)]
            if row[place].lower() in MISSING or (numeric and not is_number(row[place]))
        ]
        if wrong:
            name, cell = wrong[0]
            said = f"{cell!r} is no number" if cell.lower() not in MISSING else "no value"
            problems.append(f"row {number}, column {name!r}: {said}")
        else:
            kept.append(row)
    if problems:
        more = f"; and {len(problems) - NAMED:,} more" if len(problems) > NAMED else ""
        rows = "row is" if len(problems) == 1 else "rows are"
        left_out = f"{len(problems):,} {rows} left out: {'; '.join(problems[:NAMED])}{more}."
        if len(kept) < 2:
            raise DatasetError(f"Too few rows are left. {left_out}"[:-1])
        notes.append(left_out)
    if len(kept) < 2:
        raise DatasetError(f"There are {len(kept)} rows; at least two are needed, of two classes")
    return kept


def _classes(label: str, labels: Sequence[str]) -> tuple[str, ...]:
    """The classes' names in order: numbers by size, words by the alphabet."""
    counts = Counter(labels)
    if len(counts) < 2:
        raise DatasetError(
            f"Column {label!r} is {labels[0]!r} in every row: there is one class, and nothing to "
            "tell apart. Choose another label column"
        )
    if len(counts) > MOST_CLASSES:
        raise DatasetError(
            f"Column {label!r} has {len(counts):,} different values; at most {MOST_CLASSES} "
            "classes are taken. Choose another label column"
        )
    if all(is_number(name) for name in counts):
        return tuple(sorted(counts, key=lambda name: (float(name), name)))
    return tuple(sorted(counts))
