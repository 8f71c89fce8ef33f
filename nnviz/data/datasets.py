"""Data to train on: toy sets in the plane, and real ones from scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnviz.checks import SEED, Choice, RealNumber, Setting, SettingError, WholeNumber
from nnviz.data.plane_sets import PLANE_SETS, plane_points
from nnviz.paper.network import Array

OPTIONS: dict[str, Setting] = {
    "samples": Setting(WholeNumber(2, 10_000), 300),
    "classes": Setting(WholeNumber(2, 6), 3),
    "noise": Setting(RealNumber(0, 2), 0.3),
    "data_seed": Setting(SEED, 0),
    "test_share": Setting(RealNumber(0, 0.5), 0.25),
}
"""The options of `load_dataset`."""

_REAL_OPTIONS = ("data_seed", "test_share")
DATASETS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(PLANE_SETS, tuple(OPTIONS)),
    "iris": _REAL_OPTIONS,
    "wine": _REAL_OPTIONS,
    "breast_cancer": _REAL_OPTIONS,
    "digits": _REAL_OPTIONS,
}
"""The data sets by name, each with the options it takes."""

OWN = "own"
"""Name of a visitor's own data, `nnviz.data.samples.Samples`, which cannot be loaded by name."""

OPTIONS_TAKEN = {**DATASETS, OWN: _REAL_OPTIONS}
"""The options of every data set, a visitor's own among them."""

DATASET = Setting(Choice(tuple(OPTIONS_TAKEN)), "spiral")
"""The data set, as a setting of a run."""

ROUNDING = 1e-12
"""Numbers that differ by less, relative to the largest of them, differ by rounding alone."""


LARGEST_FEATURE = 1e13
"""Where standardized features end: a test sample may be any number of standard deviations away.
With parameters that do not count as exploded, its logits do not overflow, not even in float32."""


class DatasetError(ValueError):
    """The data cannot be trained on; the message says why and what would be right."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples as columns, split and standardized.

    Attributes
    ----------
    name : str
        As in `DATASETS`; `OWN` for a visitor's own data.
    X : array ``[N0×M]``
        Features of the training samples, standardized.
    Y : array ``[N2×M]``
        Their classes, one-hot.
    y : int array ``[M]``
        Their classes, from 0.
    X_test, Y_test, y_test
        The same for the test samples, standardized with the training samples' statistics, up to
        `LARGEST_FEATURE`; M is 0 when there is no test part.
    feature_names, class_names : tuple of str
        One for each of the N0 features, and for each of the N2 classes.
    mean, scale : array ``[N0×1]``
        What was subtracted from, and then divided out of, each feature.
    image_shape : (int, int) or None
        Rows and columns when a sample is a picture.
    """

    name: str
    X: Array
    Y: Array
    y: NDArray[np.intp]
    X_test: Array
    Y_test: Array
    y_test: NDArray[np.intp]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    mean: Array
    scale: Array
    image_shape: tuple[int, int] | None = None

    @property
    def nbytes(self) -> int:
        """Size of the arrays in memory, in bytes."""
        return sum(array.nbytes for array in vars(self).values() if isinstance(array, np.ndarray))


def dataset_from_samples(
    name: str,
    samples: ArrayLike,
    labels: ArrayLike,
    *,
    feature_names: Sequence[str],
    class_names: Sequence[str],
    data_seed: int,
    test_share: float,
    image_shape: tuple[int, int] | None = None,
) -> Dataset:
    """Split and standardize samples.

    Parameters
    ----------
    name : str
        What the data set is called, also in messages.
    samples : array ``[all samples×N0]``
        One row a sample, as files have them.
    labels : int array ``[all samples]``
        Class of every sample, an index into `class_names`.
    feature_names, class_names : sequence of str
        One for each feature, and for each class.
    data_seed : int
        Decides which samples are the test part; each class keeps its share in both parts.
    test_share : float
        Share of the samples to test on; 0 for none. Every class keeps one training sample.
    image_shape : (int, int) or None
        For pictures: one mean and one scale for all pixels, so that they stay pictures and a
        pixel that is almost never set does not become the largest feature.

    Returns
    -------
    Dataset

    Raises
    ------
    DatasetError
        For fewer than two samples, values that are not finite, fewer than two classes, or
        features that are equal in all samples.
    """
    raw = np.asarray(samples, dtype=np.float64)
    y = np.asarray(labels, dtype=np.intp)
    if raw.ndim != 2 or len(raw) != len(y):
        raise DatasetError(
            f"{name}: one row of features and one label a sample are needed; "
            f"the features are shaped {raw.shape}, the labels {y.shape}"
        )
    if len(raw) < 2:
        raise DatasetError(
            f"{name} has {len(raw)} sample(s); training needs at least two, in two classes"
        )
    if not np.isfinite(raw).all():
        row, column = np.argwhere(~np.isfinite(raw))[0]
        raise DatasetError(
            f"{name}: sample {row + 1}, feature {feature_names[column]!r} is not a finite number"
        )
    if y.min() < 0 or y.max() >= len(class_names):
        raise DatasetError(f"{name}: labels must be from 0 to {len(class_names) - 1}")
    if len(np.unique(y)) < 2:
        raise DatasetError(
            f"{name}: all samples are of one class ({class_names[y[0]]!r}); "
            "there is nothing to tell apart, at least two classes are needed"
        )
    if (raw == raw[0]).all():
        raise DatasetError(
            f"{name}: every feature has one value in all samples; nothing tells the classes apart"
        )

    train, test = _split(y, test_share, np.random.default_rng([data_seed, 1]))
    over = None if image_shape is not None else 0
    mean, scale = (
        np.broadcast_to(found, raw.shape[1:]) for found in _mean_and_scale(raw, train, over)
    )

    def part(rows: NDArray[np.intp]) -> tuple[Array, Array, NDArray[np.intp]]:
        standardized = (raw[rows] - mean) / scale
        X = np.ascontiguousarray(standardized.clip(-LARGEST_FEATURE, LARGEST_FEATURE).T)
        Y = np.ascontiguousarray(np.eye(len(class_names))[y[rows]].T)
        for array in (X, Y):
            array.flags.writeable = False
        return X, Y, y[rows]

    X, Y, y_train = part(train)
    X_test, Y_test, y_test = part(test)
    return Dataset(
        name=name,
        X=X,
        Y=Y,
        y=y_train,
        X_test=X_test,
        Y_test=Y_test,
        y_test=y_test,
        feature_names=tuple(feature_names),
        class_names=tuple(class_names),
        mean=mean[:, np.newaxis],
        scale=scale[:, np.newaxis],
        image_shape=image_shape,
    )


def is_constant(values: Array) -> bool:
    """Whether numbers are equal up to rounding, in whatever unit they are."""
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def _mean_and_scale(raw: Array, train: NDArray[np.intp], over: int | None) -> tuple[Array, Array]:
    """What is subtracted from each feature and divided out of it, by its training samples.

    In units of about the feature's largest number, so that squares neither overflow nor vanish,
    whatever it is measured in. The units are powers of two, which change no digit.

    A feature that is constant in the training part, up to rounding, becomes 0 there instead of
    0/0; divided by its largest number, it stays small in the test part, too.
    """
    largest = np.abs(raw).max(axis=over)
    unit = np.ldexp(1.0, np.frexp(largest)[1] - 1)
    scaled = raw[train] / unit
    spread = scaled.std(axis=over)
    constant = spread <= ROUNDING * np.abs(scaled).max(axis=over)
    scale = np.where(constant, np.where(largest > 0, largest, 1.0), spread * unit)
    return scaled.mean(axis=over) * unit, scale


def _split(
    y: NDArray[np.intp], test_share: float, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row numbers of the training and of the test part, each class by its share, shuffled."""
    train: list[NDArray[np.intp]] = []
    test: list[NDArray[np.intp]] = []
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        held_out = min(round(test_share * rows.size), rows.size - 1)
        test.append(rows[:held_out])
        train.append(rows[held_out:])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def load_dataset(name: str, **options: Any) -> Dataset:
    """Load a data set by name.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    **options
        Those that `DATASETS` names for it: ``samples``, ``classes`` and ``noise`` for the toy
        sets; ``data_seed`` (which samples are drawn and which are held out) and ``test_share``
        for all. `OPTIONS` has what each may be, and what it is if it is left out.

    Returns
    -------
    Dataset
        The same arguments give the same bits.

    Raises
    ------
    SettingError
        Naming the option, its value and what is allowed.
    DatasetError
        If what the options make cannot be trained on.

    Examples
    --------
    >>> data = load_dataset("moons", samples=100, test_share=0.2)
    >>> data.X.shape, data.Y.shape, data.X_test.shape
    ((2, 79), (3, 79), (2, 21))
    """
    Choice(tuple(DATASETS)).check("dataset", name)
    checked = check_options(name, options)
    split = {option: checked[option] for option in _REAL_OPTIONS}
    if name in PLANE_SETS:
        samples, classes = checked["samples"], checked["classes"]
        rng = np.random.default_rng([checked["data_seed"], 0])
        points, y = plane_points(name, samples, classes, checked["noise"], rng)
        return dataset_from_samples(
            name,
            points,
            y,
            feature_names=("x₁", "x₂"),
            class_names=tuple("ABCDEF"[:classes]),
            **split,
        )
    from sklearn import datasets as sklearn_datasets  # here, since it takes a second to import

    bunch = getattr(sklearn_datasets, f"load_{name}")()
    return dataset_from_samples(
        name,
        bunch.data,
        bunch.target,
        feature_names=tuple(str(feature) for feature in bunch.feature_names),
        class_names=tuple(str(label) for label in bunch.target_names),
        **split,
        image_shape=(8, 8) if name == "digits" else None,
    )


def check_options(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Check the name and the options of a data set.

    Returns
    -------
    dict
        Every option that this set takes, with defaults filled in.

    Raises
    ------
    SettingError
    """
    DATASET.rule.check("dataset", name)
    taken = OPTIONS_TAKEN[name]
    for option, value in options.items():
        if option not in taken:
            raise SettingError(
                option, value, f"left out for {name}, which takes {', '.join(taken)}"
            )
    return {
        option: OPTIONS[option].rule.check(option, options.get(option, OPTIONS[option].default))
        for option in taken
    }
