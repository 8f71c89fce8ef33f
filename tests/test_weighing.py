"""How much each sample counts, apart from where it points: against slow loops and theory.md, 7."""

from __future__ import annotations

import doctest
import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
import slow_reference as slow
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import random_problem

import nnviz.approximation.weighing
from nnviz.approximation.course import network_angles
from nnviz.approximation.weighing import mixed, mixed_angle, mixed_angles, sample_weights
from nnviz.data.datasets import load_dataset
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import Array, forward
from nnviz.runs.config import Config
from nnviz.runs.recording import train


def test_the_examples_are_so() -> None:
    assert doctest.testmod(nnviz.approximation.weighing).failed == 0


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n2=st.integers(2, 5), samples=st.integers(2, 6))
def test_weights_and_mixed_gradients_are_what_slow_loops_find(
    seed: int, n2: int, samples: int
) -> None:
    parameters, X, Y = random_problem(3, 4, n2, samples, seed)
    A2 = forward(parameters, X).A2
    weights = sample_weights(A2, Y)
    assert list(weights) == list(GRADIENT_RULES)
    G = np.empty(A2.shape)
    for m in range(samples):
        by_rule = {rule: slow.output_gradient(A2[:, m], Y[:, m], rule) for rule in GRADIENT_RULES}
        for rule, g in by_rule.items():
            assert weights[rule][m] == pytest.approx(math.hypot(*g), rel=1e-9)
        longer = math.hypot(*by_rule["exact"]) / math.hypot(*by_rule["difference"])
        G[:, m] = [g * longer for g in by_rule["difference"]]
    np.testing.assert_allclose(mixed(A2, Y, "difference", "exact"), G, rtol=1e-9, atol=1e-15)
    # The network's gradient, by (17) and (18) alone: the other layer's follows from it.
    A1 = forward(parameters, X).A1
    W1, b1, W2, b2 = vars(parameters).values()
    back = (W2.T @ G) * (W1 @ X + b1 > 0)
    whole = [G @ A1.T, G.sum(axis=1), back @ X.T, back.sum(axis=1)]
    exact = slow.gradients(W1, b1, W2, b2, X, Y, "exact")
    vectors = [
        [value for array in arrays for value in np.ravel(array).tolist()]
        for arrays in (whole, (exact[2], exact[3], exact[0], exact[1]))
    ]
    found = mixed_angle(parameters, X, Y, "difference", "exact")
    if all(map(any, vectors)):
        assert found == pytest.approx(slow.angle(*vectors), abs=1e-5)
    else:
        assert math.isnan(found)


@pytest.mark.parametrize("exponent", [3, 20, 200])
def test_a_certain_sample_keeps_its_direction_and_its_length(exponent: int) -> None:
    """Where (14) is smaller than floats can hold, against 500 digits."""
    getcontext().prec = 500
    small = [Decimal(10) ** -exponent, 3 * Decimal(10) ** -exponent]
    A = [1 - sum(small), *small]
    D = [A[0] - 1, *small]
    E = sum(a * d for a, d in zip(A, D, strict=True))
    G = [a * (d - E) for a, d in zip(A, D, strict=True)]
    length = Decimal(sum(g * g for g in G)).sqrt()
    by_16 = Decimal(sum(d * d for d in D)).sqrt()
    A2, Y = np.array([[float(a)] for a in A]), np.eye(3)[:, :1]
    weights = sample_weights(A2, Y)
    assert weights["exact"][0] == pytest.approx(float(length), rel=1e-12)
    assert weights["difference"][0] == pytest.approx(float(by_16), rel=1e-12)
    expected = [float(g / length * by_16) for g in G]
    np.testing.assert_allclose(mixed(A2, Y, "exact", "difference")[:, 0], expected, rtol=1e-12)


def test_a_sample_without_direction_has_no_part_in_a_mixed_gradient() -> None:
    A2, Y = np.eye(3)[:, [0, 1]], np.eye(3)[:, [0, 0]]  # right, and wrong, to the last bit
    assert not mixed(A2, Y, "exact", "difference").any()
    assert sample_weights(A2, Y)["exact"].tolist() == [0, 0]
    assert sample_weights(A2, Y)["difference"].tolist() == [0, pytest.approx(2**0.5)]


def of_two_classes(p: Array) -> tuple[Array, Array]:
    return np.stack([p, 1 - p]), np.eye(2)[:, np.zeros(len(p), int)]


def test_with_two_classes_weights_are_those_of_theory() -> None:
    p = np.linspace(0.001, 0.999, 999)
    weights = sample_weights(*of_two_classes(p))
    np.testing.assert_allclose(weights["exact"], 2 * 2**0.5 * p * (1 - p) ** 2, rtol=1e-9)
    np.testing.assert_allclose(weights["difference"], 2**0.5 * (1 - p), rtol=1e-9)
    np.testing.assert_allclose(weights["centred"], weights["difference"] / 2, rtol=1e-9)
    without_E = (1 - p) * np.hypot(p, 1 - p)
    np.testing.assert_allclose(weights["drop_error_term"], without_E, rtol=1e-9)


def test_equal_weights_take_most_of_the_angle() -> None:
    """theory.md has 49 [10, 76] and 10 [2, 42] degrees, of states of its own."""
    before, after = [], []
    for name in ("spiral", "moons", "blobs", "circles", "xor"):
        for rule in ("exact", "difference"):
            run = train(Config(gradient=rule, learning_rate=0.3), load_dataset(name))
            before += network_angles(run)["difference"].tolist()
            after += mixed_angles(run).tolist()
    assert np.median(before) == pytest.approx(49, abs=10)
    assert np.median(after) < 20
    assert np.quantile(after, 0.95) < 50
