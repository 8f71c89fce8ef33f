"""How cost grows with hidden units, samples, epochs and visitors; the plot goes to docs/growth.svg.

.venv/bin/python -m benchmarks.growth
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.load import crowd, percentile, served
from benchmarks.plots import write_svg
from nnviz.data.datasets import load_dataset
from nnviz.player.messages.train import train_message
from nnviz.runs.config import Config
from nnviz.runs.recording import train

Points = tuple[list[float], list[float]]

ROUNDS = 5


def seconds(epochs: int, hidden_units: int, samples: int) -> tuple[float, float]:
    """Medians of the time to train a run, and of the time to make its message."""
    data = load_dataset("spiral", samples=samples, test_share=0.0)
    config = Config(epochs=epochs, hidden_units=hidden_units)
    training, packing = [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        run = train(config, data)
        between = time.perf_counter()
        train_message(run, "growth")
        training.append(between - begun)
        packing.append(time.perf_counter() - between)
    return statistics.median(training), statistics.median(packing)


def along(counts: list[int], name: str) -> dict[str, Points]:
    """Both times in ms as one of the settings grows, the others as in a first visit."""
    usual = {"epochs": 1000, "hidden_units": 16, "samples": 300}
    found = [seconds(**{**usual, name: count}) for count in counts]
    x = [float(count) for count in counts]
    for count, (training, packing) in zip(counts, found, strict=True):
        print(f"{name} {count}: train {1000 * training:.1f} ms, message {1000 * packing:.1f} ms")
    return {
        "training": (x, [1000 * one for one, _ in found]),
        "message": (x, [1000 * one for _, one in found]),
    }


def visitors(counts: list[int]) -> dict[str, Points]:
    """Time to a new run, in ms, with more and more visitors at once."""
    p50, p95 = [], []
    for count in counts:
        with served(Path("/tmp/nnviz-growth.log")) as (address, pid):
            options = argparse.Namespace(visitors=count, seconds=30, every=5, sweep=False)
            shown = asyncio.run(crowd(options, address, pid)).shown
        p50.append(1000 * percentile(shown, 0.5))
        p95.append(1000 * percentile(shown, 0.95))
        print(f"{count} visitors: p50 {p50[-1]:.0f} ms, p95 {p95[-1]:.0f} ms")
    x = [float(count) for count in counts]
    return {"p50": (x, p50), "p95": (x, p95)}


def main() -> None:
    """Measure, print, and plot."""
    threadpool_limits(1)
    write_svg(
        "growth.svg",
        [
            ("hidden units", "ms", along([4, 16, 64, 256, 1024], "hidden_units")),
            ("samples", "ms", along([30, 100, 300, 1000, 3000, 10_000], "samples")),
            ("epochs", "ms", along([10, 100, 1000, 10_000], "epochs")),
            ("visitors", "ms to a new run", visitors([5, 10, 20, 40, 60])),
        ],
        log=True,
    )


if __name__ == "__main__":
    main()
