"""Turns: the computing for all visitors, one after the other.

Two threads that compute with small arrays at once are far slower than one after the other: each of
their many calls gives Python's lock up and waits to get it back. And nobody is to wait longer
because another visitor's run is long, or because another visitor asks for much: a long run takes
its turn slice by slice, and turns are shared between visitors.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from nnviz.runs.pausing import Pause
from nnviz.sweeps.served import Served, next_of
from nnviz.ui.visitor import visitor

TURN, URGENT_TURN = 0.1, 0.5
"""Seconds of computing before others have their turn; longer where a visitor sees nothing new until
all of it is done: cut in pieces between those of others, all would end later."""


@dataclass(eq=False)
class Request:
    """Somebody who waits for a turn.

    Attributes
    ----------
    owner : str
        Whose session it is.
    urgent : bool
        Whether that visitor sees nothing new until then.
    since : float
        When it was asked for, in seconds.
    granted : Event
        Set when the turn has come.
    """

    owner: str
    urgent: bool
    since: float
    granted: threading.Event = field(default_factory=threading.Event)


class Turns:
    """A lock that is given to one after the other, as `next_of` has it.

    Parameters
    ----------
    clock : callable
        Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[Request] = []
        self._served = Served()
        self._taken = False
        self._turns = 0
        self._mine = threading.local()

    @property
    def taken(self) -> bool:
        """Whether somebody has the turn."""
        return self._taken

    @contextmanager
    def turn(self, urgent: bool = True) -> Iterator[Pause]:
        """Wait for one's turn, and have it. Within a turn of one's own, go on with that.

        Parameters
        ----------
        urgent : bool
            Whether a visitor sees nothing new until then.

        Yields
        ------
        pause : callable
            Lets others have their turns, once this one has been `TURN` seconds long, or
            `URGENT_TURN`. Not to be called with a lock that others may need in theirs.
        """
        if outer := getattr(self._mine, "pause", None):
            yield outer
            return
        whose = visitor()
        begun = self._take(whose, urgent)

        def pause() -> None:
            nonlocal begun
            if self._waiting and self._clock() - begun >= (URGENT_TURN if urgent else TURN):
                self._hand_over(whose, begun)
                begun = self._take(whose, urgent)

        self._mine.pause = pause
        try:
            yield pause
        finally:
            self._mine.pause = None
            self._hand_over(whose, begun)

    def _take(self, whose: str, urgent: bool) -> float:
        """Wait; when the turn begins."""
        mine = Request(whose, urgent, self._clock())
        with self._lock:
            if self._taken:
                self._waiting.append(mine)
            else:
                self._taken = True
                mine.granted.set()
        mine.granted.wait()  # who ends a turn hands over
        return self._clock()

    def _hand_over(self, whose: str, begun: float) -> None:
        with self._lock:
            now = self._clock()
            self._served.add(whose, now - begun, now)
            self._taken = bool(self._waiting)
            if self._waiting:
                self._turns += 1
                after = next_of(self._waiting, self._served, now, self._turns)
                self._waiting.remove(after)
                after.granted.set()


TURNS = Turns()
"""Those of all visitors. There were two queues, the other for large networks, whose products do not
hold Python's lock; all else that is computed of them does, and both were half as fast."""


def patient_turns() -> AbstractContextManager[Pause]:
    """What to compute within if nobody waits for that to see something new."""
    return TURNS.turn(urgent=False)
