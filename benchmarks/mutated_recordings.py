"""Open thousands of mutated recordings, and say what that costs.

python -m benchmarks.mutated_recordings [how many, 5000 if not said] [first seed, 0]
"""

from __future__ import annotations

import collections
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnviz.runs.members import RecordingFileError
from nnviz.runs.threads import one_thread
from nnviz.ui.views.opened import OpenedRun, opened_run

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

MEASURED = 0.12
"""Seconds of measuring progress, as the page does at a time."""


def main() -> None:
    """Open them, one after the other, as the page does."""
    from mutated_recordings import largest_recordings, mutated

    one_thread()
    warnings.simplefilter("error")  # in a server's log they would be lines
    said = [int(number) for number in sys.argv[1:]]
    count, first = [*said, *(5000, 0)[len(said) :]]
    print("The largest that the page shows:")
    for sizes, content in largest_recordings():
        print(f"{_opened(content)}; {sizes}")
    print("Mutated:")
    ended: collections.Counter[str] = collections.Counter()
    costs: list[tuple[_Cost, int]] = []
    for seed in range(first, first + count):
        cost = _opened(mutated(np.random.default_rng(seed)))
        ended[cost.ended] += 1
        costs.append((cost, seed))
    print(", ".join(f"{how} {number:,}" for how, number in ended.most_common()))
    for name in ("computing", "by_the_clock", "measuring", "megabytes"):
        cost, seed = max(costs, key=lambda found: getattr(found[0], name))
        print(f"most {name}: {cost}; seed {seed}")


@dataclass(frozen=True)
class _Cost:
    """How a file ended, and what it cost: seconds, and megabytes at most."""

    ended: str
    computing: float
    by_the_clock: float
    measuring: float
    megabytes: float

    def __str__(self) -> str:
        return (
            f"{self.ended}: {self.computing:.2f} s of computing, {self.by_the_clock:.2f} s by the "
            f"clock, {self.measuring:.2f} s for a turn of measuring, {self.megabytes:.0f} MB"
        )


def _opened(content: bytes) -> _Cost:
    """Open a file as the page does, and measure the first of its progress."""
    before = _megabytes_anew()
    begun, spent, measuring, ended = time.perf_counter(), time.thread_time(), 0.0, "opened"
    opened: OpenedRun | None = None
    try:
        opened = opened_run(content)
    except RecordingFileError:
        ended = "refused"
    except Exception as error:
        ended = f"FAILED by {error!r}"
    computing, by_the_clock = time.thread_time() - spent, time.perf_counter() - begun
    if opened is not None:
        spent = time.thread_time()
        opened.measuring.go_on(opened.run, MEASURED)
        measuring = time.thread_time() - spent
    return _Cost(ended, computing, by_the_clock, measuring, _megabytes("VmHWM") - before)


def _megabytes_anew() -> float:
    """Memory in use, from which on the highest is found anew; on Linux alone."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _megabytes("VmRSS")


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1000


if __name__ == "__main__":
    main()
