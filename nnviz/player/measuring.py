"""Measuring: a run's progress over a horizon, slice by slice, after its pictures are there."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from nnviz.approximation.milestones import Group, measure_group, milestones
from nnviz.approximation.progress import Progress, joined
from nnviz.player.messages.measured import progress_message
from nnviz.runs.pausing import Pause, no_pause
from nnviz.runs.recording import Recording

Turn = Callable[[], AbstractContextManager[Pause]]
"""Gives what to compute within: it begins when it is one's turn, and pauses for others."""


def at_once() -> AbstractContextManager[Pause]:
    """Where nobody else computes: no turns, and no pauses."""
    return nullcontext(no_pause)


class Measuring:
    """What is measured of one run so far, as far as that has come itself."""

    def __init__(self, run: Recording) -> None:
        self._left: list[Group] = milestones(run.config, run.dataset)
        self._found: list[Progress] = []
        self._begun: set[Group] = set()

    @property
    def planned(self) -> list[int]:
        """Epochs that are measured from, or will be, rising."""
        left = (epoch for group in list(self._left) for epoch in group.epochs)
        done = (int(epoch) for part in list(self._found) for epoch in part.epochs)
        return sorted({*left, *done})

    def packed(self, run_id: str, complete: bool) -> bytes:
        """The message for the player."""
        return progress_message(self.found, self.planned, run_id, complete)

    @property
    def found(self) -> Progress:
        """What is measured."""
        return joined(self._found)

    def is_complete(self, run: Recording, growing: bool) -> bool:
        """Whether there is nothing to measure of a run, nor will be."""
        return not growing and not self._reached(run)

    def go_on(
        self,
        run: Recording,
        seconds: float,
        turn: Turn = at_once,
    ) -> None:
        """Measure for about so long.

        A group is measured when the run has come to its last epoch, or has ended.

        Parameters
        ----------
        run : Recording
            The run as far as it has come.
        seconds : float
            How long to measure, about; a group that has begun is finished.
        turn : callable
            What a group is measured within, where computing takes turns.
        """
        until = time.monotonic() + seconds
        # What is seen first is the run's end.
        for group in sorted(
            self._reached(run), key=lambda group: run.last_epoch not in group.epochs
        ):
            if time.monotonic() >= until:
                return
            with turn() as pause:
                if group not in self._left or group in self._begun:
                    continue  # measured in another visitor's turn
                self._begun.add(group)
                try:
                    part = measure_group(run, group, pause)
                finally:
                    self._begun.discard(group)
                self._left.remove(group)
                if part is not None:
                    self._found.append(part)

    def _reached(self, run: Recording) -> list[Group]:
        ended = run.status != "running"
        return [group for group in self._left if ended or group.epochs[-1] <= run.last_epoch]
