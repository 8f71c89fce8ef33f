"""Addresses by the thousand: valid, nearly valid, and hostile.

    .venv/bin/python -m benchmarks.generated_addresses [--addresses 20000] [--first 0.2] [--seed 0]

It starts the app on loopback and opens what `tests/generated_addresses.py` makes: a share of the
addresses as a first visit, the others in a session that is there already, as by a link. Wanted: no
traceback in the page or in the server's log.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import row, served
from benchmarks.visitors import Visitor

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from generated_addresses import address

NAMED = 5
"""Of the slowest, to be named."""


@dataclass
class Found:
    """What came of it: seconds by the address, first visits and others; exceptions on the page."""

    first: list[tuple[float, str]] = field(default_factory=list)
    later: list[tuple[float, str]] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def slowest(self) -> list[tuple[float, str]]:
        """All of them, the slowest first."""
        return sorted([*self.first, *self.later], reverse=True)


async def open_addresses(base: str, count: int, first: float, seed: int, found: Found) -> None:
    """Open so many addresses, one after the other."""
    rng = random.Random(seed)
    one: Visitor | None = None
    for _ in range(count):
        where = address(rng)
        if one is None or rng.random() < first:
            if one is not None:
                await one.leave()
            one = Visitor(base, rng)
            answer, times = await one.arrive(where), found.first
        else:
            answer, times = await one.follow(where), found.later
        times.append((answer.seconds, where))
        found.wrong.update(answer.wrong)
    if one is not None:
        await one.leave()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--addresses", type=int, default=20_000)
    parser.add_argument("--first", type=float, default=0.2, help="share of first visits")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    log = Path("/tmp") / f"nnviz-addresses-{os.getpid()}.log"
    found = Found()
    with served(log) as (base, _):
        begun = len(log.read_text(encoding="utf-8"))
        asyncio.run(open_addresses(base, options.addresses, options.first, options.seed, found))
        time.sleep(1)
        lines = log.read_text(encoding="utf-8")[begun:].splitlines()
    print(f"{'':14}{'count':>7}{'p50 s':>9}{'p95 s':>9}{'max s':>9}")
    row("first visits", [seconds for seconds, _ in found.first])
    row("links", [seconds for seconds, _ in found.later])
    print(f"exceptions on the page: {found.wrong.total()}", *found.wrong.most_common(9), sep="\n  ")
    tracebacks = sum("Traceback" in line for line in lines)
    print(f"lines in the log: {len(lines)}, tracebacks: {tracebacks} ({log})")
    for seconds, where in found.slowest[:NAMED]:
        print(f"slowest: {seconds:.3f} s, {where[:200]!r}")


if __name__ == "__main__":
    main()
