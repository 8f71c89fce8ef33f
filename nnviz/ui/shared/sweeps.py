"""Sweeps in the background: one at a time for all visitors, what has finished kept for all."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from nnviz.checks import SettingError
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome, run_all

MOST_OUTCOMES = 20_000
"""Finished runs to remember."""


class Outcomes:
    """What came of the runs of all sweeps, the oldest forgotten first."""

    def __init__(self, most: int = MOST_OUTCOMES) -> None:
        self._most = most
        self._found: OrderedDict[RunSpec, Outcome] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, spec: RunSpec, found: Outcome) -> None:
        """Keep one."""
        with self._lock:
            self._found[spec] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def of(self, specs: Sequence[RunSpec]) -> dict[int, Outcome]:
        """Those there are, by the runs' numbers."""
        with self._lock:
            return {n: self._found[spec] for n, spec in enumerate(specs) if spec in self._found}


OUTCOMES = Outcomes()
"""All visitors' finished runs."""

_TURN = threading.Lock()
"""Held by the sweep that runs: two would only slow each other down."""


class Sweep:
    """Runs in training; what finishes is kept at once, and stays there.

    It is cancelled when nobody holds it any more: when its visitor's session has ended.

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs of the grid.
    kept : Outcomes
        Where outcomes go. What is there already is not trained again.
    """

    def __init__(self, specs: Sequence[RunSpec], kept: Outcomes) -> None:
        known = kept.of(specs)
        missing = [spec for number, spec in enumerate(specs) if number not in known]
        self._work = _Work(missing, kept)
        self._thread = threading.Thread(target=self._work.do, daemon=True)
        self._thread.start()
        weakref.finalize(self, self._work.cancelled.set)

    @property
    def running(self) -> bool:
        """Whether runs are still to come."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> bool:
        """Whether it has not begun, since another visitor's runs."""
        return self.running and self._work.since is None

    @property
    def error(self) -> str:
        """What ended it, if anything went wrong."""
        return self._work.error

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take, as far as can be told."""
        work = self._work
        if work.since is None or not work.done:
            return None
        spent = time.monotonic() - work.since
        return spent / work.done * (len(work.specs) - work.done)

    def cancel(self) -> None:
        """Train no more; what has finished stays."""
        self._work.cancelled.set()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.join()


@dataclass
class _Work:
    """What the thread of a sweep does, apart from the `Sweep`, which would never be let go of."""

    specs: list[RunSpec]
    kept: Outcomes
    cancelled: threading.Event = field(default_factory=threading.Event)
    since: float | None = None
    done: int = 0
    error: str = ""

    def do(self) -> None:
        """Wait for the others, and train."""
        while not _TURN.acquire(timeout=0.2):
            if self.cancelled.is_set():
                return
        try:
            self._train()
        except Exception as error:  # shown on the page: this thread has nobody to raise to
            known = isinstance(error, (OSError, SettingError))
            self.error = str(error) if known else f"{type(error).__name__}: {error}"
        finally:
            _TURN.release()

    def _train(self) -> None:
        self.since = time.monotonic()
        # What a visitor uploaded stays in this process and its own workers, cluster or not.
        private = any(spec.own is not None for spec in self.specs)
        for number, found in run_all(self.specs, here=private):
            self.kept.put(self.specs[number], found)
            self.done += 1
            if self.cancelled.is_set():
                return
