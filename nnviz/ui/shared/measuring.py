"""A run's progress, measured by the workers that all visitors share.

It takes longer than to train the run, and with it the pages' turns would not do for forty visitors.
"""

from __future__ import annotations

import threading
import time

from nnviz.approximation.milestones import Asked, Group, ask_of, measured
from nnviz.approximation.progress import Progress
from nnviz.player.measuring import Measuring, Turn, at_once
from nnviz.runs.recording import Recording
from nnviz.sweeps.pool import Share
from nnviz.ui.shared.helpers import HELPERS

AT_ONCE = 2
"""Groups to hand out: when nobody asks any more, no more is measured than these."""

MEASURING = "measuring"
"""Whose work this is for the workers: all visitors' together, since each asks for little, and what
a page cannot be shown without comes first."""


class SharedMeasuring(Measuring):
    """What is measured of one run so far, by the workers."""

    def __init__(self, run: Recording) -> None:
        super().__init__(run)
        self._lock = threading.Lock()
        self._out: list[Group] = []
        self._share: Share[Asked, Progress] | None = None
        self._alone = False

    def go_on(self, run: Recording, seconds: float, turn: Turn = at_once) -> None:
        """Wait for the workers for about so long.

        Parameters
        ----------
        run : Recording
            The run as far as it has come.
        seconds : float
            How long to wait.
        turn : callable
            What to compute within, if there are no workers.
        """
        if self._alone:
            super().go_on(run, seconds, turn)
        elif seconds:
            until = time.monotonic() + seconds
            if self._lock.acquire(timeout=seconds):  # or others have waited as long for the same
                try:
                    self._wait(run, until)
                finally:
                    self._lock.release()

    def _wait(self, run: Recording, until: float) -> None:
        while self._hand_out(run) and (left := until - time.monotonic()) > 0:
            assert self._share is not None
            try:
                came = self._share.take(left)
            except TimeoutError:
                return
            except Exception:  # the workers are lost: then here, with its own failures
                self._share, self._alone = None, True
                return
            if came is None:
                self._share = None
                continue
            number, part = came
            self._left.remove(self._out[number])
            self._found.append(part)

    def _hand_out(self, run: Recording) -> bool:
        """Give the workers something to do; whether they have it."""
        if self._share is None:
            # What is seen first is the run's end.
            reached = sorted(self._reached(run), key=lambda one: run.last_epoch not in one.epochs)
            for group in reached:
                if ask_of(run, group) is None:  # it ended before
                    self._left.remove(group)
            self._out = [group for group in reached if group in self._left][:AT_ONCE]
            asked = [one for group in self._out if (one := ask_of(run, group))]
            self._share = HELPERS.share(measured, asked, MEASURING) if asked else None
        return self._share is not None
