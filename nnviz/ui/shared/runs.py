"""Every visitor's runs, trained once and kept within a bound of memory."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from nnviz.data.datasets import Dataset, load_dataset
from nnviz.data.samples import Samples
from nnviz.player.beginning import Beginning, Begun, begin_in_slices
from nnviz.player.messages.train import train_message
from nnviz.runs.recording import Recorder, Recording
from nnviz.runs.spec import Options, RunSpec
from nnviz.ui.shared.finding import Finding
from nnviz.ui.shared.helpers import HELPERS
from nnviz.ui.shared.measuring import SharedMeasuring
from nnviz.ui.shared.turns import TURN, TURNS, patient_turns
from nnviz.ui.visitor import visitor

ALL_RUNS_BYTES = 200_000_000
"""Memory for runs, their data, and all that is made of them, in bytes."""

ENTRY_BYTES, KEYFRAME_BYTES, MEASURED_BYTES = 25_000, 600, 12_000
"""What a run takes beside large arrays, each of its keyframes beside its numbers, and what is
measured of it, in bytes, about."""

ANEW = 20.0
"""Seconds at most to train a run again that is asked for as it was, and has been forgotten."""

BUSY = 0.15
"""Seconds for which a helper trains a run at first, at most: where others wait, too, something is
to be seen of each before there is more of any."""

LATE = 1.0
"""Seconds after which a page is answered, however little could be trained in them, unless more were
asked for."""


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


class Weighty(Protocol):
    """What knows its size in memory."""

    @property
    def nbytes(self) -> int:
        """That size, in bytes."""


Made = TypeVar("Made", bound=bytes | Weighty)


@dataclass
class _Entry:
    """A run, on its way or finished, and what is kept with it."""

    recorder: Recorder | None
    dataset: Dataset
    start_bytes: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    recording: Recording | None = None
    message: bytes = b""
    message_of: Recording | None = None
    measuring: SharedMeasuring | None = None
    made: dict[str, tuple[object, bytes | Weighty]] = field(default_factory=dict)
    used: float = 0.0
    nbytes: int = ENTRY_BYTES

    @classmethod
    def of(cls, spec: RunSpec) -> _Entry:
        """Of a run that is still to be trained."""
        recorder = spec.recorder(data_of(spec))
        entry = cls(recorder, recorder.dataset, len(spec.start.numbers) if spec.start else 0)
        entry.weigh()
        return entry

    @classmethod
    def begun(cls, asked: Beginning, begun: Begun) -> _Entry:
        """Of a run that a helper has begun."""
        run = begun.recording(asked.dataset)
        recorder = Recorder.after(run) if run.status == "running" else None
        start = asked.spec.start
        entry = cls(recorder, run.dataset, len(start.numbers) if start else 0, recording=run)
        if begun.message:
            entry.message, entry.message_of = begun.message, run
        entry.weigh()
        return entry

    def weigh(self) -> None:
        """Find the size anew, without the data: it is asked for far more often than it changes."""
        self.nbytes = ENTRY_BYTES + self.start_bytes + len(self.message)
        self.nbytes += MEASURED_BYTES if self.measuring else 0
        self.nbytes += sum(map(_size, (made for _, made in self.made.values())))
        if held := self.recorder or self.recording:
            self.nbytes += held.nbytes + KEYFRAME_BYTES * len(held.keyframes)
            self.nbytes += held.keyframes[0].parameters.nbytes  # `nnviz.ui.shared.parameters`


def _size(made: bytes | Weighty) -> int:
    return len(made) if isinstance(made, bytes) else made.nbytes


class RunStore:
    """Runs by their specs, the least recently used forgotten first.

    Visitors with equal specs share a run, also while it grows.
    """

    def __init__(self, most_bytes: int = ALL_RUNS_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[RunSpec, _Entry] = OrderedDict()
        self._beginning: dict[RunSpec, threading.Event] = {}
        self._lock = threading.Lock()

    def recording(self, spec: RunSpec, seconds: float) -> Recording:
        """Return a run, trained on for `seconds` if it is not finished.

        With 0 seconds it stays as it is; if it is not there any more, it is trained anew.

        Raises
        ------
        DatasetError
        """
        return self.recordings([spec], seconds)[0]

    def recordings(
        self, specs: Sequence[RunSpec], seconds: float, at_first: float = math.inf
    ) -> list[Recording]:
        """Return runs, each as `recording` does; those that are new begin together.

        Where helpers begin them, they train each for no longer than `at_first`.
        """
        with self._lock:
            new = [spec for spec in specs if spec not in self._entries]
        if new and not self._begun_elsewhere(new, min(seconds, at_first), packed=False):
            with TURNS.turn():  # or it would wait anew for each run
                for spec in new:
                    self._trained(spec, seconds)
        return [self._trained(spec, 0 if spec in new else seconds)[1] for spec in specs]

    def message(self, spec: RunSpec, seconds: float) -> tuple[Recording, bytes]:
        """Return a run as `recording` does, and its message for the player."""
        with self._lock:
            known = self._entries.get(spec)
        if known is None and self._begun_elsewhere([spec], min(seconds, BUSY), packed=True):
            seconds = 0
        with self._lock:
            entry = self._entries.get(spec)
        if entry is not None and entry.message_of is not None and not (entry.recorder and seconds):
            run, packed = entry.message_of, entry.message
            if run is entry.recording:
                return self._trained(spec, 0)[1], packed
        # A run that is short is trained and packed in one turn.
        with TURNS.turn(urgent=known is None):
            entry, run = self._trained(spec, seconds)
            with entry.lock:
                if entry.message_of is not run:
                    entry.message, entry.message_of = train_message(run, spec.run_id), run
                    entry.weigh()
        self._forget(self._most_bytes)
        return run, entry.message

    def _begun_elsewhere(self, specs: Sequence[RunSpec], seconds: float, packed: bool) -> bool:
        """Have helpers begin runs, where this process has too much to do; whether they have.

        A visitor's own data stay here.
        """
        busy = TURNS.taken and HELPERS.is_up and not any(spec.own for spec in specs)
        if not busy:
            return False
        with self._lock:
            others = [self._beginning[spec] for spec in specs if spec in self._beginning]
            known = self._beginning.keys() | self._entries.keys()
            mine = [spec for spec in specs if spec not in known]
            begun = threading.Event()
            self._beginning.update(dict.fromkeys(mine, begun))
        try:
            asked = [Beginning(spec, data_of(spec), seconds or ANEW, packed) for spec in mine]
            share = HELPERS.share(begin_in_slices, asked, visitor(), urgent=True)
            while came := share.take():
                self._take_in(asked[came[0]], came[1])
        except OSError:  # they are lost, or cannot be started
            return False
        finally:
            with self._lock:
                for spec in mine:
                    del self._beginning[spec]
            begun.set()
        for other in others:
            other.wait()
        with self._lock:
            return all(spec in self._entries for spec in specs)

    def _take_in(self, asked: Beginning, begun: Begun) -> None:
        """Keep a run that a helper has begun, unless it was begun here meanwhile."""
        entry = _Entry.begun(asked, begun)
        with self._lock:
            entry = self._entries.setdefault(asked.spec, entry)
            entry.used = time.monotonic()
            self._entries.move_to_end(asked.spec)
        self._forget(self._most_bytes)

    def has_beside(self, spec: RunSpec, name: str, asked: object) -> bool:
        """Whether what `beside` would return is there."""
        with self._lock:
            entry = self._entries.get(spec)
        return entry is not None and entry.made.get(name, (None, None))[0] == asked

    def beside(self, spec: RunSpec, name: str, asked: object, make: Callable[[], Made]) -> Made:
        """Return what was made of a run, and is forgotten with it.

        Parameters
        ----------
        spec : RunSpec
            The run. If it is forgotten already, what is made of it is not kept.
        name : str
            What it is: one is kept of each name.
        asked : object
            What is asked for: if it differs from what was, it is made anew.
        make : callable
            Makes it.
        """
        with self._lock:
            entry = self._entries.get(spec)
        if entry is None:
            return make()
        known = entry.made.get(name)
        if known is not None and known[0] == asked:
            return cast("Made", known[1])
        made = make()
        with entry.lock:
            _, replaced = entry.made.get(name, (None, None))
            entry.made[name] = (asked, made)
            entry.weigh()
        _let_go(replaced)
        self._forget(self._most_bytes)
        return made

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
            entry.measuring = SharedMeasuring(run)
            with entry.lock:
                entry.weigh()
        entry.measuring.go_on(run, seconds, patient_turns)
        complete = entry.measuring.is_complete(run, growing)
        return entry.measuring.packed(spec.run_id, complete)

    def _trained(self, spec: RunSpec, seconds: float) -> tuple[_Entry, Recording]:
        with self._lock:
            entry = self._entries.get(spec)
        if entry is None:
            entry = _Entry.of(spec)
        with self._lock:
            entry = self._entries.setdefault(spec, entry)
            entry.used = time.monotonic()
            self._entries.move_to_end(spec)
        if entry.recording is None and seconds == 0:
            seconds = ANEW
        if entry.recording is None or (entry.recorder is not None and seconds > 0):
            self._train(entry, seconds)
            self._forget(self._most_bytes)
        assert entry.recording is not None
        return entry, entry.recording

    def _train(self, entry: _Entry, seconds: float) -> None:
        """Train on, turn by turn; for not much longer where there is a queue."""
        begun, spent = time.monotonic(), 0.0
        with TURNS.turn(urgent=entry.recording is None) as pause:
            while True:
                with entry.lock:
                    if entry.recorder is None:
                        return  # finished in another visitor's turn
                    # Of this thread: a short run is to end in its first slice on a busy machine,
                    # too, since each slice is packed and sent anew.
                    mine = time.thread_time()
                    entry.recorder.run(seconds=min(TURN, seconds - spent))
                    spent += time.thread_time() - mine
                    late = time.monotonic() - begun > max(LATE, seconds)
                    if entry.recorder.done or spent >= seconds or late:
                        entry.recording = entry.recorder.recording()
                        entry.recorder = None if entry.recorder.done else entry.recorder
                        entry.weigh()
                        return
                pause()

    @property
    def nbytes(self) -> int:
        """Memory that the runs take, and their data, about."""
        with self._lock:
            return self._weights().total()

    def forget_unused(self, seconds: float, keep_bytes: int) -> None:
        """Forget runs that nobody has looked at for so long, but not below `keep_bytes`."""
        self._forget(keep_bytes, least=0, until=time.monotonic() - seconds)

    def _weights(self) -> Counter[Dataset | None]:
        """Bytes of each data set, which runs share, and under None of all else."""
        entries = self._entries.values()
        weights: Counter[Dataset | None] = Counter(
            {entry.dataset: entry.dataset.nbytes for entry in entries}
        )
        weights[None] = sum(entry.nbytes for entry in entries)
        return weights

    def _forget(self, most_bytes: int, least: int = 1, until: float = math.inf) -> None:
        """Forget the runs used last before `until`, as long as all take more than `most_bytes`."""
        for made in self._forgotten(most_bytes, least, until):
            _let_go(made)

    def _forgotten(self, most_bytes: int, least: int, until: float) -> list[object]:
        """What was made of the runs that are forgotten now."""
        made: list[object] = []
        with self._lock:
            weights = self._weights()
            users = Counter(entry.dataset for entry in self._entries.values())
            while weights.total() > most_bytes and len(self._entries) > least:
                spec, entry = next(iter(self._entries.items()))
                if entry.used > until:
                    break
                del self._entries[spec]
                made += [one for _, one in entry.made.values()]
                weights[None] -= entry.nbytes
                users[entry.dataset] -= 1
                if not users[entry.dataset]:
                    del weights[entry.dataset]
        return made


def _let_go(made: object) -> None:
    """Have helpers do no more for what nobody will ask for."""
    if isinstance(made, Finding):
        made.cancel()


RUNS = RunStore()
"""All visitors' runs."""
