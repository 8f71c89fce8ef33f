"""Sweeps in the background: one at a time for all visitors, what has finished kept for all."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

from nnviz.sweep import Cell, Outcome, run_cells

MOST_OUTCOMES = 20_000
"""Finished runs to remember."""


class Outcomes:
    """What came of the runs of all sweeps, the oldest forgotten first."""

    def __init__(self, most: int = MOST_OUTCOMES) -> None:
        self._most = most
        self._found: OrderedDict[Cell, Outcome] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, cell: Cell, found: Outcome) -> None:
        """Keep one."""
        with self._lock:
            self._found[cell] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def of(self, cells: Sequence[Cell]) -> dict[int, Outcome]:
        """Those there are, by the cells' numbers."""
        with self._lock:
            return {n: self._found[cell] for n, cell in enumerate(cells) if cell in self._found}


OUTCOMES = Outcomes()
"""All visitors' finished runs."""

_TURN = threading.Lock()
"""Held by the sweep that runs: two would only slow each other down."""


class Sweep:
    """Runs in training; what finishes is kept at once, and stays there.

    Parameters
    ----------
    cells : sequence of Cell
    kept : Outcomes
        Where outcomes go. What is there already is not trained again.
    """

    def __init__(self, cells: Sequence[Cell], kept: Outcomes) -> None:
        known = kept.of(cells)
        self._kept = kept
        self.error = ""
        self._cells = [cell for number, cell in enumerate(cells) if number not in known]
        self._done = 0
        self._since = time.monotonic()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether runs are still to come."""
        return self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take, as far as can be told."""
        if not self._done:
            return None
        spent = time.monotonic() - self._since
        return spent / self._done * (len(self._cells) - self._done)

    def cancel(self) -> None:
        """Train no more; what has finished stays."""
        self._cancelled.set()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.join()

    def _work(self) -> None:
        with _TURN:
            self._since = time.monotonic()
            try:
                for number, found in run_cells(self._cells):
                    self._kept.put(self._cells[number], found)
                    self._done += 1
                    if self._cancelled.is_set():
                        return
            except Exception as error:  # shown on the page: this thread has nobody to raise to
                self.error = f"{type(error).__name__}: {error}"
