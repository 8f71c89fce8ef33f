"""Parameters of any epoch of a run, computed in turns."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from nnviz.paper.network import Parameters
from nnviz.runs.recording import Recording, parameters_at
from nnviz.ui.shared.turns import TURNS


def parameters_in_turns(run: Recording, epoch: int) -> Parameters:
    """Return `parameters_at` of a run.

    From one keyframe of a large network to the next there may be thousands of epochs: others have
    their turns meanwhile. The epoch asked for last is kept, since a page asks for it at every move.
    """
    known = _LAST.get(run)
    if known is None or known[0] != epoch:
        with TURNS.turn() as pause:
            known = _LAST[run] = (epoch, parameters_at(run, epoch, pause))
    return known[1]


_LAST: WeakKeyDictionary[Recording, tuple[int, Parameters]] = WeakKeyDictionary()
"""One epoch's parameters for each run, kept while the run is kept: less than one of its two
keyframes or more."""
