"""The message of the Compare page: several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.course import longest
from nnviz.figures.metrics import last_of_axis, metric_at, metrics_of
from nnviz.figures.pages.compare import compare_pictures
from nnviz.player.messages.header import readout, trained_share
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording

SHOWN = (
    ("loss", "Loss", "number"),
    ("accuracy", "Train", "percent"),
    ("test_accuracy", "Test", "percent"),
    ("error_term_rms", "RMS E", "number"),
)


def compare_message(runs: Mapping[str, Recording], run_id: str, stopped: bool = False) -> bytes:
    """Pack runs, finished or as far as they have come, for the player.

    Parameters
    ----------
    runs : mapping of str to Recording
        By a short name.
    run_id : str
        Stays the same while the runs grow.
    stopped : bool
        Whether those that are not finished are not trained on.
    """
    whole = longest(runs)
    running = any(run.status == "running" for run in runs.values())
    status = "finished" if not running else "stopped" if stopped else "running"
    end = max(map(last_of_axis, runs.values()))
    epochs = metrics_of(whole).epochs
    reached = "-".join(f"{run.last_epoch}" for run in runs.values())
    return pack_pictures(
        compare_pictures(runs, end),
        keyframes=[keyframe.epoch for keyframe in whole.keyframes],
        header={
            "run": run_id,
            "version": f"{run_id} {status} {reached}",
            "columns": len(runs),
            "status": status,
            "progress": trained_share(runs.values()),
            "notice": _notice(runs),
            "epochs": epochs,
            "metrics": _readouts(runs, epochs),
        },
    )


def _notice(runs: Mapping[str, Recording]) -> str:
    """Which runs ended otherwise than planned."""
    return " ".join(f"{name}: {said}" for name, run in runs.items() if (said := ending(run)))


def _readouts(runs: Mapping[str, Recording], epochs: NDArray[np.uint32]) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch; NaN after a run's end."""
    found = [readout("Epoch", epochs, "Updates made so far", "count", of=int(epochs[-1]))]
    for metric, label, shown_as in SHOWN:
        for name, run in runs.items():
            at = metric_at(run, metric, epochs)
            found.append(readout(f"{label} {name}", at, f"{label} of run {name}", shown_as))
    return found
