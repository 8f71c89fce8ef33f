"""Every visitor's runs, trained once and kept within a bound of memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

from nnviz.data.datasets import Dataset, load_dataset
from nnviz.data.samples import Samples
from nnviz.player.measuring import Measuring
from nnviz.player.messages.train import train_message
from nnviz.runs.recording import Recorder, Recording
from nnviz.runs.spec import Options, RunSpec
from nnviz.ui.shared.turns import TURN, Turns, patient_turns, turns_of

ALL_RUNS_BYTES = 200_000_000
"""Memory for recordings and their messages, in bytes."""

ENTRY_BYTES = 10_000
"""What a run takes beside its arrays, in bytes, about."""

ANEW = 20.0
"""Seconds at most to train a run again that is asked for as it was, and has been forgotten."""

LATE = 1.4
"""A page is answered after so many times the seconds asked for, however little could be trained."""


def data_of(spec: RunSpec) -> Dataset:
    """A run's data as `RunSpec.load` gives them, loaded once for all visitors.

    A visitor's own are split once for that visitor.
    """
    if spec.own is None:
        return _load(spec.dataset, spec.options)
    if _SPLITS.get(spec.own, ((), None))[0] != spec.options:
        _SPLITS[spec.own] = (spec.options, spec.load())
    return _SPLITS[spec.own][1]


_SPLITS: WeakKeyDictionary[Samples, tuple[Options, Dataset]] = WeakKeyDictionary()
"""A visitor's own data as they were split last, as long as the session holds them."""


@lru_cache(maxsize=32)
def _load(name: str, options: Options) -> Dataset:
    return load_dataset(name, **dict(options))


@dataclass
class _Entry:
    """A run, on its way or finished."""

    recorder: Recorder | None
    lock: threading.Lock = field(default_factory=threading.Lock)
    recording: Recording | None = None
    message: bytes = b""
    message_of: Recording | None = None
    measuring: Measuring | None = None
    used: float = 0.0
    nbytes: int = ENTRY_BYTES

    def weigh(self) -> None:
        """Find the size anew: it is asked for far more often than it changes."""
        held = self.recorder or self.recording
        self.nbytes = (held.nbytes if held else 0) + len(self.message) + ENTRY_BYTES


class RunStore:
    """Runs by their specs, the least recently used forgotten first.

    Visitors with equal specs share a run, also while it grows.
    """

    def __init__(self, most_bytes: int = ALL_RUNS_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[RunSpec, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def recording(self, spec: RunSpec, seconds: float) -> Recording:
        """Return a run, trained on for `seconds` if it is not finished.

        With 0 seconds it stays as it is; if it is not there any more, it is trained anew.

        Raises
        ------
        DatasetError
        """
        return self._trained(spec, seconds)[1]

    def message(self, spec: RunSpec, seconds: float) -> tuple[Recording, bytes]:
        """Return a run as `recording` does, and its message for the player."""
        entry, run = self._trained(spec, seconds)
        if entry.message_of is not run:
            with turns_of(run.config, run.dataset).turn(), entry.lock:
                if entry.message_of is not run:
                    entry.message, entry.message_of = train_message(run, spec.run_id), run
                    entry.weigh()
            self._forget()
        return run, entry.message

    def progress(self, spec: RunSpec, seconds: float, growing: bool) -> bytes:
        """Measure a run's progress for about so long; what is known then, for the player.

        Parameters
        ----------
        spec : RunSpec
            The run to measure.
        seconds : float
            How long to measure, about.
        growing : bool
            Whether the run is trained on.
        """
        entry, run = self._trained(spec, 0)
        if entry.measuring is None:
            entry.measuring = Measuring(run)
        entry.measuring.go_on(run, seconds, patient_turns(run))
        complete = entry.measuring.is_complete(run, growing)
        return entry.measuring.packed(spec.run_id, complete)

    def _trained(self, spec: RunSpec, seconds: float) -> tuple[_Entry, Recording]:
        with self._lock:
            entry = self._entries.get(spec)
        if entry is None:
            entry = _Entry(spec.recorder(data_of(spec)))
        with self._lock:
            entry = self._entries.setdefault(spec, entry)
            entry.used = time.monotonic()
            self._entries.move_to_end(spec)
        if entry.recording is None and seconds == 0:
            seconds = ANEW
        if entry.recording is None or (entry.recorder is not None and seconds > 0):
            self._train(entry, seconds, turns_of(spec.config, data_of(spec)))
            self._forget()
        assert entry.recording is not None
        return entry, entry.recording

    def _train(self, entry: _Entry, seconds: float, turns: Turns) -> None:
        """Train on, turn by turn; for not much longer where there is a queue."""
        begun, spent, ended = time.monotonic(), 0.0, False
        while not ended:
            with turns.turn(urgent=entry.recording is None), entry.lock:
                if entry.recorder is None:
                    return  # finished in another visitor's turn
                mine = time.monotonic()
                entry.recorder.run(seconds=min(TURN, seconds - spent))
                spent += time.monotonic() - mine
                late = time.monotonic() - begun > LATE * seconds
                ended = entry.recorder.done or spent >= seconds or late
                if ended:
                    entry.recording = entry.recorder.recording()
                    entry.recorder = None if entry.recorder.done else entry.recorder
                    entry.weigh()

    @property
    def nbytes(self) -> int:
        """Memory that the runs take, about."""
        with self._lock:
            return sum(entry.nbytes for entry in self._entries.values())

    def forget_unused(self, seconds: float, keep_bytes: int) -> None:
        """Forget runs that nobody has looked at for so long, but not below `keep_bytes`."""
        with self._lock:
            total = sum(entry.nbytes for entry in self._entries.values())
            until = time.monotonic() - seconds
            while total > keep_bytes and self._entries:
                spec, entry = next(iter(self._entries.items()))
                if entry.used > until:
                    return
                del self._entries[spec]
                total -= entry.nbytes

    def _forget(self) -> None:
        with self._lock:
            total = sum(entry.nbytes for entry in self._entries.values())
            while total > self._most_bytes and len(self._entries) > 1:
                _, entry = self._entries.popitem(last=False)
                total -= entry.nbytes


RUNS = RunStore()
"""All visitors' runs."""
