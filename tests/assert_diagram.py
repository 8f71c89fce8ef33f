"""What the network diagram must draw: its edges join the right nodes, with the right signs."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawn import drawn
from picture_runs import evenly, hidden, outputs, some_keyframes, usual_limit

from nnviz.figures.diagram import EDGE_COLOURS, MOST_EDGES
from nnviz.figures.picture import Picture
from nnviz.figures.style import plotly_text
from nnviz.runs.recording import Recording

BIAS = "1"
Edge = tuple[int, str, str]
"""Layer, node it comes from, node it goes to."""


def frames(picture: Picture, run: Recording) -> list[tuple[dict[str, Any], Any]]:
    """The figure at some keyframes, with the parameters there."""
    return [(drawn(picture, f), run.keyframes[f].parameters) for f in some_keyframes(run)]


def network_diagram(picture: Picture, run: Recording) -> None:
    """Weights by their nodes' names, and a chosen sample's activations in the nodes."""
    data, units = run.dataset, run.config.hidden_units
    inputs, hidden_drawn = evenly(len(data.feature_names), 20), evenly(units, 20)
    names = [
        [plotly_text(data.feature_names[i]) for i in inputs],
        [f"unit {j + 1}" for j in hidden_drawn],
        [plotly_text(name) for name in data.class_names],
    ]
    weights = [_weights(names, inputs, hidden_drawn, keyframe.parameters)
               for keyframe in run.keyframes]  # fmt: skip
    limits = [usual_limit([np.array([w for (of, _, _), w in frame.items() if of == layer])
                           for frame in weights]) for layer in (0, 1)]  # fmt: skip
    for f in some_keyframes(run):
        seen = _edges(drawn(picture, f), names)
        assert len(seen) == min(MOST_EDGES, len(weights[f])), "each edge once"
        for edge, look in seen.items():
            share = weights[f][edge] / limits[edge[0]]
            assert abs(look["width"] - 0.3 - 4 * min(1, abs(share))) < 0.02, edge
            bounds = [-0.4, -0.05, 0.05, 0.4]
            if min(abs(share - bound) for bound in bounds) > 1e-3:
                colour = EDGE_COLOURS[sum(share > bound for bound in bounds)]
                assert look["color"] == colour, f"{edge} weighs {share:.2f} of the most"
        least = min(abs(weights[-1][edge]) for edge in seen)
        left_out = [abs(w) for edge, w in weights[-1].items() if edge not in seen]
        assert least >= max(left_out, default=0.0), "of all, the strongest at the end"
    assert _is_red(EDGE_COLOURS[0])
    assert not _is_red(EDGE_COLOURS[-1])
    chosen = [int(words.rsplit(" ", 1)[1]) for words in picture.choices[0]]
    of_units = [hidden(k.parameters, data.X[:, chosen])[hidden_drawn] for k in run.keyframes]
    trace = _nodes(picture.figure, names[1])
    limit = picture.figure["layout"][trace["marker"]["coloraxis"]]["cmax"]
    assert abs(limit / usual_limit(of_units) - 1) < 1e-5
    for choice, words in enumerate(picture.choices[0]):
        label, sample = words.rsplit(", sample ", 1)
        m = int(sample)
        assert data.class_names[data.y[m]] == label
        for f in (0, len(run.keyframes) - 1):
            p, figure = run.keyframes[f].parameters, drawn(picture, f, choice)
            x = data.X[:, [m]]
            of_layers = (x[inputs, 0], hidden(p, x)[hidden_drawn, 0], outputs(p, x)[:, 0])
            for layer, (nodes, expected) in enumerate(zip(names, of_layers, strict=True)):
                trace = _nodes(figure, nodes)
                assert set(np.asarray(trace["x"]).tolist()) == {layer}
                symbol = ("A⁰", "A¹", "A²")[layer]
                assert symbol in trace["hovertemplate"]
                scale = figure["layout"][trace["marker"]["coloraxis"]]
                low, high = scale["cmin"], scale["cmax"]
                shown = np.asarray(trace["marker"]["color"], float)
                step = 0.51 * (high - low) / 254 + 1e-4
                np.testing.assert_allclose(shown, np.clip(expected, low, high), atol=step)


def _weights(names: Any, inputs: list[int], units: list[int], p: Any) -> dict[Edge, float]:
    found: dict[Edge, float] = {}
    for name, j in zip(names[1], units, strict=True):
        for source, i in zip(names[0], inputs, strict=True):
            found[0, source, name] = float(p.W1[j, i])
        found[0, BIAS, name] = float(p.b1[j, 0])
    for k, name in enumerate(names[2]):
        for source, j in zip(names[1], units, strict=True):
            found[1, source, name] = float(p.W2[k, j])
        found[1, BIAS, name] = float(p.b2[k, 0])
    return found


def _nodes(figure: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The nodes of a layer, by what is said of them."""
    (found,) = (t for t in figure["data"] if list(t.get("customdata", ())) == names)
    return found


def _edges(figure: dict[str, Any], names: list[list[str]]) -> dict[Edge, dict[str, Any]]:
    """Width and colour of each line, by the nodes at its ends."""
    places: dict[tuple[float, float], str] = {}
    for nodes in names:
        trace = _nodes(figure, nodes)
        for x, y, name in zip(trace["x"], trace["y"], nodes, strict=True):
            places[float(x), round(float(y), 9)] = name
    (squares,) = (t for t in figure["data"] if list(t.get("text", ())) == ["1", "1"])
    for x, y in zip(squares["x"], squares["y"], strict=True):
        place = (float(x), round(float(y), 9))
        assert place not in places
        places[place] = BIAS
    lines = [t for t in figure["data"] if t["mode"] == "lines"]
    found = {}
    for line in lines:
        ends = [places[x, round(float(y), 9)] for x, y in zip(line["x"], line["y"], strict=True)]
        found[line["x"][0], ends[0], ends[1]] = line["line"]
    assert len(found) == len(lines)
    return found


def _is_red(colour: str) -> bool:
    red, _, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red > blue
