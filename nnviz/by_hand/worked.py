"""The equations worked out: each with its symbols, and with a step's numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnviz.by_hand.step import Step
from nnviz.paper.gradients import GRADIENT_RULES, RULE_NAMES
from nnviz.paper.network import Array

PLAIN = 4
"""Terms of a sum that are written out as they come; of more, the largest are, and named."""

STAGES = ("forward", "loss", "output gradient", "back-propagation", "update")
"""The parts of one step, in the source's order."""


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
        The source's, as ``(7)``; of a rule, its name.
    symbols : str
        In LaTeX, for any component.
    numbers : str
        In LaTeX, with the numbers of the component.
    value : float
        What the right-hand side comes to.
    """

    equation: str
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


def digits(value: float) -> str:
    """A number in LaTeX, to four digits."""
    text = f"{value + 0.0:.4g}"  # no -0
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _factor(value: float) -> str:
    """A number that something is multiplied with, or subtracted."""
    text = digits(value)
    return rf"\left({text}\right)" if value < 0 or "10^" in text else text


@dataclass(frozen=True)
class _Over:
    """What a sum goes over.

    Attributes
    ----------
    index : str
        As in the equation: ``i``, ``j``, ``k`` or ``m``.
    chosen : int
        The one that is looked at, which is written out whatever its size.
    nothing : str
        What terms of 0 are called.
    """

    index: str
    chosen: int
    nothing: str = "zeros"


def _sum(texts: Sequence[str], values: Array, over: _Over) -> str:
    """A sum: of many terms the largest first, each named, the others and the zeros as one each."""
    if len(texts) <= PLAIN:
        return " + ".join(texts)
    there = np.flatnonzero(values)
    by_size = there[np.argsort(-np.abs(values[there]), kind="stable")].tolist()
    shown = by_size[:PLAIN]
    if over.chosen not in shown:
        shown = [*by_size[: PLAIN - 1], over.chosen]
    parts = [rf"\underset{{{over.index} = {n + 1}}}{{{texts[n]}}}" for n in shown]
    others = [n for n in by_size if n not in shown]
    if others:
        rest = _factor(float(values[others].sum()))
        parts.append(rf"\underbrace{{{rest}}}_{{\text{{{len(others)} more}}}}")
    if zeros := len(values) - there.size - (over.chosen not in there):
        parts.append(rf"\underbrace{{0}}_{{\text{{{zeros} {over.nothing}}}}}")
    return " + ".join(parts)


def _products(a: Array, b: Array, over: _Over) -> str:
    """The sum of the products of two rows of numbers."""
    texts = [rf"{_factor(x)} \cdot {_factor(y)}" for x, y in zip(a, b, strict=True)]
    return _sum(texts, a * b, over)


def _numbers(values: Array, over: _Over) -> str:
    """The sum of a row of numbers."""
    return _sum([_factor(value) for value in values], values, over)


def _forward(step: Step, at: Place) -> list[Line]:
    p, a, m = step.before, step.activations, at.sample
    j, k = at.unit, at.output
    z1, z2 = float(a.Z1[j, m]), float(a.Z2[k, m])
    exponentials = [rf"e^{{{digits(z)}}}" for z in a.Z2[:, m]]
    with np.errstate(over="ignore"):  # of an exploded run: only their order matters here
        below = _sum(exponentials, np.exp(a.Z2[:, m]), _Over("k", k))
    inputs, units = _Over("i", at.feature, "inputs of 0"), _Over("j", j, "silent units")
    return [
        Line(
            "(7)",
            r"z^{(1)}_j = \sum_i W^{(1)}_{ji}\, x_i + b^{(1)}_j",
            f"{_products(p.W1[j], step.X[:, m], inputs)} + {_factor(p.b1[j, 0])} = {digits(z1)}",
            z1,
        ),
        Line(
            "(8)",
            r"a^{(1)}_j = g(z^{(1)}_j) = \max(0,\, z^{(1)}_j)",
            rf"\max(0,\, {digits(z1)}) = {digits(a.A1[j, m])}",
            float(a.A1[j, m]),
        ),
        Line(
            "(9)",
            r"z^{(2)}_k = \sum_j W^{(2)}_{kj}\, a^{(1)}_j + b^{(2)}_k",
            f"{_products(p.W2[k], a.A1[:, m], units)} + {_factor(p.b2[k, 0])} = {digits(z2)}",
            z2,
        ),
        Line(
            "(10)",
            r"a^{(2)}_k = e^{z^{(2)}_k} \Big/ \sum_\beta e^{z^{(2)}_\beta}",
            rf"\frac{{{exponentials[k]}}}{{{below}}} = {digits(a.A2[k, m])}",
            float(a.A2[k, m]),
        ),
    ]


def _loss(step: Step, at: Place) -> list[Line]:
    A2, m = step.activations.A2, at.sample
    squares = [
        rf"\left({digits(a)} - {digits(y)}\right)^2"
        for a, y in zip(A2[:, m], step.Y[:, m], strict=True)
    ]
    each = np.square(step.D).sum(axis=0) / 2
    classes, samples = _Over("k", at.output), _Over("m", m)
    of_classes = np.square(step.D[:, m])
    return [
        Line(
            "(11), sample",
            r"L_m = \tfrac12 \sum_k \left(a^{(2)}_k - y_k\right)^2",
            rf"\frac{{1}}{{2}} \left[{_sum(squares, of_classes, classes)}\right]"
            f" = {digits(each[m])}",
            float(each[m]),
        ),
        Line(
            "(11)",
            r"L = \frac1M \sum_m L_m",
            rf"\frac{{1}}{{{each.size}}} \left[{_numbers(each, samples)}\right]"
            f" = {digits(each.mean())}",
            float(each.mean()),
        ),
    ]


def _output_gradient(step: Step, at: Place) -> list[Line]:
    A2, D, m, k = step.activations.A2, step.D, at.sample, at.output
    a, d, E = float(A2[k, m]), float(D[k, m]), float(step.E[m])
    G = {rule: float(step.G[rule][k, m]) for rule in GRADIENT_RULES}
    kept = rf"{_factor(a)} \cdot {_factor(d)}"
    own = a * float(np.delete(A2[:, m], k).sum())  # 1 - a is what the others have
    classes = _Over("k", k)
    slopes = np.where(np.arange(len(A2)) == k, own, -a * A2[:, m])  # by the logit k
    return [
        Line(
            "(12), D",
            r"D_k = a^{(2)}_k - y_k",
            f"{digits(a)} - {digits(step.Y[k, m])} = {digits(d)}",
            d,
        ),
        Line(
            "(13)",
            r"\frac{\partial a^{(2)}_\beta}{\partial z^{(2)}_k} = a^{(2)}_\beta"
            r"(\delta_{\beta k} - a^{(2)}_k)",
            rf"{_factor(a)} \cdot \left(1 - {digits(a)}\right) = {digits(own)}",
            own,
        ),
        Line(
            "(12)",
            r"G_k = \sum_\beta D_\beta\, \frac{\partial a^{(2)}_\beta}{\partial z^{(2)}_k}",
            f"{_products(D[:, m], slopes, classes)} = {digits(G['exact'])}",
            G["exact"],  # its terms as they stand cancel: see `nnviz.paper.gradients.exact`
        ),
        Line(
            "under (14), E",
            r"E = \sum_\beta a^{(2)}_\beta D_\beta",
            f"{_products(A2[:, m], D[:, m], classes)} = {digits(E)}",
            E,
        ),
        Line(
            RULE_NAMES["exact"],
            r"G_k = a^{(2)}_k D_k - a^{(2)}_k E",
            rf"{kept} - {_factor(a)} \cdot {_factor(E)} = {digits(G['exact'])}",
            G["exact"],
        ),
        Line(
            RULE_NAMES["drop_error_term"],
            r"G_k \approx a^{(2)}_k D_k",
            f"{kept} = {digits(G['drop_error_term'])}",
            G["drop_error_term"],
        ),
        Line(
            RULE_NAMES["difference"],
            r"G_k \approx D_k",
            f"{digits(a)} - {digits(step.Y[k, m])} = {digits(d)}",
            G["difference"],
        ),
        Line(
            RULE_NAMES["centred"],  # no equation of the source's
            r"G_k \approx a^{(2)}_k D_k - \frac1K E",  # the mean of all K of them is E/K
            rf"{kept} - \frac{{1}}{{{len(A2)}}} \left({digits(E)}\right)"
            f" = {digits(G['centred'])}",
            G["centred"],
        ),
    ]


def _back_propagation(step: Step, at: Place) -> list[Line]:
    a, g, m = step.activations, step.gradients, at.sample
    j, k, i = at.unit, at.output, at.feature
    G, M = step.G[step.rule], step.X.shape[1]
    slope = "1" if a.Z1[j, m] > 0 else "0"
    samples, classes = _Over("m", m, "samples, unit silent"), _Over("k", k)

    def mean(terms: str, value: float) -> str:
        return rf"\frac{{1}}{{{M}}} \left[{terms}\right] = {digits(value)}"

    return [
        Line(
            "(17)",
            r"\frac{\partial L}{\partial W^{(2)}_{kj}} = \frac1M \sum_m G_{km}\, a^{(1)}_{jm}",
            mean(_products(G[k], a.A1[j], samples), g.dW2[k, j]),
            float(g.dW2[k, j]),
        ),
        Line(
            "(18), (19)",
            r"\frac{\partial L}{\partial b^{(2)}_k} = \frac1M \sum_m G_{km}",
            mean(_numbers(G[k], samples), g.db2[k, 0]),
            float(g.db2[k, 0]),
        ),
        Line(
            "(24), sample",
            r"P_j = g'(z^{(1)}_j) \sum_k W^{(2)}_{kj}\, G_k",
            rf"{slope} \cdot \left[{_products(step.before.W2[:, j], G[:, m], classes)}\right]"
            f" = {digits(step.P[j, m])}",
            float(step.P[j, m]),
        ),
        Line(
            "(22)",
            r"\frac{\partial L}{\partial W^{(1)}_{ji}} = \frac1M \sum_m P_{jm}\, x_{im}",
            mean(_products(step.P[j], step.X[i], samples), g.dW1[j, i]),
            float(g.dW1[j, i]),
        ),
        Line(
            "(23), (25)",
            r"\frac{\partial L}{\partial b^{(1)}_j} = \frac1M \sum_m P_{jm}",
            mean(_numbers(step.P[j], samples), g.db1[j, 0]),
            float(g.db1[j, 0]),
        ),
    ]


def _update(step: Step, at: Place) -> list[Line]:
    j, k, i = at.unit, at.output, at.feature
    lines = []
    for equation, name, layer, indices, entry in (
        ("(28)", "W1", "W^{(1)}", "ji", (j, i)),
        ("(29)", "b1", "b^{(1)}", "j", (j, 0)),
        ("(28)", "W2", "W^{(2)}", "kj", (k, j)),
        ("(29)", "b2", "b^{(2)}", "k", (k, 0)),
    ):
        before, after = (float(getattr(p, name)[entry]) for p in (step.before, step.after))
        slope = float(getattr(step.gradients, f"d{name}")[entry])
        symbol = f"{layer}_{{{indices}}}"
        slope_symbol = rf"\frac{{\partial L}}{{\partial {symbol}}}"
        lines.append(
            Line(
                equation,
                rf"{symbol} \leftarrow {symbol} - \alpha\, {slope_symbol}",
                rf"{digits(before)} - {_factor(step.learning_rate)} \cdot {_factor(slope)}"
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
