"""Open thousands of mutated recordings, and say what that costs.

python -m benchmarks.mutated_recordings [how many, 5000 if not said] [first seed, 0]
"""

from __future__ import annotations

import collections
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from nnviz.runs.members import RecordingFileError
from nnviz.runs.threads import one_thread
from nnviz.ui.views.opened import opened_run

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

MEASURED = 0.12
"""Seconds of measuring progress, as the page does at a time."""


def main() -> None:
    """Open them, one after the other, as the page does."""
    from mutated_recordings import mutated

    one_thread()
    warnings.simplefilter("error")  # in a server's log they would be lines
    count, first = (int(said) for said in (*sys.argv[1:], "5000", "0")[:2])
    ended: collections.Counter[str] = collections.Counter()
    slowest: list[tuple[float, float, int, str]] = []
    most, failed, measuring = 0.0, [], 0.0
    for seed in range(first, first + count):
        content = mutated(np.random.default_rng(seed))
        before = _megabytes_anew()
        begun, spent = time.perf_counter(), time.thread_time()
        opened = None
        try:
            opened = opened_run(content)
            how = "opened"
        except RecordingFileError:
            how = "refused"
        except Exception as error:
            how = "failed"
            failed.append(f"{seed}: {error!r}")
        took, computed = time.perf_counter() - begun, time.thread_time() - spent
        ended[how] += 1
        slowest = sorted([*slowest, (computed, took, seed, how)], reverse=True)[:5]
        most = max(most, _megabytes("VmHWM") - before)
        if opened is not None:
            spent = time.thread_time()
            opened.measuring.go_on(opened.run, MEASURED)
            measuring = max(measuring, time.thread_time() - spent)
    print(", ".join(f"{how} {number:,}" for how, number in ended.items()))
    for computed, took, seed, how in slowest:
        print(f"seed {seed}, {how}: {computed:.2f} s of computing, {took:.2f} s by the clock")
    print(f"longest turn of measuring progress: {measuring:.2f} s of computing")
    print(f"most memory that one took: {most:.0f} MB")
    print(*failed, sep="\n")


def _megabytes_anew() -> float:
    """Memory in use, from which on the highest is found anew; on Linux alone."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _megabytes("VmRSS")


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1000


if __name__ == "__main__":
    main()
