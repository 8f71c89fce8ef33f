"""What an equation uses of the network: its path from the inputs to the classes, or back."""

from __future__ import annotations

from dataclasses import dataclass

from nnviz.by_hand.worked import EQUATIONS, Place

INPUTS, UNITS, CLASSES = range(3)
"""Layers by number, from the left."""

ALL = -1
"""In place of a node's number: every one of its layer that has a share."""

BIAS = -2
"""In place of a node's number: the 1 that a layer's biases weigh, drawn in the layer before."""


@dataclass(frozen=True)
class Lit:
    """What an equation uses of the network.

    Attributes
    ----------
    nodes : set of (int, int)
        Layer and number, which may be `ALL` or `BIAS`.
    edges : set of (int, int, int)
        The layer that a weight comes from, and the numbers of its two nodes.
    """

    nodes: frozenset[tuple[int, int]]
    edges: frozenset[tuple[int, int, int]] = frozenset()


def lit(equation: str, at: Place) -> Lit:
    """What an equation of `worked` uses, of a sample, of the network.

    Examples
    --------
    >>> at = Place(sample=0, unit=3, output=1, feature=0)
    >>> sorted(lit("(22)", at).edges)
    [(0, 0, 3)]
    """
    i, j, k = at.feature, at.unit, at.output
    first, second = (INPUTS, i, j), (UNITS, j, k)
    first_bias, second_bias = (INPUTS, BIAS, j), (UNITS, BIAS, k)
    by_edges: dict[str, tuple[tuple[int, int, int], ...]] = {
        "(7)": ((INPUTS, ALL, j), first_bias),
        "(9)": ((UNITS, ALL, k), second_bias),
        "(17)": (second,),
        "(18), (19)": (second_bias,),
        "(24), sample": ((UNITS, j, ALL),),
        "(22)": (first,),
        "(23), (25)": (first_bias,),
        "(28) W¹": (first,),
        "(29) b¹": (first_bias,),
        "(28) W²": (second,),
        "(29) b²": (second_bias,),
    }
    if edges := by_edges.get(equation):
        ends = [((layer, a), (layer + 1, b)) for layer, a, b in edges]
        return Lit(frozenset(node for both in ends for node in both), frozenset(edges))
    if equation in EQUATIONS["output gradient"]:
        # What sums over the classes, and what has E, uses all of them.
        own = ("(12), D", "without E (15)", "A − Y (16)")
        return Lit(frozenset({(CLASSES, k if equation in own else ALL)}))
    return Lit(frozenset({(UNITS, j) if equation == "(8)" else (CLASSES, ALL)}))
