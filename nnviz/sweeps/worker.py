"""A worker: a process that does its share of everybody's work, a slice of each in turn.

``python -m nnviz.sweeps.worker [how nice]``, started by `nnviz.sweeps.pool`. Orders come by its
standard input, results leave by its standard output. When the input ends, whoever started it is
gone, however that came, and it ends, too: at once, also in the middle of a run.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from nnviz.runs.threads import one_thread
from nnviz.sweeps.served import Served, next_of

CREDIT = 1.0
"""Seconds of computing by which somebody new comes before those who are served already."""


@dataclass
class Task:
    """A piece of work, begun or not.

    Attributes
    ----------
    owner : str
        Whose it is.
    said : bytes
        What to do with what, pickled: unpacked where a failure belongs to this task alone.
    urgent : bool
        Whether somebody sees nothing new until it is done.
    slices : iterator or None
        The work, once it has begun: it gives None until it gives what was found.
    since : float
        When it came, in seconds.
    number : int
        That the pool gave it.
    """

    owner: str
    said: bytes
    urgent: bool = False
    slices: Iterator[Any] | None = None
    since: float = 0.0
    number: int = 0

    def go_on(self) -> Any:
        """Work for a slice; what was found, or None if that is not all yet."""
        if self.slices is None:
            work, item = pickle.loads(self.said)
            self.said = b""
            self.slices = work(item)
        try:
            return next(self.slices)
        except StopIteration:
            raise RuntimeError("the work ended and found nothing") from None


@dataclass
class Tasks:
    """The tasks of a worker, and whose turn it is: theirs who have been served least lately.

    Attributes
    ----------
    waiting : dict of int to Task
        By the number that the pool gave them, in the order in which they came.
    served : Served
        Seconds of computing, by owner. Who comes late is not owed what the others had before.
    slices : int
        How many there have been.
    """

    waiting: dict[int, Task] = field(default_factory=dict)
    served: Served = field(default_factory=Served)
    slices: int = 0

    def add(self, number: int, task: Task, now: float) -> None:
        """Take a task on."""
        working = {other.owner for other in self.waiting.values()}
        if working and task.owner not in working:
            least = min(self.served.of(owner, now) for owner in working)
            owed = least - CREDIT - self.served.of(task.owner, now)
            self.served.add(task.owner, max(0.0, owed), now)
        task.since, task.number = now, number
        self.waiting[number] = task

    def next(self, now: float) -> int:
        """Number of the task to go on with, as `nnviz.sweeps.served.next_of` has it."""
        self.slices += 1
        tasks = list(self.waiting.values())
        return next_of(tasks, self.served, now, self.slices, only_urgent=True).number

    def charge(self, number: int, seconds: float, now: float) -> None:
        """Note what a slice took."""
        self.served.add(self.waiting[number].owner, seconds, now)

    def drop(self, number: int) -> None:
        """Forget a task, done or not."""
        self.waiting.pop(number, None)


Say = Callable[[str, int, Any], None]


def serve(
    orders: queue.SimpleQueue[tuple[int, Task | None]],
    say: Say,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Work on all tasks in turn, for good.

    Parameters
    ----------
    orders : queue of (int, Task or None)
        A task by its number; None for one that is to be dropped. Looked at between two slices.
    say : callable
        Takes ``on`` when another task is gone on with, so that it is known which one takes a
        process down with it, and ``found`` or ``failed`` with the number and what came.
    clock : callable
        Seconds.
    """
    tasks = Tasks()
    on: int | None = None
    while True:
        while not tasks.waiting or not orders.empty():
            number, task = orders.get()
            if task is None:
                tasks.drop(number)
            else:
                tasks.add(number, task, clock())
        begun = clock()
        number = tasks.next(begun)
        if number != on:
            on = number
            say("on", number, None)
        try:
            found, kind = tasks.waiting[number].go_on(), "found"
        except Exception as error:  # of the work: raised where it was asked for
            found, kind = error, "failed"
        now = clock()
        tasks.charge(number, now - begun, now)
        if found is not None:
            tasks.drop(number)
            say(kind, number, found)


def _listen(source: BinaryIO, orders: queue.SimpleQueue[tuple[int, Task | None]]) -> None:
    """Pass orders on, also while a slice is worked on; end the process when they end."""
    try:
        while True:
            number, owner, urgent, said = pickle.load(source)
            orders.put((number, None if said is None else Task(owner, said, urgent)))
    finally:
        os._exit(0)


def main() -> None:
    """Serve whoever started this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    step_back = getattr(os, "nice", None)  # not on Windows
    if len(sys.argv) > 1 and step_back:
        step_back(int(sys.argv[1]))
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed must not come between results
    orders: queue.SimpleQueue[tuple[int, Task | None]] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True)
    listener.start()

    def say(kind: str, number: int, found: Any) -> None:
        try:
            packed = pickle.dumps((kind, number, found))
        except Exception:  # an exception that holds what cannot be sent
            packed = pickle.dumps((kind, number, RuntimeError(f"{type(found).__name__}: {found}")))
        results.write(packed)
        results.flush()

    with one_thread():
        serve(orders, say)


if __name__ == "__main__":
    main()
