"""Turns: the computing for all visitors, one after the other.

Two threads that compute with small arrays at once are far slower than one after the other: each of
their many calls gives Python's lock up and waits to get it back. And nobody is to wait longer
because another visitor's run is long: that takes its turn slice by slice.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A lock that is given in the order in which it was asked for; a thread may hold it twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._lock:
            if self._owner in (None, me):
                self._owner, self._depth = me, self._depth + 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()  # who leaves hands over
        self._owner = me

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth:
                return
            if self._waiting:
                self._owner, self._depth = -1, 1  # taken, by the one who wakes up
                self._waiting.popleft().set()
            else:
                self._owner = None


TURNS = Turns()
"""Those of all visitors."""
