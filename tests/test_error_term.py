"""What theory.md says of E and of the rules, as properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import slow_reference as slow
from hypothesis import given
from hypothesis import strategies as st

from nnviz.paper.error_term import QUANTILE_LEVELS, ErrorTermSummary, error_term, error_term_bounds
from nnviz.paper.gradients import centred, difference, drop_error_term, exact
from nnviz.paper.network import softmax

logits = st.integers(2, 10).flatmap(
    lambda classes: st.lists(
        st.lists(st.floats(-30, 30), min_size=classes, max_size=classes), min_size=1, max_size=8
    )
)


def outputs(rows: list[list[float]]) -> tuple[Any, Any]:
    """A2 and Y of samples with these logits; the true classes go round."""
    A2 = softmax(np.array(rows).T)
    classes, samples = A2.shape
    return A2, np.eye(classes)[:, np.arange(samples) % classes]


@given(logits)
def test_error_term_stays_within_its_bounds(rows: list[list[float]]) -> None:
    A2, Y = outputs(rows)
    E = error_term(A2, Y)
    low, high = error_term_bounds(len(A2))
    assert (low - 1e-12 <= E).all()
    assert (high + 1e-12 >= E).all()
    for m in range(E.size):
        assert E[m] == pytest.approx(slow.error_term(A2[:, m], Y[:, m]), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("classes", [2, 3, 6, 10])
def test_bounds_of_the_error_term_are_reached(classes: int) -> None:
    low, high = error_term_bounds(classes)
    Y = np.eye(classes)[:, :1]
    right = (classes + 1) / (2 * classes)
    A2 = np.full((classes, 1), (1 - right) / (classes - 1))
    A2[0] = right
    assert error_term(A2, Y)[0] == pytest.approx(low, abs=1e-15)
    assert error_term(np.eye(classes)[:, 1:2], Y)[0] == high


@given(logits)
def test_all_rules_sum_to_zero_but_drop_error_term_which_leaks_E(
    rows: list[list[float]],
) -> None:
    A2, Y = outputs(rows)
    np.testing.assert_allclose(exact(A2, Y).sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(difference(A2, Y).sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(centred(A2, Y).sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(drop_error_term(A2, Y).sum(axis=0), error_term(A2, Y), atol=1e-12)


@given(st.lists(st.lists(st.floats(-30, 30), min_size=2, max_size=2), min_size=1, max_size=8))
def test_with_two_classes_the_rules_without_a_leak_are_difference_rescaled(
    rows: list[list[float]],
) -> None:
    A2, Y = outputs(rows)
    factor = 2 * A2[0] * A2[1]
    assert (factor <= 0.5).all()
    np.testing.assert_allclose(exact(A2, Y), factor * difference(A2, Y), atol=1e-14)
    np.testing.assert_allclose(centred(A2, Y), difference(A2, Y) / 2, rtol=1e-13)


def test_centred_is_the_gradient_of_a_loss_for_two_classes_alone() -> None:
    """The Jacobian of a gradient is symmetric."""
    for A, symmetric in ((np.array([0.7, 0.3]), True), (np.array([0.5, 0.3, 0.2]), False)):
        Y = np.zeros((A.size, 1))
        Y[0] = 1
        Z2, step = np.log(A)[:, np.newaxis], 1e-6
        jacobian = np.hstack([
            (centred(softmax(Z2 + move), Y) - centred(softmax(Z2 - move), Y)) / (2 * step)
            for move in step * np.eye(A.size)[:, :, np.newaxis]
        ])  # fmt: skip
        assert (np.abs(jacobian - jacobian.T).max() < 1e-8) == symmetric


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_at_the_uniform_output_E_is_zero_and_exact_is_difference_over_K(classes: int) -> None:
    A2, Y = np.full((classes, classes), 1 / classes), np.eye(classes)
    np.testing.assert_allclose(error_term(A2, Y), 0, atol=1e-15)
    np.testing.assert_allclose(exact(A2, Y), difference(A2, Y) / classes, atol=1e-15)


@pytest.mark.parametrize(
    ("epsilon", "norms", "E", "relative"),
    [
        (0.1, (1.65e-2, 9.01e-2, 1.22e-1), -8.5e-2, 4.6),
        (0.01, (1.82e-4, 9.90e-3, 1.22e-2), -9.9e-3, 54),
        (0.001, (1.84e-6, 9.99e-4, 1.22e-3), -1.0e-3, 544),
    ],
)
def test_the_neglected_term_outgrows_what_is_kept(
    epsilon: float, norms: tuple[float, float, float], E: float, relative: float
) -> None:
    """The table of theory.md, 3: E vanishes, the relative error of Eq. (15) grows."""
    A2 = np.array([[1 - epsilon], [epsilon / 2], [epsilon / 2]])
    Y = np.array([[1.0], [0.0], [0.0]])
    G = exact(A2, Y)
    found = [float(np.linalg.norm(g)) for g in (G, drop_error_term(A2, Y), difference(A2, Y))]
    assert found == pytest.approx(norms, rel=5e-3)
    assert error_term(A2, Y)[0] == pytest.approx(E, rel=2e-2)
    error = np.linalg.norm(drop_error_term(A2, Y) - G) / np.linalg.norm(G)
    assert error == pytest.approx(relative, rel=1e-2)


def test_certain_and_wrong() -> None:
    """theory.md, 7: the exact gradient all but vanishes where help is needed most."""
    A2, Y = np.array([[0.01], [0.98], [0.01]]), np.array([[1.0], [0.0], [0.0]])
    np.testing.assert_allclose(exact(A2, Y)[:, 0], (-0.019, 0.029, -0.009), atol=1e-3)
    np.testing.assert_allclose(difference(A2, Y)[:, 0], (-0.99, 0.98, 0.01), atol=1e-12)


@given(
    st.integers(1, 12).flatmap(
        lambda samples: st.lists(
            st.lists(st.floats(-1, 1), min_size=samples, max_size=samples), min_size=1, max_size=4
        )
    )
)
def test_summary_is_what_numpy_finds_epoch_by_epoch(rows: list[list[float]]) -> None:
    E = np.array(rows)
    summary = ErrorTermSummary(E.copy())
    np.testing.assert_allclose(summary.mean, [np.mean(row) for row in rows], atol=1e-15)
    np.testing.assert_allclose(summary.mean_abs, [np.mean(np.abs(row)) for row in rows], atol=1e-15)
    np.testing.assert_allclose(summary.rms, [np.sqrt(np.mean(np.square(row))) for row in rows])
    for epoch, row in enumerate(rows):
        np.testing.assert_allclose(
            summary.quantiles[:, epoch], np.quantile(row, QUANTILE_LEVELS), atol=1e-15
        )
