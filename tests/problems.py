"""Small problems to test on."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.data.datasets import Dataset, dataset_from_samples
from nnviz.paper.network import Parameters


def random_problem(
    n0: int = 3, n1: int = 5, n2: int = 4, samples: int = 7, seed: int = 0, scale: float = 2.0
) -> tuple[Parameters, Any, Any]:
    """Parameters, X ``[n0×samples]`` and one-hot Y ``[n2×samples]``."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> Any:
        return scale * (rng.random(shape) - 0.5)

    parameters = Parameters(W1=draw(n1, n0), b1=draw(n1, 1), W2=draw(n2, n1), b2=draw(n2, 1))
    return (
        parameters,
        rng.standard_normal((n0, samples)),
        np.eye(n2)[:, rng.integers(n2, size=samples)],
    )


def random_dataset(
    n0: int = 3, classes: int = 4, samples: int = 60, seed: int = 0, test_share: float = 0.25
) -> Dataset:
    """Clouds around random centres."""
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % classes
    return dataset_from_samples(
        "random",
        rng.standard_normal((classes, n0))[y] + 0.5 * rng.standard_normal((samples, n0)),
        y,
        feature_names=[f"f{i}" for i in range(n0)],
        class_names=[f"c{i}" for i in range(classes)],
        data_seed=seed,
        test_share=test_share,
    )


def arrays(holder: Any) -> Any:
    """The arrays of Parameters or Gradients, in the order W1, b1, W2, b2."""
    return list(vars(holder).values())
