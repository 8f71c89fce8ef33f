"""Every visitor's runs, trained once and kept within a bound of memory."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from nnviz.data.datasets import OWN, Dataset, load_dataset
from nnviz.data.samples import Samples
from nnviz.paper.network import Parameters
from nnviz.player.measuring import Measuring
from nnviz.player.messages.train import train_message
from nnviz.runs.recording import Recorder, Recording
from nnviz.sweeps.grid import Cell, Options
from nnviz.ui.shared.turns import Turns, patient_turns, turns_of

ALL_RUNS_BYTES = 200_000_000
"""Memory for recordings and their messages, in bytes."""

ENTRY_BYTES = 10_000
"""What a run takes beside its arrays, in bytes, about."""

ANEW = 20.0
"""Seconds at most to train a run again that is asked for as it was, and has been forgotten."""

TURN = 0.1
"""Seconds of training before others have their turn."""


def short_name(said: str) -> str:
    """A digest of a text, to be sent and compared in its stead."""
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class Start:
    """Parameters to start a run from, as something that can be compared.

    They may be megabytes, and runs are looked up at every move: so what is hashed, compared and
    said of them is their digest, made once.

    Attributes
    ----------
    said : str
        Where they come from, in words.
    shapes : tuple of tuple of int
        Of W1, b1, W2, b2.
    numbers : bytes
        All of them, in that order, in float64.
    """

    said: str
    shapes: tuple[tuple[int, ...], ...]
    numbers: bytes

    @classmethod
    def of(cls, parameters: Parameters, said: str) -> Start:
        """Keep parameters."""
        arrays = [np.asarray(a, np.float64) for a in vars(parameters).values()]
        return cls(said, tuple(a.shape for a in arrays), b"".join(a.tobytes() for a in arrays))

    @cached_property
    def digest(self) -> str:
        """A short name of the numbers."""
        return hashlib.sha256(repr(self.shapes).encode() + self.numbers).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Start) and (self.said, self.digest) == (other.said, other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Start({self.said!r}, {self.digest})"

    @property
    def parameters(self) -> Parameters:
        """The parameters kept."""
        flat = np.frombuffer(self.numbers)
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1]
        parts = np.split(flat, ends)
        return Parameters(*(p.reshape(s) for p, s in zip(parts, self.shapes, strict=True)))


@dataclass(frozen=True)
class Settings(Cell):
    """What decides a visitor's run: the data, the training, and where it starts.

    Attributes
    ----------
    start : Start or None
        Where training starts, if not from the parameters that the configuration draws.
    """

    start: Start | None = None

    @property
    def lacks_data(self) -> bool:
        """Whether it is a visitor's own data that are asked for, and there are none."""
        return self.dataset == OWN and self.own is None

    @property
    def run_id(self) -> str:
        """A short name of the run, the same wherever the settings are."""
        return short_name(repr(self))

    def load(self) -> Dataset:
        """Load the data as `Cell.load` does, once for all visitors; a visitor's own, for them."""
        if self.own is None:
            return _load(self.dataset, self.options)
        if _SPLITS.get(self.own, ((), None))[0] != self.options:
            _SPLITS[self.own] = (self.options, super().load())
        return _SPLITS[self.own][1]

    def recorder(self) -> Recorder:
        """Begin the run."""
        start = self.start.parameters if self.start else None
        return Recorder(self.config, self.load(), start)


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
    """Runs by their settings, the least recently used forgotten first.

    Visitors with the same settings share a run, also while it grows.
    """

    def __init__(self, most_bytes: int = ALL_RUNS_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Settings, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def recording(self, settings: Settings, seconds: float) -> Recording:
        """Return a run, trained on for `seconds` if it is not finished.

        With 0 seconds it stays as it is; if it is not there any more, it is trained anew.

        Raises
        ------
        DatasetError
        """
        return self._trained(settings, seconds)[1]

    def message(self, settings: Settings, seconds: float) -> tuple[Recording, bytes]:
        """Return a run as `recording` does, and its message for the player."""
        entry, run = self._trained(settings, seconds)
        if entry.message_of is not run:
            with turns_of(run.config, run.dataset).turn(), entry.lock:
                if entry.message_of is not run:
                    entry.message, entry.message_of = train_message(run, settings.run_id), run
                    entry.weigh()
            self._forget()
        return run, entry.message

    def progress(self, settings: Settings, seconds: float, growing: bool) -> bytes:
        """Measure a run's progress for about so long; what is known then, for the player.

        Parameters
        ----------
        settings : Settings
        seconds : float
        growing : bool
            Whether the run is trained on.
        """
        entry, run = self._trained(settings, 0)
        if entry.measuring is None:
            entry.measuring = Measuring(run)
        entry.measuring.go_on(run, seconds, patient_turns(run))
        complete = entry.measuring.is_complete(run, growing)
        return entry.measuring.packed(settings.run_id, complete)

    def _trained(self, settings: Settings, seconds: float) -> tuple[_Entry, Recording]:
        with self._lock:
            entry = self._entries.get(settings)
        if entry is None:
            entry = _Entry(settings.recorder())
        with self._lock:
            entry = self._entries.setdefault(settings, entry)
            entry.used = time.monotonic()
            self._entries.move_to_end(settings)
        if entry.recording is None and seconds == 0:
            seconds = ANEW
        if entry.recording is None or (entry.recorder is not None and seconds > 0):
            self._train(entry, seconds, turns_of(settings.config, settings.load()))
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
                late = time.monotonic() - begun > 2 * seconds
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
                settings, entry = next(iter(self._entries.items()))
                if entry.used > until:
                    return
                del self._entries[settings]
                total -= entry.nbytes

    def _forget(self) -> None:
        with self._lock:
            total = sum(entry.nbytes for entry in self._entries.values())
            while total > self._most_bytes and len(self._entries) > 1:
                _, entry = self._entries.popitem(last=False)
                total -= entry.nbytes


RUNS = RunStore()
"""All visitors' runs."""
