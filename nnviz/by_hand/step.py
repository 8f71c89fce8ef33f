"""Step: everything that one epoch computes, kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import (
    GRADIENT_RULES,
    Gradients,
    descend,
    gradients,
    output_gradient,
)
from nnviz.paper.network import Activations, Array, Parameters, forward, relu_derivative, residual


@dataclass(frozen=True, eq=False)
class Step:
    """One step of gradient descent on all samples, with all that it passes through.

    Attributes
    ----------
    X, Y : array ``[N0×M]``, ``[N2×M]``
        Inputs and one-hot targets.
    rule : str
        The rule for ∂L/∂Z2 that the step takes.
    learning_rate : float
        α of Eqs. (28)-(29).
    before : Parameters
        Parameters that the step starts from.
    activations : Activations
        Eqs. (6)-(10).
    E : array ``[M]``
        The error term of every sample.
    G : dict of str to array ``[N2×M]``
        ∂L/∂Z2 by every rule, Eqs. (14)-(16) and ours.
    P : array ``[N1×M]``
        ``pd_Z1`` of Eq. (24), of the rule taken.
    gradients : Gradients
        Eqs. (17)-(25), of the rule taken.
    after : Parameters
        Eqs. (28)-(29).
    """

    X: Array
    Y: Array
    rule: str
    learning_rate: float
    before: Parameters
    activations: Activations
    E: Array
    G: dict[str, Array]
    P: Array
    gradients: Gradients
    after: Parameters

    @property
    def D(self) -> Array:
        """A2 - Y ``[N2×M]``."""
        return residual(self.activations.A2, self.Y)


def make_step(before: Parameters, X: Array, Y: Array, rule: str, learning_rate: float) -> Step:
    """Make one step and keep all of it.

    Parameters
    ----------
    before : Parameters
        Parameters to start from; they are left as they are.
    X, Y : array ``[N0×M]``, ``[N2×M]``
        Inputs and one-hot targets.
    rule : str
        A key of `nnviz.paper.gradients.GRADIENT_RULES`.
    learning_rate : float
        α of Eqs. (28)-(29).

    Examples
    --------
    >>> from nnviz import initialize, load_dataset
    >>> data, start = load_dataset("spiral"), initialize(2, 16, 3, seed=0)
    >>> step = make_step(start, data.X, data.Y, "difference", learning_rate=0.5)
    >>> bool((step.after.W2 == start.W2 - 0.5 * step.gradients.dW2).all())
    True
    """
    activations = forward(before, X)
    G = {name: output_gradient(activations.A2, Y, name) for name in GRADIENT_RULES}
    step = gradients(before, activations, X, Y, rule)
    return Step(
        X=X,
        Y=Y,
        rule=rule,
        learning_rate=learning_rate,
        before=before,
        activations=activations,
        E=error_term(activations.A2, Y),
        G=G,
        P=(before.W2.T @ G[rule]) * relu_derivative(activations.Z1),
        gradients=step,
        after=descend(before, step, learning_rate),
    )
