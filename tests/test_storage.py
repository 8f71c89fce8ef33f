"""Recordings as files: what is written can be opened again, and nothing else can."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import arrays

from nnviz.data.datasets import load_dataset
from nnviz.player.messages.train import train_message
from nnviz.runs.config import Config
from nnviz.runs.fields import METRICS, SAMPLES
from nnviz.runs.recording import Recording, train
from nnviz.runs.storage import (
    RecordingFileError,
    load_recording,
    metrics_csv,
    save_recording,
)


def written(run: Recording) -> bytes:
    file = io.BytesIO()
    save_recording(run, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def run() -> Recording:
    return train(Config(epochs=40, hidden_units=6), load_dataset("iris"))


@pytest.mark.parametrize(
    ("dataset", "config"),
    [
        ("iris", {}),
        ("digits", {"dtype": "float32"}),
        ("spiral", {"gradient": "exact", "target_accuracy": 0.5}),
        ("moons", {"learning_rate": 100.0, "gradient": "drop_error_term", "epochs": 300}),
    ],
)
def test_what_is_written_is_opened_to_the_last_bit(dataset: str, config: dict[str, Any]) -> None:
    run = train(Config(**{"epochs": 30, **config}), load_dataset(dataset))
    back = load_recording(io.BytesIO(written(run)))
    assert back.config == run.config
    assert back.status == run.status
    for name in (*METRICS, "error_term_quantiles"):
        np.testing.assert_array_equal(getattr(back, name), getattr(run, name), err_msg=name)
    for name in SAMPLES:
        ours = getattr(back.dataset, name)
        np.testing.assert_array_equal(ours, getattr(run.dataset, name), err_msg=name)
    for name in ("name", "feature_names", "class_names", "image_shape"):
        assert getattr(back.dataset, name) == getattr(run.dataset, name)
    assert [k.epoch for k in back.keyframes] == [k.epoch for k in run.keyframes]
    for ours, theirs in zip(back.keyframes, run.keyframes, strict=True):
        for a, b in zip(arrays(ours.parameters), arrays(theirs.parameters), strict=True):
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype


def test_a_recording_opened_again_is_shown_as_the_first_was(run: Recording) -> None:
    from nnviz.player.messages.train import train_message

    assert train_message(load_recording(io.BytesIO(written(run))), "run") == train_message(
        run, "run"
    )


def test_a_recording_from_before_data_seed_had_its_name_opens() -> None:
    """Written when `load_dataset` called it ``seed``: blobs of 12 samples, seed 5."""
    old = load_recording(Path(__file__).parent / "recordings" / "data_seed_named_seed.npz")
    assert old.config == Config(epochs=3, hidden_units=2, seed=7)
    again = train(old.config, load_dataset("blobs", samples=12, data_seed=5))
    np.testing.assert_allclose(old.dataset.X, again.dataset.X, rtol=1e-12)
    np.testing.assert_allclose(old.loss, again.loss, rtol=1e-9)
    other = load_dataset("blobs", samples=12, data_seed=6)
    assert not np.allclose(old.dataset.X, other.X), "the seed decides the samples"


def test_metrics_as_csv_read_back(run: Recording) -> None:
    rows = list(csv.DictReader(io.StringIO(metrics_csv(run))))
    assert len(rows) == run.last_epoch + 1
    np.testing.assert_array_equal([float(row["loss"]) for row in rows], run.loss)
    np.testing.assert_array_equal([int(row["dead_units"]) for row in rows], run.dead_units)
    assert [int(row["epoch"]) for row in rows] == list(range(len(rows)))


def changed(run: Recording, **arrays: Any) -> io.BytesIO:
    """A file with other arrays in place of some, or without them."""
    with np.load(io.BytesIO(written(run))) as found:
        kept = {**{name: found[name] for name in found.files}, **arrays}
    file = io.BytesIO()
    np.savez(file, **{name: array for name, array in kept.items() if array is not None})
    file.seek(0)
    return file


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"loss": None}, "loss is missing"),
        ({"loss": np.zeros((2, 2))}, r"loss must be \[any\]; it is \[2, 2\]"),
        ({"accuracy": np.zeros(3)}, r"accuracy must be \[41\]; it is \[3\]"),
        ({"keyframes_W1": np.zeros((1, 6, 4))}, "keyframes_W1 must be"),
        ({"keyframe_epochs": np.zeros(5, int)}, "from epoch 0 to the last"),
        ({"keyframe_epochs": np.r_[0, 2, 1, 3:41]}, "the keyframes' epochs must rise"),
        ({"keyframe_epochs": np.r_[0, 1, 1, 3:41]}, "the keyframes' epochs must rise"),
        (
            {"data_X": np.empty((4, 0)), "data_Y": np.empty((3, 0)), "data_y": np.empty(0, int)},
            "there are no training samples",
        ),
        ({"data_y": np.full(114, 9)}, "y must be from 0 to 2"),
        ({"data_X": np.zeros((4, 3))}, "differ in their samples"),
        ({"data_X": np.full((4, 114), np.nan)}, "X has entries that are not finite"),
        ({"loss": np.full(41, "text")}, "loss must be numbers"),
        ({"about": np.frombuffer(b"{}", np.uint8)}, "does not say that it is"),
        ({"about": np.frombuffer(b"{]", np.uint8)}, "cannot be read"),
    ],
)
def test_a_changed_file_is_answered_in_words(
    run: Recording, arrays: dict[str, Any], said: str
) -> None:
    with pytest.raises(RecordingFileError, match=said):
        load_recording(changed(run, **arrays))


def test_pickles_are_not_opened() -> None:
    file = io.BytesIO()
    array = np.empty(1, object)
    array[0] = {"a": 1}
    np.savez(file, about=array)
    file.seek(0)
    with pytest.raises(RecordingFileError, match="not a recording"):
        load_recording(file)


def test_a_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("about.npy", "w", force_zip64=True) as entry,
    ):
        for _ in range(51):
            entry.write(bytes(10_000_000))
    file.seek(0)
    with pytest.raises(RecordingFileError, match="unpacks to more than"):
        load_recording(file)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_recording(content: bytes) -> None:
    with pytest.raises(RecordingFileError):
        load_recording(io.BytesIO(content))


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.integers(0, 255))
def test_a_flipped_byte_never_breaks_out(place: int, value: int) -> None:
    content = bytearray(SMALL)
    content[place % len(content)] = value
    try:
        back = load_recording(io.BytesIO(bytes(content)))
    except RecordingFileError:
        return
    assert back.last_epoch == 3
    assert train_message(back, "file"), "what can be opened can be shown"


@settings(max_examples=60)
@given(
    st.sampled_from(["image_shape", "feature_names", "class_names", "name"]),
    st.recursive(
        st.none() | st.integers(-3, 20) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4),
    ),
)
def test_a_description_is_not_trusted(key: str, value: Any) -> None:
    with np.load(io.BytesIO(SMALL)) as arrays:
        found = dict(arrays)
    said = json.loads(found["about"].tobytes())
    said["dataset"][key] = value
    found["about"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **found)
    file.seek(0)
    try:
        back = load_recording(file)
    except RecordingFileError:
        return
    assert train_message(back, "file"), "what can be opened can be shown"


SMALL = written(train(Config(epochs=3, hidden_units=2), load_dataset("blobs", samples=12)))
