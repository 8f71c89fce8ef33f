"""The beginning of a run, and its message, computed in another process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nnviz.data.datasets import Dataset
from nnviz.player.messages.train import train_message
from nnviz.runs.pausing import SLICE
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec


@dataclass(frozen=True, eq=False)
class Beginning:
    """What is asked for.

    Attributes
    ----------
    spec : RunSpec
        The run.
    dataset : Dataset
        Its data.
    seconds : float
        How long to train it, if it does not end before.
    packed : bool
        Whether its message for the Train page is wanted, too.
    """

    spec: RunSpec
    dataset: Dataset
    seconds: float
    packed: bool


@dataclass(frozen=True, eq=False)
class Begun:
    """What came of it.

    Attributes
    ----------
    numbers : dict
        A `Recording` but for its data, which are known.
    message : bytes
        For the Train page, if it was wanted.
    """

    numbers: dict[str, Any]
    message: bytes

    def recording(self, dataset: Dataset) -> Recording:
        """The run, as far as it has come."""
        return Recording(dataset=dataset, **self.numbers)


def begin_in_slices(asked: Beginning) -> Iterator[Begun | None]:
    """Train for so long and pack, None after each slice but the last (`nnviz.sweeps.pool`)."""
    recorder = asked.spec.recorder(asked.dataset)
    until = time.perf_counter() + asked.seconds
    while not recorder.done:
        recorder.run(seconds=min(SLICE, asked.seconds))
        yield None
        if time.perf_counter() >= until:
            break
    run = recorder.recording()
    message = train_message(run, asked.spec.run_id) if asked.packed else b""
    numbers = {name: value for name, value in vars(run).items() if name != "dataset"}
    yield Begun(numbers, message)
