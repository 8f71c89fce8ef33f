"""A few visitors who never rest: memory and response time over thousands of interactions.

    .venv/bin/python -m benchmarks.soak [--visitors 4] [--seconds 900]

Every control, every page and every data set in turn, a table of their own too. What they train is
larger or smaller by chance, and they are in each other's way. So they pause now and then, and one
more visitor trains the default run with other seeds: that takes the same time for ever on a server
that does not age. The plot goes to docs/soak.svg.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Tally, act, memory, served
from benchmarks.plots import write_svg
from benchmarks.visitors import PAGES, Visitor

CONTROLS = (
    "dataset", "samples", "classes", "noise", "test_share", "gradient", "learning_rate",
    "hidden_units", "target_accuracy", "init_scale", "seed", "data_seed",
)  # fmt: skip
"""All that decides a run, but its length."""

ROUND = 45.0
"""Seconds of work between two pauses."""

Look = tuple[int, int]
"""Interactions so far, and MB."""


@dataclass
class Work:
    """Whether the visitors work, and how many are about to finish something."""

    on: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    busy: int = 0

    async def begin(self) -> None:
        """Wait for work."""
        await self.on.wait()
        self.busy += 1

    async def pause(self) -> None:
        """Have all stop, and wait for them."""
        self.on.clear()
        while self.busy:
            await asyncio.sleep(0.05)


async def restless(address: str, number: int, work: Work, tally: Tally) -> None:
    """Do everything there is, again and again, whenever there is work."""
    one = Visitor(address, random.Random(number))
    await act("first visit", one.arrive(), tally)
    await act("control", one.choose("epochs", "200"), tally)
    for page in itertools.cycle(PAGES):
        await act("page", one.visit(page), tally)
        for key in CONTROLS:
            await work.begin()
            if work.over:
                await one.leave()
                return
            await act("control", one.move(key), tally)
            while one.growing:
                await act("more", one.train_on(), tally)
            if one.fragment and page in ("train", "approximation", "compare"):
                await act("scrub", one.scrub(), tally)
            work.busy -= 1


async def probe(one: Visitor, tally: Tally) -> float:
    """Median of seconds in which the default run is trained and sent, with 15 other seeds."""
    for _ in range(15):
        await act("default run", one.move("seed"), tally)
        assert not one.growing, "the default run took more than a page's time"
    return statistics.median(answer.seconds for answer in tally.answers["default run"][-15:])


async def soak(
    address: str, pid: int, visitors: int, seconds: float
) -> tuple[Tally, list[Look], list[tuple[int, float]]]:
    """Let them; the memory every half second, and the probes after so many interactions."""
    tally, work = Tally(), Work()
    looks: list[Look] = []
    probes: list[tuple[int, float]] = []

    def done() -> int:
        return sum(map(len, tally.answers.values()))

    async def look() -> None:
        while True:
            looks.append((done(), memory(pid)))
            await asyncio.sleep(0.5)

    one = Visitor(address, random.Random(0))
    await act("first visit", one.arrive(), tally)
    everybody = [asyncio.create_task(restless(address, n, work, tally)) for n in range(visitors)]
    looking = asyncio.create_task(look())
    until = time.monotonic() + seconds
    while True:
        probes.append((done(), await probe(one, tally)))
        if time.monotonic() > until:
            break
        work.on.set()
        await asyncio.sleep(ROUND)
        await work.pause()
    work.over = True
    work.on.set()
    await asyncio.gather(*everybody)
    looking.cancel()
    return tally, looks, probes


def main() -> None:
    """Run it, print, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=900)
    options = parser.parse_args()
    with served(Path("/tmp/nnviz-soak.log")) as (address, pid):
        time.sleep(3)
        tally, looks, probes = asyncio.run(soak(address, pid, options.visitors, options.seconds))
    half = len(looks) // 2
    for part, chosen in (("first half", looks[:half]), ("second half", looks[half:])):
        megabytes = [mb for _, mb in chosen]
        print(f"{part}: {statistics.median(megabytes):.0f} MB, at most {max(megabytes)}")
    said = " ".join(f"{1000 * taken:.0f}" for _, taken in probes)
    print(f"a default run, ms, with nobody else at work: {said}")
    print(f"{looks[-1][0]} interactions, {len(tally.errors)} errors", *tally.errors[:5], sep="\n  ")
    every = slice(None, None, max(1, len(looks) // 200))
    done, megabytes_all = ([float(n) for n in column][every] for column in zip(*looks, strict=True))
    at, taken = zip(*((float(n), 1000 * seconds) for n, seconds in probes), strict=True)
    write_svg(
        "soak.svg",
        [
            ("interactions", "memory, MB", {"": (done, megabytes_all)}),
            ("interactions", "a default run alone, ms", {"": (list(at), list(taken))}),
        ],
        log=False,
    )


if __name__ == "__main__":
    main()
