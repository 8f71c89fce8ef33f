"""How much of a run is shown: all of it, or as many keyframes as are computed in a moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from node import unpack

from nnviz.data.datasets import Dataset, dataset_from_samples, load_dataset
from nnviz.figures.decision import GRID
from nnviz.player.affordable import affordable, too_large
from nnviz.player.messages.train import train_message
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, Recording, train


def data(samples: int, features: int, classes: int = 2) -> Dataset:
    rng = np.random.default_rng(0)
    return dataset_from_samples(
        "own",
        rng.normal(size=(samples, features)),
        np.arange(samples) % classes,
        feature_names=[f"f{n}" for n in range(features)],
        class_names=[f"c{n}" for n in range(classes)],
        data_seed=0,
        test_share=0.0,
    )


def with_keyframes(dataset: Dataset, units: int, count: int) -> Recording:
    """A run with so many keyframes, none of them trained."""
    recorder = Recorder(Config(hidden_units=units, epochs=count), dataset)
    recorder.run(epochs=1)
    run = recorder.recording()
    keyframes = tuple(replace(run.keyframes[0], epoch=epoch) for epoch in range(count))
    return replace(run, keyframes=keyframes)


def test_a_usual_run_is_shown_with_all_its_keyframes() -> None:
    run = train(Config(epochs=1000, hidden_units=32), load_dataset("digits"))
    assert affordable(run) is run


@pytest.mark.parametrize(
    ("units", "samples", "features", "classes"),
    [(128, 10_000, 2, 2), (128, 10_000, 10, 10), (128, 10_000, 200, 10), (3000, 20, 2, 2)],
)
def test_of_a_large_run_fewer_are_shown_with_the_first_and_the_last(
    units: int, samples: int, features: int, classes: int
) -> None:
    run = with_keyframes(data(samples, features, classes), units, 110)
    epochs = [keyframe.epoch for keyframe in affordable(run).keyframes]
    assert 2 <= len(epochs) < 100
    assert (epochs[0], epochs[-1]) == (0, 109)
    assert np.ptp(np.diff(epochs)) <= 1, "evenly"
    points = samples + (GRID**2 if features == 2 else 0)
    assert len(epochs) * units * points * (features + classes) < 4e9, "multiplications"


def test_one_keyframe_is_shown_whatever_it_costs() -> None:
    run = with_keyframes(data(10_000, 3), 4096, 1)
    assert affordable(run) is run


def test_the_message_has_the_keyframes_that_are_shown_and_the_metrics_of_all() -> None:
    run = with_keyframes(data(10_000, 3), 128, 110)
    message = unpack(train_message(run, "run"))
    shown = [keyframe.epoch for keyframe in affordable(run).keyframes]
    assert len(shown) < 110
    assert message["claim"]["epochs"].tolist() == shown
    assert len(message["claim"]["rules"][0]["angle"]) == len(shown)
    assert set(message["keyframes"].tolist()) <= set(shown)
    assert message["epochs"].tolist() == [0]


def test_what_is_too_large_to_be_shown_is_said() -> None:
    small, wide = data(20, 2), data(20, 100)
    assert too_large(with_keyframes(small, 4096, 1)) == ""
    assert too_large(with_keyframes(data(10_000, 2), 128, 1)) == ""
    assert "10,001 samples are too many" in too_large(with_keyframes(data(10_001, 2), 1, 1))
    assert "204,000 weights is too large" in too_large(with_keyframes(wide, 2000, 1))
    assert "1,500,000" in too_large(with_keyframes(data(10_000, 2), 151, 1))
