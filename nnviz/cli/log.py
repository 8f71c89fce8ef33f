"""The log, standard error: one that cannot be written, as on a full disk, costs no run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from typing import Any, TextIO, cast


class _Log:
    """A stream that leaves out what cannot be written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def lenient(stream: TextIO) -> Iterator[None]:
    """Take a stream as the log meanwhile, whether or not it can be written.

    Parameters
    ----------
    stream : text file
        Standard error, as a rule.
    """
    with redirect_stderr(cast(TextIO, _Log(stream))):
        yield
