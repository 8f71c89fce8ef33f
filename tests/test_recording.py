"""A recording says what happened, whichever way it was made."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import numpy as np
import pytest
from problems import arrays, random_dataset

from nnviz.checks import SettingError
from nnviz.data.datasets import Dataset, load_dataset
from nnviz.paper.error_term import QUANTILE_LEVELS, error_term
from nnviz.paper.network import accuracy, forward, initialize, loss
from nnviz.runs.config import Config
from nnviz.runs.costs import epoch_seconds
from nnviz.runs.keyframes import KEYFRAME_BYTES, KEYFRAMES, keyframe_epochs
from nnviz.runs.recording import Recorder, Recording, epoch_in_reach, train


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return random_dataset(samples=80)


METRICS = (
    "loss",
    "accuracy",
    "test_loss",
    "test_accuracy",
    "error_term_mean",
    "error_term_mean_abs",
    "error_term_rms",
    "error_term_quantiles",
    "dead_units",
)


def bits(run: Recording) -> list[bytes]:
    metrics = [getattr(run, name).tobytes() for name in METRICS]
    keyframes = [
        array.tobytes() for keyframe in run.keyframes for array in arrays(keyframe.parameters)
    ]
    return metrics + keyframes


def test_metrics_at_keyframes_are_those_of_their_parameters(dataset: Dataset) -> None:
    run = train(Config(epochs=200, gradient="exact", hidden_units=9), dataset)
    assert run.status == "finished"
    assert run.loss.shape == (201,)
    for keyframe in run.keyframes:
        t, A2 = keyframe.epoch, forward(keyframe.parameters, dataset.X).A2
        test_A2 = forward(keyframe.parameters, dataset.X_test).A2
        E = error_term(A2, dataset.Y)
        expected = {
            "loss": loss(A2, dataset.Y),
            "accuracy": accuracy(A2, dataset.y),
            "test_loss": loss(test_A2, dataset.Y_test),
            "test_accuracy": accuracy(test_A2, dataset.y_test),
            "error_term_mean": E.mean(),
            "error_term_mean_abs": np.abs(E).mean(),
            "error_term_rms": np.sqrt((E**2).mean()),
        }
        for name, value in expected.items():
            assert getattr(run, name)[t] == pytest.approx(value, abs=1e-12), f"{name}, epoch {t}"
        np.testing.assert_allclose(
            run.error_term_quantiles[:, t], np.quantile(E, QUANTILE_LEVELS), atol=1e-12
        )


def test_epoch_zero_is_the_starting_parameters(dataset: Dataset) -> None:
    run = train(Config(epochs=3, seed=5), dataset)
    start = initialize(3, 16, 4, seed=5)
    for a, b in zip(arrays(run.keyframes[0].parameters), arrays(start), strict=True):
        np.testing.assert_array_equal(a, b)
    assert run.loss[0] == pytest.approx(loss(forward(start, dataset.X).A2, dataset.Y))


def test_same_config_same_bits(dataset: Dataset) -> None:
    assert bits(train(Config(epochs=150), dataset)) == bits(train(Config(epochs=150), dataset))


@pytest.mark.parametrize("slices", [[1] * 10, [7, 100, 3], [64, 64], [63, 65, 1]])
def test_a_run_in_slices_is_the_same_run(dataset: Dataset, slices: list[int]) -> None:
    config = Config(epochs=230)
    recorder = Recorder(config, dataset)
    for epochs in slices:
        recorder.run(epochs=epochs)
        recorder.recording()  # looking at it must not change it
    recorder.run()
    assert bits(recorder.recording()) == bits(train(config, dataset))


def test_a_growing_run_is_the_beginning_of_the_whole_run(dataset: Dataset) -> None:
    config = Config(epochs=300)
    whole, recorder = train(config, dataset), Recorder(config, dataset)
    recorder.run(epochs=101)
    part = recorder.recording()
    kept = bits(part)
    assert (part.status, part.last_epoch) == ("running", 100)
    assert part.keyframes[-1].epoch == 100
    for name in METRICS:
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[..., :101])
    recorder.run()
    assert bits(part) == kept, "a recording changed after it was handed out"


@pytest.mark.parametrize("epochs", [1, 2, 70, 101, 299])
@pytest.mark.parametrize(
    "config",
    [
        Config(epochs=300),
        Config(epochs=300, gradient="drop_error_term", step_length="matched"),
        Config(epochs=300, learning_rate=40.0, gradient="drop_error_term"),
        Config(epochs=300, target_accuracy=0.6, dtype="float32"),
    ],
    ids=["plain", "matched", "wild", "target"],
)
def test_a_recorder_goes_on_after_a_recording_as_if_there_had_been_no_pause(
    dataset: Dataset, config: Config, epochs: int
) -> None:
    """Bit for bit, also after the recording came from another process."""
    recorder = Recorder(config, dataset)
    recorder.run(epochs=epochs)
    part = pickle.loads(pickle.dumps(recorder.recording()))
    if part.status != "running":
        pytest.skip("it has ended by then")
    assert part.last_epoch == epochs - 1
    after = Recorder.after(part)
    assert bits(after.recording()) == bits(part)
    after.run()
    assert bits(after.recording()) == bits(train(config, dataset))


@pytest.mark.parametrize(
    "config",
    [
        Config(epochs=700),
        Config(epochs=5000, hidden_units=3),
        Config(epochs=1),
        Config(epochs=400, target_accuracy=0.4),
        Config(learning_rate=1e3, gradient="drop_error_term", epochs=900),
        Config(learning_rate=1e3, gradient="drop_error_term", epochs=900, step_length="matched"),
    ],
    ids=["plain", "long", "one step", "target", "diverges", "matched"],
)
def test_a_run_that_is_looked_at_in_its_keyframes_alone_is_the_same_run(config: Config) -> None:
    """Loss and accuracy of every epoch, all else of the keyframes, the last among them."""
    dataset = load_dataset("moons")
    run = train(config, dataset)
    recorder = Recorder(config, dataset, every_epoch=False)
    recorder.run(epochs=41)
    recorder.run()
    few = recorder.recording()
    kept = [keyframe.epoch for keyframe in run.keyframes]
    assert few.status == run.status
    assert kept[-1] == run.last_epoch
    assert [keyframe.epoch for keyframe in few.keyframes] == kept
    others = np.setdiff1d(np.arange(run.last_epoch + 1), kept)
    for name in METRICS:
        there, wanted = getattr(few, name), getattr(run, name)
        if name in ("loss", "accuracy"):
            np.testing.assert_array_equal(there, wanted, name)
            continue
        np.testing.assert_array_equal(there[..., kept], wanted[..., kept], name)
        nothing = -1 if name == "dead_units" else np.nan
        np.testing.assert_array_equal(there[..., others], nothing, name)


def test_recordings_cannot_be_written_to(dataset: Dataset) -> None:
    run = train(Config(epochs=5), dataset)
    with pytest.raises(ValueError, match="read-only"):
        run.loss[0] = 0.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.status = "x"  # type: ignore[misc]


def test_target_accuracy_ends_the_run_at_the_first_epoch_that_reaches_it() -> None:
    dataset = load_dataset("blobs")
    whole = train(Config(epochs=400), dataset)
    run = train(Config(epochs=400, target_accuracy=0.95), dataset)
    assert run.status == "target"
    assert run.last_epoch == int(np.argmax(whole.accuracy >= 0.95))
    assert run.accuracy[-1] >= 0.95
    assert run.keyframes[-1].epoch == run.last_epoch


def test_a_target_that_is_reached_exactly_is_reached() -> None:
    dataset = load_dataset("blobs")
    whole = train(Config(epochs=60), dataset)
    best = float(whole.accuracy.max())
    run = train(Config(epochs=60, target_accuracy=best), dataset)
    assert run.status == "target"
    assert run.last_epoch == int(whole.accuracy.argmax()) > 0
    assert run.accuracy[-1] == best


def test_target_accuracy_that_is_not_reached_changes_nothing(dataset: Dataset) -> None:
    run = train(Config(epochs=10, target_accuracy=1.0, learning_rate=1e-6), dataset)
    assert (run.status, run.last_epoch) == ("finished", 10)


def test_stopping_keeps_what_was_recorded(dataset: Dataset) -> None:
    recorder = Recorder(Config(epochs=1000), dataset)
    recorder.run(epochs=50)
    recorder.stop()
    recorder.run()
    run = recorder.recording()
    assert (run.status, run.last_epoch, run.keyframes[-1].epoch) == ("stopped", 49, 49)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_divergence_ends_the_run_and_keeps_all_epochs_before(dtype: str) -> None:
    dataset = load_dataset("moons")
    run = train(
        Config(gradient="drop_error_term", learning_rate=2.5, epochs=1000, dtype=dtype), dataset
    )
    assert run.status == "diverged"
    assert 0 < run.last_epoch < 1000
    for name in METRICS:
        values: Any = getattr(run, name)
        assert np.isfinite(values).all(), f"{name} is not finite before the divergence"
        assert values.shape[-1] == run.last_epoch + 1
    last = run.keyframes[-1]
    assert last.epoch == run.last_epoch
    assert all(np.isfinite(array).all() for array in arrays(last.parameters))
    A2 = forward(last.parameters, dataset.X.astype(dtype)).A2
    assert run.loss[-1] == pytest.approx(loss(A2, dataset.Y), rel=1e-4)


def test_the_last_parameters_of_a_run_that_diverged_are_those_before_the_step_too_far() -> None:
    dataset = load_dataset("moons")
    config = Config(gradient="drop_error_term", learning_rate=2.5, epochs=1000)
    run = train(config, dataset)
    assert run.status == "diverged"
    until_then = train(dataclasses.replace(config, epochs=run.last_epoch), dataset)
    assert until_then.status == "finished"
    pairs = zip(*(arrays(r.keyframes[-1].parameters) for r in (run, until_then)), strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(a, b)


def test_without_a_test_part_test_metrics_are_undefined() -> None:
    run = train(Config(epochs=5), load_dataset("blobs", test_share=0.0))
    assert np.isnan(run.test_loss).all()
    assert np.isnan(run.test_accuracy).all()


@pytest.mark.parametrize("epochs", [1, 2, 5, 100, 1000, 20_000, 10**6])
@pytest.mark.parametrize("parameter_bytes", [100, 10**5, 10**7])
def test_keyframes_are_dense_early_and_within_their_budget(
    epochs: int, parameter_bytes: int
) -> None:
    plan = keyframe_epochs(epochs, parameter_bytes)
    assert (plan[0], plan[-1]) == (0, epochs)
    assert (np.diff(plan) > 0).all()
    assert len(plan) <= KEYFRAMES
    assert len(plan) == 2 or len(plan) * parameter_bytes <= KEYFRAME_BYTES
    if len(plan) > 20:
        assert plan[1] == 1
        assert np.diff(plan).max() <= epochs / (len(plan) / 4) + 1, "a late stretch is missed"


@pytest.mark.parametrize("number", [1e13, 1e200, np.inf, np.nan])
def test_a_run_does_not_start_from_exploded_parameters(dataset: Dataset, number: float) -> None:
    """It was recorded as diverged at epoch -1, with whatever the memory held as its metrics."""
    start = initialize(3, 4, 4, seed=0)
    start.W2[1, 2] = number
    with pytest.raises(SettingError, match=r"starting parameters must be less than 1e\+12 in len"):
        Recorder(Config(hidden_units=4), dataset, start=start)


def test_a_run_that_explodes_in_its_first_step_has_its_start(dataset: Dataset) -> None:
    start = initialize(3, 4, 4, seed=0)
    start.W2[:] *= 1e11
    recorder = Recorder(Config(hidden_units=4, learning_rate=1e6), dataset, start=start)
    recorder.run()
    run = recorder.recording()
    assert (run.status, run.last_epoch) == ("diverged", 0)
    A2 = forward(start, dataset.X).A2
    assert run.loss[0] == pytest.approx(loss(A2, dataset.Y))


def test_a_run_without_time_has_its_start() -> None:
    """On a busy machine a slice can be over before it has begun."""
    recorder = Recorder(Config(epochs=20), load_dataset("blobs"))
    recorder.run(seconds=0.0)
    assert recorder.recording().last_epoch == 0
    assert recorder.recording().keyframes[-1].epoch == 0


def test_an_epoch_that_takes_too_long_to_come_to_is_that_of_the_keyframe_before() -> None:
    run = train(Config(epochs=2000), load_dataset("iris"))
    first, second = run.keyframes[-2].epoch, run.keyframes[-1].epoch
    between = (first + second) // 2
    assert epoch_in_reach(run, between, seconds=1.0) == between
    assert epoch_in_reach(run, between, seconds=1e-6) == first
    assert epoch_in_reach(run, second, seconds=1e-6) == second
    shorter = (between - first) * epoch_seconds(run.config, run.dataset)
    assert epoch_in_reach(run, between, 1.01 * shorter) == between
    assert epoch_in_reach(run, between + 1, 1.01 * shorter) == first
