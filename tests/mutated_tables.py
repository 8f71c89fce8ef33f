"""Tables as nobody means them: real files, mutated in bytes, cells, separators and size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from nnviz.data.datasets import DatasetError
from nnviz.data.samples import (
    MOST_CLASSES,
    MOST_FEATURES,
    MOST_NAME_CHARACTERS,
    likely_features,
    likely_label,
    samples_of,
)
from nnviz.data.table import MOST_FILE_BYTES, Table, TableError, read_table

TABLES = Path(__file__).parent / "tables"

REAL = [path.read_bytes() for path in sorted(TABLES.iterdir())]

CELLS = (
    *(b"", b" ", b"-", b"NA", b"none", b"?", b"0", b"-1", b"1e99", b"1e400", b"1e-400", b"nan"),
    *(b"inf", b"0x1F", b"1_000", b"1.200", b"1,200", b'"1,200"', b"12 %", b"$1", b"\xe2\x88\x922"),
    *(
        b"\x00",
        b"\xe9",
        b"\xc3\xa9",
        b"\xe2\x80\xae",
        b"\xf0\x9f\x98\x80",
        b"\xed\xa0\x80",
        b"a\tb",
    ),
    *(b"\x1b[31m", b'"a\nb"', b'"', b'""', b"'", b"=1+1", b"<b>", b"2020-01-05", b"column 2"),
    *(b"x (2)", b"x" * 100, b"9" * 400, b"1." * 50, b"1,111" * 50, b"1" + b" " * 200 + b"1"),
    b"0." + b"0" * 400 + b"1",
)
SEPARATORS = (b",", b";", b"\t", b"|", b" ", b":")
ENDS = (b"\n", b"\r\n", b"\r", b"\n\n", b",\n", b" \n", b"\x0b", b"\xe2\x80\xa8")
FLOODS = (
    *(b",", b";", b"\t", b"|", b'"', b"\n", b"\r", b" ", b" \n", b",\n", b"#", b"#\n", b'",', b"1"),
    *(b"x", b"\x00", b"\xe9", b"\xc3\xa9", b"1,", b"a;", b'"\n",', b"1.", b"\x01", b"\xef\xbb\xbf"),
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-7")

Change = Callable[[np.random.Generator, bytes], bytes]


T = TypeVar("T")


def one_of(rng: np.random.Generator, among: Sequence[T]) -> T:
    return among[int(rng.integers(len(among)))]


def place_in(rng: np.random.Generator, data: bytes) -> int:
    return int(rng.integers(len(data) + 1))


def size(rng: np.random.Generator, most: int) -> int:
    """From 1 to about `most`, small ones as likely as large ones."""
    return int(np.exp(rng.uniform(0, np.log(max(most, 2)))))


def bytes_changed(rng: np.random.Generator, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(size(rng, 20)):
        if changed:
            changed[int(rng.integers(len(changed)))] = int(rng.integers(256))
    return bytes(changed)


def part_lost(rng: np.random.Generator, data: bytes) -> bytes:
    start = place_in(rng, data)
    return data[:start] + data[start + size(rng, len(data)) :]


def part_twice(rng: np.random.Generator, data: bytes) -> bytes:
    start, end = sorted((place_in(rng, data), place_in(rng, data)))
    return data[:end] + data[start:end] + data[end:]


def cells_changed(rng: np.random.Generator, data: bytes) -> bytes:
    separator = one_of(rng, SEPARATORS)
    lines = [line.split(separator) for line in data.split(b"\n")]
    for _ in range(size(rng, 10)):
        row = one_of(rng, lines)
        row[int(rng.integers(len(row)))] = one_of(rng, CELLS)
    return b"\n".join(map(separator.join, lines))


def separators_swapped(rng: np.random.Generator, data: bytes) -> bytes:
    times = one_of(rng, (-1, 1, 3))
    return data.replace(one_of(rng, SEPARATORS), one_of(rng, SEPARATORS), times)


def ends_swapped(rng: np.random.Generator, data: bytes) -> bytes:
    return data.replace(b"\n", one_of(rng, ENDS), one_of(rng, (-1, 1, 3)))


def encoded_anew(rng: np.random.Generator, data: bytes) -> bytes:
    text = data.decode(one_of(rng, ("utf-8", "cp1252", "utf-16")), errors="replace")
    return text.encode(one_of(rng, ENCODINGS), errors="replace")


def quoted(rng: np.random.Generator, data: bytes) -> bytes:
    """A quote somewhere, or quotes around all cells."""
    if rng.random() < 0.5:
        place = place_in(rng, data)
        return data[:place] + b'"' + data[place:]
    separator = one_of(rng, SEPARATORS)
    between = b'"' + separator + b'"'
    lines = (b'"' + line.replace(separator, between) + b'"' for line in data.split(b"\n"))
    return b"\n".join(lines)


def begun_otherwise(rng: np.random.Generator, data: bytes) -> bytes:
    begins = (b"sep=;\n", b"sep=", b"# made by\n", b"#", b"\xef\xbb\xbf", b"\xff\xfe", b"PK", b"\n")
    return one_of(rng, begins) + data


def lines_shuffled(rng: np.random.Generator, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(lines[int(number)] for number in rng.permutation(len(lines)))


def without_its_first_line(_: np.random.Generator, data: bytes) -> bytes:
    return data.partition(b"\n")[2]


def flooded(rng: np.random.Generator, data: bytes) -> bytes:
    place, flood = place_in(rng, data), one_of(rng, FLOODS)
    return data[:place] + flood * size(rng, MOST_FILE_BYTES // len(flood)) + data[place:]


def longer(rng: np.random.Generator, data: bytes) -> bytes:
    """Its rows again and again."""
    first, end, rest = data.partition(b"\n")
    return first + end + rest * size(rng, MOST_FILE_BYTES // max(len(rest), 1))


def wider(rng: np.random.Generator, data: bytes) -> bytes:
    """Its columns again and again."""
    separator, times = one_of(rng, SEPARATORS), size(rng, 300)
    lines = data.split(b"\n")
    times = min(times, 1 + MOST_FILE_BYTES // max(len(data), 1))
    return b"\n".join(separator.join([line] * times) if line else line for line in lines)


def filled(rng: np.random.Generator, _: bytes) -> bytes:
    """A table of many cells, of one kind in each column."""
    columns = size(rng, 250)
    rows = min(size(rng, 12_000), MOST_FILE_BYTES // (3 * columns))
    kinds = [
        f"{{:{form}}}{unit}"
        for form in ("d", "d", ".0e", ".1f", ".3f", ",d")
        for unit in ("", "", "", "%", " kg", "x")
    ]
    separator = one_of(rng, (",", ";", "\t"))
    cells = []
    for _column in range(columns):
        kind, many = one_of(rng, kinds), size(rng, 2_000)
        numbers = rng.integers(-many, many, many).tolist()
        words = [kind.format(n if "d}" in kind else n / 7) for n in numbers]
        cells.append([words[n] for n in rng.integers(0, many, rows).tolist()])
    cells.append([one_of(rng, ("a", "b", "c")) for _ in range(rows)])
    return "\n".join(map(separator.join, zip(*cells, strict=True))).encode()


CHANGES: tuple[Change, ...] = (
    *(bytes_changed, part_lost, part_twice, cells_changed, cells_changed, separators_swapped),
    *(ends_swapped, encoded_anew, quoted, begun_otherwise, lines_shuffled),
    *(without_its_first_line, flooded, longer, wider, filled),
)


def mutated(rng: np.random.Generator, most_bytes: int = MOST_FILE_BYTES) -> bytes:
    """A real table to which one to four things have been done."""
    data = one_of(rng, REAL)
    for _ in range(int(rng.integers(1, 5))):
        data = one_of(rng, CHANGES)(rng, data)[:most_bytes]
    return data


def is_read(data: bytes) -> bool:
    """Whether a table is made of a file; all that the page does with it is done, and checked."""
    try:
        table = read_table(data)
    except TableError:
        return False
    check_table(table)
    label = likely_label(table.columns)
    likely = likely_features(table.columns, label)
    for mark in (".", ","):
        table = table.with_decimal(mark, table.names)
        for features in (likely, [name for name in table.names if name != label]):
            check_samples(table, label, features)
    return True


def check_table(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    for name in table.names:
        assert name, "a column without a name"
        check_name(name)
    for row in table.rows:
        assert len(row) == len(table.names)
    for cell in set().union(*table.rows):
        check_name(cell)
    assert all(map(str.isprintable, table.notes))


def check_samples(table: Table, label: str, features: Sequence[str]) -> None:
    try:
        samples, notes = samples_of(table, label, features)
        dataset = samples.dataset(data_seed=0, test_share=0.25)
    except DatasetError:
        return
    assert all(map(str.isprintable, notes))
    assert np.isfinite(dataset.X).all()
    assert len(dataset.feature_names) == len(dataset.X) <= MOST_FEATURES
    assert 2 <= len(dataset.class_names) <= MOST_CLASSES
    for name in (*dataset.feature_names, *dataset.class_names):
        check_name(name)


def check_name(name: str) -> None:
    assert name.isprintable(), ascii(name)
    assert len(name) <= MOST_NAME_CHARACTERS, name
