"""The network beside an equation: what each equation lights, and what is drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from drawn import drawn
from problems import random_problem

from nnviz.by_hand.latex import LAYERS
from nnviz.by_hand.step import Step, make_step
from nnviz.by_hand.worked import EQUATIONS, STAGES, Line, Place, worked
from nnviz.figures.lit import ALL, BIAS, Lit, lit
from nnviz.figures.pages.step import AXES, chosen_by, step_pictures
from nnviz.figures.path import path_picture
from nnviz.figures.style import IN_USE, LAYER_COLOURS

AT = Place(sample=5, unit=2, output=3, feature=1)
NUMBER = {"i": AT.feature, "j": AT.unit, "k": AT.output}
LAYER_OF = {"i": 0, "j": 1, "k": 2}


def a_step(**shape: int) -> Step:
    parameters, X, Y = random_problem(**shape)
    return make_step(parameters, X, Y, "exact", 0.3)


def names_of(step: Step) -> tuple[list[str], list[str]]:
    return [f"x{i}" for i in range(len(step.X))], [f"class {k}" for k in range(len(step.Y))]


def _plain(found: re.Match[str]) -> str:
    return "β" if found[0] == r"\beta" else ""


def lit_by(symbols: str) -> Lit:
    """What an equation lights, read off its symbols: of what is summed over, all."""
    plain = re.sub(r"\\textcolor\{\w+\}|\\partial|\\frac|\\beta|[{}\s,]", _plain, symbols)
    summed = set(re.findall(r"\\sum_(\w)", plain))

    def number(letter: str) -> int:
        return ALL if letter in summed else NUMBER[letter]

    nodes, edges = set(), set()
    for layer, to, source in re.findall(r"W\^\((\d)\)_(\w)(\w)", plain):
        edges.add((int(layer) - 1, number(source), number(to)))
    for layer, to in re.findall(r"b\^\((\d)\)_(\w)", plain):
        edges.add((int(layer) - 1, BIAS, number(to)))
    for layer, a, b in edges:
        nodes |= {(layer, a), (layer + 1, b)}
    for letter in re.findall(r"x_(\w)", plain):
        nodes.add((0, number(letter)))
    for letter in re.findall(r"(?:[az]\^\(1\)|P)_(\w)", plain):
        nodes.add((1, number(letter)))
    for letter in re.findall(r"(?:[az]\^\(2\)|[DGy])_(\w)", plain):
        nodes.add((2, ALL if letter == "β" else number(letter)))  # any of them
    if r"\textcolor{output}{E}" in symbols:
        nodes.add((2, ALL))  # a sum over the classes
    for layer in range(3):  # all of a layer are each of it
        if (layer, ALL) in nodes:
            nodes = {n for n in nodes if n[0] != layer or n[1] in (ALL, BIAS)}
    return Lit(frozenset(nodes), frozenset(edges))


LINES = [
    line for stage in STAGES for line in worked(a_step(n0=3, n1=6, n2=4, samples=9), AT, stage)
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.equation)
def test_what_is_lit_is_what_the_symbols_say(line: Line) -> None:
    symbols = line.symbols
    if line.equation == "(11)":  # the mean of (11) of every sample
        symbols = LINES[[other.equation for other in LINES].index("(11), sample")].symbols
    if line.equation == "(22)":
        assert lit(line.equation, AT).edges == {(0, AT.feature, AT.unit)}
    assert lit(line.equation, AT) == lit_by(symbols)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.equation)
def test_lit_nodes_are_in_the_layers_whose_colours_the_symbols_have(line: Line) -> None:
    coloured = {LAYERS.index(name) for name in re.findall(r"textcolor\{(\w+)\}", line.symbols)}
    layers = {layer for layer, node in lit(line.equation, AT).nodes if node != BIAS}
    assert coloured <= layers


@pytest.mark.parametrize("shape", [(3, 6, 4, 9), (64, 90, 10, 30)], ids=["small", "large"])
@pytest.mark.parametrize("equation", [line.equation for line in LINES])
def test_the_picture_lights_just_that(equation: str, shape: tuple[int, int, int, int]) -> None:
    step = a_step(**dict(zip(("n0", "n1", "n2", "samples"), shape, strict=True)))
    picture = path_picture(step, AT, equation, names_of(step), "light")
    figure = drawn(picture)
    of_layer = [t for t in figure["data"] if t.get("customdata") is not None]
    assert len(of_layer) == 3
    values = [array[:, AT.sample] for array in (step.X, step.activations.A1, step.activations.A2)]
    used = lit(equation, AT)
    for layer, trace in enumerate(of_layer):
        shown = [code - layer * picture.cells for code in trace["customdata"]]
        assert trace["text"] == tuple(str(n + 1) for n in shown) or trace["text"] == [
            str(n + 1) for n in shown
        ]
        assert len(shown) <= 16
        assert (AT.feature, AT.unit, AT.output)[layer] in shown, "the chosen one"
        bright = {
            n
            for n, ring in zip(shown, trace["marker"]["line"]["color"], strict=True)
            if ring == IN_USE
        }
        expected = {n for of, n in used.nodes if of == layer and n >= 0}
        if (layer, ALL) in used.nodes:
            expected |= {n for n in shown if values[layer][n] != 0}
        assert bright == expected
        if layer == 1:  # of all units the most active ones, and the chosen one
            least = min(values[1][n] for n in shown if n != AT.unit)
            assert all(value <= least for n, value in enumerate(values[1]) if n not in shown)
            for n, fill in zip(shown, trace["marker"]["color"], strict=True):
                assert (fill == "#ffffff") == (values[1][n] == 0), "a silent unit is hollow"
        rest = len(values[layer]) - len(shown)
        said = [note["text"] for note in figure["layout"].get("annotations", ())]
        assert (f"… {rest} more" in said) == (rest > 0)
    lines = [t for t in figure["data"] if t["mode"] == "lines" and t["line"]["color"] == IN_USE]
    if not used.edges:
        assert not lines
    for line in lines:
        assert line["x"][1] - line["x"][0] == 1
        assert line["x"][0] in {layer for layer, _, _ in used.edges}
    single = [edge for edge in used.edges if ALL not in edge]
    assert len(lines) >= len(single)
    if equation == "(9)":
        of_units = [n for code in of_layer[1]["customdata"] if values[1][n := code - picture.cells]]
        folded = any("more" in note["text"] and note["x"] == 1
                     for note in figure["layout"].get("annotations", ()))  # fmt: skip
        assert len(lines) == len(of_units) + 1 + folded
        dotted = sum(line["line"]["dash"] == "dot" for line in lines)
        W2 = step.before.W2[AT.output]
        assert dotted == sum(W2[n] < 0 for n in of_units) + (step.before.b2[AT.output, 0] < 0)


def test_what_is_chosen_is_drawn_wherever_it_is() -> None:
    step = a_step(n0=64, n1=90, n2=10, samples=30)
    least = int(step.activations.A1[:, 4].argmin())
    picture = path_picture(step, Place(4, least, 9, 63), "(8)", names_of(step), "dark")
    nodes = [t["customdata"] for t in drawn(picture)["data"] if t.get("customdata") is not None]
    assert 63 in list(nodes[0])
    assert picture.cells + least in list(nodes[1])
    assert 2 * picture.cells + 9 in list(nodes[2])
    assert f"unit {least + 1}" in picture.alt


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(light @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize(
    ("theme", "background"), [("light", "#ffffff"), ("dark", "#0e1117"), ("dark", "#262730")]
)
def test_symbols_can_be_read_and_told_apart(theme: str, background: str) -> None:
    """At 4.5 to 1, as WCAG asks of text; also by colour-blind eyes, as Machado et al. have them."""
    seen_by = {
        "all": np.eye(3),
        "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
        "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
    }
    colours = LAYER_COLOURS[theme]
    for colour in colours.values():
        low, high = sorted((luminance(colour), luminance(background)))
        assert (high + 0.05) / (low + 0.05) >= 4.5
    for eyes, matrix in seen_by.items():
        labs = []
        for colour in colours.values():
            rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
            linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
            seen = np.clip(np.array(matrix) @ linear, 0, 1)
            xyz = np.array(
                [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
            ) @ seen / (0.9505, 1, 1.089)  # fmt: skip
            f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
            labs.append(np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]))
        for a, b in combinations(labs, 2):
            assert np.linalg.norm(a - b) > 20, eyes


@pytest.mark.parametrize("stage", STAGES)
def test_every_cell_of_every_matrix_chooses_what_its_axes_are(stage: str) -> None:
    """Also where a part of a matrix is drawn."""
    step = a_step(n0=30, n1=60, n2=4, samples=90)
    at = Place(sample=70, unit=50, output=3, feature=20)
    sizes = {"sample": 90, "unit": 60, "output": 4, "feature": 30}
    for picture in step_pictures(step, at, stage):
        heatmap = drawn(picture)["data"][0]
        rows, columns = np.divmod(np.array(heatmap["customdata"]), picture.cells)
        assert (rows == np.array(heatmap["y"])[:, None] - 1).all()
        assert (columns == np.array(heatmap["x"]) - 1).all()
        down, across = AXES[picture.name]
        assert chosen_by(picture.name, 2, 3) == {down: 2, across: 3}
        biases = down != "sample" and across != "sample"
        assert picture.cells == sizes[across] + biases


def test_what_is_no_matrix_chooses_nothing() -> None:
    assert chosen_by("decision", 1, 2) == {}
    assert chosen_by("path", 3, 0) == {}
    assert chosen_by("path", 1, 7) == {"unit": 7}


def test_the_table_of_equations_is_that_of_lit() -> None:
    for stage in STAGES:
        for equation in EQUATIONS[stage]:
            assert lit(equation, replace(AT, unit=4)).nodes, equation
