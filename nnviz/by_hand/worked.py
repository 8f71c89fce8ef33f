"""The equations worked out: each with its symbols, and with a step's numbers in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnviz.by_hand.latex import (
    Over,
    digits,
    factor,
    in_layer,
    mean_of,
    numbers_of,
    products,
    sum_of,
)
from nnviz.by_hand.step import Step
from nnviz.paper.gradients import GRADIENT_RULES, RULE_NAMES

STAGES = ("forward", "loss", "output gradient", "back-propagation", "update")
"""The parts of one step, in the source's order."""

EQUATIONS = {
    "forward": ("(7)", "(8)", "(9)", "(10)"),
    "loss": ("(11), sample", "(11)"),
    "output gradient": ("(12), D", "(13)", "(12)", "under (14), E", *RULE_NAMES.values()),
    "back-propagation": ("(17)", "(18), (19)", "(24), sample", "(22)", "(23), (25)"),
    "update": ("(28) W¹", "(29) b¹", "(28) W²", "(29) b²"),
}
"""What `worked` makes of every stage, by `Line.equation`; no two stages have one in common."""


@dataclass(frozen=True)
class Place:
    """Which component of a step is worked out, all counted from 0.

    Attributes
    ----------
    sample, unit, output, feature : int
        A training sample, a hidden unit, a class and an input.
    """

    sample: int
    unit: int
    output: int
    feature: int


@dataclass(frozen=True)
class Line:
    """One equation.

    Attributes
    ----------
    equation : str
        The source's, as ``(7)``; of a rule, its name. One of `EQUATIONS`.
    of : str
        What is chosen in it: some of ``m``, ``j``, ``k``, ``i``. It sums over any other.
    symbols : str
        In LaTeX, for any component; colours are names of `nnviz.by_hand.latex.LAYERS`.
    numbers : str
        In LaTeX, with the numbers of the component.
    value : float
        What the right-hand side comes to.
    """

    equation: str
    of: str
    symbols: str
    numbers: str
    value: float


def worked(step: Step, place: Place, stage: str) -> list[Line]:
    """Work a stage of a step out for one component.

    Parameters
    ----------
    step : Step
        The step that the numbers are taken from.
    place : Place
        The component to work out.
    stage : str
        One of `STAGES`.
    """
    return _WORKERS[stage](step, place)


_X = in_layer("input", "x_i")
_Z1, _A1 = in_layer("hidden", "z^{(1)}_j"), in_layer("hidden", "a^{(1)}_j")
_Z2, _A2 = in_layer("output", "z^{(2)}_k"), in_layer("output", "a^{(2)}_k")
_D, _G, _E = in_layer("output", "D_k"), in_layer("output", "G_k"), in_layer("output", "E")
_P, _SLOPE = in_layer("hidden", "P_j"), in_layer("hidden", "g'(z^{(1)}_j)")
_EXP, _EXP_ANY = in_layer("output", "e^{z^{(2)}_k}"), in_layer("output", r"e^{z^{(2)}_\beta}")


def _forward(step: Step, at: Place) -> list[Line]:
    p, a, m = step.before, step.activations, at.sample
    j, k = at.unit, at.output
    z1, z2, a1 = float(a.Z1[j, m]), float(a.Z2[k, m]), float(a.A1[j, m])
    exponentials = [in_layer("output", rf"e^{{{digits(z)}}}") for z in a.Z2[:, m]]
    with np.errstate(over="ignore"):  # of an exploded run: only their order matters here
        below = sum_of(exponentials, np.exp(a.Z2[:, m]), Over("k", k))
    inputs, units = Over("i", at.feature, "inputs of 0"), Over("j", j, "silent units")
    return [
        Line(
            "(7)",
            "mj",
            rf"{_Z1} = \sum_i W^{{(1)}}_{{ji}}\, {_X} + b^{{(1)}}_j",
            f"{products(p.W1[j], step.X[:, m], inputs, ('', 'input'))} + {factor(p.b1[j, 0])}"
            f" = {in_layer('hidden', digits(z1))}",
            z1,
        ),
        Line(
            "(8)",
            "mj",
            rf"{_A1} = g({_Z1}) = \max(0,\, {_Z1})",
            rf"\max(0,\, {in_layer('hidden', digits(z1))}) = {in_layer('hidden', digits(a1))}",
            a1,
        ),
        Line(
            "(9)",
            "mk",
            rf"{_Z2} = \sum_j W^{{(2)}}_{{kj}}\, {_A1} + b^{{(2)}}_k",
            f"{products(p.W2[k], a.A1[:, m], units, ('', 'hidden'))} + {factor(p.b2[k, 0])}"
            f" = {in_layer('output', digits(z2))}",
            z2,
        ),
        Line(
            "(10)",
            "mk",
            rf"{_A2} = {_EXP} \Big/ \sum_\beta {_EXP_ANY}",
            rf"{exponentials[k]} \Big/ \Bigl({below}\Bigr)"
            f" = {in_layer('output', digits(a.A2[k, m]))}",
            float(a.A2[k, m]),
        ),
    ]


def _loss(step: Step, at: Place) -> list[Line]:
    A2, m = step.activations.A2, at.sample
    squares = [
        rf"\left({in_layer('output', digits(a))} - {digits(y)}\right)^2"
        for a, y in zip(A2[:, m], step.Y[:, m], strict=True)
    ]
    each = np.square(step.D).sum(axis=0) / 2
    classes, samples = Over("k", at.output), Over("m", m)
    of_classes = np.square(step.D[:, m])
    return [
        Line(
            "(11), sample",
            "m",
            rf"L_m = \tfrac12 \sum_k \left({_A2} - y_k\right)^2",
            f"{mean_of(sum_of(squares, of_classes, classes), 2)} = {digits(each[m])}",
            float(each[m]),
        ),
        Line(
            "(11)",
            "",
            r"L = \frac1M \sum_m L_m",
            f"{mean_of(numbers_of(each, samples), each.size)} = {digits(each.mean())}",
            float(each.mean()),
        ),
    ]


def _output_gradient(step: Step, at: Place) -> list[Line]:
    A2, D, m, k = step.activations.A2, step.D, at.sample, at.output
    a, d, E = float(A2[k, m]), float(D[k, m]), float(step.E[m])
    G = {rule: float(step.G[rule][k, m]) for rule in GRADIENT_RULES}
    shown = {rule: in_layer("output", digits(value)) for rule, value in G.items()}
    a_, d_ = in_layer("output", factor(a)), in_layer("output", factor(d))
    difference = f"{in_layer('output', digits(a))} - {digits(step.Y[k, m])}"
    own = a * float(np.delete(A2[:, m], k).sum())  # 1 - a is what the others have
    classes = Over("k", k)
    slopes = np.where(np.arange(len(A2)) == k, own, -a * A2[:, m])  # by the logit k
    A2_any, D_any = (in_layer("output", symbol) for symbol in (r"a^{(2)}_\beta", r"D_\beta"))
    slope_any = in_layer("output", r"\frac{\partial a^{(2)}_\beta}{\partial z^{(2)}_k}")
    of_outputs = ("output", "output")
    return [
        Line(
            "(12), D",
            "mk",
            f"{_D} = {_A2} - y_k",
            f"{difference} = {in_layer('output', digits(d))}",
            d,
        ),
        Line(
            "(13)",
            "mk",
            rf"{slope_any} = {A2_any}(\delta_{{\beta k}} - {_A2})",
            rf"{a_} \cdot \left(1 - {in_layer('output', digits(a))}\right)"
            f" = {in_layer('output', digits(own))}",
            own,
        ),
        Line(
            "(12)",
            "mk",
            rf"{_G} = \sum_\beta {D_any}\, {slope_any}",
            f"{products(D[:, m], slopes, classes, of_outputs)} = {shown['exact']}",
            G["exact"],  # its terms as they stand cancel: see `nnviz.paper.gradients.exact`
        ),
        Line(
            "under (14), E",
            "m",
            rf"{_E} = \sum_\beta {A2_any} {D_any}",
            f"{products(A2[:, m], D[:, m], classes, of_outputs)} = {in_layer('output', digits(E))}",
            E,
        ),
        Line(
            RULE_NAMES["exact"],
            "mk",
            f"{_G} = {_A2} {_D} - {_A2} {_E}",
            rf"{a_} \cdot {d_} - {a_} \cdot {in_layer('output', factor(E))} = {shown['exact']}",
            G["exact"],
        ),
        Line(
            RULE_NAMES["drop_error_term"],
            "mk",
            rf"{_G} \approx {_A2} {_D}",
            rf"{a_} \cdot {d_} = {shown['drop_error_term']}",
            G["drop_error_term"],
        ),
        Line(
            RULE_NAMES["difference"],
            "mk",
            rf"{_G} \approx {_D}",
            f"{difference} = {shown['difference']}",
            G["difference"],
        ),
        Line(
            RULE_NAMES["centred"],  # no equation of the source's
            "mk",
            rf"{_G} \approx {_A2} {_D} - \frac1K {_E}",  # the mean of all K of them is E/K
            rf"{a_} \cdot {d_} - \frac{{1}}{{{len(A2)}}}"
            rf" \left({in_layer('output', digits(E))}\right) = {shown['centred']}",
            G["centred"],
        ),
    ]


def _back_propagation(step: Step, at: Place) -> list[Line]:
    a, g, m = step.activations, step.gradients, at.sample
    j, k, i = at.unit, at.output, at.feature
    G, M = step.G[step.rule], step.X.shape[1]
    slope = in_layer("hidden", "1" if a.Z1[j, m] > 0 else "0")
    samples, classes = Over("m", m, "samples, unit silent"), Over("k", k)
    G_m, P_m = in_layer("output", "G_{km}"), in_layer("hidden", "P_{jm}")
    A1_m, X_m = in_layer("hidden", "a^{(1)}_{jm}"), in_layer("input", "x_{im}")
    of_classes = products(step.before.W2[:, j], G[:, m], classes, ("", "output"))
    return [
        Line(
            "(17)",
            "kj",
            rf"\frac{{\partial L}}{{\partial W^{{(2)}}_{{kj}}}} = \frac1M \sum_m {G_m}\, {A1_m}",
            f"{mean_of(products(G[k], a.A1[j], samples, ('output', 'hidden')), M)}"
            f" = {digits(g.dW2[k, j])}",
            float(g.dW2[k, j]),
        ),
        Line(
            "(18), (19)",
            "k",
            rf"\frac{{\partial L}}{{\partial b^{{(2)}}_k}} = \frac1M \sum_m {G_m}",
            f"{mean_of(numbers_of(G[k], samples, 'output'), M)} = {digits(g.db2[k, 0])}",
            float(g.db2[k, 0]),
        ),
        Line(
            "(24), sample",
            "mj",
            rf"{_P} = {_SLOPE} \sum_k W^{{(2)}}_{{kj}}\, {_G}",
            rf"{slope} \cdot \Bigl[{of_classes}\Bigr]"
            f" = {in_layer('hidden', digits(step.P[j, m]))}",
            float(step.P[j, m]),
        ),
        Line(
            "(22)",
            "ji",
            rf"\frac{{\partial L}}{{\partial W^{{(1)}}_{{ji}}}} = \frac1M \sum_m {P_m}\, {X_m}",
            f"{mean_of(products(step.P[j], step.X[i], samples, ('hidden', 'input')), M)}"
            f" = {digits(g.dW1[j, i])}",
            float(g.dW1[j, i]),
        ),
        Line(
            "(23), (25)",
            "j",
            rf"\frac{{\partial L}}{{\partial b^{{(1)}}_j}} = \frac1M \sum_m {P_m}",
            f"{mean_of(numbers_of(step.P[j], samples, 'hidden'), M)} = {digits(g.db1[j, 0])}",
            float(g.db1[j, 0]),
        ),
    ]


def _update(step: Step, at: Place) -> list[Line]:
    j, k, i = at.unit, at.output, at.feature
    lines = []
    for equation, name, layer, indices, entry in (
        ("(28) W¹", "W1", "W^{(1)}", "ji", (j, i)),
        ("(29) b¹", "b1", "b^{(1)}", "j", (j, 0)),
        ("(28) W²", "W2", "W^{(2)}", "kj", (k, j)),
        ("(29) b²", "b2", "b^{(2)}", "k", (k, 0)),
    ):
        before, after = (float(getattr(p, name)[entry]) for p in (step.before, step.after))
        slope = float(getattr(step.gradients, f"d{name}")[entry])
        symbol = f"{layer}_{{{indices}}}"
        slope_symbol = rf"\frac{{\partial L}}{{\partial {symbol}}}"
        lines.append(
            Line(
                equation,
                indices,
                rf"{symbol} \leftarrow {symbol} - \alpha\, {slope_symbol}",
                rf"{digits(before)} - {factor(step.learning_rate)} \cdot {factor(slope)}"
                f" = {digits(after)}",
                after,
            )
        )
    return lines


_WORKERS: dict[str, Callable[[Step, Place], list[Line]]] = {
    "forward": _forward,
    "loss": _loss,
    "output gradient": _output_gradient,
    "back-propagation": _back_propagation,
    "update": _update,
}
