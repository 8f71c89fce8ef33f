"""Sweeps, and the wall of the Explore page, beside a plain loop over the same runs.

``python -m benchmarks.sweep``
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

from nnviz.approximation.progress import Progress
from nnviz.figures.tiles import Found, found_in_slices
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import grid, outcome, run_all
from nnviz.ui.controls.varied import VARIED
from nnviz.ui.shared.sweeps import POOL, Outcomes, Sweep

SEEDS = 3
"""Of the wall that the page opens with."""


class Timed(Outcomes):
    """Outcomes that note when what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = time.perf_counter()
        self.drawn: list[float] = []
        self.trained: list[float] = []
        self.measured: list[float] = []

    def put(self, spec: RunSpec, found: Found) -> None:
        """Keep what came of a run."""
        super().put(spec, found)
        now = time.perf_counter() - self.begun
        self.trained.append(now)
        if found.tile is not None:
            self.drawn.append(now)

    def measure(self, spec: RunSpec, along: Progress) -> None:
        """Note where the rules hold in a run."""
        super().measure(spec, along)
        self.measured.append(time.perf_counter() - self.begun)


def main() -> None:
    """Measure all in turn, and print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    _many(asked.runs, asked.rounds)
    _wall(asked.rounds)


def _many(runs: int, rounds: int) -> None:
    specs = grid(RunSpec("spiral", (), Config()), {}, seeds=runs)
    loops, sweeps = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        for spec in specs:
            outcome(train(spec.config, spec.load()))
        loops.append(time.perf_counter() - start)
        start = time.perf_counter()
        found = dict(run_all(specs))
        sweeps.append(time.perf_counter() - start)
        assert len(found) == len(specs)
    loop, sweep = statistics.median(loops), statistics.median(sweeps)
    print(f"{runs} default runs on {os.cpu_count()} processors, median of {rounds}:")
    print(f"plain loop {loop:.2f} s, sweep {sweep:.2f} s, ratio {sweep / loop:.2f}")


def _wall(rounds: int) -> None:
    """The page's own wall, with warm workers: when its pictures, its strips and all are there."""
    axes = {VARIED[name].setting: VARIED[name].first for name in ("learning rate", "hidden units")}
    POOL.share(found_in_slices, [(RunSpec("blobs", (), Config(epochs=10)), True)] * 4).take()
    walls, loops = [], []
    for number in range(rounds):  # of other data each time: nothing is known yet
        specs = grid(RunSpec("spiral", (("data_seed", number),), Config()), axes, SEEDS)
        kept = Timed()
        sweep = Sweep(specs, kept, "benchmark", range(0, len(specs), SEEDS))
        while sweep.running:
            sweep.look()
            time.sleep(0.02)
        walls.append(kept)
        start = time.perf_counter()
        for spec in specs:
            outcome(train(spec.config, spec.load()))
        loops.append(time.perf_counter() - start)
    places = len(walls[0].drawn)
    loop = statistics.median(loops)

    def said(times: list[float]) -> str:
        median = statistics.median(times)
        return f"{median:.2f} s ({median / loop:.2f})"

    print(f"A wall of {places} places, {SEEDS} seeds each; in brackets, to the plain loop:")
    print(f"plain loop {loop:.2f} s")
    print(f"first picture {said([one.drawn[0] for one in walls])}")
    print(f"last picture {said([one.drawn[-1] for one in walls])}")
    print(f"last strip {said([one.measured[places - 1] for one in walls])}")
    print(f"last of all seeds' numbers {said([one.trained[-1] for one in walls])}")
    print(f"all measured {said([one.measured[-1] for one in walls])}")
    POOL.close()


if __name__ == "__main__":
    main()
