"""The server's end: whatever ends it, its workers end, too."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import pytest
from aside import run_aside
from serving import App
from test_pool import alive, until

from benchmarks.visitors import Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")


def children(pid: int) -> list[int]:
    """Processes that a process has started and that live."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[1] == str(pid) and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


async def sweep(address: str) -> Visitor:
    """Have a sweep run that takes minutes; and another window with a run that grows."""
    growing = Visitor(address, random.Random(1))
    await growing.arrive()
    await growing.choose("epochs", "20000")
    await growing.choose("dataset", "digits")
    await growing.visit("explore")
    await growing.press("Train ")
    return growing


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_all_workers_end_with_the_server(tmp_path: Path, how: signal.Signals) -> None:
    """In the middle of a run of a sweep, with its visitor connected."""
    app = App(tmp_path / "log")
    app.start()

    async def run() -> list[int]:
        visitor = await sweep(app.address.rstrip("/"))
        while not children(app.pid):
            await asyncio.sleep(0.05)
        workers = children(app.pid)
        os.kill(app.pid, how)
        await asyncio.to_thread(app.wait)
        await visitor.leave()
        return workers

    workers = run_aside(run())
    assert workers
    until(lambda: not any(map(alive, workers)))
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log


def test_workers_without_work_end_when_the_server_tidies_up() -> None:
    """It looks every few seconds; how long they may be idle is the pool's."""
    from nnviz.ui import server
    from nnviz.ui.shared import sweeps

    asked: list[float] = []

    class Idle:
        def end_idle(self, seconds: float) -> None:
            asked.append(seconds)

    async def tidied() -> None:
        tidying = asyncio.create_task(server.tidy())
        while not asked:
            await asyncio.sleep(0.01)
        tidying.cancel()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "TIDY_EVERY", 0.01)
        patch.setattr(sweeps, "POOL", Idle())
        run_aside(tidied())
    assert asked[0] == server.WORKERS_IDLE
