"""Numbers and sums in LaTeX: the largest terms first, each number in the colour of its layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nnviz.paper.network import Array

PLAIN = 4
"""Terms of a sum that are written out as they come; of more, the largest are, and named."""

LAYERS = ("input", "hidden", "output")
"""What is computed in which layer, as LaTeX here has it: ``\\textcolor{hidden}{a^{(1)}_j}``.

Whoever shows it puts colours there (`coloured`)."""


def coloured(latex: str, colours: Mapping[str, str]) -> str:
    """LaTeX of a `Line` with a colour for each of `LAYERS`, as ``#rrggbb``."""
    for layer in LAYERS:
        latex = latex.replace(rf"\textcolor{{{layer}}}", rf"\textcolor{{{colours[layer]}}}")
    return latex


def digits(value: float) -> str:
    """A number in LaTeX, to four digits."""
    text = f"{value + 0.0:.4g}"  # no -0
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def factor(value: float) -> str:
    """A number that something is multiplied with, or subtracted."""
    text = digits(value)
    return rf"\left({text}\right)" if value < 0 or "10^" in text else text


def in_layer(layer: str, latex: str) -> str:
    """LaTeX in the colour of a layer; as it is, if of none."""
    return rf"\textcolor{{{layer}}}{{{latex}}}" if layer else latex


@dataclass(frozen=True)
class Over:
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


def sum_of(texts: Sequence[str], values: Array, over: Over) -> str:
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
        rest = factor(float(values[others].sum()))
        parts.append(rf"\underbrace{{{rest}}}_{{\text{{{len(others)} more}}}}")
    if zeros := len(values) - there.size - (over.chosen not in there):
        parts.append(rf"\underbrace{{0}}_{{\text{{{zeros} {over.nothing}}}}}")
    return " + ".join(parts)


def products(a: Array, b: Array, over: Over, layers: tuple[str, str]) -> str:
    """The sum of the products of two rows of numbers, each of a layer, or of none."""
    texts = [
        rf"{in_layer(layers[0], factor(x))} \cdot {in_layer(layers[1], factor(y))}"
        for x, y in zip(a, b, strict=True)
    ]
    return sum_of(texts, a * b, over)


def numbers_of(values: Array, over: Over, layer: str = "") -> str:
    """The sum of a row of numbers of a layer, or of none."""
    return sum_of([in_layer(layer, factor(value)) for value in values], values, over)


def mean_of(terms: str, count: int) -> str:
    """The sum of terms, divided; in brackets within which a line can end."""
    return rf"\frac{{1}}{{{count}}} \Bigl[{terms}\Bigr]"
