"""What takes long along a run is found once, for all who wait for it, and nobody waits for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from test_pool import until

from nnviz.approximation.along import Along
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.pool import Pool, Share, WorkersLostError
from nnviz.ui.shared import finding as module
from nnviz.ui.shared import measuring as measuring_module
from nnviz.ui.shared.finding import Finding
from nnviz.ui.shared.measuring import SharedMeasuring
from nnviz.ui.shared.runs import RunStore


@pytest.fixture
def helpers(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """Helpers in place of the server's."""
    monkeypatch.setattr(module, "HELPERS", pool)
    monkeypatch.setattr(measuring_module, "HELPERS", pool)
    return pool


@pytest.fixture
def run() -> Recording:
    return train(Config(epochs=30), load_dataset("moons"))


def known(found: Along | None) -> bytes:
    assert found is not None
    return found.equal_weights.tobytes()


def test_it_is_found_once_and_the_run_is_let_go_of(helpers: Pool, run: Recording) -> None:
    finding = Finding(run, partial=False)
    assert finding.nbytes == 0
    first = finding.within(60)
    assert known(first) == known(Along.of(run))
    assert finding.within(0) is first
    assert finding.nbytes == first.nbytes if first else False
    assert finding._asked is None
    assert not helpers._shares


def keeps_nobody_waiting(
    wait_for: Callable[[float], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of forty who want the same, each waits for its own time, not for that of all before."""
    comes, waits = threading.Event(), threading.Event()

    def take(_share: Any, _seconds: float) -> Any:
        waits.set()
        comes.wait(60)
        raise TimeoutError

    monkeypatch.setattr(Share, "take", take)
    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(wait_for, 60)
        waits.wait(60)
        assert wait_for(0.01) is None, "though the other waits still"
        assert not other.done()
        comes.set()
        assert other.result(60) is None


def test_who_waits_longer_for_what_is_found_keeps_nobody_waiting(
    helpers: Pool, run: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding(run, partial=False)
    keeps_nobody_waiting(finding.within, monkeypatch)
    finding.cancel()
    assert not helpers._shares


@pytest.mark.usefixtures("helpers")
def test_who_waits_longer_for_what_is_measured_keeps_nobody_waiting(
    run: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    measuring = SharedMeasuring(run)
    keeps_nobody_waiting(lambda seconds: measuring.go_on(run, seconds), monkeypatch)


@pytest.mark.usefixtures("helpers")
def test_without_helpers_it_is_found_here(run: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_asked: Any) -> Any:
        raise WorkersLostError("gone")

    monkeypatch.setattr(Share, "take", lost)
    assert known(Finding(run, partial=True).within(1)) == known(Along.of(run, partial=True))


def test_what_nobody_will_ask_for_is_let_go_of(helpers: Pool, run: Recording) -> None:
    """Replaced, or forgotten with its run."""
    helpers._give = lambda *_: None  # type: ignore[method-assign]  # nothing is begun
    store, spec = RunStore(), RunSpec("moons", (), Config(epochs=30))
    store.recording(spec, 10)
    for asked in (1, 2):
        store.beside(spec, "whole", asked, lambda: Finding(run, partial=False))
        assert len(helpers._shares) == 1
    store.forget_unused(seconds=0, keep_bytes=0)
    until(lambda: not helpers._shares)
