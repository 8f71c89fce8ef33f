"""Finding: what is found along a run, by a helper, for all who wait for it."""

from __future__ import annotations

import threading

from nnviz.approximation.along import Along
from nnviz.runs.recording import Recording
from nnviz.sweeps.pool import WorkersLostError
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
        self._asked = run, partial
        self._share = HELPERS.share(Along.in_slices, [self._asked], visitor(), urgent=partial)
        self._lock = threading.Lock()
        self._found: Along | None = None

    @property
    def nbytes(self) -> int:
        """Size of what is found in memory, in bytes; 0 before."""
        return self._found.nbytes if self._found else 0

    def within(self, seconds: float) -> Along | None:
        """Wait for about so long; None if it is not found by then."""
        with self._lock:
            if self._found is None:
                try:
                    came = self._share.take(seconds)
                    self._found = came[1] if came else self._here()
                except TimeoutError:
                    pass
                except WorkersLostError:
                    self._found = self._here()
            return self._found

    def _here(self) -> Along:
        """Find it without helpers, in turns."""
        slices = Along.in_slices(self._asked)
        with TURNS.turn() as pause:
            while (found := next(slices)) is None:
                pause()
        return found
