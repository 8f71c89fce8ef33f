"""Where something holds in a run, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.approximation.holding import (
    Criterion,
    Stretch,
    below_from,
    share,
    share_above,
    stretches,
)

EPOCHS = np.array([0, 1, 2, 5, 10, 20])
HOLDS = np.array([True, True, False, True, True, False])


def test_stretches_are_as_long_as_possible() -> None:
    assert stretches(EPOCHS, HOLDS) == [Stretch(0, 1), Stretch(5, 10)]
    assert stretches(EPOCHS, ~HOLDS) == [Stretch(2, 2), Stretch(20, 20)]
    assert stretches(EPOCHS, np.ones(6, bool)) == [Stretch(0, 20)]
    assert stretches(EPOCHS, np.zeros(6, bool)) == []


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 5000), min_size=2, max_size=9, unique=True).map(sorted),
    st.data(),
    st.sampled_from([0.5, 0.9, 1.0]),
)
def test_between_two_epochs_a_value_is_linear_in_the_logarithm(
    epochs: list[int], data: st.DataObject, threshold: float
) -> None:
    values = [data.draw(st.floats(-1, 3)) for _ in epochs]
    found = share_above(np.array(epochs), np.array(values), threshold)
    fine = np.linspace(epochs[0], epochs[-1], 200_001)
    between = np.interp(np.log1p(fine), np.log1p(epochs), values)
    assert found == pytest.approx((between >= threshold).mean(), abs=1e-3)


def test_a_share_of_one_epoch_is_all_or_nothing() -> None:
    assert share_above(np.array([7]), np.array([0.95]), 0.9) == 1
    assert share_above(np.array([7]), np.array([0.85]), 0.9) == 0


def test_a_share_is_that_of_the_epochs() -> None:
    assert share(EPOCHS, HOLDS) == pytest.approx((2 + 6) / 21)  # 0, 1, and 5 to 10
    assert share(EPOCHS, ~HOLDS) == pytest.approx(2 / 21)
    assert share(EPOCHS, np.ones(6, bool)) == 1
    assert share(EPOCHS, np.zeros(6, bool)) == 0
    assert share(EPOCHS + 100, HOLDS) == pytest.approx(8 / 21)
    assert math.isnan(share(EPOCHS[:0], HOLDS[:0]))


def test_below_from_is_the_first_epoch_of_the_last_stretch() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan, 1.0, 0.5])
    assert below_from(EPOCHS, values, 2.0) == 10
    assert below_from(EPOCHS, values, 0.5) is None
    assert below_from(EPOCHS, np.zeros(6), 1.0) == 0


def test_the_angle_of_a_threshold_is_that_of_its_cosine() -> None:
    assert Criterion(0.5).degrees == pytest.approx(60)
    assert Criterion().degrees == pytest.approx(25.84, abs=0.01)
    assert Criterion(1.0).degrees == 0
