"""The runs that the pictures' tests draw, and what is true of them, computed here.

Nothing here uses nnviz to compute: forward passes and gradients are the source's component
equations in NumPy, in float64.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from nnviz.data.datasets import Dataset, dataset_from_samples, load_dataset
from nnviz.data.samples import Samples
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import Parameters
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train

RULES = ("exact", "drop_error_term", "difference", "centred")
RULE_LABELS = dict(
    zip(RULES, ("exact (14)", "without E (15)", "A − Y (16)", "centred (ours)"), strict=True)
)
ARRAYS = ("W1", "b1", "W2", "b2")
assert tuple(GRADIENT_RULES) == RULES


def own_table() -> Dataset:
    """A visitor's samples of four features: not in a plane, with names that are not HTML."""
    rng = np.random.default_rng(5)
    y = rng.integers(3, size=70)
    return Samples(
        features=rng.standard_normal((3, 4))[y] + rng.standard_normal((70, 4)),
        labels=y.astype(np.intp),
        feature_names=("width", "height <cm>", "age", "50% & more"),
        class_names=("no", "yes", "<b>maybe</b>"),
    ).dataset(data_seed=0, test_share=0.3)


def some_digits() -> Dataset:
    """Images of ten classes: few of them, for the sake of time."""
    whole = load_digits()
    return dataset_from_samples(
        "digits",
        whole.data[:240],
        whole.target[:240],
        feature_names=whole.feature_names,
        class_names=[str(name) for name in whole.target_names],
        data_seed=0,
        test_share=0.25,
        image_shape=(8, 8),
    )


CASES: dict[str, tuple[Any, Config]] = {
    "spiral": (lambda: load_dataset("spiral"), Config(epochs=60)),
    "two classes": (
        lambda: load_dataset("moons", classes=2, samples=90, test_share=0.0),
        Config(epochs=40, hidden_units=5, gradient="exact"),
    ),
    "digits": (some_digits, Config(epochs=25)),
    "own table": (own_table, Config(epochs=50, hidden_units=7, gradient="centred")),
    "many units": (
        lambda: load_dataset("breast_cancer"),
        Config(epochs=12, hidden_units=70, gradient="drop_error_term"),
    ),
}
"""Data and settings by name: in the plane, without test samples, images, own data, a large one."""


@functools.cache
def run_of(case: str, rule: str | None = None) -> Recording:
    """One of `CASES` trained, by its own rule or another."""
    load, config = CASES[case]
    if rule is not None:
        config = Config(**(vars(config) | {"gradient": rule}))
    return train(config, load())


def some_keyframes(run: Recording) -> list[int]:
    """Numbers of the first, a middle and the last keyframe."""
    return [0, len(run.keyframes) // 2, len(run.keyframes) - 1]


def hidden(p: Parameters, X: Any) -> Any:
    """A1 ``[N1×M]``."""
    Z1 = p.W1.astype(float) @ X + p.b1
    return np.where(Z1 > 0, Z1, 0.0)


def logits(p: Parameters, X: Any) -> Any:
    """Z2 ``[N2×M]``."""
    return p.W2.astype(float) @ hidden(p, X) + p.b2


def outputs(p: Parameters, X: Any) -> Any:
    """A2 ``[N2×M]``."""
    Z2 = logits(p, X)
    powers = np.exp(Z2 - Z2.max(axis=0))
    return powers / powers.sum(axis=0)


def error_terms(A2: Any, Y: Any) -> Any:
    """E ``[M]``."""
    return (A2 * (A2 - Y)).sum(axis=0)


def squared_error(p: Parameters, X: Any, Y: Any) -> float:
    """Eq. (11)."""
    return float(((outputs(p, X) - Y) ** 2).sum() / (2 * Y.shape[1]))


def share_right(p: Parameters, X: Any, y: Any) -> float:
    """Share of the samples of which the most probable class is the true one."""
    return float(np.mean(outputs(p, X).argmax(axis=0) == y))


def output_gradient(A2: Any, Y: Any, rule: str) -> Any:
    """G ``[N2×M]`` as theory.md has it."""
    D = A2 - Y
    if rule == "exact":
        return A2 * D - A2 * (A2 * D).sum(axis=0)
    if rule == "drop_error_term":
        return A2 * D
    if rule == "centred":
        return A2 * D - (A2 * D).mean(axis=0)
    return D


def gradient_from(p: Parameters, X: Any, G: Any) -> tuple[Any, ...]:
    """dW1, db1, dW2, db2 of what the samples' output gradients are."""
    M, A1 = X.shape[1], hidden(p, X)
    P = (p.W2.T @ G) * (A1 > 0)
    return (
        P @ X.T / M,
        P.mean(axis=1, keepdims=True),
        G @ A1.T / M,
        G.mean(axis=1, keepdims=True),
    )


def gradient(p: Parameters, X: Any, Y: Any, rule: str) -> tuple[Any, ...]:
    """dW1, db1, dW2, db2 by a rule."""
    return gradient_from(p, X, output_gradient(outputs(p, X), Y, rule))


def vector(arrays: Any) -> Any:
    """All entries of some arrays in one row."""
    return np.concatenate([np.ravel(array) for array in arrays]).astype(float)


def degrees(a: Any, b: Any) -> Any:
    """Between the columns of two arrays, or two vectors."""
    cosine = (a * b).sum(axis=0) / np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def walked(p: Parameters, X: Any, Y: Any, rule: str, rate: float, steps: int, match: bool) -> float:
    """The loss after some steps by a rule, each, if matched, as long as (14)'s from there."""
    for _ in range(steps):
        step = gradient(p, X, Y, rule)
        here = rate
        if match:
            exact = vector(gradient(p, X, Y, "exact"))
            here *= float(np.linalg.norm(exact) / np.linalg.norm(vector(step)))
        p = Parameters(*(getattr(p, n) - here * g for n, g in zip(ARRAYS, step, strict=True)))
    return squared_error(p, X, Y)


def evenly(count: int, most: int) -> list[int]:
    """At most so many of 0 … count - 1, from the first to the last."""
    if count <= most:
        return list(range(count))
    return [round(i * (count - 1) / (most - 1)) for i in range(most)]


def quantile(values: Any, level: float) -> float:
    """Between the sorted values, linearly."""
    ordered = sorted(values)
    at = level * (len(ordered) - 1)
    low = min(int(at), len(ordered) - 2)
    return float(ordered[low] + (at - low) * (ordered[low + 1] - ordered[low]))


def rms(values: Any) -> float:
    """Root mean square."""
    return math.sqrt(float(np.mean(np.square(values))))


def usual_limit(values: Any) -> float:
    """Where a scale ends: at the largest, or four times what is usual in a run."""
    largest = [float(np.abs(frame).max()) for frame in values]
    return min(max(largest), 4 * float(np.median(largest)))
