"""What mutated tables cost: ``python -m benchmarks.mutated_tables [--number 5000] [--seed 0]``.

Each is read, and samples are made of it four times (with both decimal marks, of the likely and of
all columns), in a process of its own. Seconds are the processor's: other programs cost none.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from mutated_tables import is_read, mutated

from nnviz.data.samples import likely_features, likely_label, samples_of
from nnviz.data.table import read_table

WARM_UP = b"x,y,kind\n1,2,a\n2,5,b\n3,4,a\n5,1,b\n"


def wide() -> bytes:
    """200 columns, 10,000 rows, in as many bytes as a file may have."""
    rng = np.random.default_rng(0)
    rows = (
        ",".join([*map(str, row), "ab"[number % 2]])
        for number, row in enumerate(rng.integers(0, 10, (10_000, 199)).tolist())
    )
    return "\n".join([",".join([*(f"c{n}" for n in range(199)), "kind"]), *rows]).encode()


def is_made(data: bytes) -> bool:
    """Do once what the page does with a file, whose samples must be good."""
    table = read_table(data)
    label = likely_label(table.columns)
    samples, _ = samples_of(table, label, likely_features(table.columns, label))
    return samples.dataset(data_seed=0, test_share=0.25).X.size > 0


def measure(data: bytes, done: Callable[[bytes], bool] = is_read) -> tuple[bool, float, int]:
    """Whether a table is read, in how many seconds, with how many bytes more than before."""
    before = _most_memory()
    start = time.process_time()
    read = done(data)
    return read, time.process_time() - start, _most_memory() - before


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Print how many are read and refused, and the most that one costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    is_read(WARM_UP)
    seeds = range(asked.seed, asked.seed + asked.number)
    files = (mutated(np.random.default_rng(seed)) for seed in seeds)
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        _, seconds, memory = pool.apply(measure, (wide(), is_made))
        print(f"200 columns x 10,000 rows: {seconds:.2f} s, {memory / 1e6:.0f} MB")
        measured = list(pool.imap(measure, files))
    reads, times, memories = zip(*measured, strict=True)
    slowest, largest = int(np.argmax(times)), int(np.argmax(memories))
    print(f"{sum(reads):,} read, {len(reads) - sum(reads):,} refused, nothing else came out")
    print(f"slowest {times[slowest]:.2f} s (seed {seeds[slowest]})")
    print(f"most memory {memories[largest] / 1e6:.0f} MB (seed {seeds[largest]})")


if __name__ == "__main__":
    main()
