"""Files that are written whole, or stay as they were."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

STANDARD = (1, 2)
"""What a program prints to, by the numbers of the open files."""


def write_all(contents: Mapping[Path, Callable[[], bytes]]) -> tuple[list[Path], list[str]]:
    """Write files; one that cannot be written costs no other.

    Parameters
    ----------
    contents : mapping of Path to callable
        What makes the content of each.

    Returns
    -------
    written, failed : list of Path, list of str
        The files that are there, and which are not and why, each a sentence.
    """
    written, failed = [], []
    for path, content in contents.items():
        try:
            write(path, content())
            written.append(path)
        except OSError as error:
            failed.append(f"{path} could not be written: {error.strerror or error}")
    return written, failed


def write(path: Path, content: bytes) -> None:
    """Write a file aside, and move it to its place when it is whole.

    A link stays, and what it names is written. A device or a pipe, which cannot be replaced, is
    written to; and so is a file in a folder in which no other can be made.

    Parameters
    ----------
    path : Path
        Where to; an existing file is replaced, and stays as it was if that fails.
    content : bytes
        All of it.
    """
    if (number := _standard(path)) is not None:
        with open(number, "wb", closefd=False) as file:
            file.write(content)
        return
    target = path.resolve()
    exists = path.exists()
    if exists and not path.is_file():
        path.write_bytes(content)
        return
    aside = target.with_name(f".nnviz-{secrets.token_hex(8)}.part")
    try:
        try:
            file = aside.open("xb")
        except PermissionError:
            if not exists:
                raise
            path.write_bytes(content)
            return
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if exists:
            _take_after(target, aside)
        aside.replace(target)
    except BaseException:  # Ctrl-C, too
        aside.unlink(missing_ok=True)
        raise


def _standard(path: Path) -> int | None:
    """The number of standard output or error, if a path names it: as /dev/stdout does."""
    for number in STANDARD:
        with suppress(OSError):
            if os.path.samestat(path.stat(), os.fstat(number)):
                return number
    return None


def _take_after(model: Path, file: Path) -> None:
    """Give a file the permissions and, where that is allowed, the owner of another."""
    shutil.copymode(model, file)
    wanted, found = model.stat(), file.stat()
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        with suppress(OSError):
            shutil.chown(file, wanted.st_uid, wanted.st_gid)
