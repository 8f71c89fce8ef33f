"""Two checkouts in turns, the other and this one: start of the app, first visit, training step.

    .venv/bin/python -m benchmarks.beside_another FOLDER     (the environment of tests/run)

They are measured round by round, so that what else the machine does meets both alike.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from serving import ROOT, chromium, serve

ROUNDS = 7

STEPS = """
import time
from nnviz import Config, Trainer, load_dataset
from threadpoolctl import threadpool_limits
with threadpool_limits(1):
    for name, units, steps in (("spiral", 16, 20_000), ("digits", 64, 400)):
        trainer = Trainer(Config(hidden_units=units), load_dataset(name))
        for _ in range(steps // 10):
            trainer.step()
        begun = time.perf_counter()
        for _ in range(steps):
            trainer.step()
        print(1e6 * (time.perf_counter() - begun) / steps)
"""

MEASURED = (
    "start of the app, s",
    "first visit, s",
    "import nnviz, s",
    "training step, spiral, µs",
    "training step, digits, µs",
)


def measure(root: Path) -> tuple[float, ...]:
    """All of `MEASURED` once, in a checkout."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        begun = time.perf_counter()
        with serve(Path(folder) / "log", root=root) as address:
            started = time.perf_counter() - begun
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            begun = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("[data-testid=nnviz-player][data-epoch]", timeout=60_000)
            visited = time.perf_counter() - begun
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import nnviz"], cwd=root, check=True)
    imported = time.perf_counter() - begun
    steps = subprocess.run(
        [sys.executable, "-c", STEPS], cwd=root, check=True, capture_output=True, encoding="utf-8"
    )
    return started, visited, imported, *map(float, steps.stdout.split())


def main() -> None:
    """Measure both, and print their medians."""
    roots = (Path(sys.argv[1]).resolve(), ROOT)
    rounds = [[measure(root) for root in roots] for _ in range(ROUNDS)]
    print(f"| medians of {ROUNDS} rounds | {roots[0].name} | here | ratio |\n|---|---|---|---|")
    for number, what in enumerate(MEASURED):
        there, here = (median(turn[side][number] for turn in rounds) for side in (0, 1))
        print(f"| {what} | {there:.3g} | {here:.3g} | {here / there:.2f} |")


if __name__ == "__main__":
    main()
