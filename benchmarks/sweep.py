"""A sweep beside a plain loop over the same runs: ``python -m benchmarks.sweep``."""

from __future__ import annotations

import argparse
import os
import statistics
import time

from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import grid, outcome, run_all


def main() -> None:
    """Measure both in turn, and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    specs = grid(RunSpec("spiral", (), Config()), {}, seeds=asked.runs)
    loops, sweeps = [], []
    for _ in range(asked.rounds):
        start = time.perf_counter()
        for spec in specs:
            outcome(train(spec.config, spec.load()))
        loops.append(time.perf_counter() - start)
        start = time.perf_counter()
        found = dict(run_all(specs))
        sweeps.append(time.perf_counter() - start)
        assert len(found) == len(specs)
    loop, sweep = statistics.median(loops), statistics.median(sweeps)
    print(f"{asked.runs} default runs on {os.cpu_count()} processors, median of {asked.rounds}:")
    print(f"plain loop {loop:.2f} s, sweep {sweep:.2f} s, ratio {sweep / loop:.2f}")


if __name__ == "__main__":
    main()
