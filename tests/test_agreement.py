"""Agreement of the rules, against slow loops and the claims of theory.md."""

from __future__ import annotations

import math

import numpy as np
import pytest
import slow_reference as slow
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import random_problem

from nnviz.approximation.agreement import APPROXIMATIONS, ARRAYS, angle, compare_rules
from nnviz.approximation.course import network_angles
from nnviz.data.datasets import load_dataset
from nnviz.paper.network import Parameters, forward, initialize
from nnviz.runs.config import Config
from nnviz.runs.recording import train


def slow_angle(a: list[float], b: list[float]) -> float:
    lengths = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(x * x for x in b))
    cosine = sum(x * y for x, y in zip(a, b, strict=True)) / lengths
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n2=st.integers(2, 5), samples=st.integers(2, 6))
def test_agreement_is_what_slow_loops_find(seed: int, n2: int, samples: int) -> None:
    parameters, X, Y = random_problem(3, 4, n2, samples, seed)
    found = compare_rules(parameters, X, Y)
    exact = slow.gradients(**vars(parameters), X=X, Y=Y, rule="exact")
    outputs = [slow.forward(**vars(parameters), x=X[:, m])[3] for m in range(samples)]
    for rule in APPROXIMATIONS:
        ours = found.agreement[rule]
        theirs = slow.gradients(**vars(parameters), X=X, Y=Y, rule=rule)
        whole = [[v for array in arrays for v in array.ravel()] for arrays in (theirs, exact)]
        pairs = [
            *((a.ravel().tolist(), b.ravel().tolist()) for a, b in zip(theirs, exact, strict=True)),
            (whole[0], whole[1]),
        ]
        for i, (a, b) in enumerate(pairs):
            if not (any(a) and any(b)):
                assert math.isnan(ours.angle[i])
                continue
            assert ours.angle[i] == pytest.approx(slow_angle(a, b), abs=1e-5), ARRAYS[i]
            lengths = [math.sqrt(sum(x * x for x in v)) for v in (a, b)]
            assert ours.length_ratio[i] == pytest.approx(lengths[0] / lengths[1], rel=1e-9)
        leaks = []
        for m, A in enumerate(outputs):
            g = slow.output_gradient(A, Y[:, m], rule)
            e = slow.output_gradient(A, Y[:, m], "exact")
            leaks.append(sum(g))
            assert ours.sample_angle[m] == pytest.approx(slow_angle(g, e), abs=1e-5)
        assert ours.leak == pytest.approx(sum(leaks) / samples, abs=1e-12)
    terms = [[a * slow.error_term(A, Y[:, m]) for a in A] for m, A in enumerate(outputs)]
    size = math.sqrt(sum(math.hypot(*t) ** 2 for t in terms))
    left = math.sqrt(
        sum(
            math.hypot(*slow.output_gradient(A, Y[:, m], "exact")) ** 2
            for m, A in enumerate(outputs)
        )
    )
    assert found.neglected == pytest.approx(size / left, rel=1e-9)
    assert found.neglected_size == pytest.approx(size / math.sqrt(samples), rel=1e-9)


def test_with_two_classes_every_sample_is_parallel() -> None:
    parameters, X, Y = random_problem(n2=2, samples=20)
    agreement = compare_rules(parameters, X, Y).agreement["difference"]
    np.testing.assert_allclose(agreement.sample_angle, 0.0, atol=1e-12)
    assert agreement.length_ratio[-1] >= 2, "the exact gradient is at most half as long"


def test_difference_does_not_leak_and_drop_error_term_does() -> None:
    parameters, X, Y = random_problem(samples=30)
    agreement = compare_rules(parameters, X, Y).agreement
    assert agreement["difference"].leak == pytest.approx(0, abs=1e-15)
    assert abs(agreement["drop_error_term"].leak) > 1e-3


def test_what_is_undefined_is_nan() -> None:
    """Zero weights: the hidden layer gets no gradient, and the angle with it means nothing."""
    zero = Parameters(np.zeros((4, 3)), np.zeros((4, 1)), np.zeros((3, 4)), np.zeros((3, 1)))
    _, X, Y = random_problem(n2=3)
    agreement = compare_rules(zero, X, Y).agreement["difference"]
    assert np.isnan(agreement.angle[:2]).all()
    assert np.isnan(agreement.length_ratio[:2]).all()
    assert agreement.angle[3] == pytest.approx(0.0, abs=1e-12)
    assert agreement.length_ratio[3] == pytest.approx(3.0), "(14) = (16)/K at the uniform output"
    assert math.isnan(angle(np.zeros(3), np.ones(3)))


def test_certain_outputs_have_no_direction_and_no_quantiles() -> None:
    certain = Parameters(np.zeros((2, 2)), np.ones((2, 1)), np.array([[1e4] * 2, [0.0] * 2]),
                         np.zeros((2, 1)))  # fmt: skip
    X, Y = np.ones((2, 3)), np.array([[1.0] * 3, [0.0] * 3])
    comparison = compare_rules(certain, X, Y)
    assert np.isnan(comparison.agreement["difference"].sample_angle).all()
    assert np.isnan(comparison.agreement["difference"].sample_angle_quantiles()).all()
    assert math.isnan(comparison.neglected)


def test_tiny_gradients_still_have_a_direction() -> None:
    assert angle(np.array([1e-200, 0.0]), np.array([1e-200, 1e-200])) == pytest.approx(45)


@pytest.mark.parametrize("seed", range(3))
def test_late_in_training_samples_agree_and_the_whole_network_does_not(seed: int) -> None:
    """theory.md, 7: per sample (16) comes close to (14), the sum over samples does not."""
    dataset = load_dataset("spiral", noise=0.1, samples=150)
    run = train(Config(epochs=8000, learning_rate=1.0, hidden_units=32, seed=seed), dataset)
    assert run.accuracy[-1] == 1.0
    first, last = (
        compare_rules(run.keyframes[i].parameters, dataset.X, dataset.Y) for i in (1, -1)
    )
    late = last.agreement["difference"]
    assert late.angle[-1] > first.agreement["difference"].angle[-1]
    assert late.angle[-1] > 45, "the whole-network gradient differs, samples weigh differently"
    assert np.nanmedian(late.sample_angle) < 4, "theory.md, 7: late, to within about 4 degrees"
    assert last.neglected > 10, "the neglected term is many times what is left"
    assert last.neglected_size < first.neglected_size, "and yet it vanishes"


def test_a_gradient_that_is_rounding_alone_is_zero() -> None:
    """At equal outputs of as many samples of each class, the samples cancel."""
    run = train(Config(epochs=3, init_scale=0), load_dataset("xor", classes=2, test_share=0.0))
    A2 = forward(run.keyframes[0].parameters, run.dataset.X).A2
    assert np.ptp(A2) == 0
    for rule in APPROXIMATIONS:
        found = compare_rules(run.keyframes[0].parameters, run.dataset.X, run.dataset.Y)
        assert np.isnan(found.agreement[rule].angle).all(), "of nothing there is no direction"
        assert np.isnan(network_angles(run)[rule][0])
    small = Parameters(*(1e-9 * array for array in vars(initialize(2, 4, 3, 0)).values()))
    data = load_dataset("spiral")
    found = compare_rules(small, data.X, data.Y)
    assert np.isfinite(found.agreement["difference"].angle).all(), "small, and no rounding"
