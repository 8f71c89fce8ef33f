"""Cost: about how much computing a run asks for, said before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from nnviz.approximation.milestones import MOST_MATCHED, SECONDS
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.keyframes import most_keyframes
from nnviz.runs.spec import RunSpec

OF_EPOCH, OF_ELEMENT, OF_PRODUCT = 2e-5, 6e-10, 2e-11
"""Seconds for an epoch however small, for an operation on one number of a layer in it, and for a
multiplication in a product; within a factor of two on a laptop (docs/performance.md)."""

COMPARED = 0.15 * SECONDS
"""Seconds at most to measure where two rules hold in a run: three walks of ten from half of the
milestones."""


def seconds_of(specs: Sequence[RunSpec]) -> float:
    """About how long one processor needs to train some runs, and to sum them up.

    It is reckoned from epochs, hidden units, samples, features and classes, and the same on every
    machine.

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs of a grid.

    Examples
    --------
    >>> round(seconds_of([RunSpec("digits", (), Config(epochs=20_000, hidden_units=64))]))
    21
    """
    return sum(_of_run(spec.config, *_shape(spec)) for spec in specs)


def milestone_bytes(spec: RunSpec) -> int:
    """Memory that the keyframes take from which progress along a run is measured, at most."""
    features, _, classes = _shape(spec)
    units = spec.config.hidden_units
    parameters = 8 * (units * (features + 1) + classes * (units + 1))
    return min(MOST_MATCHED, most_keyframes(parameters)) * parameters


def _of_run(config: Config, features: int, samples: int, classes: int) -> float:
    elements = 4 * config.hidden_units + 20 * classes
    products = 3 * config.hidden_units * (features + classes)
    epoch = OF_EPOCH + samples * (elements * OF_ELEMENT + products * OF_PRODUCT)
    return config.epochs * epoch + min(COMPARED, 500 * epoch)


def _shape(spec: RunSpec) -> tuple[int, int, int]:
    """Features, samples (also those held out) and classes, without making the data."""
    if spec.own is not None:
        samples, features = spec.own.features.shape
        return features, samples, len(spec.own.class_names)
    options = dict(spec.options)
    if "samples" in options:  # those in the plane
        return 2, options["samples"], options["classes"]
    return _shape_of_real(spec.dataset)


@cache
def _shape_of_real(name: str) -> tuple[int, int, int]:
    data = load_dataset(name)
    return len(data.X), data.y.size + data.y_test.size, len(data.class_names)
