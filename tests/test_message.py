"""What is sent to the player: small enough, and nothing lost on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from node import unpack

from nnviz.data.datasets import load_dataset
from nnviz.player.messages.header import trained_share
from nnviz.player.messages.train import train_message
from nnviz.player.wire import DTYPES, pack
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, Recording, train


@given(
    st.lists(
        st.tuples(st.sampled_from(DTYPES), st.lists(st.integers(0, 5), min_size=1, max_size=3)),
        max_size=5,
    ),
    st.text(),
)
def test_arrays_come_back(kinds: list[tuple[str, list[int]]], text: str) -> None:
    rng = np.random.default_rng(0)
    header = {
        "text": text,
        "nested": [{"a": (rng.random(shape) * 100).astype(dtype)} for dtype, shape in kinds],
    }
    back = unpack(pack(header))
    assert back["text"] == text
    for before, after in zip(header["nested"], back["nested"], strict=True):
        np.testing.assert_array_equal(before["a"], after["a"])  # type: ignore[index]


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack({"a": float("nan")})
    with pytest.raises(TypeError, match="cannot send a set"):
        pack({"a": {1}})
    with pytest.raises(TypeError, match="cannot send an array of object"):
        pack({"a": np.array(["x"], dtype=object)})


@pytest.mark.parametrize(
    ("dataset", "options", "config"),
    [
        ("spiral", {}, {}),
        ("spiral", {"samples": 2000, "classes": 6}, {"hidden_units": 128, "epochs": 5000}),
        ("digits", {}, {"hidden_units": 128, "epochs": 200}),
        ("breast_cancer", {}, {"hidden_units": 128, "epochs": 300}),
        ("wine", {}, {"epochs": 20_000, "hidden_units": 4}),
    ],
)
def test_a_run_is_at_most_one_megabyte(
    dataset: str, options: dict[str, Any], config: dict[str, Any]
) -> None:
    run = train(Config(**config), load_dataset(dataset, **options))
    packed = train_message(run, "id")
    assert len(packed) <= 1_000_000, f"{len(packed):,} bytes"
    back = unpack(packed)
    assert back["keyframes"][0] == 0
    assert back["keyframes"][-1] == run.last_epoch
    assert len(back["keyframes"]) >= 40
    loss = run.loss[back["epochs"]].astype(np.float32)
    np.testing.assert_array_equal(back["metrics"][1]["values"], loss)


def test_the_progress_of_some_runs_is_that_of_the_slowest() -> None:
    def grown(epochs: int, to: int) -> Recording:
        recorder = Recorder(Config(epochs=to), load_dataset("blobs"))
        recorder.run(epochs=epochs + 1)
        return recorder.recording()

    slow, fast, ended = grown(10, 50), grown(30, 40), grown(20, 20)
    assert [trained_share([run]) for run in (slow, fast, ended)] == [0.2, 0.75, 1.0]
    assert trained_share([fast, slow, ended]) == 0.2
    assert trained_share([ended, fast]) == 0.75


def test_versions_tell_how_far_a_run_has_grown() -> None:
    recorder = Recorder(Config(epochs=50), load_dataset("blobs"))
    versions = []
    while not recorder.done:
        recorder.run(epochs=20)
        versions.append(unpack(train_message(recorder.recording(), "id"))["version"])
    assert len(set(versions)) == len(versions) == 3
