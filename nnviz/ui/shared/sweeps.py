"""Sweeps in the background: the workers shared by all visitors, what has finished kept for all."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from nnviz.checks import SettingError
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cluster import on_cluster, scheduler_address
from nnviz.sweeps.cost import seconds_of
from nnviz.sweeps.grid import Outcome, in_slices
from nnviz.sweeps.pool import Pool, WorkersLostError
from nnviz.ui.shared.helpers import HELPERS

MOST_OUTCOMES = 10_000
"""Finished runs to remember: about 8 kB each."""

MOST_AT_ONCE = 64
"""Sweeps that share the workers; others wait. Each has a run or two begun in every worker, which
takes memory."""

UNWATCHED = 10.0
"""Seconds after which a sweep is cancelled that no page has asked about."""

LOOKS_EVERY = 0.25
"""Seconds between two looks whether a sweep is to go on, while nothing is finished."""

QUICK = 1.0
"""Seconds that a sweep's first run may take, about, to be trained with what pages cannot be
shown without: so that something is to be seen of the sweep however much others have to do."""

POOL = Pool(nice=15)
"""The workers, one a processor; the pages come before them."""


class Outcomes:
    """What came of the runs of all sweeps, the oldest forgotten first."""

    def __init__(self, most: int = MOST_OUTCOMES) -> None:
        self._most = most
        self._found: OrderedDict[RunSpec, Outcome] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, spec: RunSpec, found: Outcome) -> None:
        """Keep one."""
        with self._lock:
            self._found[spec] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def of(self, specs: Sequence[RunSpec]) -> dict[int, Outcome]:
        """Those there are, by the runs' numbers."""
        with self._lock:
            return {n: self._found[spec] for n, spec in enumerate(specs) if spec in self._found}


OUTCOMES = Outcomes()
"""All visitors' finished runs."""

_PLACES = threading.Semaphore(MOST_AT_ONCE)
"""Held by the sweeps that share the workers."""


class Sweep:
    """Runs in training; what finishes is kept at once, and stays there.

    It is cancelled when nobody asks about it for `UNWATCHED` seconds, or nobody holds it any more.

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs of the grid.
    kept : Outcomes
        Where outcomes go. What is there already is not trained again.
    visitor : str
        Whose it is: the workers are shared between visitors, not between sweeps.
    clock : callable
        Seconds.
    """

    def __init__(
        self,
        specs: Sequence[RunSpec],
        kept: Outcomes,
        visitor: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        known = kept.of(specs)
        missing = [spec for number, spec in enumerate(specs) if number not in known]
        self._work = _Work(missing, kept, visitor, clock, looked=clock())
        self._thread = threading.Thread(target=self._work.do, daemon=True)
        self._thread.start()
        weakref.finalize(self, self._work.cancelled.set)

    def look(self) -> None:
        """Say that a page asks about it."""
        self._work.looked = self._work.clock()

    @property
    def running(self) -> bool:
        """Whether runs are still to come."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> bool:
        """Whether it has not begun, since so many others have."""
        return self.running and self._work.since is None

    @property
    def unwatched(self) -> bool:
        """Whether it was cancelled since no page asked about it."""
        return self._work.unwatched

    @property
    def error(self) -> str:
        """What ended it, if anything went wrong."""
        return self._work.error

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take, as far as can be told."""
        work = self._work
        if work.since is None or not work.done:
            return None
        spent = time.monotonic() - work.since
        return spent / work.done * (len(work.specs) - work.done)

    def cancel(self) -> None:
        """Train no more, not even what has begun; what has finished stays."""
        self._work.cancelled.set()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.join()


@dataclass
class _Work:
    """What the thread of a sweep does, apart from the `Sweep`, which would never be let go of."""

    specs: list[RunSpec]
    kept: Outcomes
    visitor: str
    clock: Callable[[], float]
    looked: float
    cancelled: threading.Event = field(default_factory=threading.Event)
    unwatched: bool = False
    since: float | None = None
    done: int = 0
    error: str = ""

    def do(self) -> None:
        """Wait for a place, and train."""
        while not _PLACES.acquire(timeout=LOOKS_EVERY):
            if self._ends():
                return
        try:
            self._train()
        except Exception as error:  # shown on the page: this thread has nobody to raise to
            known = isinstance(error, (OSError, SettingError))
            self.error = str(error) if known else f"{type(error).__name__}: {error}"
        finally:
            _PLACES.release()

    def _train(self) -> None:
        self.since = time.monotonic()
        # What a visitor uploaded stays in this process and its own workers, cluster or not.
        private = any(spec.own is not None for spec in self.specs)
        scheduler = "" if private else scheduler_address()
        found = on_cluster(scheduler, in_slices, self.specs) if scheduler else self._here()
        for came in found:
            if came is not None:
                number, outcome = came
                self.kept.put(self.specs[number], outcome)
                self.done += 1
            if self._ends():
                return

    def _here(self) -> Iterator[tuple[int, Outcome] | None]:
        """Outcomes as they come; None while there is none."""
        quick = HELPERS.is_up and seconds_of(self.specs[:1]) < QUICK
        first, rest = self.specs[:quick], self.specs[quick:]
        helped = HELPERS.share(in_slices, first, self.visitor, urgent=True)
        # And the number of the run that each begins with.
        shares = {helped: 0, POOL.share(in_slices, rest, self.visitor): len(first)}
        try:
            while shares:
                for share, before in list(shares.items()):
                    try:
                        came = share.take(LOOKS_EVERY / len(shares))
                    except TimeoutError:
                        yield None
                        continue
                    except WorkersLostError:
                        if share is not helped:
                            raise
                        shares[POOL.share(in_slices, first, self.visitor)] = before
                        came = None
                    if came is None:
                        del shares[share]
                    else:
                        yield before + came[0], came[1]
        finally:
            for share in shares:
                share.cancel()

    def _ends(self) -> bool:
        """Whether nobody wants it any more."""
        self.unwatched = self.clock() - self.looked >= UNWATCHED
        return self.cancelled.is_set() or self.unwatched
