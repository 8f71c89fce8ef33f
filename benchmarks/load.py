"""Many visitors at once: how long they wait, and what they cost.

    .venv/bin/python -m benchmarks.load [--visitors 40] [--seconds 120] [--every 5]
        [--greedy 1] [--hostile 1]

It starts the app on loopback, has the visitors come one after the other within one interval, and
lets each do something every few seconds: most often move a control, else scrub, or go to another
page. Beside them, and not counted with them: a greedy visitor has two windows, of which one moves
the seed of a large run as fast as answers come, and the other trains a grid that takes minutes; a
hostile one sends what no page sends, and files that are broken in many ways; and, with a greedy
one, an explorer trains default grids and waits for the first run. All speak Streamlit's own
protocol (`benchmarks.visitors`), in a process of their own, on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from websockets.exceptions import ConnectionClosed

from benchmarks.visitors import PAGES, Answer, Visitor

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from serving import App

CONTROLS = (
    "learning_rate", "learning_rate", "seed", "gradient", "noise", "init_scale", "hidden_units",
    "dataset",
)  # fmt: skip
"""What visitors move, the favourites more than once."""

ASK_AGAIN_FIRST, ASK_AGAIN_AFTER = 0.8, 6.0
"""Seconds until the player asks again that was told nothing new, at first and at most."""

AFTERWARDS = 400
"""Seconds to wait at most for the memory to be given back, once all have left."""


@dataclass
class Tally:
    """What happened."""

    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    @property
    def shown(self) -> list[float]:
        """Seconds from each control moved to its new recording."""
        moved = self.answers["control"]
        return [answer.shown for answer in moved if answer.shown is not None]


@contextmanager
def served(log: Path) -> Iterator[tuple[str, int]]:
    """Run the app; its address and process."""
    app = App(log)
    try:
        app.start()
        yield app.address.rstrip("/"), app.pid
    finally:
        app.stop()


def memory(pid: int) -> int:
    """Resident memory of a process and its children, in MB."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines()
            )
        except (OSError, ValueError):
            continue
        if str(pid) in (lines["Pid"].strip(), lines["PPid"].strip()) and "VmRSS" in lines:
            total += int(lines["VmRSS"].split()[0])
    return total // 1024


async def visitor(address: str, number: int, seconds: float, every: float, tally: Tally) -> None:
    """Come, do something every few seconds, and leave."""
    rng = random.Random(number)
    await asyncio.sleep(rng.uniform(0, every))
    one = Visitor(address, rng)
    until = time.monotonic() + seconds
    try:
        await act("first visit", one.arrive(), tally)
        page = "train"
        while time.monotonic() < until:
            begun = time.monotonic()
            what = rng.random()
            if what < 0.6 or (what < 0.85 and not one.fragment):
                await act("control", one.move(rng.choice(CONTROLS)), tally)
            elif what < 0.85:
                await act("scrub", one.scrub(), tally)
            else:
                page = rng.choice([name for name in PAGES if name != page])
                await act("page", one.visit(page), tally)
            await watch_grow(one, begun + every, tally)
            rest = every * rng.uniform(0.8, 1.2) - (time.monotonic() - begun)
            await asyncio.sleep(max(0.0, rest))
    except Exception as error:
        tally.errors.append(f"visitor {number}: {type(error).__name__}: {error}")
    finally:
        await one.leave()


async def watch_grow(one: Visitor, until: float, tally: Tally) -> None:
    """Ask for more, as the player does, until there is nothing more to come or it is time."""
    patience = ASK_AGAIN_FIRST
    while one.growing and (begun := time.monotonic()) < until:
        known = one.known
        await act("more", one.train_on(), tally)
        if one.known == known:
            await asyncio.sleep(max(0.0, begun + patience - time.monotonic()))
            patience = min(2 * patience, ASK_AGAIN_AFTER)
        else:
            patience = ASK_AGAIN_FIRST


async def act(kind: str, doing: Awaitable[Answer], tally: Tally) -> Answer:
    """Do something and note what came of it."""
    answer = await doing
    tally.answers[kind].append(answer)
    tally.errors += answer.wrong
    return answer


async def watch(pid: int, tally: Tally) -> None:
    """Note the memory once a second."""
    begun = time.monotonic()
    while True:
        tally.memory.append((time.monotonic() - begun, memory(pid)))
        await asyncio.sleep(1)


async def sweeping(address: str, seconds: float, tally: Tally) -> None:
    """One more visitor, who explores: 2,000 epochs in each of 75 runs, on all processors, anew."""
    one = Visitor(address, random.Random(1))
    await one.arrive()
    await one.choose("epochs", "2000")
    await one.visit("explore")
    for second in range(int(seconds)):
        if second % 10 == 0:  # with other seeds; of no effect while the last one runs
            await act("sweep", one.move("seed"), tally)
            if one.offers("Train "):  # the first may begin by itself
                await act("sweep", one.press("Train "), tally)
        await asyncio.sleep(1)
        await act("sweep", one.look(), tally)
    await one.leave()


async def greedy(address: str, number: int, seconds: float, tally: Tally) -> None:
    """Move the seed of a large run without a pause."""
    one = Visitor(address, random.Random(-number))
    until = time.monotonic() + seconds
    try:
        await one.arrive()
        await one.choose("epochs", "20000")
        await one.choose("dataset", "digits")
        while time.monotonic() < until:
            await act("greedy", one.move("seed"), tally)
    except Exception as error:
        tally.errors.append(f"greedy {number}: {type(error).__name__}: {error}")
    finally:
        await one.leave()


async def greedy_sweep(address: str, number: int, seconds: float, tally: Tally) -> None:
    """Train grids of digits, 20,000 epochs each, and look on."""
    one = Visitor(address, random.Random(1000 + number))
    try:
        await one.arrive()
        await one.choose("epochs", "20000")
        await one.choose("dataset", "digits")
        await one.visit("explore")
        await one.press("Train ")
        for _ in range(int(seconds)):
            await asyncio.sleep(1)
            await act("greedy sweep", one.look(), tally)
    except Exception as error:
        tally.errors.append(f"greedy sweep {number}: {type(error).__name__}: {error}")
    finally:
        await one.leave()


async def explorer(address: str, seconds: float, tally: Tally) -> None:
    """Train the default grid with other seeds, again and again: how long until its first place."""
    one = Visitor(address, random.Random(7))
    until = time.monotonic() + seconds
    try:
        await one.arrive()
        await one.visit("explore")
        if one.offers("Cancel"):  # it may begin by itself
            await one.press("Cancel")
            await asyncio.sleep(1)
        while time.monotonic() < until:
            await one.move("seed")
            begun = time.monotonic()
            await one.press("Train ")
            while (await act("look", one.look(), tally)).shown is None:
                await asyncio.sleep(0.4)
                if time.monotonic() - begun > 60:
                    raise TimeoutError("no first place in a minute")
            waited = time.monotonic() - begun
            tally.answers["first place"].append(Answer(waited, None, ()))
            await one.press("Cancel")
            await asyncio.sleep(5)
    except Exception as error:
        tally.errors.append(f"explorer: {type(error).__name__}: {error}")
    finally:
        await one.leave()


async def hostile(address: str, number: int, seconds: float, tally: Tally) -> None:
    """Send forged values from every page, and mutated recordings and tables, without a pause."""
    # Here, since what the values are made of takes a while to import, and few measure that.
    from mutated_recordings import mutated as mutated_recording
    from mutated_tables import mutated as mutated_table

    from benchmarks import forged_values

    rng = np.random.default_rng(number)
    until = time.monotonic() + seconds
    found = forged_values.Found()
    files = 0
    while time.monotonic() < until:
        try:
            await forged_values.forge_values(
                address, found.sent + 20, int(rng.integers(10**6)), found
            )
            one = Visitor(address, random.Random(number))
            await one.arrive()
            try:
                await act("hostile", one.open_up("home"), tally)
                content = await asyncio.to_thread(mutated_recording, rng)
                await act("hostile", one.bring("recording_file", content), tally)
                if one.stored:  # else it was too large
                    await act("hostile", one.press("Show it"), tally)
                await one.visit("data")
                content = await asyncio.to_thread(mutated_table, rng)
                await act("hostile", one.bring("own_file", content), tally)
                files += 2
            finally:
                await one.leave()
        except ConnectionClosed:
            found.closed += 1
    tally.errors += found.wrong.elements()
    print(f"hostile: {found.sent} forged values, {files} files, {found.closed} connections closed")


async def crowd(options: argparse.Namespace, address: str, pid: int) -> Tally:
    """Let all visitors come and go."""
    tally = Tally()
    watching = asyncio.create_task(watch(pid, tally))
    everybody = [
        visitor(address, number, options.seconds, options.every, tally)
        for number in range(options.visitors)
    ]
    if options.sweep:
        everybody.append(sweeping(address, options.seconds, tally))
    for number in range(options.greedy):
        everybody.append(greedy(address, number, options.seconds, tally))
        everybody.append(greedy_sweep(address, number, options.seconds, tally))
    everybody += [hostile(address, n, options.seconds, tally) for n in range(options.hostile)]
    if options.greedy:
        everybody.append(explorer(address, options.seconds, tally))
    await asyncio.gather(*everybody)
    watching.cancel()
    return tally


def percentile(values: list[float], share: float) -> float:
    """A quantile of some numbers; NaN of none."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def report(tally: Tally, start: int) -> None:
    """Print what happened."""
    print(f"{'':14}{'count':>7}{'p50 s':>9}{'p95 s':>9}{'max s':>9}")
    for kind, answers in sorted(tally.answers.items()):
        seconds = [answer.seconds for answer in answers]
        row(kind, seconds)
    row("to new run", tally.shown)
    print(f"errors: {len(tally.errors)}", *tally.errors[:5], sep="\n  ")
    print(f"memory: {start} MB at the start, {max(mb for _, mb in tally.memory)} MB at most")


def row(name: str, seconds: list[float]) -> None:
    """Print a line of the table."""
    if seconds:
        numbers = (percentile(seconds, 0.5), percentile(seconds, 0.95), max(seconds))
        print(f"{name:14}{len(seconds):7}" + "".join(f"{number:9.3f}" for number in numbers))


def given_back(pid: int, start: int) -> None:
    """Wait until the memory is back to within 20 % of its start, and say how long it took."""
    begun = time.monotonic()
    while (now := memory(pid)) > 1.2 * start and time.monotonic() - begun < AFTERWARDS:
        time.sleep(2)
    said = "within" if now <= 1.2 * start else "NOT within"
    waited = time.monotonic() - begun
    print(f"{waited:.0f} s after they left: {now} MB, {said} 20 % of the start")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--every", type=float, default=5, help="seconds between two actions of one")
    parser.add_argument("--sweep", action="store_true", help="with a sweep at the same time")
    parser.add_argument("--greedy", type=int, default=0, help="visitors who take what they can")
    parser.add_argument("--hostile", type=int, default=0, help="visitors who send what none does")
    options = parser.parse_args()
    log = Path("/tmp") / f"nnviz-load-{os.getpid()}.log"
    with served(log) as (address, pid):
        time.sleep(3)
        warm = Tally()
        asyncio.run(visitor(address, 0, 1, 0.5, warm))
        start = memory(pid)
        print(
            f"{options.visitors} visitors, one action each {options.every:g} s, for "
            f"{options.seconds:g} s, {os.cpu_count()} processors{', a sweep' * options.sweep}"
            f"{f', {options.greedy} greedy' * bool(options.greedy)}"
            f"{f', {options.hostile} hostile' * bool(options.hostile)}"
        )
        report(asyncio.run(crowd(options, address, pid)), start)
        given_back(pid, start)
    lines = log.read_text(encoding="utf-8").splitlines()
    print(
        f"the server's log: {len(lines)} lines, {sum('Traceback' in one for one in lines)} of them"
    )
    print(f"begin a traceback: {log}")


if __name__ == "__main__":
    main()
