"""Data are what they say, split and standardized; bad data are refused in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.checks import SettingError
from nnviz.data.datasets import (
    DATASETS,
    Dataset,
    DatasetError,
    dataset_from_samples,
    is_constant,
    load_dataset,
)
from nnviz.data.plane_sets import PLANE_SETS
from nnviz.paper.network import Array
from nnviz.runs.config import Config
from nnviz.runs.recording import train


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_shapes_and_statistics(name: str) -> None:
    data = load_dataset(name)
    n0, n2 = len(data.feature_names), len(data.class_names)
    for X, Y, y in ((data.X, data.Y, data.y), (data.X_test, data.Y_test, data.y_test)):
        assert X.shape == (n0, y.size)
        assert Y.shape == (n2, y.size)
        assert (Y.sum(axis=0) == 1).all()
        np.testing.assert_array_equal(Y.argmax(axis=0), y)
        assert set(y) == set(range(n2)), "each class is in both parts"
    assert data.y_test.size == pytest.approx(0.25 * (data.y.size + data.y_test.size), rel=0.05)
    if data.image_shape is None:
        np.testing.assert_allclose(data.X.mean(axis=1), 0, atol=1e-9)
        np.testing.assert_allclose(data.X.std(axis=1), 1, atol=1e-9)
    else:
        assert data.X.mean() == pytest.approx(0, abs=1e-9)
        assert data.X.std() == pytest.approx(1, abs=1e-9)


def test_test_samples_are_standardized_with_the_training_statistics() -> None:
    from sklearn.datasets import load_iris
    from sklearn.preprocessing import StandardScaler

    data = load_dataset("iris")
    raw = data.X * data.scale + data.mean
    raw_test = data.X_test * data.scale + data.mean
    scaler = StandardScaler().fit(raw.T)
    np.testing.assert_allclose(scaler.transform(raw_test.T).T, data.X_test, atol=1e-9)
    together = np.hstack([raw, raw_test]).T
    original = load_iris().data
    np.testing.assert_allclose(
        together[np.lexsort(together.T)], original[np.lexsort(original.T)], atol=1e-9
    )


@settings(max_examples=30)
@given(
    name=st.sampled_from(sorted(PLANE_SETS)),
    samples=st.integers(30, 200),
    classes=st.integers(2, 6),
    noise=st.floats(0, 2),
    data_seed=st.integers(0, 2**32 - 1),
    test_share=st.floats(0, 0.5),
)
def test_toy_sets_have_what_was_asked_for(
    name: str, samples: int, classes: int, noise: float, data_seed: int, test_share: float
) -> None:
    options: dict[str, Any] = {
        "samples": samples,
        "classes": classes,
        "noise": noise,
        "data_seed": data_seed,
        "test_share": test_share,
    }
    data, again = load_dataset(name, **options), load_dataset(name, **options)
    assert data.y.size + data.y_test.size == samples
    assert len(data.class_names) == classes
    counts = np.bincount(np.concatenate([data.y, data.y_test]), minlength=classes)
    assert counts.max() - counts.min() <= 1
    assert data.X.tobytes() == again.X.tobytes()
    assert data.X_test.tobytes() == again.X_test.tobytes()


@pytest.mark.parametrize("name", sorted(PLANE_SETS))
def test_a_nearest_neighbour_tells_the_classes_of_a_toy_set_apart(name: str) -> None:
    from sklearn.neighbors import KNeighborsClassifier

    for classes in range(2, 7):
        data = load_dataset(name, samples=1000, classes=classes, noise=0.0)
        model = KNeighborsClassifier(1).fit(data.X.T, data.y)
        assert model.score(data.X_test.T, data.y_test) > 0.8, f"{classes} classes of {name} overlap"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("nope", {}, "dataset must be one of .*'nope'"),
        ("blobs", {"samples": 1}, "samples must be a whole number from 2 to 10,000; it is 1"),
        ("blobs", {"samples": 2.5}, "samples must be"),
        ("blobs", {"classes": 7}, "classes must be a whole number from 2 to 6; it is 7"),
        ("blobs", {"noise": float("nan")}, "noise must be a number from 0 to 2; it is nan"),
        ("blobs", {"noise": -0.1}, "noise must be"),
        ("blobs", {"test_share": 0.9}, "test_share must be a number from 0 to 0.5; it is 0.9"),
        ("blobs", {"data_seed": -1}, "data_seed must be"),
        ("blobs", {"data_seed": "1"}, "data_seed must be"),
        (
            "iris",
            {"noise": 0.1},
            "noise must be left out for iris, which takes data_seed, te",
        ),
        ("blobs", {"seed": 1}, "seed must be left out for blobs, which takes samples"),
        ("blobs", {"colour": 1}, "colour must be left out"),
    ],
)
def test_bad_options_are_named(name: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        load_dataset(name, **options)


@pytest.mark.parametrize(
    ("samples", "labels", "words"),
    [
        ([[1.0, 2.0]], [0], "has 1 sample"),
        ([[1.0, 2.0], [2.0, 1.0]], [1, 1], "all samples are of one class .'b'"),
        ([[3.0, 3.0], [3.0, 3.0]], [0, 1], "every feature has one value"),
        ([[1.0, np.nan], [2.0, 1.0]], [0, 1], "sample 1, feature 'v' is not a finite number"),
        ([[1.0, 2.0], [2.0, np.inf]], [0, 1], "sample 2, feature 'v'"),
        ([[1.0, 2.0], [2.0, 3.0]], [0, 2], "labels must be from 0 to 1"),
        ([[1.0, 2.0]], [0, 1], "one row of features and one label a sample"),
    ],
)
def test_data_that_cannot_be_trained_on_are_refused(samples: Any, labels: Any, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        dataset_from_samples(
            "mine",
            samples,
            labels,
            feature_names=("u", "v"),
            class_names=("a", "b"),
            data_seed=0,
            test_share=0.25,
        )


def test_a_constant_feature_becomes_zero() -> None:
    data = dataset_from_samples(
        "mine",
        [[0.1, 1.0], [0.1, 2.0], [0.1, 3.0], [0.1, 5.0]],
        [0, 1, 0, 1],
        feature_names=("u", "v"),
        class_names=("a", "b"),
        data_seed=0,
        test_share=0.0,
    )
    np.testing.assert_array_equal(data.X[0], 0)
    assert np.isfinite(data.X).all()


def measured_in(unit: float, samples: Array, y: Any) -> Dataset:
    return dataset_from_samples(
        "mine",
        samples * unit,
        y,
        feature_names=tuple("uvw"),
        class_names=("a", "b"),
        data_seed=0,
        test_share=0.25,
    )


@pytest.mark.parametrize("unit", [1e-90, 1e-19, 1e-12, 1e-3, 1e12, 1e90, -1.0])
def test_a_run_does_not_depend_on_the_units_of_its_data(unit: float) -> None:
    rng = np.random.default_rng(2)
    y = np.arange(60) % 2
    # A feature far from 0, one about 0, and one that is constant.
    samples = np.column_stack([1e3 + y + rng.normal(size=60), rng.normal(size=60), np.full(60, 7)])
    plain, other = (measured_in(scale, samples, y) for scale in (1.0, unit))
    np.testing.assert_allclose(other.X, np.sign(unit) * plain.X, atol=1e-9)
    np.testing.assert_allclose(other.X_test, np.sign(unit) * plain.X_test, atol=1e-9)
    np.testing.assert_allclose(plain.X[:2].std(axis=1), 1, atol=1e-9)
    if unit > 0:
        runs = [train(Config(epochs=300, hidden_units=8), data) for data in (plain, other)]
        np.testing.assert_allclose(runs[1].loss, runs[0].loss, rtol=1e-9)
        np.testing.assert_allclose(runs[1].test_loss, runs[0].test_loss, rtol=1e-9)


@pytest.mark.parametrize("size", [1e-90, 0.1, 1e9, 1e100])
def test_a_feature_that_differs_by_rounding_alone_is_constant(size: float) -> None:
    rng = np.random.default_rng(0)
    noise = size * (1 + rng.integers(-4, 5, 40) * np.finfo(float).eps)
    assert np.ptp(noise) > 0
    assert is_constant(noise)
    assert not is_constant(size * (1 + 1e-9 * rng.normal(size=40)))
    y = np.arange(40) % 2
    samples = np.column_stack([noise, np.arange(40), noise])
    data = measured_in(1, samples, y)
    held_out = np.rint(data.X_test[1] * data.scale[1] + data.mean[1]).astype(int)
    samples[held_out, 2] *= 3
    data = measured_in(1, samples, y)
    assert np.abs(data.X[[0, 2]]).max() < 1e-12
    np.testing.assert_allclose(data.X_test[2], 2 / 3)
