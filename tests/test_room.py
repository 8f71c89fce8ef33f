"""What visitors bring is bounded for all of them together, and so are their own runs."""

from __future__ import annotations

import gc
import io
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnviz.data.datasets import OWN, load_dataset
from nnviz.data.samples import Samples
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import save_recording
from nnviz.ui import private
from nnviz.ui.shared.room import NoRoomError, Room
from nnviz.ui.state import OPENED_RUN, OWN_RUNS, PINNED, WRONG_RECORDING
from nnviz.ui.views import compare, opened, own_data


@dataclass
class Thing:
    """Something that a visitor brings; two can be equal, and none can be hashed."""

    name: str = ""


def test_what_is_held_counts_until_nobody_holds_it() -> None:
    room, one, other = Room(100), Thing(), Thing()
    room.take(one, 60)
    with pytest.raises(NoRoomError, match="no room for it"):
        room.take(other, 41)
    assert room.nbytes == 60
    room.take(other, 40)
    room.take(one, 10)  # instead of the 60
    assert room.nbytes == 50
    del one
    gc.collect()
    assert room.nbytes == 40
    for _ in range(1000):
        room.take(Thing(), 60)
    gc.collect()
    assert room.nbytes == 40


def test_a_recording_for_which_there_is_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    save_recording(train(Config(epochs=5), load_dataset("blobs")), content)
    file: Any = SimpleNamespace(getvalue=content.getvalue, file_id="1")
    state: dict[str, Any] = {}
    monkeypatch.setattr(opened, "st", SimpleNamespace(session_state=state))
    room = Room(10_000)
    monkeypatch.setattr(opened, "BROUGHT", room)
    opened._open(file)
    assert OPENED_RUN not in state
    which, said = state[WRONG_RECORDING]
    assert which == "1"
    assert "no room for it" in said
    room = Room(10_000_000)
    monkeypatch.setattr(opened, "BROUGHT", room)
    opened._open(file)
    run = state[OPENED_RUN].run
    held = sum(k.parameters.nbytes for k in run.keyframes) + len(state[OPENED_RUN].message)
    assert held < room.nbytes < 2 * held
    del state[OPENED_RUN], run
    gc.collect()
    assert room.nbytes == 0


def test_a_table_for_which_there_is_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(own_data, "st", SimpleNamespace(session_state={}, error=said.append))
    monkeypatch.setattr(own_data, "BROUGHT", Room(1000))
    own = own_data.OwnData()
    small, large = b"x,kind\n1,a\n2,b\n", b"x,kind\n1,a\n2,b\n" + b"3,a\n" * 100
    own_data._read(own, "1", io.BytesIO(small), "found out")
    assert not said
    own_data._read(own, "2", io.BytesIO(large), "found out")
    assert "no room for it" in said[0]
    assert own.content == small
    assert len(own.table.rows) == 2
    monkeypatch.setattr(own_data, "BROUGHT", Room(100_000))
    own_data._read(own, "2", io.BytesIO(large), "found out")
    assert own.content == large, "there is room again"


def test_a_click_where_no_button_is_pins_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(compare, "st", SimpleNamespace(session_state=state))
    specs = [RunSpec("blobs", (), Config(seed=seed)) for seed in range(10)]
    for spec in specs:
        compare._pin(spec)
    assert state[PINNED] == specs[: compare.MOST_PINNED]


def test_all_visitors_own_runs_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    stores = []
    for visitor in range(4):
        state: dict[str, Any] = {}
        monkeypatch.setattr(private, "st", SimpleNamespace(session_state=state))
        samples = Samples(
            rng.normal(size=(30, 2)), rng.integers(0, 2, 30), ("x", "y"), ("a", f"b {visitor}")
        )
        spec = RunSpec(OWN, (), Config(epochs=200), own=samples)
        stores.append(private.runs_of(spec))
        assert private.runs_of(spec) is state[OWN_RUNS]
        for seed in range(1 + 3 * (visitor == 0)):
            run = replace(spec, config=replace(spec.config, seed=seed))
            private.runs_of(run).message(run, seconds=10)
    before = [store.nbytes for store in stores]
    private.forget_unused(60.0, most_bytes=sum(before))
    assert [store.nbytes for store in stores] == before
    private.forget_unused(60.0, most_bytes=sum(before) - 1)
    after = [store.nbytes for store in stores]
    assert after[1:] == before[1:], "those that have less than their share keep it"
    assert 0 < after[0] <= sum(before) // 4
    private.forget_unused(0.0)
    assert [store.nbytes for store in stores] == [0] * 4
