"""Work for a pool that does not end by itself, and says how far it has come."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path


def endless(folder: Path, item: object) -> Iterator[str | None]:
    """Add a letter to a file with the item's name, slice after slice."""
    while True:
        with (folder / str(item)).open("a", encoding="utf-8") as file:
            file.write("x")
        time.sleep(0.02)
        yield None


def process_of(item: object) -> Iterator[tuple[object, int]]:
    """Find which process it is."""
    yield item, os.getpid()


def killer(_: object) -> Iterator[int | None]:
    """Take the process down, in the second slice."""
    yield None
    os.kill(os.getpid(), signal.SIGKILL)
    yield 0


def slow_and_well(item: int) -> Iterator[int | None]:
    """Take a few slices."""
    for _ in range(5):
        time.sleep(0.02)
        yield None
    yield item


def failing(_: object) -> Iterator[int]:
    """Fail in a way that can be told."""
    yield from ()
    raise LookupError("nothing there")


def nothing(_: object) -> Iterator[int]:
    """End without a result."""
    yield from ()
