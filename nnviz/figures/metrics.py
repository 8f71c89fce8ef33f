"""The epochs a visitor can go to, and every metric at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.runs.keyframes import thinned_epochs
from nnviz.runs.recording import Recording

MOST_EPOCHS = 2_001
"""Epochs sent to the page at most: those of a run of 2,000, with the start. A longer one is
thinned, evenly in epoch and in log(epoch)."""


@dataclass(frozen=True, eq=False)
class Metrics:
    """Metrics of a run at the epochs that a visitor can go to.

    Attributes
    ----------
    epochs : int array
        Every epoch of the run, or `MOST_EPOCHS` of them, with all keyframes.
    """

    run: Recording
    epochs: NDArray[np.uint32]

    def of(self, name: str) -> NDArray[np.float32]:
        """One metric of the recording at `epochs`, by its name there."""
        return getattr(self.run, name)[..., self.epochs].astype(np.float32)


def metrics_of(run: Recording) -> Metrics:
    """Choose the epochs of a run that a visitor can go to."""
    if run.last_epoch < MOST_EPOCHS:
        epochs = np.arange(run.last_epoch + 1)
    else:
        keyframes = [keyframe.epoch for keyframe in run.keyframes]
        epochs = np.union1d(thinned_epochs(run.last_epoch, MOST_EPOCHS - len(keyframes)), keyframes)
    return Metrics(run, epochs.astype(np.uint32))


def last_of_axis(run: Recording) -> int:
    """The epoch at which charts over a run's epochs end: a growing run has room to grow."""
    return run.config.epochs if run.status == "running" else max(run.last_epoch, 1)


def metric_at(run: Recording, name: str, epochs: NDArray[np.uint32]) -> NDArray[np.float32]:
    """One metric of a recording at any epochs, by its name there; NaN after the run's end."""
    values: NDArray[Any] = getattr(run, name)
    inside = np.minimum(epochs, run.last_epoch)
    return np.where(epochs <= run.last_epoch, values[inside], np.nan).astype(np.float32)
