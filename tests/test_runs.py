"""Visitors share runs, and runs are kept within a bound."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from endless import slow_and_well
from node import unpack

from nnviz.approximation.holding import Criterion
from nnviz.paper.network import initialize
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.sweeps.pool import Pool, Share, WorkersLostError
from nnviz.ui.shared import runs as module
from nnviz.ui.shared.approximation import ApproximationView, train_and_pack
from nnviz.ui.shared.parameters import parameters_in_turns
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.shared.turns import TURNS


def spec(**config: Any) -> RunSpec:
    return RunSpec("blobs", (("samples", 60),), Config(**config))


def test_a_run_is_trained_once() -> None:
    store = RunStore()
    first, _ = store.message(spec(epochs=20), seconds=10)
    second, _ = store.message(spec(epochs=20), seconds=10)
    assert first is second
    assert first.status == "finished"


def test_options_at_their_defaults_are_the_same_run() -> None:
    assert spec() == RunSpec("blobs", (("samples", 60), ("classes", 3)), Config())
    assert spec().run_id != spec(seed=1).run_id


def test_a_long_run_grows_and_ends_as_if_trained_at_once() -> None:
    store, wanted = RunStore(), spec(epochs=3000)
    run, packed = store.message(wanted, seconds=0.001)
    assert run.status == "running"
    lengths = [run.last_epoch]
    while run.status == "running":
        run, packed = store.message(wanted, seconds=0.02)
        lengths.append(run.last_epoch)
    assert lengths == sorted(lengths)
    whole = train(wanted.config, wanted.load())
    assert run.loss.tobytes() == whole.loss.tobytes()
    assert packed == store.message(wanted, seconds=0)[1]


def test_without_time_a_run_does_not_grow() -> None:
    store, wanted = RunStore(), spec(epochs=3000)
    before, _ = store.message(wanted, seconds=0.001)
    after, _ = store.message(wanted, seconds=0.0)
    assert before.last_epoch == after.last_epoch


def test_a_run_that_was_forgotten_is_trained_again_when_it_is_asked_for_as_it_was() -> None:
    store, wanted = RunStore(), spec(epochs=300)
    whole = store.recording(wanted, seconds=10)
    store.forget_unused(seconds=0, keep_bytes=0)
    assert store.nbytes == 0
    again = store.recording(wanted, seconds=0)  # as a download does, after a while
    assert again.status == "finished"
    assert again.loss.tobytes() == whole.loss.tobytes()


def test_old_runs_are_forgotten_within_the_bound() -> None:
    store = RunStore(most_bytes=3_000_000)
    for seed in range(30):
        store.message(spec(epochs=200, seed=seed), seconds=10)
        assert store.nbytes <= 3_000_000
    latest, _ = store.message(spec(epochs=200, seed=29), seconds=0)
    assert latest.status == "finished", "the run used last must be kept"


@pytest.fixture
def helpers(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """A helper that is there, in place of the server's."""
    pool.share(slow_and_well, [1]).take(60)
    monkeypatch.setattr(module, "HELPERS", pool)
    return pool


@contextmanager
def somebody_computing() -> Iterator[None]:
    """Somebody else has the turn, and does not let go of it."""
    begun, ends = threading.Event(), threading.Event()

    def compute() -> None:
        with TURNS.turn():
            begun.set()
            ends.wait(60)

    other = threading.Thread(target=compute)
    other.start()
    begun.wait(60)
    try:
        yield
    finally:
        ends.set()
        other.join()


@pytest.mark.usefixtures("helpers")
def test_a_new_run_does_not_wait_for_its_turn_where_a_helper_can_begin_it() -> None:
    """And it is the same run, bit for bit, with the same message; what grows goes on here."""
    elsewhere, here = RunStore(), RunStore()
    short, long = spec(epochs=50), spec(epochs=20_000)
    with somebody_computing():
        run, packed = elsewhere.message(short, seconds=10)
        part, shown = elsewhere.message(long, seconds=10)
        both = elsewhere.recordings([spec(epochs=40), spec(epochs=30), short], seconds=10)
    assert (run.status, part.status) == ("finished", "running")
    assert (run.loss.tobytes(), packed) == (
        here.message(short, 10)[0].loss.tobytes(),
        here.message(short, 10)[1],
    )
    assert [one.last_epoch for one in both] == [40, 30, 50]
    assert both[2] is run, "known, and not begun anew"
    assert unpack(shown)["epochs"][-1] == part.last_epoch < 20_000
    whole = elsewhere.recording(long, seconds=60)
    assert whole.loss.tobytes() == here.recording(long, 60).loss.tobytes()


def test_two_who_want_the_same_new_run_begin_it_once(
    helpers: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, wanted, asked = RunStore(), spec(epochs=60), []
    share = helpers.share

    def noted(work: Any, items: Any, *how: Any, **more: Any) -> Any:
        asked.extend(items)
        return share(work, items, *how, **more)

    monkeypatch.setattr(helpers, "share", noted)
    with somebody_computing(), ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: store.recording(wanted, 10), range(4)))
    assert len(asked) == 1
    assert all(run is found[0] for run in found)


@pytest.mark.usefixtures("helpers")
def test_without_helpers_a_run_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are lost in the middle of it."""

    def lost(*_asked: Any, **_how: Any) -> Any:
        raise WorkersLostError("gone")

    monkeypatch.setattr(Share, "take", lost)
    store = RunStore()
    with ThreadPoolExecutor(1) as thread:
        with somebody_computing():
            later = thread.submit(store.message, spec(epochs=20), 10)
            assert not later.done()
        run, packed = later.result(60)
    assert run.last_epoch == 20
    assert unpack(packed)["status"] == "finished"


BESIDE = ("samples", 2000), ("classes", 6)
KINDS: dict[str, Callable[[RunStore, int], object]] = {
    "the shortest": lambda store, seed: store.message(spec(epochs=1, seed=seed), 10),
    "short": lambda store, seed: store.message(spec(epochs=200, seed=seed), 10),
    "ended early": lambda store, seed: store.message(
        spec(epochs=20_000, target_accuracy=0.5, seed=seed), 10
    ),
    "diverged": lambda store, seed: store.message(
        spec(epochs=20_000, learning_rate=1e6, seed=seed), 10
    ),
    "growing": lambda store, seed: store.message(
        RunSpec("blobs", BESIDE, Config(epochs=20_000, hidden_units=128, seed=seed)), 0.01
    ),
    "data of its own": lambda store, seed: store.message(
        RunSpec("blobs", (*BESIDE, ("data_seed", seed)), Config(epochs=1)), 10
    ),
    "measured": lambda store, seed: store.progress(spec(epochs=200, seed=seed), 10, growing=False),
    "approximation": lambda store, seed: train_and_pack(
        store,
        ApproximationView(spec(epochs=200, seed=seed), "matched", Criterion()),
        seconds=30,
    ),
    "an epoch's parameters": lambda store, seed: parameters_in_turns(
        store.recording(RunSpec("digits", (), Config(epochs=3, hidden_units=128, seed=seed)), 30),
        2,
    ),
    "from parameters": lambda store, seed: store.message(
        replace(spec(epochs=1, hidden_units=128, seed=seed), start=drawn(seed)), 10
    ),
}


def drawn(seed: int) -> StartingParameters:
    return StartingParameters.of(initialize(2, 128, 3, seed, 1.0), "drawn")


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_of_the_runs_is_that_of_what_is_kept(kind: str) -> None:
    store, ask = RunStore(10**10), KINDS[kind]
    ask(store, 1000)  # what is loaded and made once
    gc.collect()
    before = store.nbytes
    tracemalloc.start()
    try:
        for seed in range(5):
            ask(store, seed)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    said = store.nbytes - before
    # Some small blocks may have been freed, and kept by NumPy, before they were watched.
    assert 0.97 * held <= said <= 1.4 * held, f"{said:,} said, {held:,} held"


def test_what_is_made_of_a_run_is_forgotten_with_it() -> None:
    store, wanted = RunStore(most_bytes=3_000_000), spec(epochs=200)
    store.recording(wanted, seconds=10)
    made = [store.beside(wanted, "it", asked, lambda: bytes(1_000_000)) for asked in (1, 1, 2)]
    assert made[0] is made[1]
    assert made[1] is not made[2]
    assert 1_000_000 < store.nbytes < 1_500_000, "one of each name"
    for seed in range(1, 4):
        store.recording(spec(epochs=200, seed=seed), seconds=10)
        store.beside(spec(epochs=200, seed=seed), "it", 1, lambda: bytes(1_000_000))
        assert store.nbytes <= 3_000_000
    again = store.beside(wanted, "it", 2, lambda: b"of a run that is not there")
    assert again == b"of a run that is not there"


def test_a_new_run_is_not_slower_the_more_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    store, weighed = RunStore(), 0
    of_run = Recording.nbytes.fget  # type: ignore[attr-defined]

    def counted(run: Recording) -> int:
        nonlocal weighed
        weighed += 1
        size: int = of_run(run)
        return size

    monkeypatch.setattr(Recording, "nbytes", property(counted))
    counts = []
    for seed in range(8):
        before = weighed
        store.message(spec(epochs=20, seed=seed), seconds=10)
        counts.append(weighed - before)
    assert counts[0] > 0
    assert len(set(counts)) == 1, f"recordings weighed at each new run: {counts}"


def test_many_visitors_of_one_run_do_not_disturb_each_other() -> None:
    store, wanted, problems = RunStore(), spec(epochs=2000), []

    def visit() -> None:
        try:
            while store.message(wanted, seconds=0.01)[0].status == "running":
                pass
        except Exception as error:
            problems.append(error)

    visitors = [threading.Thread(target=visit) for _ in range(6)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert not problems
    run, _ = store.message(wanted, seconds=0)
    assert run.loss.tobytes() == train(wanted.config, wanted.load()).loss.tobytes()


def test_runs_that_nobody_looks_at_are_forgotten() -> None:
    store = RunStore()
    for seed in range(4):
        store.message(spec(epochs=50, seed=seed), seconds=10)
    before = store.nbytes
    store.forget_unused(seconds=60, keep_bytes=0)
    assert store.nbytes == before, "they were looked at just now"
    store.forget_unused(seconds=0, keep_bytes=before // 2)
    assert 0 < store.nbytes <= before // 2
    store.forget_unused(seconds=0, keep_bytes=0)
    assert store.nbytes == 0
