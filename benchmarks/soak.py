"""A few visitors who never rest: memory and response time over thousands of interactions.

    .venv/bin/python -m benchmarks.soak [--visitors 4] [--seconds 900]

Every control, every page and every data set in turn, a table of their own too. What they train is
larger or smaller by chance, so one more visitor trains the default run with other seeds all the
time, which would take the same time for ever on a server that does not age. The plot goes to
docs/soak.svg.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import time
from pathlib import Path

from benchmarks.load import Tally, act, memory, served
from benchmarks.plots import write_svg
from benchmarks.visitors import PAGES, Visitor

CONTROLS = (
    "dataset", "samples", "classes", "noise", "test_share", "gradient", "learning_rate",
    "hidden_units", "target_accuracy", "init_scale", "seed", "data_seed",
)  # fmt: skip
"""All that decides a run, but its length."""

BINS = 24


async def restless(address: str, number: int, until: float, tally: Tally) -> None:
    """Do everything there is, again and again."""
    one = Visitor(address, random.Random(number))
    await act("first visit", one.arrive(), tally)
    await act("control", one.choose("epochs", "200"), tally)
    for page in itertools.cycle(PAGES):
        await act("page", one.visit(page), tally)
        for key in CONTROLS:
            await act("control", one.move(key), tally)
            while one.growing:
                await act("more", one.train_on(), tally)
            if one.fragment and page in ("train", "approximation", "compare"):
                await act("scrub", one.scrub(), tally)
            if time.monotonic() > until:
                await one.leave()
                return


async def steady(address: str, until: float, tally: Tally) -> None:
    """Train the default run with another seed, once a second."""
    one = Visitor(address, random.Random(0))
    await act("first visit", one.arrive(), tally)
    while time.monotonic() < until:
        await act("default run", one.move("seed"), tally)
        while one.growing:
            await act("more", one.train_on(), tally)
        await asyncio.sleep(1)
    await one.leave()


async def soak(
    address: str, pid: int, visitors: int, seconds: float
) -> tuple[Tally, list[tuple[float, int, int, float]]]:
    """Let them, and look twice a second: when, MB, interactions so far, seconds of the last."""
    tally = Tally()
    begun = time.monotonic()
    until = begun + seconds
    work = [restless(address, n, until, tally) for n in range(visitors)]
    work.append(steady(address, until, tally))
    looks: list[tuple[float, int, int, float]] = []

    async def look() -> None:
        while True:
            await asyncio.sleep(0.5)
            recent = [answer.seconds for answer in tally.answers["default run"][-20:]]
            done = sum(map(len, tally.answers.values()))
            median = statistics.median(recent) if recent else float("nan")
            looks.append((time.monotonic() - begun, memory(pid), done, median))

    looking = asyncio.create_task(look())
    await asyncio.gather(*work)
    looking.cancel()
    return tally, looks


def main() -> None:
    """Run it, print, and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=900)
    options = parser.parse_args()
    with served(Path("/tmp/nnviz-soak.log")) as (address, pid):
        time.sleep(3)
        tally, looks = asyncio.run(soak(address, pid, options.visitors, options.seconds))
    done = [float(look[2]) for look in looks]
    half = len(looks) // 2
    for part, chosen in (("first half", looks[:half]), ("second half", looks[half:])):
        print(
            f"{part}: {statistics.median(look[1] for look in chosen):.0f} MB (at most "
            f"{max(look[1] for look in chosen)}), a default run in "
            f"{1000 * statistics.median(look[3] for look in chosen):.0f} ms"
        )
    print(f"{done[-1]:.0f} interactions, {len(tally.errors)} errors", *tally.errors[:5], sep="\n  ")
    megabytes, waits = [float(look[1]) for look in looks], [1000 * look[3] for look in looks]
    every = slice(None, None, max(1, len(looks) // 200))
    write_svg(
        "soak.svg",
        [
            ("interactions", "memory, MB", {"": (done[every], megabytes[every])}),
            ("interactions", "a default run, ms", {"": (done[every], waits[every])}),
        ],
        log=False,
    )


if __name__ == "__main__":
    main()
