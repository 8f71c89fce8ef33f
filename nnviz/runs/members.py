"""Members: the arrays of an NPZ file, read without trust.

A file is looked at from the outside in, and each look costs little: the end of the archive, the
list of its members, the header of each array. Numbers are unpacked only when all of that is as it
should be, and then no more of them than the header says.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MOST_DIRECTORY_BYTES = 20_000
"""Size of an archive's list of members at most: ours takes 2,000."""

CHUNK_BYTES = 1_000_000
"""So much is unpacked at a time."""

MOST_HEADER_BYTES = 1_000
"""Size of an array's header at most: NumPy writes 118, and 54 more for every further 64."""

MOST_SAID = 200
"""Characters of what `zipfile` says: it repeats names, which may be long."""

_END = struct.Struct("<4s4H2LH")
"""The end of an archive: signature, two numbers of disks, members on this disk and in all, size and
start of their list, length of a comment."""

_LOCATOR_BYTES = 20
"""Size of what stands before the end where there is another end, of more than 65,535 members."""

_HEADER = re.compile(
    rb"\{'descr': '(?P<type>[^'\\]{1,20})', 'fortran_order': (?P<fortran>True|False), "
    rb"'shape': \((?P<shape>|[0-9]{1,10},|[0-9]{1,10}(?:, [0-9]{1,10}){1,7})\), \} *\n"
)
"""A header as NumPy writes it. Its own reader takes any Python literal, and far too long ones."""


class RecordingFileError(ValueError):
    """A file is not a recording, or not a whole one; the message says what is wrong with it."""


@dataclass(frozen=True)
class Member:
    """An array of which only the header has been read.

    Attributes
    ----------
    name : str
        Its name.
    dtype : dtype
        Of its numbers.
    shape : tuple of int
        As it will be.
    """

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    _columns_first: bool
    _begins: int
    _archive: zipfile.ZipFile

    @property
    def nbytes(self) -> int:
        """Size of its numbers, in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def read(self) -> NDArray[Any]:
        """Unpack its numbers, in the byte order of this machine."""
        unpacked = np.empty(self.nbytes, np.uint8)
        with _as_ours(), self._archive.open(f"{self.name}.npy") as stream:
            stream.read(self._begins)
            for at in range(0, self.nbytes, CHUNK_BYTES):
                part = unpacked[at : at + CHUNK_BYTES]
                found = np.frombuffer(stream.read(len(part)), np.uint8)
                if found.size != part.size:
                    raise RecordingFileError(f"{self.name} is cut off")
                part[:] = found
            stream.read(1)  # there is none, and so the checksum is compared
        array: NDArray[Any] = unpacked.view(self.dtype)
        if not self.dtype.isnative:
            array = array.byteswap(inplace=True).view(self.dtype.newbyteorder("="))
        if self._columns_first:
            return array.reshape(self.shape[::-1]).T
        return array.reshape(self.shape)


@contextmanager
def opened(file: BinaryIO, names: Collection[str], most_bytes: int) -> Iterator[dict[str, Member]]:
    """Open an NPZ file, and read the headers of its arrays.

    Parameters
    ----------
    file : binary file
        One that can be read from anywhere.
    names : collection of str
        Those that it may have, and must have.
    most_bytes : int
        Size of them all, unpacked, at most: a small file may unpack to a huge one.

    Raises
    ------
    RecordingFileError
        If it holds anything else than these arrays of numbers, each once.
    """
    with _as_ours():
        size = _check_end(file)
        archive = zipfile.ZipFile(file)
    with archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > most_bytes:
            raise RecordingFileError(f"the file unpacks to more than {most_bytes:,} bytes")
        if sum(entry.compress_size for entry in entries) > size:
            raise RecordingFileError("its parts are larger than the file")
        for entry in entries:
            if entry.filename.removesuffix(".npy") not in names:
                raise RecordingFileError(f"{entry.filename[:40]!r} is no part of a recording")
        there = {entry.filename for entry in entries}
        if len(there) < len(entries):
            raise RecordingFileError("it has two parts of one name")
        for name in names:
            if f"{name}.npy" not in there:
                raise RecordingFileError(f"{name} is missing")
        with _as_ours():
            found = [_member(archive, entry) for entry in entries]
        yield {member.name: member for member in found}


@contextmanager
def _as_ours() -> Iterator[None]:
    """Have whatever `zipfile` makes of arbitrary bytes come out as `RecordingFileError`."""
    try:
        yield
    except RecordingFileError:
        raise
    except Exception as error:  # of a dozen kinds, among them struct.error and zlib.error
        said = str(error)[:MOST_SAID]
        raise RecordingFileError(f"the file is not a recording: {said}") from error


def _check_end(file: BinaryIO) -> int:
    """Look at the end of an archive, before `zipfile` reads the list there; return the size."""
    size = file.seek(0, 2)
    if size < _END.size + _LOCATOR_BYTES:
        raise RecordingFileError("the file is not a recording: it is too short")
    file.seek(-_END.size - _LOCATOR_BYTES, 2)
    locator, end = file.read(_LOCATOR_BYTES), file.read(_END.size)
    signature, *_, listed, begins, comment = _END.unpack(end)
    if signature != b"PK\5\6" or comment:
        raise RecordingFileError("the file is not a recording: it does not end as one")
    if locator.startswith(b"PK\6\7") or listed > MOST_DIRECTORY_BYTES:
        raise RecordingFileError("the file is not a recording: it has too many parts")
    if begins + listed + _END.size != size:
        raise RecordingFileError("the file is not a recording: its parts are not where it says")
    file.seek(0)
    return size


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    """Read the header of an array, and check that its numbers are as many as it says."""
    name = entry.filename.removesuffix(".npy")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RecordingFileError(f"{name} is packed in a way that is not read")
    # What is packed is hardly larger than what is not, unless it is made to take long.
    if entry.compress_size > 1000 + 1.01 * entry.file_size:
        raise RecordingFileError(f"{name} is packed in a way that is not read")
    with archive.open(entry) as stream:
        start = stream.read(10)
        if not (start.startswith(b"\x93NUMPY\1\0") and len(start) == 10):
            raise RecordingFileError(f"{name} is no array")
        length = int.from_bytes(start[8:], "little")
        header = stream.read(min(length, MOST_HEADER_BYTES + 1))
    said = _HEADER.fullmatch(header)
    if length > MOST_HEADER_BYTES or said is None:
        raise RecordingFileError(f"{name} must be numbers; its header is another")
    kind = re.fullmatch(rb"[<>|=]?[fiu][1248]", said["type"])
    if kind is None:
        is_now = said["type"].decode("latin-1")
        raise RecordingFileError(f"{name} must be numbers; it is {is_now!r}")
    member = Member(
        name=name,
        dtype=np.dtype(said["type"].decode()),
        shape=tuple(int(side) for side in re.findall(rb"[0-9]+", said["shape"])),
        _columns_first=said["fortran"] == b"True",
        _begins=len(start) + length,
        _archive=archive,
    )
    if entry.file_size != member._begins + member.nbytes:
        raise RecordingFileError(f"{name} is not as large as it says")
    return member
