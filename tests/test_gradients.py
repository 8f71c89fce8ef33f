"""Every gradient against finite differences of its own loss, and against slow loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import slow_reference as slow
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import arrays, random_problem

from nnviz.paper.gradients import GRADIENT_RULES, descend, gradients
from nnviz.paper.network import Parameters, forward, loss, softmax


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    n0=st.integers(1, 4),
    n1=st.integers(1, 5),
    n2=st.integers(2, 5),
    samples=st.integers(1, 6),
    rule=st.sampled_from(sorted(GRADIENT_RULES)),
)
def test_gradients_are_the_component_equations(
    seed: int, n0: int, n1: int, n2: int, samples: int, rule: str
) -> None:
    parameters, X, Y = random_problem(n0, n1, n2, samples, seed)
    ours = arrays(gradients(parameters, forward(parameters, X), X, Y, rule))
    theirs = slow.gradients(**vars(parameters), X=X, Y=Y, rule=rule)
    for name, a, b in zip(("dW1", "db1", "dW2", "db2"), ours, theirs, strict=True):
        np.testing.assert_allclose(
            a, b, rtol=1e-10, atol=1e-13, err_msg=f"{name} of {rule} is not Eqs. (12)-(23)"
        )


def test_forward_is_the_component_equations() -> None:
    parameters, X, Y = random_problem()
    activations = forward(parameters, X)
    for m in range(X.shape[1]):
        expected = slow.forward(**vars(parameters), x=X[:, m])
        ours = (activations.Z1, activations.A1, activations.Z2, activations.A2)
        for array, column in zip(ours, expected, strict=True):
            np.testing.assert_allclose(array[:, m], column, rtol=1e-12, atol=1e-14)
    assert loss(activations.A2, Y) == pytest.approx(
        slow.mean_squared_error(**vars(parameters), X=X, Y=Y), rel=1e-12
    )


def finite_differences(
    of: Callable[..., float], parameters: Parameters, X: Any, Y: Any
) -> list[Any]:
    """Central differences of a loss with respect to every single parameter."""
    step = 1e-6
    found = [np.zeros_like(array) for array in arrays(parameters)]
    for which, array in enumerate(arrays(parameters)):
        for index in np.ndindex(array.shape):
            values = []
            for sign in (1, -1):
                moved = [a.copy() for a in arrays(parameters)]
                moved[which][index] += sign * step
                values.append(of(*moved, X, Y))
            found[which][index] = (values[0] - values[1]) / (2 * step)
    return found


@pytest.mark.parametrize(
    ("rule", "of"),
    [("exact", slow.mean_squared_error), ("difference", slow.cross_entropy)],
    ids=["exact: mean squared error", "difference: cross-entropy"],
)
def test_rule_is_the_gradient_of_its_loss(rule: str, of: Callable[..., float]) -> None:
    parameters, X, Y = random_problem(seed=3)
    ours = arrays(gradients(parameters, forward(parameters, X), X, Y, rule))
    for a, b in zip(ours, finite_differences(of, parameters, X, Y), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-8)


def test_drop_error_term_is_the_gradient_of_neither_loss() -> None:
    parameters, X, Y = random_problem(seed=3)
    ours = arrays(gradients(parameters, forward(parameters, X), X, Y, "drop_error_term"))
    for of in (slow.mean_squared_error, slow.cross_entropy):
        difference = max(
            np.abs(a - b).max()
            for a, b in zip(ours, finite_differences(of, parameters, X, Y), strict=True)
        )
        assert difference > 1e-3


@pytest.mark.parametrize(
    ("rule", "symmetric"), [("exact", True), ("difference", True), ("drop_error_term", False)]
)
def test_drop_error_term_is_not_a_gradient_at_all(rule: str, symmetric: bool) -> None:
    """The Jacobian of a gradient is symmetric; that of Eq. (15), in the logits, is not."""
    Z2, Y, h = np.log([[0.5], [0.3], [0.2]]), np.array([[1.0], [0.0], [0.0]]), 1e-6

    def G(logits: Any) -> Any:
        return GRADIENT_RULES[rule](softmax(logits), Y)[:, 0]

    jacobian = np.stack([(G(Z2 + h * e) - G(Z2 - h * e)) / (2 * h) for e in np.eye(3)[:, :, None]])
    asymmetry = np.abs(jacobian - jacobian.T).max()
    assert (asymmetry < 1e-8) if symmetric else (asymmetry > 0.01)


def test_one_update_worked_by_hand() -> None:
    """One input 2, one ReLU unit, two classes, target the first, α = 1, by pencil.

    Z1 = 0.5·2 + 0 = 1 = A1. Z2 = (0, 0), so that A2 = (½, ½) and D = (-½, ½).
    Rule (16): dW2 = D·A1 = (-½, ½) = db2; W2ᵀD = 0·(-½) + 0·½ = 0, so that W1 and b1 stay.
    """
    start = Parameters(
        W1=np.array([[0.5]]), b1=np.zeros((1, 1)), W2=np.zeros((2, 1)), b2=np.zeros((2, 1))
    )
    X, Y = np.array([[2.0]]), np.array([[1.0], [0.0]])
    step = gradients(start, forward(start, X), X, Y, "difference")
    after = descend(start, step, learning_rate=1.0)
    assert after.W1.tolist() == [[0.5]]
    assert after.b1.tolist() == [[0.0]]
    assert after.W2.tolist() == [[0.5], [-0.5]]
    assert after.b2.tolist() == [[0.5], [-0.5]]
    assert start.W2.tolist() == [[0.0], [0.0]], "an update must leave the old parameters alone"
