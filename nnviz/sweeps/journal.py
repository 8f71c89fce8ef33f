"""Journal: what came of a sweep's runs in a file, a line for each, so that it can be gone on with.

A line is a checksum, a space, and JSON. It is appended when its run has finished. Whatever ends
the process, at any moment, costs no more than the line that was being written: the half of it is
dropped when the file is next opened. Numbers are to the last bit.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

from nnviz.checks import SettingError
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome

FIRST = b"nnviz sweep 1\n"
"""What the file begins with: another number where a line means something else."""

LONGEST = 100_000
"""Bytes of a line at most: of a journal, none has a tenth of that."""


class Kept(dict[int, Outcome]):
    """Outcomes of a sweep without a journal, by the runs' numbers: in memory alone."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to be done."""

    def add(self, number: int, found: Outcome) -> None:
        """Keep what came of a run."""
        self[number] = found


class Journal(Mapping[int, Outcome]):
    """The outcomes of a sweep, by the runs' numbers, read from the file when they are asked for.

    Only where each begins is kept in memory. Lines of other runs stay in the file, and are of no
    effect: a grid may be extended, or be one of several. Of two sweeps that share a journal at the
    same time, some runs are trained twice, and no harm comes of it.

    Parameters
    ----------
    path : Path
        The file; it is made if there is none.
    specs : sequence of RunSpec
        The runs of the sweep.

    Raises
    ------
    SettingError
        If the file is something else, or is damaged elsewhere than at its end.
    OSError
        If it cannot be read and written.
    """

    def __init__(self, path: Path, specs: Sequence[RunSpec]) -> None:
        self._numbers = {spec.run_id: number for number, spec in enumerate(specs)}
        self._ids = list(self._numbers)
        self._places: dict[int, int] = {}
        self._path = path
        self._file = open(path, "a+b", buffering=0)  # noqa: SIM115 - closed by `close`
        try:
            with open(path, "rb") as file:
                self._read(file)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getitem__(self, number: int) -> Outcome:
        with open(self._path, "rb") as file:
            file.seek(self._places[number])
            return _outcome(_read_line(file.readline(LONGEST))["outcome"])

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, number: object) -> bool:
        return number in self._places

    def add(self, number: int, found: Outcome) -> None:
        """Append what came of a run; it is there when this returns, whatever comes next."""
        line = _line({"run": self._ids[number], "outcome": _said(found)})
        place = self._file.seek(0, os.SEEK_END)
        # One call for the whole line, and past Python's buffer: of one that fails, as on a full
        # disk, nothing may be left that another line would follow.
        try:
            whole = self._file.write(line) == len(line)
        except OSError:
            self._file.truncate(place)
            raise
        if not whole:
            self._file.truncate(place)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        self._places[number] = place

    def close(self) -> None:
        """Close the file, when it is on the disk."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def _read(self, file: BinaryIO) -> None:
        """Find the lines, and drop the half of one at the end."""
        begin = file.readline(len(FIRST))
        if begin != FIRST:
            if not FIRST.startswith(begin):  # what is half written is begun anew
                allowed = "a file that nnviz sweep has begun"
                raise SettingError("the journal", str(self._path), allowed)
            self._file.truncate(0)
            self._file.write(FIRST)
            return
        number, place = 1, file.tell()
        while line := file.readline(LONGEST):
            number += 1
            try:
                run = _read_line(line)["run"]
            except ValueError:
                if file.read(1):
                    allowed = "as it was written; remove the line, and its run is trained again"
                    where = f"line {number} of {self._path}"
                    raise SettingError(where, "damaged", allowed) from None
                self._file.truncate(place)
                return
            if run in self._numbers:
                self._places[self._numbers[run]] = place
            place = file.tell()


def _line(said: Any) -> bytes:
    text = json.dumps(said, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _read_line(line: bytes) -> Any:
    """What a line says; ValueError if it is not whole."""
    checksum, _, text = line.removesuffix(b"\n").partition(b" ")
    if not line.endswith(b"\n") or int(checksum, 16) != zlib.crc32(text):
        raise ValueError("a half line")
    return json.loads(text)


def _said(found: Outcome) -> dict[str, Any]:
    """What is kept of an outcome: not what is measured at every milestone."""
    return {name: value for name, value in vars(found).items() if name != "along"}


def _outcome(said: Mapping[str, Any]) -> Outcome:
    curve = tuple((int(epoch), float(loss)) for epoch, loss in said["curve"])
    return Outcome(**{**said, "curve": curve})
