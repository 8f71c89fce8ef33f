"""Sweeps on a Dask cluster: a real scheduler and two worker processes on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from serving import ROOT, free_port

from nnviz.checks import SettingError
from nnviz.data.samples import samples_of
from nnviz.data.table import read_table
from nnviz.runs.config import Config
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cluster import SCHEDULER
from nnviz.sweeps.grid import Outcome, grid, in_slices, run_all, run_one
from nnviz.sweeps.pool import WorkersLostError
from nnviz.ui.shared.sweeps import Outcomes, Sweep

BASE = RunSpec("spiral", (("samples", 60),), Config(epochs=40, hidden_units=4))
AXES: dict[str, list[Any]] = {"learning_rate": [0.1, 0.5], "gradient": ["exact", "difference"]}


OURS = f"{ROOT}:{ROOT / 'tests'}"
"""Where the cluster finds nnviz, and what these tests have it do."""


@dataclass
class Cluster:
    """A scheduler, its address, and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def cluster(lasting: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """One for all tests that kill nothing."""
    monkeypatch.setenv(SCHEDULER, lasting.address)
    return lasting


@pytest.fixture
def doomed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """One to be killed."""
    with started(tmp_path) as found:
        monkeypatch.setenv(SCHEDULER, found.address)
        yield found


@contextmanager
def started(folder: Path, of_scheduler: str = OURS, of_workers: str = OURS) -> Iterator[Cluster]:
    """A cluster of two workers on loopback, by where it looks for modules."""
    address = f"tcp://127.0.0.1:{free_port()}"
    listen = ("--host", address, "--no-dashboard")
    one = (address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    scheduler = start("scheduler", *listen, folder=folder, path=of_scheduler)
    workers = [start("worker", *one, folder=folder, path=of_workers) for _ in range(2)]
    try:
        wait_for_workers(address, 2)
        yield Cluster(address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(10)


def start(command: str, *options: str, folder: Path, path: str) -> subprocess.Popen[bytes]:
    with (folder / f"{command}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + command, *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": ""},
        )


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def stuck_where_told(pid_file: Path, spec: RunSpec) -> Iterator[Outcome | None]:
    """Say which process this is, the first time; and take longer than the test needs to kill it."""
    mine = pid_file.with_suffix(f".{os.getpid()}")
    mine.write_text(str(os.getpid()), encoding="utf-8")
    try:
        os.link(mine, pid_file)  # one process alone can, and the file is whole at once
    except FileExistsError:
        yield from in_slices(spec)
        return
    time.sleep(60)
    yield from in_slices(spec)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_bits_as_this_machine(cluster: Cluster) -> None:
    specs = grid(BASE, AXES, seeds=3)
    on_cluster = dict(run_all(specs))
    assert on_cluster == {number: run_one(spec) for number, spec in enumerate(specs)}
    assert all(worker.poll() is None for worker in cluster.workers)


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_in_mid_sweep_loses_nothing(doomed: Cluster, tmp_path: Path) -> None:
    specs = grid(BASE, AXES, seeds=3)
    mark = tmp_path / "killed"
    found: dict[int, Outcome] = {}
    for number, outcome in run_all(specs, work=partial(stuck_where_told, mark)):
        running = all(worker.poll() is None for worker in doomed.workers)
        if mark.exists() and running:  # the other worker goes on meanwhile
            pid = int(mark.read_text(encoding="utf-8"))
            victims = [worker for worker in doomed.workers if worker.pid == pid]
            assert victims, "the work was not done by the cluster"
            victims[0].kill()
        found[number] = outcome
    assert sum(worker.poll() is not None for worker in doomed.workers) == 1
    assert found == {number: run_one(spec) for number, spec in enumerate(specs)}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("lost", ["scheduler", "workers"])
def test_a_cluster_that_is_lost_is_said_and_what_was_done_stands(
    doomed: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr("nnviz.sweeps.cluster.QUIET", 2.0)
    specs = grid(BASE, AXES, seeds=3)
    mark = tmp_path / "at work"
    found: dict[int, Outcome] = {}
    with pytest.raises(WorkersLostError, match=f"{doomed.address}.* (is|are) gone"):  # noqa: PT012
        for number, outcome in run_all(specs, work=partial(stuck_where_told, mark)):
            found[number] = outcome
            if len(found) == 2:
                for process in [doomed.scheduler] if lost == "scheduler" else doomed.workers:
                    process.kill()
    assert 2 <= len(found) < len(specs)
    assert found == {number: run_one(specs[number]) for number in found}


@pytest.mark.skipif("NNVIZ_LARGE" not in os.environ, reason="takes minutes: set NNVIZ_LARGE")
def test_two_thousand_default_runs_with_a_worker_lost_in_the_middle(
    doomed: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in CI; its figures are in docs/performance.md."""
    specs = grid(RunSpec("spiral", (), Config()), {}, seeds=2000)
    begun = time.perf_counter()
    found: dict[int, Outcome] = {}
    for number, outcome in run_all(specs):
        found[number] = outcome
        if len(found) == 1000:
            print(f"1,000 runs by two workers: {time.perf_counter() - begun:.1f} s")
            doomed.workers[0].kill()
    print(f"2,000 runs, of the second half one worker: {time.perf_counter() - begun:.1f} s")
    monkeypatch.delenv(SCHEDULER)
    begun = time.perf_counter()
    here = dict(run_all(specs))
    print(f"2,000 runs here: {time.perf_counter() - begun:.1f} s")
    assert found == here


def slow(spec: RunSpec) -> Iterator[Outcome | None]:
    time.sleep(1.5)
    yield from in_slices(spec)


@pytest.mark.filterwarnings("ignore")
def test_work_that_takes_long_is_waited_for(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnviz.sweeps.cluster.QUIET", 0.5)
    specs = grid(BASE, {}, seeds=3)
    found = dict(run_all(specs, work=slow))
    assert found == {number: run_one(spec) for number, spec in enumerate(specs)}
    assert all(worker.poll() is None for worker in cluster.workers)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("who", ["scheduler", "worker"])
def test_a_cluster_that_does_not_find_nnviz_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    where = {"of_scheduler": "" if who == "scheduler" else OURS, "of_workers": ""}
    with started(tmp_path, **where) as cluster:
        monkeypatch.setenv(SCHEDULER, cluster.address)
        with pytest.raises(
            WorkersLostError, match=rf"The {who}.* does not find nnviz: .*PYTHONPATH=\."
        ):
            list(run_all(grid(BASE, {}, seeds=1)))


def specs_on_own_data() -> list[RunSpec]:
    rows = "".join(f"{n},{n * n % 7},{'a' if n % 2 else 'b'}\n" for n in range(40))
    samples, _ = samples_of(read_table(f"x,y,kind\n{rows}".encode()), "kind", ["x", "y"])
    return grid(RunSpec("own", (), Config(epochs=20), samples), {"hidden_units": [2, 4]}, seeds=2)


@pytest.mark.filterwarnings("ignore")
def test_own_data_can_be_swept_on_a_cluster(cluster: Cluster) -> None:
    specs = specs_on_own_data()
    assert dict(run_all(specs)) == {number: run_one(spec) for number, spec in enumerate(specs)}
    assert cluster.address.startswith("tcp://127.0.0.1")


def test_what_a_visitor_uploads_never_goes_to_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever asked for this scheduler would find nobody there.
    monkeypatch.setenv(SCHEDULER, f"tcp://127.0.0.1:{free_port()}")
    monkeypatch.setattr("nnviz.sweeps.cluster.CONNECTS_WITHIN", 1.0)
    specs = specs_on_own_data()
    kept = Outcomes()
    sweep = Sweep(specs, kept)
    sweep.wait()
    assert not sweep.error, "the sweep of a visitor's table asked the cluster"
    assert kept.of(specs) == {number: run_one(spec) for number, spec in enumerate(specs)}
    elsewhere = Sweep(grid(BASE, {}, seeds=1), kept)
    elsewhere.wait()
    assert "tcp://127.0.0.1" in elsewhere.error, "a sweep of a data set is the cluster's"


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER, f"tcp://127.0.0.1:{free_port()}")
    monkeypatch.setattr("nnviz.sweeps.cluster.CONNECTS_WITHIN", 1.0)
    with pytest.raises(OSError, match=r"tcp://127\.0\.0\.1"):
        list(run_all(grid(BASE, {}, seeds=1)))


def test_dask_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingError, match="NNVIZ_DASK_SCHEDULER must be left out"):
        list(run_all(grid(BASE, {}, seeds=1)))
