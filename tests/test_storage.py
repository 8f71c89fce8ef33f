"""Recordings as files: what is written can be opened again, and nothing else can."""

from __future__ import annotations

import csv
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutated_recordings import File, mutated, npy, written
from problems import arrays

from nnviz.data.datasets import dataset_from_samples, load_dataset
from nnviz.paper.network import Parameters
from nnviz.player.messages.train import train_message
from nnviz.runs.config import Config
from nnviz.runs.fields import METRICS, SAMPLES
from nnviz.runs.recording import EXPLODED, Recorder, Recording, train
from nnviz.runs.storage import (
    RecordingFileError,
    load_recording,
    metrics_csv,
    save_recording,
)
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.views.opened import opened_run


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
        ({"keyframe_epochs": np.zeros(5, int)}, r"keyframes_W1 must be \[5×6×4\]; it is \[41"),
        ({"keyframe_epochs": np.zeros(41, int)}, "from epoch 0 to the last"),
        ({"keyframe_epochs": np.r_[1, 1:41]}, "from epoch 0 to the last"),
        (
            {"keyframe_epochs": np.arange(41) - 1},
            "keyframe_epochs must be from 0 to 40; there is -1",
        ),
        ({"keyframe_epochs": np.r_[0, 2, 1, 3:41]}, "the keyframes' epochs must rise"),
        ({"keyframe_epochs": np.r_[0, 1, 1, 3:41]}, "the keyframes' epochs must rise"),
        (
            {
                "data_X": np.empty((4, 0)),
                "data_Y": np.empty((3, 0)),
                "data_y": np.empty(0, np.intp),
            },
            "there are no training samples",
        ),
        ({"data_y": np.full(114, 9)}, "data_y must be from 0 to 2; there is 9"),
        ({"data_y": np.full(114, -1)}, "data_y must be from 0 to 2; there is -1"),
        ({"data_y": np.zeros(114, int)}, "data_Y must be 1 at the class of data_y, else 0"),
        ({"data_X": np.zeros((4, 3))}, r"data_Y must be \[3×3\]; it is \[3, 114\]"),
        (
            {"data_X": np.full((4, 114), np.nan)},
            "data_X must be from -1e.13 to 1e.13; there is nan",
        ),
        ({"data_X": np.full((4, 114), 1e14)}, "data_X must be from .* there is 1e.14"),
        ({"data_scale": np.zeros((4, 1))}, "data_scale must be from"),
        ({"data_mean": np.full((4, 1), np.inf)}, "data_mean must be from .* there is inf"),
        ({"keyframes_W2": np.full((41, 3, 6), 9e11)}, "the parameters of a keyframe are longer"),
        (
            {"keyframes_b2": np.zeros((41, 3, 1), "f4")},
            "must be numbers in float64, as the run was",
        ),
        ({"loss": np.full(41, "text")}, "loss must be numbers"),
        ({"loss": np.zeros(41, "f4")}, r"loss must be numbers \(float64\); it is float32"),
        ({"loss": np.zeros(41, object)}, "loss must be numbers"),
        ({"loss": np.zeros(41, [("a", "f8")])}, "loss must be numbers"),
        ({"loss": np.zeros(41, complex)}, "loss must be numbers"),
        ({"loss": np.full(41, -0.1)}, "loss must be from 0 to 1.01; there is -0.1"),
        ({"dead_units": np.full(41, 7)}, "dead_units must be from 0 to 6; there is 7"),
        ({"another": np.zeros(3)}, "'another.npy' is no part of a recording"),
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
    array = np.empty(1, object)
    array[0] = {"a": 1}
    with pytest.raises(RecordingFileError, match="about must be numbers"):
        load_recording(with_member(SMALL, "about", npy(array)))


def with_member(content: bytes, name: str, changed: bytes) -> io.BytesIO:
    """A file with other bytes in place of a member's."""
    file = File.of(content)
    file.replace(file.place(name), changed)
    return io.BytesIO(file.content())


def saying(change: Callable[[dict[str, Any]], Any]) -> io.BytesIO:
    """A file with another description."""
    about = json.loads(np.load(io.BytesIO(SMALL))["about"].tobytes())
    change(about)
    return with_member(SMALL, "about", npy(np.frombuffer(json.dumps(about).encode(), np.uint8)))


def refused(file: io.BytesIO, said: str, most_bytes: int = 3_000_000) -> None:
    """Assert that a file is refused in words, within so much memory."""
    tracemalloc.start()
    try:
        with pytest.raises(RecordingFileError, match=said):
            load_recording(file)
        assert tracemalloc.get_traced_memory()[1] < most_bytes
    finally:
        tracemalloc.stop()


def with_numbers(name: str, value: float, at: int = 0) -> io.BytesIO:
    """A file with one other number."""
    array = np.load(io.BytesIO(SMALL))[name]
    array.ravel()[at] = value
    return with_member(SMALL, name, npy(array))


# The cases of /work/shared/cases/README.md, in its order.


def test_20_000_keyframes_are_refused() -> None:
    run = train(Config(epochs=20_000, hidden_units=2), load_dataset("blobs", samples=12))
    many = {
        name: npy(np.zeros((20_001, *array.shape[1:]), array.dtype))
        for name, array in np.load(io.BytesIO(written(run))).items()
        if name.startswith("keyframes_")
    }
    file = File.of(written(run))
    for name, content in {**many, "keyframe_epochs": npy(np.arange(20_001))}.items():
        file.replace(file.place(name), content)
    refused(io.BytesIO(file.content()), "1 to 111 keyframes; there are 20,001")


def test_a_class_name_of_50_megabytes_is_refused() -> None:
    text = json.dumps({"format": "nnviz recording 1", "name": "x" * 50_000_000}).encode()
    file = with_member(SMALL, "about", npy(np.frombuffer(text, np.uint8)))
    refused(file, "the description has more than 200,000 bytes")


def test_4096_units_at_100_keyframes_are_refused() -> None:
    run = train(Config(epochs=100, hidden_units=2), load_dataset("blobs", samples=200))
    file = File.of(written(run))
    about = json.loads(np.load(io.BytesIO(written(run)))["about"].tobytes())
    about["config"]["hidden_units"] = 4096
    file.replace(0, npy(np.frombuffer(json.dumps(about).encode(), np.uint8)))
    arrays = {
        "keyframe_epochs": np.r_[0:99, 100],
        "keyframes_W1": np.zeros((100, 4096, 2)),
        "keyframes_b1": np.zeros((100, 4096, 1)),
        "keyframes_W2": np.zeros((100, 3, 4096)),
        "keyframes_b2": np.zeros((100, 3, 1)),
    }
    for name, array in arrays.items():
        file.replace(file.place(name), npy(array))
    refused(io.BytesIO(file.content()), "1 to 21 keyframes; there are 100")


def test_a_member_that_is_no_array_is_refused() -> None:
    for content in (b"", b"text", b"\x93NUMPY\1\0", b"\x93NUMPY\2\0" + bytes(500)):
        refused(with_member(SMALL, "loss", content), "loss is no array|loss must be numbers")


def test_a_description_of_200_000_brackets_is_refused() -> None:
    for text in (b"[" * 200_000, b'{"a":' * 40_000, b"[" * 100_000 + b"]" * 100_000):
        file = with_member(SMALL, "about", npy(np.frombuffer(text, np.uint8)))
        refused(file, "the description cannot be read", 30_000_000)


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "a\nb", "\u202eabc", "", "x" * 61])
@pytest.mark.parametrize("where", ["name", "feature_names", "class_names"])
def test_a_lone_surrogate_in_a_name_is_refused(where: str, name: str) -> None:
    def rename(about: dict[str, Any]) -> None:
        there = about["dataset"]
        there[where] = name if where == "name" else [name, *there[where][1:]]

    refused(saying(rename), "name must be (text without|of 1 to 60)")


@pytest.mark.parametrize(
    "shape", [[True, 2], [1000, 1000], [2, True], [1.0, 2], [-1, -2], [2], [1, 2, 1], "12", 2, {}]
)
def test_an_image_shape_that_is_none_is_refused(shape: Any) -> None:
    refused(saying(lambda about: about["dataset"].update(image_shape=shape)), "image_shape must be")


def test_two_numbers_that_make_the_pixels_are_an_image_shape() -> None:
    back = load_recording(saying(lambda about: about["dataset"].update(image_shape=[1, 2])))
    assert back.dataset.image_shape == (1, 2)


@pytest.mark.parametrize("value", [1e300, -1e300, 1e13, np.inf, np.nan])
@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_a_weight_of_1e300_is_refused(name: str, value: float) -> None:
    refused(with_numbers(f"keyframes_{name}", value), f"keyframes_{name} must be from")


@pytest.mark.parametrize("name", [*METRICS[:-1], "error_term_quantiles"])
def test_an_infinite_or_undefined_metric_is_refused(name: str) -> None:
    for value in (np.inf, -np.inf, 1e300):
        refused(with_numbers(name, value, at=1), f"{name} must be from")
    undefined = with_numbers(name, np.nan, at=1)
    if name.startswith("test_"):
        assert np.isnan(getattr(load_recording(undefined), name)[1])
    else:
        refused(undefined, f"{name} must be from .* there is nan")


@pytest.mark.parametrize(
    ("config", "status", "said"),
    [
        ({}, "target", "status must be another where there is no target_accuracy"),
        ({}, "running", "cannot be running at epoch 3 of 3"),
        ({}, "diverged", "cannot be diverged at epoch 3 of 3"),
        ({"epochs": 9}, "finished", "cannot be finished at epoch 3 of 9"),
        ({"epochs": 2}, "stopped", "metrics of epoch 0 to 2 at most"),
        ({}, "done", "status must be one of running, "),
        ({}, None, "status must be text"),
    ],
)
def test_a_status_that_the_run_cannot_have_is_refused(
    config: dict[str, Any], status: Any, said: str
) -> None:
    def end(about: dict[str, Any]) -> None:
        about["status"] = status
        about["config"] |= config

    refused(saying(end), said)


def test_a_target_that_was_not_reached_is_refused() -> None:
    run = train(Config(epochs=2), load_dataset("spiral"))
    assert run.accuracy[-1] < 0.9
    claimed = replace(run, config=Config(epochs=2, target_accuracy=0.9), status="target")
    with pytest.raises(RecordingFileError, match=r"cannot have reached a target of 0\.9 at"):
        save_recording(claimed, io.BytesIO())


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.count += len(content)
        return content


@pytest.mark.parametrize("end", ["usual", "long", "hidden"])
def test_170_000_empty_members_are_refused_before_they_are_listed(end: str) -> None:
    """Whether there is the usual end, another before it, or one that says there is a short list."""
    one = File([("a", b"")], zipfile.ZIP_STORED).content()
    at = one.index(b"PK\1\2")
    content = one[:at] + 170_000 * one[at:-22]
    sizes = (170_000, 170_000, len(content) - at, at)
    another = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *sizes) + struct.pack(
        "<4sLQL", b"PK\6\7", 0, len(content), 1
    )
    listed, begins = len(content) - at, at
    if end == "hidden":
        listed, begins = len(another), len(content)
    if end != "usual":
        content += another
    content += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, listed, begins, 0)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.infolist()) == 170_000
    counted = Counted(content)
    refused(counted, "it has too many parts")
    assert counted.count < 100


# Others of their kind.


def test_a_bomb_is_not_unpacked() -> None:
    loss = File.of(SMALL).members[File.of(SMALL).place("loss")][1]
    for zeros, said in ((200_000_000, "unpacks to more than"), (50_000_000, "not as large as it")):
        file = File.of(SMALL)
        file.replace(file.place("loss"), loss + bytes(zeros))
        refused(io.BytesIO(file.content()), said)


def test_what_a_member_unpacks_to_is_bounded_whatever_the_archive_says() -> None:
    """The sizes said are those of the real member; what is there unpacks to 100 MB."""
    file = File.of(SMALL)
    loss = file.members[file.place("loss")][1]
    file.replace(file.place("loss"), loss + bytes(100_000_000))
    content = bytearray(file.content())
    listed = content.index(b"loss.npy", content.index(b"PK\1\2")) - 46
    struct.pack_into("<L", content, listed + 24, len(loss))
    refused(io.BytesIO(bytes(content)), "loss is packed in a way that is not read")


def header(shape: str, kind: str = "<f8", order: str = "False") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (header("(4,)") + bytes(32), ""),
        (header("(4,)") + bytes(31), "loss is not as large as it says"),
        (header("(4,)", "<f9") + bytes(36), "loss must be numbers"),
        (header("(4,)", "<f1") + bytes(4), "not understood"),
        (header("(4,)", "<V8") + bytes(32), "loss must be numbers; it is '<V8'"),
        (header("(4,)", order="None") + bytes(32), "loss must be numbers; its header is another"),
        (header("(4)") + bytes(32), "its header is another"),
        (header("(9999999999, 9999999999)"), "loss is not as large as it says"),
        (header("(0, 9999999999)"), r"loss must be \[any\]; it is \[0, 9999999999\]"),
        (header("()") + bytes(8), r"loss must be \[any\]; it is \[\]"),
        (header(f"({'9' * 80}x)"), "its header is another"),
        (header("(" + "1, " * 400 + ")"), "its header is another"),
        (header("(" + "[" * 900 + ")"), "its header is another"),
    ],
)
def test_a_header_is_read_as_numpy_writes_it_and_no_other(content: bytes, said: str) -> None:
    file = with_member(SMALL, "loss", content)
    if said:
        refused(file, said)
    else:
        assert load_recording(file).loss.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("short", [1, 7, 31, 32])
def test_a_member_that_ends_early_is_cut_off(short: int) -> None:
    """It unpacks to fewer numbers than the archive and the header say."""
    file = File.of(SMALL)
    at = file.place("loss")
    whole = file.members[at][1]
    file.replace(at, whole[: len(whole) - short])
    file.method = zipfile.ZIP_STORED
    content = bytearray(file.content())
    listed = content.index(b"loss.npy", content.index(b"PK\1\2")) - 46
    struct.pack_into("<L", content, listed + 24, len(whole))
    refused(io.BytesIO(bytes(content)), "loss is cut off|not a recording")


@pytest.mark.parametrize("seed", range(2))
def test_numbers_of_the_other_byte_order_or_orientation_are_the_same(seed: int) -> None:
    file, arrays = File.of(SMALL), np.load(io.BytesIO(SMALL))
    for name, array in arrays.items():
        other = array.astype(array.dtype.newbyteorder(">")) if seed else np.asfortranarray(array)
        file.put(file.place(name), other)
    back, run = load_recording(io.BytesIO(file.content())), load_recording(io.BytesIO(SMALL))
    assert train_message(back, "run") == train_message(run, "run")
    assert back.dataset.X.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda about: about.update(more=1), "the description: 'more' is not known"),
        (lambda about: about.pop("status"), "the description: 'status' is missing"),
        (lambda about: about["dataset"].update(more=1), "dataset: 'more' is not known"),
        (lambda about: about["dataset"].pop("name"), "dataset: 'name' is missing"),
        (lambda about: about["config"].update(more=1), "config: 'more' is not known"),
        (lambda about: about.update(config=[]), "config must be an object"),
        (lambda about: about.update(dataset=None), "dataset must be an object"),
        (lambda about: about["config"].update(seed=10**400), "seed must be a whole number"),
        (lambda about: about["config"].update(epochs=True), "epochs must be a whole number"),
        (lambda about: about["config"].update(epochs=[[]]), "epochs must be one value"),
        (lambda about: about["config"].update(learning_rate=float("nan")), "NaN is no number"),
        (lambda about: about["dataset"].update(feature_names=["x"] * 201), "from 1 to 200"),
        (lambda about: about["dataset"].update(class_names=["x"] * 11), "from 2 to 10"),
        (lambda about: about["dataset"].update(class_names=["x"]), "from 2 to 10; it is 1"),
        (lambda about: about["dataset"].update(class_names="abc"), "must be a list of texts"),
        (lambda about: about["dataset"].update(class_names=["a", 1]), "must be text"),
    ],
)
def test_another_description_is_answered_in_words(
    change: Callable[[dict[str, Any]], Any], said: str
) -> None:
    refused(saying(change), said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"feature_names": ("x" * 61, "y")}, "a feature name must be of 1 to 60 characters"),
        ({"class_names": ("a", "b", "\n")}, "a class name must be text without invisible"),
        ({"name": ""}, "the data set's name must be of 1 to 60 characters"),
        ({"X": np.full((2, 9), np.nan)}, "data_X must be from"),
    ],
)
def test_what_could_not_be_opened_is_not_written(change: dict[str, Any], said: str) -> None:
    run = load_recording(io.BytesIO(SMALL))
    file = io.BytesIO()
    with pytest.raises(RecordingFileError, match=said):
        save_recording(replace(run, dataset=replace(run.dataset, **change)), file)
    assert not file.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_run_that_the_controls_offer_can_be_opened_again(data: st.DataObject) -> None:
    drawn = {
        name: data.draw(st.sampled_from(CONTROLS[name].options or ()))
        for name in ("learning_rate", "init_scale", "target_accuracy", "gradient", "step_length")
    }
    config = Config(
        **drawn,
        hidden_units=data.draw(st.sampled_from([1, 2, 16, 128])),
        epochs=data.draw(st.sampled_from([1, 10, 150])),
        dtype=data.draw(st.sampled_from(["float64", "float32"])),
    )
    name = data.draw(st.sampled_from(["xor", "blobs", "iris", "digits"]))
    recorder = Recorder(config, load_dataset(name, test_share=data.draw(st.sampled_from([0, 0.5]))))
    recorder.run(epochs=data.draw(st.integers(1, 20 if name == "digits" else 151)))
    run = recorder.recording()
    back = load_recording(io.BytesIO(written(run)))
    assert back.status == run.status
    np.testing.assert_array_equal(back.loss, run.loss)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_largest_numbers_that_are_opened_can_be_shown(dtype: str) -> None:
    run = train(Config(epochs=3, hidden_units=2, dtype=dtype), load_dataset("iris"))
    # Of the longest parameters that do not count as exploded, two weights, in both layers.
    most = np.sqrt(EXPLODED / 2) * 0.999
    keyframes = []
    for keyframe in run.keyframes:
        weights = {name: np.zeros_like(a) for name, a in vars(keyframe.parameters).items()}
        weights["W1"][0, 0], weights["W2"][0, 0] = most, most
        keyframes.append(replace(keyframe, parameters=Parameters(**weights)))
    far = {name: np.full_like(getattr(run.dataset, name), 1e13) for name in ("X", "X_test")}
    content = written(replace(run, keyframes=tuple(keyframes), dataset=replace(run.dataset, **far)))
    opened = opened_run(content)
    assert opened.message
    opened.measuring.go_on(opened.run, 1.0)


@pytest.mark.parametrize("outlier", [1e15, -1e30, 1e100])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("features", [2, 3])
def test_an_outlier_among_the_test_samples_ends_no_run(
    features: int, dtype: str, outlier: float
) -> None:
    """It is so many standard deviations away. Tables hold such a number for a missing one."""
    rng = np.random.default_rng(0)
    samples = rng.normal(size=(40, features))
    samples[7, 0] = outlier
    parts = (
        dataset_from_samples(
            "own",
            samples,
            np.arange(40) % 2,
            feature_names=list("abc")[:features],
            class_names=["p", "q"],
            data_seed=seed,
            test_share=0.25,
        )
        for seed in range(100)
    )
    data = next(part for part in parts if np.abs(part.X_test).max() > 1e6)
    run = train(Config(epochs=20, dtype=dtype), data)
    assert np.isfinite(run.test_loss).all()
    assert opened_run(written(run)).message


@pytest.mark.parametrize(("samples", "features", "classes"), [(2000, 2, 6), (10_000, 200, 10)])
def test_the_largest_runs_that_the_controls_offer_are_shown(
    samples: int, features: int, classes: int
) -> None:
    """As many units as the control has, on as many samples, or on the largest table."""
    rng = np.random.default_rng(0)
    own = dataset_from_samples(
        "own",
        rng.integers(10, size=(samples, features)),
        np.arange(samples) % classes,
        feature_names=["x" * 60] * features,
        class_names=["\U0001d7d8" * 60] * classes,
        data_seed=0,
        test_share=0.25,
    )
    recorder = Recorder(Config(hidden_units=int(CONTROLS["hidden_units"].high), epochs=20_000), own)
    recorder.run(epochs=2)
    opened = opened_run(written(recorder.recording()))
    assert opened.run.status == "stopped"
    assert opened.message


def test_a_recording_that_is_too_large_for_the_page_is_refused_there() -> None:
    data = load_dataset("blobs", samples=500, test_share=0.0)
    content = written(train(Config(epochs=1, hidden_units=3500), data))
    assert load_recording(io.BytesIO(content)).config.hidden_units == 3500
    with pytest.raises(RecordingFileError, match="3,500 hidden units on 500 samples are too many"):
        opened_run(content)
    digits = written(train(Config(epochs=1, hidden_units=2800), load_dataset("digits")))
    with pytest.raises(RecordingFileError, match="207,200 weights is too large; 200,000"):
        opened_run(digits)


def test_opening_and_packing_take_their_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnviz.ui.views import opened

    taken: list[str] = []

    class Watched:
        @contextmanager
        def turn(self, urgent: bool = True) -> Iterator[None]:
            assert urgent
            taken.append("turn")
            yield
            taken.append("end")

    def watch(name: str) -> None:
        real = getattr(opened, name)

        def watched(*given: Any) -> Any:
            taken.append(name)
            return real(*given)

        monkeypatch.setattr(opened, name, watched)

    monkeypatch.setattr(opened, "TURNS", Watched())
    watch("load_recording")
    watch("train_message")
    opened_run(SMALL)
    assert taken == ["turn", "load_recording", "end", "turn", "train_message", "end"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_opened_of_mutated_recordings_can_be_shown(seed: int) -> None:
    try:
        opened = opened_run(mutated(np.random.default_rng(seed)))
    except RecordingFileError:
        return
    assert opened.message
    opened.measuring.go_on(opened.run, 0.01)


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
