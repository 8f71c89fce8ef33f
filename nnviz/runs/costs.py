"""What training costs, about: by what there is to compute, not by the clock."""

from __future__ import annotations

from nnviz.data.datasets import Dataset
from nnviz.runs.config import Config

CALLS, PRODUCT = 2e-5, 2.5e-10
"""Seconds that an epoch takes, and more for each multiplication of a forward pass, about."""


def epoch_seconds(config: Config, dataset: Dataset) -> float:
    """Seconds that an epoch of a run takes, about."""
    features, samples = dataset.X.shape
    products = samples * config.hidden_units * (features + len(dataset.class_names))
    return CALLS + products * PRODUCT
