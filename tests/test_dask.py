"""Sweeps on a Dask cluster: a real scheduler and two worker processes on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from serving import ROOT, free_port

from nnviz.checks import SettingError
from nnviz.config import Config
from nnviz.samples import samples_of
from nnviz.sweep import SCHEDULER, Cell, Outcome, grid, run_cell, run_cells
from nnviz.table import read_table
from nnviz.ui.sweeps import Outcomes, Sweep

BASE = Cell("spiral", (("samples", 60),), Config(epochs=40, hidden_units=4))
AXES: dict[str, list[Any]] = {"learning_rate": [0.1, 0.5], "gradient": ["exact", "difference"]}


@dataclass
class Cluster:
    """A scheduler's address, and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    address = f"tcp://127.0.0.1:{free_port()}"
    scheduler = start("scheduler", "--host", address, "--no-dashboard", folder=tmp_path)
    workers = [
        start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", folder=tmp_path)
        for _ in range(2)
    ]
    monkeypatch.setenv(SCHEDULER, address)
    wait_for_workers(address, 2)
    yield Cluster(address, workers)
    for process in (*workers, scheduler):
        process.kill()
        process.wait(10)


def start(command: str, *options: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / f"{command}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + command, *options],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONWARNINGS": ""},
        )


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def stuck_where_told(pid_file: Path, cell: Cell) -> Outcome:
    """Say which process this is, the first time; and take longer than the test needs to kill it."""
    if not pid_file.exists():
        pid_file.write_text(str(os.getpid()))
        time.sleep(60)
    return run_cell(cell)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_bits_as_this_machine(cluster: Cluster) -> None:
    cells = grid(BASE, AXES, seeds=3)
    on_cluster = dict(run_cells(cells))
    assert on_cluster == {number: run_cell(cell) for number, cell in enumerate(cells)}
    assert all(worker.poll() is None for worker in cluster.workers)


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_in_mid_sweep_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    cells = grid(BASE, AXES, seeds=3)
    mark = tmp_path / "killed"
    found: dict[int, Outcome] = {}
    for number, outcome in run_cells(cells, work=partial(stuck_where_told, mark)):
        if mark.exists() and not found:  # the other worker goes on meanwhile
            pid = int(mark.read_text())
            victims = [worker for worker in cluster.workers if worker.pid == pid]
            assert victims, "the work was not done by the cluster"
            victims[0].kill()
        found[number] = outcome
    assert sum(worker.poll() is not None for worker in cluster.workers) == 1
    assert found == {number: run_cell(cell) for number, cell in enumerate(cells)}


def cells_on_own_data() -> list[Cell]:
    rows = "".join(f"{n},{n * n % 7},{'a' if n % 2 else 'b'}\n" for n in range(40))
    samples, _ = samples_of(read_table(f"x,y,kind\n{rows}".encode()), "kind", ["x", "y"])
    return grid(Cell("own", (), Config(epochs=20), samples), {"hidden_units": [2, 4]}, seeds=2)


@pytest.mark.filterwarnings("ignore")
def test_own_data_can_be_swept_on_a_cluster(cluster: Cluster) -> None:
    cells = cells_on_own_data()
    assert dict(run_cells(cells)) == {number: run_cell(cell) for number, cell in enumerate(cells)}
    assert cluster.address.startswith("tcp://127.0.0.1")


def test_what_a_visitor_uploads_never_goes_to_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever asked for this scheduler would find nobody there.
    monkeypatch.setenv(SCHEDULER, f"tcp://127.0.0.1:{free_port()}")
    monkeypatch.setattr("nnviz.sweep.CONNECTS_WITHIN", 1.0)
    cells = cells_on_own_data()
    kept = Outcomes()
    sweep = Sweep(cells, kept)
    sweep.wait()
    assert not sweep.error, "the sweep of a visitor's table asked the cluster"
    assert kept.of(cells) == {number: run_cell(cell) for number, cell in enumerate(cells)}
    elsewhere = Sweep(grid(BASE, {}, seeds=1), kept)
    elsewhere.wait()
    assert "tcp://127.0.0.1" in elsewhere.error, "a sweep of a data set is the cluster's"


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER, f"tcp://127.0.0.1:{free_port()}")
    monkeypatch.setattr("nnviz.sweep.CONNECTS_WITHIN", 1.0)
    with pytest.raises(OSError, match=r"tcp://127\.0\.0\.1"):
        list(run_cells(grid(BASE, {}, seeds=1)))


def test_dask_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingError, match="NNVIZ_DASK_SCHEDULER must be left out"):
        list(run_cells(grid(BASE, {}, seeds=1)))
