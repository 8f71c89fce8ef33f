"""What of a run is worth working out by hand: an epoch in which much happens, an open sample."""

from __future__ import annotations

from nnviz.paper.network import Array
from nnviz.runs.recording import Recording


def busiest_epoch(run: Recording) -> int:
    """The keyframe by which the run has made half of the way from its first loss to its lowest.

    Examples
    --------
    >>> from nnviz import Config, load_dataset, train
    >>> run = train(Config(), load_dataset("spiral"))
    >>> run.loss[[0, busiest_epoch(run), 1000]].round(2).tolist()
    [0.41, 0.21, 0.01]
    """
    half = (run.loss[0] + run.loss.min()) / 2
    return next((k.epoch for k in run.keyframes if run.loss[k.epoch] <= half), 0)


def least_certain(A2: Array) -> int:
    """The sample whose most probable class is the least probable, of predictions ``[N2×M]``."""
    return int(A2.max(axis=0).argmin())
