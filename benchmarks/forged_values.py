"""A hostile page: forged values for every widget, and messages that no page sends.

    .venv/bin/python -m benchmarks.forged_values [--values 5000] [--seed 0]

It starts the app on loopback, looks at page after page, and sends what `tests/forged_values.py`
makes. Wanted: no traceback in the page or in the server's log, and no line in that at all.
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

from websockets.exceptions import ConnectionClosed

from benchmarks.load import served
from benchmarks.visitors import PAGES, Visitor
from nnviz.ui.border import admitted

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from forged_values import forge, forged_frame

FRAMES = 0.05
"""Share of what is sent that is no page's message at all."""

STAYS = 60
"""Values to send from a page, before the next."""

SLOWEST_NAMED = 3

PATIENCE = 50.0
"""Seconds to wait for an answer."""


@dataclass
class Found:
    """What came of it.

    Attributes
    ----------
    sent : int
        Values, so far.
    closed : int
        Connections that the server closed.
    unanswered : int
        Parts of a page that were asked for and did not come.
    wrong : Counter
        Exceptions on the page, by what they say.
    slowest : list of (float, str)
        Seconds until an answer, and what to.
    """

    sent: int = 0
    closed: int = 0
    unanswered: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)


async def forge_values(address: str, values: int, seed: int, found: Found) -> None:
    """Send so many forged values, page after page."""
    rng = random.Random(seed)
    number = 0
    while found.sent < values:
        one = Visitor(address, rng)
        try:
            await one.arrive()
            page = PAGES[number % len(PAGES)]
            number += 1
            if page != "train":
                await one.visit(page)
            for _ in range(min(STAYS, values - found.sent)):
                await send(one, rng, found)
        except ConnectionClosed:
            found.closed += 1
        finally:
            await one.leave()


async def send(one: Visitor, rng: random.Random, found: Found) -> None:
    """Send one forged value, and wait for what comes of it."""
    found.sent += 1
    begun = time.perf_counter()
    if rng.random() < FRAMES:
        assert one.socket is not None
        await one.socket.send(forged_frame(rng))
        await one.answer(one.request())  # or the server has closed the connection
        found.slowest.append((time.perf_counter() - begun, "a frame"))
        return
    fragment = one.fragment if rng.random() < 0.3 else ""
    message = one.request(fragment)
    forge(rng, message, sorted(one.names), one.header.get("run", ""))
    known = message.rerun_script.fragment_id in ("", one.fragment)
    if not known or admitted(message.SerializeToString()) is None:
        assert one.socket is not None
        await one.socket.send(message.SerializeToString())  # nothing runs, and nothing is answered
        message = one.request()
    said = str(message.rerun_script.widget_states.widgets[-1:])[:300]
    if not fragment:
        one.fragment, one.hashes = "", []  # it may be gone; if not, it comes again
    try:
        answer = await asyncio.wait_for(one.answer(message), PATIENCE)
    except TimeoutError:
        # Streamlit says nothing where it no longer has the part of the page that is asked for.
        assert fragment, f"no answer to {said}"
        found.unanswered += 1
        one.fragment, one.hashes = "", []
        answer = await one.answer(one.request())
    found.wrong.update(answer.wrong)
    found.slowest.append((answer.seconds, said))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--values", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    log = Path("/tmp") / f"nnviz-forged-{os.getpid()}.log"
    found = Found()
    with served(log) as (address, _):
        begun = len(log.read_text(encoding="utf-8"))
        asyncio.run(forge_values(address, options.values, options.seed, found))
        time.sleep(1)
        lines = log.read_text(encoding="utf-8")[begun:].splitlines()
    print(f"{found.sent} values, {found.closed} connections closed by the server")
    print(f"parts of a page that did not come: {found.unanswered}")
    print(f"exceptions on the page: {found.wrong.total()}")
    for said, count in found.wrong.most_common(12):
        print(f"  {count:5} {said[:150]!r}")
    tracebacks = sum("Traceback" in line for line in lines)
    print(f"lines in the log: {len(lines)}, tracebacks: {tracebacks} ({log})")
    for seconds, said in sorted(found.slowest, reverse=True)[:SLOWEST_NAMED]:
        print(f"slowest: {seconds:.3f} s, {said!r}")


if __name__ == "__main__":
    main()
