"""What is measured of a run's progress, for the player."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.approximation.progress import HORIZONS, NOT_MEASURED, WHY, Progress
from nnviz.player.wire import pack


def progress_message(found: Progress, planned: Sequence[int], run_id: str, complete: bool) -> bytes:
    """Pack `measured`, to be sent apart from a run's long message."""
    return pack(measured(found, planned, run_id, complete))


def measured(
    found: Progress, planned: Sequence[int], run_id: str, complete: bool
) -> dict[str, Any]:
    """What is measured of a run's progress so far.

    Parameters
    ----------
    found : Progress
        What is measured.
    planned : sequence of int
        All epochs that are measured from, or will be.
    run_id : str
        That of the run's own message.
    complete : bool
        Whether nothing is left to be measured.
    """
    return {
        "run": run_id,
        "version": f"{run_id} {len(found.epochs)} {complete}",
        "complete": complete,
        "epochs": found.epochs.astype(np.uint32),
        "planned": np.array(planned, np.uint32),
        "horizons": HORIZONS,
        "matched": dict(found.matched),
        "why": found.why.astype(np.uint8),
        "reasons": [[why, said] for why, said in WHY.items() if why != NOT_MEASURED],
    }
