"""Turns: the computing for all visitors, one after the other.

Two threads that compute with small arrays at once are far slower than one after the other: each of
their many calls gives Python's lock up and waits to get it back. And nobody is to wait longer
because another visitor's run is long: that takes its turn slice by slice.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from nnviz.data.datasets import Dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording


class Turns:
    """A lock that is given in the order in which it was asked for, the urgent first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urgent: deque[threading.Event] = deque()
        self._patient: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self, urgent: bool = True) -> Iterator[None]:
        """Wait for one's turn, and have it.

        Parameters
        ----------
        urgent : bool
            Whether a visitor sees nothing new until then.
        """
        with self._lock:
            mine = threading.Event()
            if self._taken:
                (self._urgent if urgent else self._patient).append(mine)
            else:
                self._taken = True
                mine.set()
        mine.wait()  # who ends a turn hands over
        try:
            yield
        finally:
            with self._lock:
                waiting = self._urgent or self._patient
                self._taken = bool(waiting)
                if waiting:
                    waiting.popleft().set()


SMALL, LARGE = Turns(), Turns()
"""Those of all visitors. With large arrays, most of the time goes into products that do not hold
Python's lock: one thread with large arrays and one with small ones do get on."""

LARGE_FROM = 300_000
"""Multiplications a forward pass from which a run is large."""


def turns_of(config: Config, dataset: Dataset) -> Turns:
    """The queue that a run waits in."""
    features, samples = dataset.X.shape
    products = samples * config.hidden_units * (features + len(dataset.class_names))
    return LARGE if products >= LARGE_FROM else SMALL


def patient_turns(run: Recording) -> Callable[[], AbstractContextManager[None]]:
    """What to measure a run within: nobody waits for that to see something new."""
    return partial(turns_of(run.config, run.dataset).turn, urgent=False)
