"""One BLAS thread wherever a run is trained: the same bits by page, command line, sweep, core."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from nnviz.cli.main import main
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, parameters_at, train
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import load_recording
from nnviz.runs.threads import one_thread
from nnviz.runs.training import Trainer
from nnviz.sweeps.grid import run_one
from nnviz.sweeps.workers import distribute
from nnviz.ui.shared.runs import RunStore

CONFIG = Config(hidden_units=256, epochs=6)
"""Large enough for BLAS to share the products of the digits out."""

ASKED = ["--dataset=digits", "--hidden-units=256", "--epochs=6"]


@pytest.fixture(scope="module")
def alone() -> Recording:
    """The run with one thread."""
    with one_thread():
        return train(CONFIG, load_dataset("digits"))


def same(one: Recording, other: Recording) -> bool:
    last = (one.keyframes[-1].parameters, other.keyframes[-1].parameters)
    return one.loss.tobytes() == other.loss.tobytes() and all(
        np.array_equal(getattr(last[0], name), getattr(last[1], name))
        for name in ("W1", "b1", "W2", "b2")
    )


def test_two_threads_would_give_other_bits_and_training_does_not_take_them(
    alone: Recording,
) -> None:
    two = ThreadpoolController().limit(limits=2, user_api="blas")
    with two:
        trainer = Trainer(CONFIG, alone.dataset)
        for _ in range(6):
            trainer.step()
        threaded = trainer.parameters
        assert not np.array_equal(threaded.W1, alone.keyframes[-1].parameters.W1), (
            "too small a problem: threads make no difference"
        )
        assert same(train(CONFIG, alone.dataset), alone)
        again = parameters_at(alone, 5)
    with one_thread():
        assert np.array_equal(again.W1, parameters_at(alone, 5).W1)


def test_page_command_line_and_sweep_give_the_same_bits(alone: Recording, tmp_path: Path) -> None:
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        wanted = RunSpec("digits", (), CONFIG)
        assert same(RunStore().recording(wanted, seconds=60), alone), "the page"
    expected = run_one(RunSpec("digits", (), CONFIG))
    for command, *more in (["train"], ["sweep", "--jobs=1"], ["sweep", "--jobs=2"]):
        files = [f"--csv={tmp_path / 'run.csv'}", f"--npz={tmp_path / 'run.npz'}"]
        subprocess.run(
            [sys.executable, "-m", "nnviz", command, *ASKED, *more, *files],
            check=True,
            capture_output=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
        )
        if command == "train":
            assert same(load_recording(tmp_path / "run.npz"), alone)
            continue
        with (tmp_path / "run.csv").open(encoding="utf-8") as file:
            (row,) = csv.DictReader(file)
        assert float(row["loss"]) == expected.loss == alone.loss[-1], more
        assert float(row["mean_abs_error_term"]) == expected.mean_abs_error_term


def threads_of_blas(_: int) -> Iterator[set[int]]:
    """Of NumPy's own: SciPy may have brought another."""
    known = ThreadpoolController().info()
    yield {one["num_threads"] for one in known if "numpy" in one["filepath"]}


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_that_is_no_training_takes_one_thread_too(jobs: int) -> None:
    """The angles of the rules along a run are computed beside it."""
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        found = dict(distribute(threads_of_blas, [0, 1], jobs))
    assert found == {0: {1}, 1: {1}}


def test_numpy_alone_is_enough() -> None:
    code = (
        "import sys; sys.modules['threadpoolctl'] = None\n"
        "import nnviz\n"
        "nnviz.train(nnviz.Config(epochs=5), nnviz.load_dataset('spiral'))\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_command_leaves_the_threads_as_they_were() -> None:
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        assert main(["train", "--epochs=2"]) == 0
        assert {b["num_threads"] for b in ThreadpoolController().info()} >= {2}
