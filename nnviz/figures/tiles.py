"""Tiles: what a wall of networks shows of a run, small enough for many of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.milestones import milestone_keyframes
from nnviz.figures.confusion import counted
from nnviz.figures.decision import shaded
from nnviz.figures.frames import Frames, frames_of, largest
from nnviz.figures.moving import Moving, in_bytes
from nnviz.figures.picture import evenly
from nnviz.figures.plane import plane_grid
from nnviz.paper.network import Array
from nnviz.runs.recording import Keyframe, Recording
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome, summed_up, trained_in_slices

PICTURES = ("decisions", "weights", "loss", "E")
"""What a place of a wall can show of its run."""

MATRICES = ("decisions", "weights", "W2", "hidden")
"""What a tile has of every frame; a film shows all of it."""

MOST_TILES = 150
"""Places of a wall at most: of more, a heat map says what came of them."""

FRAMES = 64
"""Keyframes of a tile at most."""

SIDE = 24
"""Cells a side of a tile's picture at most."""

METRICS = ("loss", "test_loss", "accuracy", "test_accuracy", "error_term_mean_abs", "dead_units")
"""What is kept of a run's metrics, by its name in `nnviz.runs.recording.Recording`."""


@dataclass(frozen=True, eq=False)
class Tile:
    """A run as a wall shows it.

    Attributes
    ----------
    epochs : int array ``[F]``
        Rising; the first 0 and the last that of the run.
    matrices : dict of str to Moving ``[F×rows×columns]``
        For each of `MATRICES`, at most `SIDE` rows and columns of it. ``decisions`` is what the
        network says: of data in the plane the decision map, a row a value of the second feature,
        from below; of others the confusion matrix of the training samples, in shares of the true
        class, a row a class, from above. ``weights`` is [W1 b1], ``W2`` [W2 b2]; ``hidden`` A1 of
        training samples, by class.
    classes : int
        How many the decision map tells apart; 0 where it is a confusion matrix.
    metrics : float32 array ``[len(METRICS)×F]``
        At the epochs.
    """

    epochs: NDArray[np.uint32]
    matrices: Mapping[str, Moving]
    classes: int
    metrics: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """Size in memory, in bytes."""
        matrices = (moving.values for moving in self.matrices.values())
        return sum(array.nbytes for array in (self.epochs, self.metrics, *matrices))


def tile_of(run: Recording) -> Tile:
    """Make the tile of a run."""
    kept = evenly(len(run.keyframes), FRAMES)
    every = frames_of(run)
    frames = Frames(run, every.epochs[kept], every.W1b1[kept], every.W2b2[kept])
    metrics = np.stack([getattr(run, name)[frames.epochs] for name in METRICS])
    return Tile(
        epochs=frames.epochs,
        matrices={
            "decisions": _says(frames),
            "weights": _weights(frames.W1b1),
            "W2": _weights(frames.W2b2),
            "hidden": _hidden(frames),
        },
        classes=len(run.dataset.class_names) if len(run.dataset.feature_names) == 2 else 0,
        metrics=metrics.astype(np.float32),
    )


def _says(frames: Frames) -> Moving:
    """The decision map in fewer cells, or the confusion matrix of the training samples."""
    data = frames.run.dataset
    if len(data.feature_names) == 2:
        return shaded(frames, plane_grid(data, SIDE)[2], SIDE)
    return in_bytes(counted(frames, data.X, data.y)[1], 0, 1)


def _weights(matrix: Array) -> Moving:
    """Some rows and columns of a matrix ``[F×rows×columns]``."""
    rows, columns = (evenly(count, SIDE) for count in matrix.shape[1:])
    some = matrix[:, rows][:, :, columns]
    limit = largest(some)
    return in_bytes(some, -limit, limit)


def _hidden(frames: Frames) -> Moving:
    """A1 of some units, and of some samples, sorted by class."""
    data = frames.run.dataset
    by_class = np.argsort(data.y, kind="stable")
    samples = by_class[evenly(by_class.size, SIDE)]
    units = evenly(frames.run.config.hidden_units, SIDE)
    some = replace(frames, W1b1=frames.W1b1[:, units])
    A1 = np.stack(list(some.hidden(data.X[:, samples])))
    return in_bytes(A1, 0, largest(A1))


Asked = tuple[RunSpec, bool]
"""A run, and whether its tile is wanted, too."""


@dataclass(frozen=True, eq=False)
class Found:
    """What came of a run of a wall, before its progress is measured.

    Attributes
    ----------
    outcome : Outcome
        Its numbers.
    tile : Tile or None
        If it was wanted.
    milestones : tuple of Keyframe
        Where progress is to be measured from.
    """

    outcome: Outcome
    tile: Tile | None
    milestones: tuple[Keyframe, ...]


def found_in_slices(asked: Asked) -> Iterator[Found | None]:
    """Train a run of a wall; None at every pause, and at the end what came of it."""
    spec, drawn = asked
    for run in trained_in_slices(spec):
        if run is None:
            yield None
        else:
            tile = tile_of(run) if drawn else None
            yield Found(summed_up(run), tile, milestone_keyframes(run))


Tiles = Mapping[int, Tile]
"""By the number of the run."""
