"""The workers: shared between all who have work, and gone when they are not needed."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from endless import endless, failing, killer, nothing, process_of, slow_and_well

from nnviz.checks import SettingError
from nnviz.sweeps.pool import Pool, Share, WorkersLostError
from nnviz.sweeps.served import MOST_WAITED, THIRD
from nnviz.sweeps.worker import CREDIT, Task, serve

PATIENCE = 60.0
"""Seconds after which a test gives up: nothing is measured by it."""


def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds."""
    given_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < given_up, "waited in vain"
        time.sleep(0.02)


def all_of(share: Share[Any, Any]) -> dict[int, Any]:
    """Everything that is found, by its number."""
    found: dict[int, Any] = {}
    while came := share.take(PATIENCE):
        assert came[0] not in found, "done twice"
        found[came[0]] = came[1]
    return found


def alive(pid: int) -> bool:
    """Whether there is such a process (and not only what is left of it)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def written(folder: Path, item: object) -> int:
    """How many slices of endless work were done."""
    file = folder / str(item)
    return file.stat().st_size if file.exists() else 0


class EndedError(Exception):
    """The orders of a test are all served."""


def served(
    orders: dict[float, tuple[str, int]], slice_: float, until: float, urgent: str = ""
) -> list[tuple[float, str, int]]:
    """Serve tasks that come at some seconds; when what was said, of which task.

    Each task is of an owner, and takes some slices, on a clock that only slices move.
    """
    now = 0.0
    said: list[tuple[float, str, int]] = []
    waiting: queue.SimpleQueue[tuple[int, Task | None]] = queue.SimpleQueue()
    coming = sorted(
        (at, n, owner, slices) for n, (at, (owner, slices)) in enumerate(orders.items())
    )

    def come() -> None:
        while coming and coming[0][0] <= now:
            _, number, owner, slices = coming.pop(0)
            task = Task(owner, b"", owner == urgent)
            task.slices = work(number, slices)
            waiting.put((number, task))

    def work(number: int, slices: int) -> Iterator[int | None]:
        nonlocal now
        for done in range(slices):
            now += slice_
            come()
            if now >= until:
                raise EndedError
            yield None if done < slices - 1 else number

    def say(kind: str, number: int, found: Any) -> None:
        if kind == "failed":
            raise found
        said.append((round(now, 6), kind, number))

    come()
    with pytest.raises(EndedError):
        serve(waiting, say, clock=lambda: now)
    return said


def test_who_comes_late_is_served_at_once_and_then_by_turns() -> None:
    """A has worked for 100 s when B comes with a short task, and C with a long one."""
    said = served({0.0: ("A", 10_000), 100.0: ("B", 2), 200.0: ("C", 10_000)}, 0.125, 300.0)
    found = {number: at for at, kind, number in said if kind == "found"}
    assert found == {1: 100.25}, "B's task is done before A goes on"
    of_c = time_on(said, 2, 200.0, 300.0)
    assert of_c == pytest.approx(50 + CREDIT / 2, abs=0.2), "A and C share the process evenly"


def time_on(said: list[tuple[float, str, int]], number: int, begin: float, end: float) -> float:
    """Seconds in which a task was worked on."""
    switches = [(at, on) for at, kind, on in said if kind == "on"]
    spent = 0.0
    for (at, on), (until_, _) in zip(switches, [*switches[1:], (end, -1)], strict=True):
        if on == number:
            spent += max(0.0, min(end, until_) - max(begin, at))
    return spent


def test_much_work_is_worth_no_more_than_little() -> None:
    """One has ten tasks, the other one: each gets half."""
    many: dict[float, tuple[str, int]] = {n / 1000: ("A", 10_000) for n in range(10)}
    said = served({**many, 0.05: ("B", 10_000)}, 0.1, 100.0)
    assert time_on(said, 10, 0, 100) == pytest.approx(50, abs=CREDIT)


def test_nobody_waits_for_good_however_many_come() -> None:
    """Every half second somebody new wants half a second: whoever was there still gets on."""
    new: dict[float, tuple[str, int]] = {1 + n / 2: (f"new {n}", 5) for n in range(400)}
    said = served({0.0: ("A", 10_000), **new}, 0.1, 200.0)
    others = sum(kind == "found" for _, kind, _ in said)
    assert others > 300, "the new are served, too"
    assert time_on(said, 0, 0, 200) > CREDIT


def test_what_is_urgent_does_not_starve_beside_many_who_want_little() -> None:
    """A has had much when it wants something urgent; somebody new comes for every free second.

    By what they were served alone, A would be last for good.
    """
    little: dict[float, tuple[str, int]] = {10 + n / 5: (f"new {n}", 2) for n in range(400)}
    orders = {0.0: ("A", 99), 0.1: ("always there", 10_000), 20.1: ("A", 10), **little}
    waits = {}
    for urgent in ("A", ""):
        said = served(orders, 0.1, 80.0, urgent)
        found = {n: at for at, kind, n in said if kind == "found"}
        waits[urgent] = found.get(2, 80.0) - 20.1
    assert waits["A"] < 10 * THIRD * 0.1 + MOST_WAITED + 1
    assert waits["A"] < waits[""] / 2


def test_each_goes_to_the_process_that_has_least(tmp_path: Path) -> None:
    pool = Pool(2)
    try:
        shares = [pool.share(partial(endless, tmp_path), [name], name) for name in ("a", "b")]
        until(lambda: written(tmp_path, "a") and written(tmp_path, "b"))
        assert pool.is_up
        assert sorted(len(process.tasks) for process in pool._processes) == [1, 1]
        for share in shares:
            share.cancel()
    finally:
        pool.close()
    assert not pool.is_up


def test_two_shares_get_on_at_once_on_one_process(pool: Pool, tmp_path: Path) -> None:
    first = pool.share(partial(endless, tmp_path), ["long"], "A")
    until(lambda: written(tmp_path, "long"))
    second = pool.share(slow_and_well, [3, 4, 5], "B")
    assert all_of(second) == {0: 3, 1: 4, 2: 5}
    before = written(tmp_path, "long")
    until(lambda: written(tmp_path, "long") > before)
    first.cancel()


def test_cancelled_work_is_let_go_of_in_the_middle(pool: Pool, tmp_path: Path) -> None:
    share = pool.share(partial(endless, tmp_path), range(5))
    until(lambda: written(tmp_path, 0))
    share.cancel()
    assert share.take(PATIENCE) is None
    # The one process takes on something else, so it does this no more.
    assert all_of(pool.share(slow_and_well, [1])) == {0: 1}
    before = written(tmp_path, 0)
    assert all_of(pool.share(slow_and_well, [2])) == {0: 2}
    assert written(tmp_path, 0) == before
    assert written(tmp_path, 4) == 0, "what had not begun never does"


def test_work_that_kills_takes_nobody_else_s_with_it(pool: Pool) -> None:
    bad = pool.share(killer, [0], "A")
    good = pool.share(slow_and_well, list(range(8)), "B")
    with pytest.raises(WorkersLostError, match="Processes died 3 times; is there too little"):
        all_of(bad)
    assert all_of(good) == {n: n for n in range(8)}


def test_what_the_work_raises_is_raised(pool: Pool) -> None:
    with pytest.raises(LookupError, match="nothing there"):
        all_of(pool.share(failing, [0]))
    with pytest.raises(RuntimeError, match="found nothing"):
        all_of(pool.share(nothing, [0]))
    assert all_of(pool.share(slow_and_well, [7])) == {0: 7}, "the process lives on"


def test_what_cannot_be_sent_is_said(pool: Pool) -> None:
    def local(_: int) -> Iterator[int]:
        yield 0

    with pytest.raises((AttributeError, pickle.PicklingError), match="local"):
        all_of(pool.share(local, [0]))


def test_nothing_to_do_is_done(pool: Pool) -> None:
    assert all_of(pool.share(slow_and_well, [])) == {}


def test_processes_end_when_there_is_no_work_and_begin_again(pool: Pool) -> None:
    ((_, (_, pid)),) = all_of(pool.share(process_of, [0])).items()
    assert alive(pid)
    pool.end_idle(PATIENCE)
    assert alive(pid), "it is not idle for so long"
    pool.end_idle(0)
    assert not alive(pid)
    ((_, (_, other)),) = all_of(pool.share(process_of, [0])).items()
    assert other != pid


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_who_started_them(tmp_path: Path, how: signal.Signals) -> None:
    """In the middle of a slice, whatever ended it: they hear that nobody speaks any more."""
    code = (
        "import sys, time; from functools import partial; from pathlib import Path\n"
        "from endless import endless; from nnviz.sweeps.pool import Pool\n"
        f"pool = Pool(2); share = pool.share(partial(endless, Path({str(tmp_path)!r})), [0, 1])\n"
        "print(*(process.running.pid for process in pool._processes), flush=True)\n"
        "time.sleep(1000)\n"
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        until(lambda: written(tmp_path, 0) and written(tmp_path, 1))
        parent.send_signal(how)
        until(lambda: not any(map(alive, pids)))


def test_a_setting_that_cannot_be_is_said_across_processes() -> None:
    error = SettingError("seed", "x" * 100, "a whole number")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.field) == (str(error), "seed")
