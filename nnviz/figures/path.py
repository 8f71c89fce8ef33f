"""The network of one step, with what the equation in view uses lit in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnviz.by_hand.latex import LAYERS
from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import Place
from nnviz.figures.lit import ALL, BIAS, CLASSES, INPUTS, UNITS, Lit, lit
from nnviz.figures.picture import Picture
from nnviz.figures.style import (
    DARK_INK,
    IN_USE,
    LAYER_COLOURS,
    LIGHT_INK,
    NEUTRAL,
    axis,
    blended,
    layout,
    plot,
    plotly_text,
    with_alpha,
)
from nnviz.paper.network import Array

MOST_NODES = 15
"""Nodes drawn of a layer at most; all others are one that is named."""

FEW_NODES = 9
"""Nodes up to which there is room for large ones."""

MANY_EDGES = 60
"""Lines between two layers from which on they are fainter."""

_WIDTH = 0.065
"""Of a letter beside the nodes; from layer to layer is 1."""


@dataclass(frozen=True, eq=False)
class _Layer:
    """A layer as it is drawn.

    Attributes
    ----------
    drawn : list of int
        Numbers of its nodes, from the top.
    folded : int
        How many there are beside them.
    heights : dict of int to float
        Where nodes are, by their numbers; the folded ones' is `ALL`, the constant's `BIAS`.
    """

    drawn: list[int]
    folded: int
    heights: dict[int, float]


def _layer(share: Array, chosen: int, bias: bool) -> _Layer:
    """Those nodes that have the largest share, and the chosen one."""
    by_size = np.argsort(-np.abs(share), kind="stable").tolist()
    shown = by_size if len(by_size) <= MOST_NODES + 1 else by_size[:MOST_NODES]
    if chosen not in shown:
        shown = [*shown[:-1], chosen]
    drawn, folded = sorted(shown), len(by_size) - len(shown)
    rows = [*drawn, *([ALL] if folded else []), *([BIAS] if bias else [])]
    return _Layer(drawn, folded, {n: 1 - (at + 0.5) / len(rows) for at, n in enumerate(rows)})


def path_picture(
    step: Step,
    at: Place,
    equation: str,
    names: tuple[Sequence[str], Sequence[str]],
    theme: str,
) -> Picture:
    """The network with one sample's activations, and the path of an equation lit.

    Parameters
    ----------
    step : Step
        The step that it shows.
    at : Place
        The sample, and the nodes that are chosen.
    equation : str
        One of `nnviz.by_hand.worked.EQUATIONS`.
    names : tuple of sequence of str
        Of the inputs and of the classes.
    theme : str
        ``light`` or ``dark``: the nodes have the colours of the symbols.
    """
    p, a = step.before, step.activations
    x, a1, a2 = step.X[:, at.sample], a.A1[:, at.sample], a.A2[:, at.sample]
    chosen = (at.feature, at.unit, at.output)
    layers = [
        _layer(p.W1[at.unit] * x, at.feature, bias=True),
        _layer(a1, at.unit, bias=True),
        _layer(a2, at.output, bias=False),
    ]
    weights = [np.hstack([p.W1, p.b1]), np.hstack([p.W2, p.b2])]
    values = [x, a1, a2]
    used = lit(equation, at)
    edges = _lit_edges(used, layers, values)
    is_lit = [
        {
            n
            for n in layer.heights
            if (of, n) in used.nodes or ((of, ALL) in used.nodes and n >= 0 and values[of][n] != 0)
        }
        for of, layer in enumerate(layers)
    ]
    nodes = _Nodes(theme, chosen, is_lit, max(len(x), len(a1), len(a2)))
    traces = [_faint(layers)]
    traces += [_lit_line(edge, layers, weights) for edge in edges]
    for of, layer in enumerate(layers):
        traces += nodes.traces(of, layer, values[of])
    inputs = [_cut(names[0][n], 9) for n in layers[INPUTS].drawn]
    classes = [f"{_cut(names[1][n], 9)}: {a2[n]:.2f}" for n in layers[CLASSES].drawn]
    traces.append(_names(INPUTS, layers[INPUTS], inputs))
    traces.append(_names(CLASSES, layers[CLASSES], classes))
    colours = LAYER_COLOURS[theme]
    heads = [
        f"<span style='color:{colours[layer]}'>{head}</span>"
        for layer, head in zip(LAYERS, ("inputs x", "units a¹", "classes a²"), strict=True)
    ]
    silent = int((a1 == 0).sum())
    return Picture(
        name="path",
        title=f"What {equation} uses",
        how_to_read="Dotted: a negative weight. Hollow: a silent unit. Square: the 1 that biases "
        "weigh.",
        alt=_in_words(equation, is_lit, silent),
        figure=plot(
            traces,
            layout(
                uirevision="path",
                margin={"l": 6, "r": 6, "t": 24, "b": 4},
                xaxis=axis(
                    range=[-0.2 - _WIDTH * _longest(inputs), 2.2 + _WIDTH * _longest(classes)],
                    tickvals=[0, 1, 2],
                    ticktext=heads,
                    side="top",
                    showgrid=False,
                    fixedrange=True,
                ),
                yaxis=axis(visible=False, range=[-0.01, 1.01], fixedrange=True),
                annotations=[
                    nodes.folded(of, layer) for of, layer in enumerate(layers) if layer.folded
                ],
                dragmode=False,
            ),
        ),
        opens="Click a node to choose it.",
        cells=nodes.cells,
    )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _longest(said: Sequence[str]) -> int:
    return max(map(len, said))


def _lit_edges(used: Lit, layers: list[_Layer], values: list[Array]) -> list[tuple[int, int, int]]:
    """The lines that are lit: of a sum over a layer, those of the nodes that have a share."""

    def meant(layer: int, number: int) -> list[int]:
        if number != ALL:
            return [number]
        nodes = [n for n in layers[layer].drawn if layer == CLASSES or values[layer][n] != 0]
        return [*nodes, ALL] if layers[layer].folded else nodes

    return [
        (layer, source, target)
        for layer, a, b in sorted(used.edges)
        for source in meant(layer, a)
        for target in meant(layer + 1, b)
    ]


def _faint(layers: list[_Layer]) -> dict[str, Any]:
    """All weights between the nodes drawn, as one line with gaps."""
    x: list[float] = []
    y: list[float] = []
    many = len(layers[UNITS].drawn) * len(layers[INPUTS].drawn) > MANY_EDGES
    for of in (INPUTS, UNITS):
        for source in layers[of].heights.values():
            for target in layers[of + 1].heights:
                if target != BIAS:
                    x += [of, of + 1, np.nan]
                    y += [source, layers[of + 1].heights[target], np.nan]
    return dict(
        type="scatter",
        x=np.array(x, np.float32),
        y=np.array(y, np.float32),
        mode="lines",
        line={"width": 0.6, "color": with_alpha(NEUTRAL, 0.2 if many else 0.4)},
        hoverinfo="skip",
    )


def _lit_line(
    edge: tuple[int, int, int], layers: list[_Layer], weights: list[Array]
) -> dict[str, Any]:
    """A weight that is used, the wider the larger."""
    layer, source, target = edge
    of = weights[layer]
    known = source != ALL and target != ALL
    weight = float(of[target, -1 if source == BIAS else source]) if known else 0.0
    share = abs(weight) / (float(np.abs(of).max()) or 1.0)
    return dict(
        type="scatter",
        x=[layer, layer + 1],
        y=[layers[layer].heights[source], layers[layer + 1].heights[target]],
        mode="lines",
        line={
            "width": 1 + 3 * share,
            "color": IN_USE,
            "dash": "dot" if weight < 0 else "solid",
        },
        hoverinfo="skip",
    )


class _Nodes:
    """How nodes look.

    Parameters
    ----------
    theme : str
        ``light`` or ``dark``.
    chosen : tuple of int
        The input, the unit and the class that are looked at.
    is_lit : list of set of int
        The lit nodes of each layer.
    cells : int
        More than the number of any node: a click tells layer × `cells` + number.
    """

    def __init__(
        self, theme: str, chosen: tuple[int, int, int], is_lit: list[set[int]], cells: int
    ) -> None:
        self._colours = LAYER_COLOURS[theme]
        self._chosen = chosen
        self._lit = is_lit
        self._theme = theme
        self._ink = {"light": (DARK_INK, LIGHT_INK), "dark": (LIGHT_INK, DARK_INK)}[theme]
        self.cells = cells

    def traces(self, of: int, layer: _Layer, values: Array) -> list[dict[str, Any]]:
        """A layer's nodes, and the constant that biases weigh."""
        traces = [self._of_layer(of, layer, values)]
        size = traces[0]["marker"]["size"]
        if BIAS in layer.heights:
            lit_here = BIAS in self._lit[of]
            traces.append(
                dict(
                    type="scatter",
                    x=[of],
                    y=[layer.heights[BIAS]],
                    mode="markers+text",
                    text=["1"],
                    textfont={"size": 9, "color": self._ink[0]},
                    marker={
                        "size": size,
                        "color": blended(NEUTRAL, 0.3, self._theme),
                        "symbol": "square",
                        "line": {
                            "width": 2.5 if lit_here else 0,
                            "color": IN_USE,
                        },
                    },
                    hovertemplate="the constant 1 that the biases weigh<extra></extra>",
                )
            )
        return traces

    def folded(self, of: int, layer: _Layer) -> dict[str, Any]:
        """The node that stands for all that are not drawn, as an annotation."""
        return {
            "x": of,
            "y": layer.heights[ALL],
            "text": f"… {layer.folded} more",
            "showarrow": False,
            "font": {"size": 9},
            "bgcolor": blended(NEUTRAL, 0.15, self._theme),
            "bordercolor": self._colours[LAYERS[of]],
            "borderpad": 1,
        }

    def _of_layer(self, of: int, layer: _Layer, values: Array) -> dict[str, Any]:
        colour = self._colours[LAYERS[of]]
        fills, inks, widths, rings = [], [], [], []
        for n in layer.drawn:
            lit_here = n in self._lit[of]
            silent = of == UNITS and values[n] == 0
            strength = 0.0 if silent else 1.0 if lit_here else 0.25
            fills.append(blended(colour, strength, self._theme))
            inks.append(self._ink[1 if lit_here and not silent else 0])
            is_chosen = n == self._chosen[of]
            rings.append(IN_USE if lit_here else blended(colour, 0.5 if silent else 1, self._theme))
            widths.append((3.0 if is_chosen else 1.5) if lit_here or is_chosen else 1.0)
        symbol = ("x", "a¹", "a²")[of]
        what = ("input", "unit", "class")[of]
        return dict(
            type="scatter",
            x=np.full(len(layer.drawn), of),
            y=[layer.heights[n] for n in layer.drawn],
            mode="markers+text",
            text=[str(n + 1) for n in layer.drawn],
            textfont={"size": 9, "color": inks},
            customdata=[of * self.cells + n for n in layer.drawn],
            marker={
                "size": 20 if len(layer.drawn) <= FEW_NODES else 16,
                "color": fills,
                "line": {"width": widths, "color": rings},
            },
            cliponaxis=False,
            hovertext=[f"{what} {n + 1}: {symbol} = {values[n]:.4g}" for n in layer.drawn],
            hovertemplate="%{hovertext}<extra></extra>",
        )


def _names(of: int, layer: _Layer, said: list[str]) -> dict[str, Any]:
    """What stands beside the nodes of a layer at an edge."""
    side = -0.13 if of == INPUTS else 0.13
    return dict(
        type="scatter",
        x=np.full(len(said), of + side),
        y=[layer.heights[n] for n in layer.drawn],
        mode="text",
        text=[plotly_text(one) for one in said],
        textposition="middle left" if of == INPUTS else "middle right",
        textfont={"size": 10},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _in_words(equation: str, is_lit: list[set[int]], silent: int) -> str:
    """What those hear who cannot see it."""
    parts = [
        f"{what} {', '.join(str(n + 1) for n in sorted(nodes) if n >= 0)}"
        for what, nodes in zip(("input", "unit", "class"), is_lit, strict=True)
        if any(n >= 0 for n in nodes)
    ]
    biases = ["the 1 that biases weigh"] if any(BIAS in nodes for nodes in is_lit) else []
    return (
        f"The network; {equation} uses {'; '.join(parts + biases)}. "
        f"{silent} hidden units are silent."
    )
