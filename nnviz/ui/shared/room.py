"""Room for what visitors bring: bounded for all of them together."""

from __future__ import annotations

import threading
import weakref

ALL_BYTES = 1_000_000_000
"""Memory for what all visitors have opened, tables and recordings, in bytes."""


class NoRoomError(Exception):
    """There is no room for more now; the message says so to a visitor."""


class Room:
    """How much is held, each thing until nobody holds it any more.

    Parameters
    ----------
    most_bytes : int
        Of all of it.
    """

    def __init__(self, most_bytes: int = ALL_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held: dict[int, int] = {}
        # Sessions end wherever garbage is collected, also in a thread that is in here.
        self._lock = threading.RLock()

    @property
    def nbytes(self) -> int:
        """How much is held."""
        with self._lock:
            return sum(self._held.values())

    def take(self, thing: object, nbytes: int) -> None:
        """Count so much for something, instead of what counted for it before.

        Raises
        ------
        NoRoomError
            If that is too much with all that is held.
        """
        name = id(thing)
        with self._lock:
            if self.nbytes - self._held.get(name, 0) + nbytes > self._most_bytes:
                raise NoRoomError(
                    "There is no room for it: visitors have opened as much as the server can hold. "
                    "Try again when some have left, in a few minutes"
                )
            if name not in self._held:
                weakref.finalize(thing, self._leave, name).atexit = False
            self._held[name] = nbytes

    def _leave(self, name: int) -> None:
        with self._lock:
            del self._held[name]


BROUGHT = Room()
"""What all visitors have opened."""
