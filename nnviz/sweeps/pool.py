"""A pool of workers: processes on this machine, shared by all who have work for them."""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import joblib

Item = TypeVar("Item")
Found = TypeVar("Found")

Work = Callable[[Item], Iterator[Found | None]]
"""What is done with a thing, in slices: None after each but the last, and then what was found."""

ATTEMPTS = 3
"""How often a piece of work may take its process down with it before all is given up."""

ENDS_WITHIN = 2.0
"""Seconds for a process to end by itself."""


class WorkersLostError(OSError):
    """The processes that are to do the work are not there, or no more; the message says which."""


class Share(Generic[Item, Found]):
    """Work given to a `Pool`, and what comes of it."""

    def __init__(
        self, pool: Pool, work: Work[Item, Found], items: Sequence[Item], owner: str, urgent: bool
    ) -> None:
        self.owner = owner
        self.urgent = urgent
        self._pool = pool
        self._work = work
        self._items = items
        self._left = deque(range(len(items)))
        self._open = 0
        self._died: Counter[int] = Counter()
        self._came: queue.SimpleQueue[tuple[int, Found] | Exception | None] = queue.SimpleQueue()

    def take(self, timeout: float | None = None) -> tuple[int, Found] | None:
        """Wait for the next thing that is found; None if there is nothing more to come.

        Parameters
        ----------
        timeout : float or None
            Seconds to wait at most; for good if None.

        Returns
        -------
        (number, found) or None
            In the order in which they come; None once all was taken, or it was cancelled.

        Raises
        ------
        TimeoutError
            If nothing came.
        WorkersLostError, or what the work raises
        """
        try:
            came = self._came.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None
        if came is None or isinstance(came, Exception):
            self._came.put(None)  # for whoever asks again
        if isinstance(came, Exception):
            raise came
        return came

    def cancel(self) -> None:
        """Do no more of it: not even what has been begun."""
        self._pool.drop(self)


@dataclass(eq=False)
class _Process:
    """A process, and the tasks that it has: whose, and their number there."""

    running: subprocess.Popen[bytes]
    tasks: dict[int, tuple[Share[Any, Any], int]] = field(default_factory=dict)
    on: int | None = None
    heard: bool = False

    def order(self, number: int, share: Share[Any, Any], said: bytes | None) -> None:
        """Send it a task, or have one dropped."""
        assert self.running.stdin is not None
        with contextlib.suppress(OSError):  # it has died; whoever listens to it will notice
            pickle.dump((number, share.owner, share.urgent, said), self.running.stdin)
            self.running.stdin.flush()

    def hang_up(self) -> None:
        """Send it nothing more: then it ends."""
        assert self.running.stdin is not None
        with contextlib.suppress(OSError):  # what could not be sent to one that has died
            self.running.stdin.close()


class Pool:
    """Processes that work, each for all in turn (`nnviz.sweeps.worker`).

    A process gets no more than two tasks of a share at a time, and works on those of whoever has
    been served least: so nobody waits for another's work to end, and work that is cancelled is
    let go of after a slice. They are started when there is work, and end with this process,
    however it ends.

    Parameters
    ----------
    processes : int
        How many at most; -1 for one a processor.
    nice : int
        How far they step back where there are too few processors for all that runs.
    """

    def __init__(self, processes: int = -1, nice: int = 0) -> None:
        self._nice = nice
        self._most = joblib.cpu_count() if processes == -1 else processes
        self._numbers = itertools.count()
        self._processes: list[_Process] = []
        self._shares: list[Share[Any, Any]] = []
        self._lock = threading.RLock()
        self._busy_at = time.monotonic()

    def share(
        self, work: Work[Item, Found], items: Sequence[Item], owner: str = "", urgent: bool = False
    ) -> Share[Item, Found]:
        """Have the same done with many things.

        Parameters
        ----------
        work : callable
            What is done with each, in slices of about a tenth of a second. It is sent by its
            name: a function of a module, or a ``partial`` of one.
        items : sequence
            What `work` is called with, one by one.
        owner : str
            Who shares the processes with others as one, however much work they have.
        urgent : bool
            Whether somebody sees nothing new until it is done.
        """
        share = Share(self, work, items, owner, urgent)
        with self._lock:
            self._shares.append(share)
            try:
                self._feed()
            except OSError:  # of a process that cannot be started
                self._end(share, None)
                raise
        return share

    @property
    def is_up(self) -> bool:
        """Whether a process is there that has said something: to start one takes a while."""
        with self._lock:
            return any(process.heard for process in self._processes)

    def drop(self, share: Share[Any, Any]) -> None:
        """Do no more of a share."""
        with self._lock:
            self._end(share, None)

    def end_idle(self, seconds: float) -> None:
        """End the processes if they have had no work for so long: each takes some 100 MB."""
        with self._lock:
            if not self._shares and time.monotonic() - self._busy_at >= seconds:
                self.close()

    def close(self) -> None:
        """End the processes. New work would start others."""
        with self._lock:
            ended, self._processes = self._processes, []
            for share in list(self._shares):
                self._end(share, None)
        for process in ended:
            process.hang_up()
        for process in ended:
            try:
                process.running.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.running.kill()
                process.running.wait()

    def _end(self, share: Share[Any, Any], why: Exception | None) -> None:
        """Let go of a share that is done, cancelled, or cannot be done."""
        if share not in self._shares:
            return
        self._shares.remove(share)
        self._busy_at = time.monotonic()
        share._left.clear()
        for process in self._processes:
            for number in [n for n, (of, _) in process.tasks.items() if of is share]:
                del process.tasks[number]
                process.order(number, share, None)
        share._came.put(why)

    def _feed(self) -> None:
        """Give work to the processes that have too little of it."""
        wanted = sum(len(share._left) + share._open for share in self._shares)
        while len(self._processes) < min(self._most, wanted):
            self._processes.append(self._started())
        for share in list(self._shares):
            # A second task waits where the first is worked on, so that no time is lost between
            # them; but not at the end, when another process could begin it.
            for most in (1, 2):
                for process in sorted(self._processes, key=lambda one: len(one.tasks)):
                    there = sum(of is share for of, _ in process.tasks.values())
                    if there < most and len(share._left) > (most - 1) * len(self._processes):
                        self._give(process, share)
            if not share._left and not share._open:
                self._end(share, None)

    def _give(self, process: _Process, share: Share[Any, Any]) -> None:
        place, number = share._left.popleft(), next(self._numbers)
        try:
            said = pickle.dumps((share._work, share._items[place]))
        except Exception as error:  # a function that has no name elsewhere
            self._end(share, error)
            return
        share._open += 1
        process.tasks[number] = (share, place)
        process.order(number, share, said)

    def _started(self) -> _Process:
        # It finds the modules that this process finds, wherever it was started.
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        process = _Process(
            subprocess.Popen(
                [sys.executable, "-P", "-m", "nnviz.sweeps.worker", str(self._nice)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
            )
        )
        threading.Thread(target=self._hear, args=(process,), daemon=True).start()
        return process

    def _hear(self, process: _Process) -> None:
        """Pass on what a process finds, until it ends."""
        assert process.running.stdout is not None
        ended = contextlib.suppress(EOFError, OSError, pickle.UnpicklingError)
        try:
            with process.running.stdout as results, ended:
                while True:
                    self._heard(process, *pickle.load(results))
        finally:
            self._lost(process)  # also if it cannot be understood: or those who wait would for good

    def _heard(self, process: _Process, kind: str, number: int, found: Any) -> None:
        with self._lock:
            process.heard = True
            if kind == "on":
                process.on = number
                return
            share, place = process.tasks.pop(number, (None, 0))
            if share is None:
                return  # cancelled meanwhile
            share._open -= 1
            if kind == "failed":
                self._end(share, found)
            else:
                share._came.put((place, found))
            self._feed()

    def _lost(self, process: _Process) -> None:
        """Have done anew what a process had that died."""
        with self._lock:
            if process not in self._processes:
                return  # ended by `close`
            self._processes.remove(process)
            process.hang_up()
            process.running.kill()
            process.running.wait()
            for number, (share, place) in process.tasks.items():
                share._open -= 1
                share._left.appendleft(place)
                # Another's work that was there, too, has nothing to do with it.
                if process.on in (number, None):
                    share._died[place] += 1
                if share._died[place] == ATTEMPTS:
                    said = f"Processes died {ATTEMPTS} times; is there too little memory?"
                    self._end(share, WorkersLostError(said))
            process.tasks.clear()
            self._feed()


def last(work: Work[Item, Found], item: Item) -> Found:
    """Do a piece of work without a pause."""
    for found in work(item):
        if found is not None:
            return found
    raise RuntimeError("the work ended and found nothing")
