"""Sweeps in the background: the workers shared by all visitors, what has finished kept for all."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from nnviz.approximation.progress import Progress
from nnviz.checks import SettingError
from nnviz.figures.tiles import Asked, Found, Tile, found_in_slices
from nnviz.runs.recording import Keyframe
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cluster import on_cluster, scheduler_address
from nnviz.sweeps.cost import milestone_bytes, seconds_of
from nnviz.sweeps.grid import Milestones, Outcome, measured_in_slices, with_progress
from nnviz.sweeps.pool import Pool, Work, WorkersLostError
from nnviz.ui.shared.helpers import HELPERS

Item = TypeVar("Item")
Came = TypeVar("Came")

MOST_OUTCOMES = 10_000
"""Finished runs to remember: about 8 kB each."""

MOST_TILE_BYTES = 80_000_000
"""Memory for the tiles of walls: some forty default walls."""

MOST_WAITING_BYTES = 150_000_000
"""Memory for the keyframes of runs that are trained, and not measured yet."""

AT_A_TIME, LEAST_AT_A_TIME = 2_000_000, 4
"""Bytes of such keyframes up to which a sweep trains before it measures, and runs at least: of
fewer, not every worker would have one."""

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
    """What came of the runs of all sweeps, the oldest forgotten first.

    Parameters
    ----------
    most : int
        Outcomes to keep at most.
    most_bytes : int
        Memory for tiles at most.
    """

    def __init__(self, most: int = MOST_OUTCOMES, most_bytes: int = MOST_TILE_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._found: OrderedDict[RunSpec, Outcome] = OrderedDict()
        self._tiles: OrderedDict[RunSpec, Tile] = OrderedDict()
        self._unmeasured: OrderedDict[RunSpec, tuple[Keyframe, ...]] = OrderedDict()
        self._tile_bytes = self._waiting_bytes = 0
        self._lock = threading.Lock()

    def put(self, spec: RunSpec, found: Found) -> None:
        """Keep what came of a run; what was measured of it is measured anew."""
        with self._lock:
            self._forget(spec)
            self._found[spec] = found.outcome
            self._unmeasured[spec] = found.milestones
            self._waiting_bytes += _size(found.milestones)
            if found.tile is not None:
                self._tiles[spec] = found.tile
                self._tile_bytes += found.tile.nbytes
            while len(self._found) > self._most:
                self._forget(next(iter(self._found)))
            while self._waiting_bytes > MOST_WAITING_BYTES:
                self._forget(next(iter(self._unmeasured)))
            while self._tile_bytes > self._most_bytes:
                self._drop_tile(next(iter(self._tiles)))

    def measure(self, spec: RunSpec, along: Progress) -> None:
        """Note where the rules hold in a run, if it is kept."""
        with self._lock:
            self._waiting_bytes -= _size(self._unmeasured.pop(spec, ()))
            if spec in self._found:
                self._found[spec] = with_progress(self._found[spec], along)

    def of(self, specs: Sequence[RunSpec]) -> dict[int, Outcome]:
        """Those there are, by the runs' numbers."""
        with self._lock:
            return {n: self._found[spec] for n, spec in enumerate(specs) if spec in self._found}

    def tiles(self, specs: Sequence[RunSpec]) -> dict[int, Tile]:
        """Those there are, by the runs' numbers."""
        with self._lock:
            return {n: self._tiles[spec] for n, spec in enumerate(specs) if spec in self._tiles}

    def unmeasured(self, specs: Sequence[RunSpec]) -> list[Milestones]:
        """What is still to be measured, in the order of the runs."""
        with self._lock:
            return [(s, self._unmeasured[s]) for s in specs if s in self._unmeasured]

    def _forget(self, spec: RunSpec) -> None:
        """Forget a run, if it is there, with all that is kept of it."""
        self._found.pop(spec, None)
        self._waiting_bytes -= _size(self._unmeasured.pop(spec, ()))
        self._drop_tile(spec)

    def _drop_tile(self, spec: RunSpec) -> None:
        if (tile := self._tiles.pop(spec, None)) is not None:
            self._tile_bytes -= tile.nbytes


def _size(keyframes: Sequence[Keyframe]) -> int:
    """In bytes."""
    return sum(keyframe.parameters.nbytes for keyframe in keyframes)


OUTCOMES = Outcomes()
"""All visitors' finished runs."""

_PLACES = threading.Semaphore(MOST_AT_ONCE)
"""Held by the sweeps that share the workers."""

_UNDER_WAY: set[int] = set()
"""The sweeps that run or wait, all visitors'."""


def nobody_sweeps() -> bool:
    """Whether the workers have nothing to do."""
    return not _UNDER_WAY


def missing(specs: Sequence[RunSpec], kept: Outcomes, drawn: Collection[int]) -> list[Asked]:
    """What of a grid is still to be trained: first what is `drawn`, by its numbers."""
    known, tiles = kept.of(specs), kept.tiles(specs)
    first = [(specs[number], True) for number in drawn if number not in tiles]
    rest = (number for number in range(len(specs)) if number not in known and number not in drawn)
    return [*first, *((specs[number], False) for number in rest)]


class Sweep:
    """Runs in training; what finishes is kept at once, and stays there.

    What is drawn comes first, and of that, and of the rest, first the runs, and then where the
    rules hold in them: pictures and numbers are there in half the time.

    It is cancelled when nobody asks about it for `UNWATCHED` seconds, or nobody holds it any more.

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs of the grid.
    kept : Outcomes
        Where outcomes go. What is there already is not trained again.
    visitor : str
        Whose it is: the workers are shared between visitors, not between sweeps.
    drawn : collection of int
        The runs of which a tile is wanted, by their numbers. They come first.
    clock : callable
        Seconds.
    """

    def __init__(
        self,
        specs: Sequence[RunSpec],
        kept: Outcomes,
        visitor: str = "",
        drawn: Collection[int] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        rest = (number for number in range(len(specs)) if number not in drawn)
        order = [specs[number] for number in (*drawn, *rest)]
        asked = missing(specs, kept, drawn)
        self._specs = tuple(specs)
        self._work = _Work(asked, order, len(drawn), kept, visitor, clock, looked=clock())
        self._thread = threading.Thread(target=self._work.do, daemon=True)
        self._thread.start()
        weakref.finalize(self, self._work.cancelled.set)

    def is_of(self, specs: Sequence[RunSpec]) -> bool:
        """Whether these are its runs."""
        return self._specs == tuple(specs)

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
        return spent / work.done * (len(work.asked) - work.done)

    def cancel(self) -> None:
        """Train no more, not even what has begun; what has finished stays."""
        self._work.cancelled.set()

    def wait(self) -> None:
        """Return when it has ended."""
        self._thread.join()


@dataclass
class _Work:
    """What the thread of a sweep does, apart from the `Sweep`, which would never be let go of."""

    asked: list[Asked]
    order: list[RunSpec]
    drawn: int
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
        _UNDER_WAY.add(id(self))
        try:
            self._do()
        finally:
            _UNDER_WAY.discard(id(self))

    def _do(self) -> None:
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
        """Train and measure what is drawn, and then the rest: so the wall is soon whole."""
        self.since = time.monotonic()
        for drawn in (True, False):
            asked = [one for one in self.asked if one[1] == drawn]
            for some in _batches(asked):
                for number, found in self._each(found_in_slices, some):
                    self.kept.put(some[number][0], found)
                    self.done += 1
                if self._ends():
                    return
                self._measure([spec for spec, _ in some])
            # What was trained before, and not measured.
            self._measure(self.order[: self.drawn] if drawn else self.order[self.drawn :])

    def _measure(self, specs: Sequence[RunSpec]) -> None:
        """Measure where the rules hold, in what is not measured yet."""
        unmeasured = self.kept.unmeasured(specs)
        for number, along in self._each(measured_in_slices, unmeasured):
            self.kept.measure(unmeasured[number][0], along)

    def _each(self, work: Work[Item, Came], items: Sequence[Item]) -> Iterator[tuple[int, Came]]:
        """Have the same done with many things, until nobody wants it any more."""
        # What a visitor uploaded stays in this process and its own workers, cluster or not.
        private = any(spec.own is not None for spec in self.order)
        scheduler = "" if private else scheduler_address()
        every = on_cluster(scheduler, work, items) if scheduler else self._here(work, items)
        for came in every:
            if came is not None:
                yield came
            if self._ends():
                return

    def _here(
        self, work: Work[Item, Came], items: Sequence[Item]
    ) -> Iterator[tuple[int, Came] | None]:
        """What is found, as it comes; None while there is nothing."""
        quick = not self.done and HELPERS.is_up and seconds_of(self.order[:1]) < QUICK
        first, rest = items[:quick], items[quick:]
        helped = HELPERS.share(work, first, self.visitor, urgent=True)
        # And the number of the item that each begins with.
        shares = {helped: 0, POOL.share(work, rest, self.visitor): len(first)}
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
                        shares[POOL.share(work, first, self.visitor)] = before
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


def _batches(asked: Sequence[Asked]) -> Iterator[Sequence[Asked]]:
    """So many runs at a time that what waits to be measured stays within bounds."""
    if asked:
        largest = max(milestone_bytes(spec) for spec, _ in asked)
        count = max(LEAST_AT_A_TIME, AT_A_TIME // largest)
        for at in range(0, len(asked), count):
            yield asked[at : at + count]
