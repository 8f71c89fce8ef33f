"""Finding: what is found along a run, by a helper, for all who wait for it."""

from __future__ import annotations

import threading

from nnviz.approximation.along import Along
from nnviz.runs.recording import Recording
from nnviz.sweeps.pool import Share, WorkersLostError
from nnviz.ui.shared.helpers import HELPERS
from nnviz.ui.shared.turns import TURNS
from nnviz.ui.visitor import visitor


class Finding:
    """What a helper finds along a run: it takes longer than to train the run.

    Parameters
    ----------
    run : Recording
        The run.
    partial : bool
        As of `Along`.
    """

    def __init__(self, run: Recording, partial: bool) -> None:
        self._lock = threading.Lock()
        self._found: Along | None = None
        self._asked: tuple[Recording, bool] | None = (run, partial)
        self._share: Share[tuple[Recording, bool], Along] | None = HELPERS.share(
            Along.in_slices, [self._asked], visitor(), urgent=partial
        )

    @property
    def nbytes(self) -> int:
        """Size of what is found in memory, in bytes; 0 before."""
        return self._found.nbytes if self._found else 0

    def within(self, seconds: float | None) -> Along | None:
        """Wait for so long, or for good; None if it is not found by then."""
        if not self._lock.acquire(timeout=-1 if seconds is None else seconds):
            return self._found  # others wait for it, too
        try:
            if self._share is None or self._asked is None:
                return self._found
            try:
                came = self._share.take(seconds)
            except TimeoutError:
                return None
            except WorkersLostError:
                came = None
            self._found = came[1] if came else _found_here(self._asked)
            self._share = self._asked = None  # and the run with them
            return self._found
        finally:
            self._lock.release()

    def cancel(self) -> None:
        """Have the helper let go of it: nobody will ask for it any more."""
        if (share := self._share) is not None:
            share.cancel()


def _found_here(asked: tuple[Recording, bool]) -> Along:
    """Find it without helpers, in turns."""
    slices = Along.in_slices(asked)
    with TURNS.turn() as pause:
        while (found := next(slices)) is None:
            pause()
    return found
