"""Recording: a whole run, epoch by epoch, and the Recorder that makes it in slices."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.checks import SettingError
from nnviz.data.datasets import Dataset
from nnviz.paper.error_term import QUANTILE_LEVELS, ErrorTermSummary
from nnviz.paper.network import Array, Parameters, accuracy
from nnviz.runs.config import Config
from nnviz.runs.costs import epoch_seconds
from nnviz.runs.keyframes import keyframe_epochs
from nnviz.runs.measures import EpochMeasures
from nnviz.runs.pausing import Pause, no_pause
from nnviz.runs.threads import one_thread
from nnviz.runs.training import HeldOut, Trainer

EXPLODED = 1e24
"""Squared length of the parameters above which a run counts as diverged. The loss cannot explode,
since the squared error of a softmax is at most 1; the weights do."""

CHUNK_EPOCHS, CHUNK_BYTES = 64, 300_000
"""So many epochs, or outputs of that size, are measured at a time."""


@dataclass(frozen=True, eq=False)
class Keyframe:
    """The parameters after `epoch` updates."""

    epoch: int
    parameters: Parameters


@dataclass(frozen=True, eq=False)
class Recording:
    """What happened in a run, up to its last epoch.

    Metrics are arrays ``[epochs+1]``; entry t is taken of the parameters after t updates, before
    the next, so that entry 0 is that of the starting parameters.

    Attributes
    ----------
    config : Config
        The settings that it was trained with.
    dataset : Dataset
        What it was trained on.
    loss, accuracy : array
        Of the training samples; the loss is Eq. (11).
    test_loss, test_accuracy : array
        Of the test samples; NaN without a test part.
    error_term_mean, error_term_mean_abs, error_term_rms : array
        Mean, mean size and root mean square of E over the training samples.
    error_term_quantiles : array ``[len(QUANTILE_LEVELS)×(epochs+1)]``
        Quantiles of E over the training samples.
    dead_units : int array
        Hidden units that are 0 for every training sample.
    keyframes : tuple of Keyframe
        Epoch 0 and the last always; dense early, spaced out later.
    status : str
        ``running``, ``finished`` (all epochs), ``target`` (accuracy reached), ``stopped`` (by
        the user) or ``diverged``.
    """

    config: Config
    dataset: Dataset
    loss: Array
    accuracy: Array
    test_loss: Array
    test_accuracy: Array
    error_term_mean: Array
    error_term_mean_abs: Array
    error_term_rms: Array
    error_term_quantiles: Array
    dead_units: NDArray[np.integer]
    keyframes: tuple[Keyframe, ...]
    status: str

    @property
    def last_epoch(self) -> int:
        """Number of the last epoch recorded."""
        return len(self.loss) - 1

    @property
    def nbytes(self) -> int:
        """Size in memory, without the dataset, in bytes."""
        metrics = 8 * len(self.loss) * (8 + len(QUANTILE_LEVELS))
        return metrics + sum(keyframe.parameters.nbytes for keyframe in self.keyframes)


def parameters_at(run: Recording, epoch: int, pause: Pause = no_pause) -> Parameters:
    """Parameters after any number of updates, bit for bit as they were.

    Parameters
    ----------
    run : Recording
        The run, with the keyframe that training goes on from.
    epoch : int
        From 0 to the last epoch of the run.
    pause : callable
        Called between two epochs: from one keyframe to the next there may be thousands.

    Examples
    --------
    >>> from nnviz import load_dataset
    >>> run = train(Config(epochs=100), load_dataset("spiral"))
    >>> bool((parameters_at(run, 100).W1 == run.keyframes[-1].parameters.W1).all())
    True
    """
    before = max((k for k in run.keyframes if k.epoch <= epoch), key=lambda k: k.epoch)
    trainer = Trainer(run.config, run.dataset, start=before.parameters)
    with one_thread():
        for _ in range(before.epoch, epoch):
            trainer.step()
            pause()
    return trainer.parameters


def epoch_in_reach(run: Recording, epoch: int, seconds: float) -> int:
    """The epoch, if `parameters_at` comes to it in about so long; else the keyframe's before."""
    before = max(k.epoch for k in run.keyframes if k.epoch <= epoch)
    return epoch if (epoch - before) * epoch_seconds(run.config, run.dataset) <= seconds else before


class Recorder:
    """Train a run slice by slice; what is recorded does not depend on the slices.

    Parameters
    ----------
    config : Config
        Settings of the run.
    dataset : Dataset
        What it is trained on.
    start : Parameters or None
        Parameters to start from, instead of those that `config` draws.
    every_epoch : bool
        Whether the test samples, E and dead units are looked at in every epoch, as loss and
        accuracy are. If not, then at keyframes alone: elsewhere the recording has NaN, and -1.

    Raises
    ------
    SettingError
        If those parameters count as exploded already, or are not finite.

    Examples
    --------
    >>> from nnviz import load_dataset
    >>> recorder = Recorder(Config(epochs=1000), load_dataset("spiral"))
    >>> while not recorder.done:
    ...     recorder.run(seconds=0.01)
    >>> recorder.recording().last_epoch
    1000
    """

    def __init__(
        self,
        config: Config,
        dataset: Dataset,
        start: Parameters | None = None,
        every_epoch: bool = True,
    ) -> None:
        self.config = config
        self.dataset = dataset
        self.status = "running"
        if start is not None:
            check_start(start)
        self._trainer = Trainer(config, dataset, start=start)
        rows = config.epochs + 1
        self._loss, self._accuracy = np.empty(rows), np.empty(rows)
        self._test_loss, self._test_accuracy = np.full((2, rows), np.nan)
        self._E_mean, self._E_mean_abs, self._E_rms = np.full((3, rows), np.nan)
        self._E_quantiles = np.full((len(QUANTILE_LEVELS), rows), np.nan)
        self._dead = np.full(rows, -1, np.int32)
        chunk = max(1, min(CHUNK_EPOCHS, CHUNK_BYTES // dataset.Y.nbytes))
        self._test = HeldOut(config, dataset, chunk)
        self._A2 = np.empty((chunk, *dataset.Y.shape), config.dtype)
        self._test_A2 = np.empty((chunk, *dataset.Y_test.shape), config.dtype)
        self._reached = 0  # epochs whose outputs are taken
        self._measured = 0  # of those, epochs that are measured
        self._every_epoch = every_epoch
        self._looked: list[int] = []  # epochs that wait to be measured in all there is
        self._keyframes = [Keyframe(0, self._trainer.parameters)]
        self._plan = keyframe_epochs(config.epochs, self._keyframes[0].parameters.nbytes)

    @classmethod
    def after(cls, run: Recording) -> Recorder:
        """One that goes on with a run that has not ended, as if it had not been interrupted.

        Parameters
        ----------
        run : Recording
            The run as far as it has come; its status is ``running``.
        """
        recorder = cls(run.config, run.dataset, run.keyframes[-1].parameters)
        n = recorder._reached = recorder._measured = len(run.loss)
        for name, rows in recorder._rows().items():
            rows[..., :n] = getattr(run, name)
        # Without the last, unless it is one of those that a run keeps.
        recorder._keyframes = [k for k in run.keyframes if k.epoch in recorder._plan]
        return recorder

    @property
    def done(self) -> bool:
        """Whether the run has ended."""
        return self.status != "running"

    @property
    def epoch(self) -> int:
        """The last epoch reached."""
        return self._reached - 1

    @property
    def keyframes(self) -> Sequence[Keyframe]:
        """Those taken so far."""
        return self._keyframes

    @property
    def nbytes(self) -> int:
        """Size in memory, without the dataset, in bytes."""
        arrays = [value for value in vars(self).values() if isinstance(value, np.ndarray)]
        keyframes = sum(keyframe.parameters.nbytes for keyframe in self._keyframes)
        parts = self._trainer.nbytes + self._test.nbytes
        return sum(array.nbytes for array in arrays) + keyframes + parts

    def run(self, *, seconds: float | None = None, epochs: int | None = None) -> None:
        """Train on until the run ends, or a limit is reached.

        Parameters
        ----------
        seconds : float or None
            Stop after about this time.
        epochs : int or None
            Stop after so many epochs.
        """
        deadline = time.perf_counter() + seconds if seconds is not None else float("inf")
        last = self.epoch + epochs if epochs is not None else self.config.epochs
        # Divergence is met in the ordinary course of exploring, and handled: no warnings.
        with one_thread(), np.errstate(all="ignore"):
            while not self.done and self.epoch < last:
                if self._reached:  # epoch 0 is taken however little time there is
                    if time.perf_counter() >= deadline:
                        break
                    self._trainer.step()
                self._take()

    def stop(self) -> None:
        """End the run here, as the user asked."""
        if not self.done:
            self._end("stopped")

    def recording(self) -> Recording:
        """All that is recorded so far; it does not change when the run goes on."""
        self._measure()
        n = self._measured
        kept = _copied if self.done else _frozen  # or what ended early would hold all its rows
        keyframes = self._keyframes
        if keyframes[-1].epoch != self.epoch:
            keyframes = [*keyframes, Keyframe(self.epoch, self._trainer.parameters)]
        return Recording(
            config=self.config,
            dataset=self.dataset,
            keyframes=tuple(keyframes),
            status=self.status,
            **{name: kept(rows[..., :n]) for name, rows in self._rows().items()},
        )

    def _rows(self) -> dict[str, NDArray[Any]]:
        """What is noted at every epoch, by its name in a recording, with room for all epochs."""
        return {
            "loss": self._loss,
            "accuracy": self._accuracy,
            "test_loss": self._test_loss,
            "test_accuracy": self._test_accuracy,
            "error_term_mean": self._E_mean,
            "error_term_mean_abs": self._E_mean_abs,
            "error_term_rms": self._E_rms,
            "error_term_quantiles": self._E_quantiles,
            "dead_units": self._dead,
        }

    def _take(self) -> None:
        """Take the outputs of the trainer's epoch, and end the run where a rule says so."""
        trainer, t, target = self._trainer, self._reached, self.config.target_accuracy
        if not trainer.squared_norm() < EXPLODED:  # NaN, too, is not
            trainer.undo()  # back to the last epoch that can be shown
            self._end("diverged")
            return
        kept = t == self._plan[len(self._keyframes)] and t < self.config.epochs
        looked = self._every_epoch or kept or t == 0
        trainer.evaluate(count_active=looked)
        A2 = self._A2[t - self._measured]
        trainer.outputs(A2)
        if looked:
            self._look(t)
        self._reached += 1
        if self._reached - self._measured == len(self._A2):
            self._measure()
        if kept:
            self._keyframes.append(Keyframe(t, trainer.parameters))
        if target is not None and accuracy(A2, self.dataset.y) >= target:
            self._end("target")
        elif t == self.config.epochs:
            self._end("finished")

    def _look(self, epoch: int) -> None:
        """Look at what costs more, of the trainer's epoch."""
        self._test.note(self._trainer, len(self._looked))
        self._dead[epoch] = self._trainer.dead_units()
        self._looked.append(epoch)

    def _end(self, status: str) -> None:
        self.status = status
        last = self.epoch
        if self._dead[last] < 0:  # it was not known that it would be the last
            self._measured = min(self._measured, last)
            self._trainer.evaluate(count_active=True)
            self._trainer.outputs(self._A2[last - self._measured])
            self._look(last)
        if self._keyframes[-1].epoch != last:
            self._keyframes.append(Keyframe(last, self._trainer.parameters))

    def _measure(self) -> None:
        """Measure the outputs that wait for it."""
        data, epochs = self.dataset, slice(self._measured, self._reached)
        count = self._reached - self._measured
        training = EpochMeasures(self._A2[:count], data.Y, data.y)
        self._loss[epochs], self._accuracy[epochs] = training.loss, training.accuracy
        if self._looked:
            self._measure_looked(training.error_term())
        self._measured, self._looked = self._reached, []

    def _measure_looked(self, error_term: Array) -> None:
        """Measure what costs more; E is that of all epochs since `_measured`."""
        data, looked = self.dataset, np.array(self._looked)
        E = ErrorTermSummary(error_term[looked - self._measured])
        self._E_mean[looked], self._E_mean_abs[looked] = E.mean, E.mean_abs
        self._E_rms[looked], self._E_quantiles[:, looked] = E.rms, E.quantiles
        if data.y_test.size:
            A2 = self._test_A2[: looked.size]
            self._test.outputs(A2)
            test = EpochMeasures(A2, data.Y_test, data.y_test)
            self._test_loss[looked], self._test_accuracy[looked] = test.loss, test.accuracy


def check_start(parameters: Parameters) -> None:
    """Raise `SettingError` unless a run can start from these parameters."""
    with np.errstate(all="ignore"):
        squared = sum(float(np.square(a, dtype=float).sum()) for a in vars(parameters).values())
    if not squared < EXPLODED:  # NaN, too, is not
        allowed = f"less than {math.sqrt(EXPLODED):g} in length, all together as one vector"
        raise SettingError("the starting parameters", float(f"{math.sqrt(squared):.2g}"), allowed)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written through."""
    view = array[...]
    view.flags.writeable = False
    return view


def _copied(array: NDArray[Any]) -> NDArray[Any]:
    """A copy that cannot be written to."""
    return _frozen(array.copy())


def train(config: Config, dataset: Dataset) -> Recording:
    """Train a whole run.

    Parameters
    ----------
    config : Config
        Settings of the run.
    dataset : Dataset
        From `nnviz.data.datasets.load_dataset`.

    Returns
    -------
    Recording
        The same arguments give the same bits on one machine, here, on the page, on the command
        line and in a sweep: all take one thread for their products (see `nnviz.runs.threads`, also
        for what NumPy alone does).

    Examples
    --------
    >>> from nnviz import load_dataset
    >>> run = train(Config(epochs=1000), load_dataset("spiral"))
    >>> run.status, run.loss[[0, -1]].round(3).tolist()  # at the start and at the end
    ('finished', [0.415, 0.008])
    """
    recorder = Recorder(config, dataset)
    recorder.run()
    return recorder.recording()
