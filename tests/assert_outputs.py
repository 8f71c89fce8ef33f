"""What the pictures of single outputs must draw: samples, and E, angle and error behind them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from assert_diagram import frames
from drawn import drawn, heatmap_of, samples_of, trace_of
from picture_runs import RULE_LABELS, degrees, error_terms, evenly, output_gradient, outputs

from nnviz.figures.picture import Picture
from nnviz.figures.style import CLASS_COLOURS, RULE_COLOURS, plotly_text
from nnviz.runs.recording import Recording

CORNERS = np.array([[0.0, 1.0, 0.5], [0.0, 0.0, math.sqrt(3) / 2]])
SHOWN = ("E", "angle (16)", "error (15)")


def shown_of(A2: Any, Y: Any) -> Any:
    """E, the angle of (16) by 180°, and e/(1+e) of (15), one column a sample: theory.md, 3 and 7.

    NaN where (14) is lost in rounding here.
    """
    E, exact = error_terms(A2, Y), output_gradient(A2, Y, "exact")
    long = np.linalg.norm(exact, axis=0)
    with np.errstate(all="ignore"):
        error = np.linalg.norm(A2 * E, axis=0) / long
        found = np.stack([E, degrees(A2 - Y, exact) / 180, error / (1 + error)])
    found[1:, long < 1e-9] = np.nan
    return found


def close(shown: Any, expected: Any, atol: float) -> None:
    """Compare where the expected is known."""
    known = np.isfinite(expected)
    assert known.any()
    np.testing.assert_allclose(np.asarray(shown, float)[known], expected[known], atol=atol)


def sample_weights(picture: Picture, run: Recording) -> None:
    """The length of each sample's G by each rule, over A2 of its class."""
    data = run.dataset
    drawn_samples = evenly(data.y.size, 150)
    for figure, p in frames(picture, run):
        A2, Y = outputs(p, data.X)[:, drawn_samples], data.Y[:, drawn_samples]
        for rule, label in RULE_LABELS.items():
            (trace,) = (t for t in figure["data"]
                        if t["mode"] == "markers" and label in t["hovertemplate"])  # fmt: skip
            assert samples_of(trace) == drawn_samples
            assert trace["marker"]["color"] == RULE_COLOURS[rule]
            np.testing.assert_allclose(trace["x"], (A2 * Y).sum(axis=0), atol=0.51 / 254)
            long = np.linalg.norm(output_gradient(A2, Y, rule), axis=0)
            np.testing.assert_allclose(trace["y"], long, atol=1e-4, rtol=1e-3)
    lines = [t for t in picture.figure["data"] if t["mode"] == "lines"]
    assert len(lines) == (4 if len(data.class_names) == 2 else 0)
    for line in lines:
        rule = next(r for r, label in RULE_LABELS.items() if label in line["hovertemplate"])
        p = np.asarray(line["x"], float)
        expected = {
            "exact": math.sqrt(2) * 2 * p * (1 - p) ** 2,
            "drop_error_term": (1 - p) * np.hypot(p, 1 - p),
            "difference": math.sqrt(2) * (1 - p),
            "centred": math.sqrt(2) * (1 - p) / 2,
        }[rule]
        np.testing.assert_allclose(line["y"], expected, atol=1e-6)
        assert line["line"]["color"] == RULE_COLOURS[rule]
    (note,) = picture.figure["layout"]["annotations"]
    named = re.findall(r'color:(#\w+)"><b>. ([^<]+)</b>', note["text"])
    assert named == [(RULE_COLOURS[rule], label.split(" (")[0])
                     for rule, label in RULE_LABELS.items()]  # fmt: skip


def largest_errors(picture: Picture, run: Recording) -> None:
    """The ten samples with the largest |E|, by their numbers, classes and colours."""
    data = run.dataset
    for figure, p in frames(picture, run):
        E = error_terms(outputs(p, data.X), data.Y)
        (bars,) = figure["data"]
        samples = samples_of(bars)
        np.testing.assert_allclose(np.abs(bars["x"]), np.sort(np.abs(E))[:-11:-1], atol=1e-5)
        np.testing.assert_allclose(bars["x"], E[samples], atol=1e-5)
        assert list(bars["text"]) == [f"sample {m + 1}" for m in samples]
        assert list(bars["marker"]["color"]) == [CLASS_COLOURS[data.y[m]] for m in samples]
        names = [f"class {plotly_text(data.class_names[data.y[m]])}" for m in samples]
        assert list(bars["hovertext"]) == names


def triangle(picture: Picture, run: Recording, triple: Sequence[int] = (0, 1, 2)) -> None:
    """Samples between corners that are named as their classes are; E behind; paths."""
    data = run.dataset
    names = [plotly_text(data.class_names[label]) for label in triple]
    whole = len(data.class_names) == 3
    shown = SHOWN if whole else ("",)
    assert picture.choices[-1] == ("all", *(data.class_names[label] for label in triple))
    assert picture.choices[:-1] == ((SHOWN,) if whole else ())
    of_class = {label: trace_of(picture.figure, "sample %{customdata}, class "
                                f"{plotly_text(data.class_names[label])}<")
                for label in triple}  # fmt: skip
    traces = picture.figure["data"]
    places = {label: next(n for n, trace in enumerate(traces) if trace is of)
              for label, of in of_class.items()}  # fmt: skip
    for choice in range(4 * len(shown)):
        what, whose = divmod(choice, 4)
        for f in (0, len(run.keyframes) - 1):
            figure = drawn(picture, f, choice)
            (corners,) = (t for t in figure["data"] if t.get("mode") == "text")
            words = list(corners["text"])
            if whose == 0:
                assert words == ["true class", "a wrong class", "the other"]
            else:
                assert words[0] == f"true: {names[whose - 1]}"
                assert {words[0][6:], *words[1:]} == set(names)
            for n, label in enumerate(triple):
                at = places[label]
                trace = figure["data"][at]
                assert trace["marker"]["color"] == CLASS_COLOURS[label]
                # A line of the same colour: the samples' ways there.
                (way,) = (t for t in figure["data"] if t.get("mode") == "lines"
                          and t["line"]["color"] == CLASS_COLOURS[label])  # fmt: skip
                assert trace["visible"] == way["visible"] == (whose in (0, n + 1))
                members = samples_of(trace)
                assert all(data.y[members] == label)
                assert len(members) == min(100, (data.y == label).sum())
                X = data.X[:, members]
                order = names[n:] + names[:n]
                if whose == n + 1:
                    order = [words[0][6:], *words[1:]]
                by_corner = [triple[names.index(name)] for name in order]
                ways = []
                for keyframe in run.keyframes[max(0, f - 12) : f + 1]:
                    A2 = outputs(keyframe.parameters, X)[by_corner]
                    ways.append(CORNERS @ (A2 / A2.sum(axis=0)))
                np.testing.assert_allclose(np.stack([trace["x"], trace["y"]]), ways[-1], atol=2e-4)
                lines = np.stack([way["x"], way["y"]]).reshape(2, len(members), len(ways) + 1)
                assert np.isnan(lines[..., -1]).all()
                np.testing.assert_allclose(
                    lines[..., :-1], np.array(ways).transpose(1, 2, 0), atol=2e-4
                )
            if whole:
                _behind(figure, what)
    if not whole:
        assert all(t["type"] != "heatmap" for t in picture.figure["data"])


def _behind(figure: dict[str, Any], what: int) -> None:
    """The map behind the samples, of the class of the left corner; E's own line and points."""
    heatmap = heatmap_of(figure)
    z = np.asarray(heatmap["z"], float)
    inside = 0
    for row, column in np.random.default_rng(3).integers(z.shape, size=(40, 2)):
        x, y = heatmap["x"][column], heatmap["y"][row]
        top = y / CORNERS[1, 2]
        A = np.array([[1 - (x - top / 2) - top], [x - top / 2], [top]])
        if A.min() > 1e-3:
            expected = shown_of(A, np.array([[1.0], [0.0], [0.0]]))[what, 0]
            assert abs(z[row, column] - expected) < 0.51 / 127 + 1e-6
            inside += 1
        elif A.min() < -1e-3:
            assert np.isnan(z[row, column])
    assert inside > 5
    marks = trace_of(figure, "|%{text}<extra>")
    assert marks["visible"] == (what == 0)
    for x, y, word in zip(marks["x"], marks["y"], marks["text"], strict=True):
        top = y / CORNERS[1, 2]
        A = np.array([1 - (x - top / 2) - top, x - top / 2, top])
        E = float((A * (A - [1, 0, 0])).sum())
        assert abs(E - float(word.split(", ")[1])) < 1e-3, word
    (line,) = (t for t in figure["data"] if t.get("mode") == "lines"
               and t["line"]["width"] == 1.5)  # fmt: skip
    assert line["visible"] == (what == 0)
    top = np.asarray(line["y"], float) / CORNERS[1, 2]
    right = np.asarray(line["x"], float) - top / 2
    A = np.stack([1 - right - top, right, top])
    E = error_terms(A, np.eye(3)[:, [0]])
    close(E, np.where(np.isfinite(E), 0.0, np.nan), 1e-5)


def interval(picture: Picture, run: Recording) -> None:
    """Of two classes: E, angle and error over the probability of the true one."""
    data = run.dataset
    assert picture.choices == (SHOWN,)
    for what in range(3):
        for f in (0, len(run.keyframes) - 1):
            figure = drawn(picture, f, what)
            samples = trace_of(figure, "sample %{customdata}")
            A2 = outputs(run.keyframes[f].parameters, data.X)
            assert samples_of(samples) == list(range(data.y.size))
            assert samples["marker"]["color"] == [CLASS_COLOURS[label] for label in data.y]
            assert samples["text"] == [data.class_names[label] for label in data.y]
            np.testing.assert_allclose(samples["x"], (A2 * data.Y).sum(axis=0), atol=1e-5)
            close(samples["y"], shown_of(A2, data.Y)[what], 1e-3)
        curve = trace_of(figure, "A² = %{x")
        p = np.asarray(curve["x"], float)[1:-1]
        line = shown_of(np.stack([p, 1 - p]), np.array([[1.0], [0.0]]) * np.ones(p.size))
        close(np.asarray(curve["y"])[1:-1], line[what], 1e-5)
        ends = np.isnan(np.asarray(curve["y"])[[0, -1]])
        assert ends.all() if what else not ends.any(), "(14) is zero there: undefined"
        marks = trace_of(figure, "|%{text}<extra>")
        if what:
            assert np.isnan(marks["y"]).all()
            continue
        expected = {0.0: 1, 0.5: 0, 0.75: -1 / 8, 1.0: 0}
        said = {1: "largest E, 1", 0: "E = 0", -1 / 8: "smallest E, −1/8"}
        assert dict(zip(marks["x"], marks["y"], strict=True)) == expected
        assert list(marks["text"]) == [said[E] for E in expected.values()]


def input_space(picture: Picture, run: Recording) -> None:
    """Over the plane, of the class of the nearest sample."""
    data, rng = run.dataset, np.random.default_rng(4)
    assert picture.choices == (SHOWN,)
    for what in range(3):
        for f in (0, len(run.keyframes) - 1):
            heatmap = heatmap_of(drawn(picture, f, what))
            z = np.asarray(heatmap["z"], float)
            for row, column in rng.integers(z.shape, size=(25, 2)):
                point = np.array([[heatmap["x"][column]], [heatmap["y"][row]]])
                apart = np.sort(((data.X - point) ** 2).sum(axis=0))
                if apart[1] - apart[0] < 1e-6:
                    continue
                nearest = ((data.X - point) ** 2).sum(axis=0).argmin()
                A2 = outputs(run.keyframes[f].parameters, point)
                close(z[row, [column]], shown_of(A2, data.Y[:, [nearest]])[what], 0.51 / 127 + 1e-6)


def components(picture: Picture, run: Recording) -> None:
    """Over the two directions of the largest variance, in the colour of what is true of each."""
    data = run.dataset
    samples = evenly(data.y.size, 500)
    centred = data.X - data.X.mean(axis=1, keepdims=True)
    directions, sizes, _ = np.linalg.svd(centred)
    share = sizes**2 / (sizes**2).sum()
    for what in range(3):
        for f in (0, len(run.keyframes) - 1):
            (trace,) = drawn(picture, f, what)["data"]
            assert samples_of(trace) == samples
            names = [plotly_text(data.class_names[data.y[m]]) for m in samples]
            assert trace["text"] == names
            A2 = outputs(run.keyframes[f].parameters, data.X[:, samples])
            close(trace["marker"]["color"], shown_of(A2, data.Y[:, samples])[what], 0.51 / 127)
    for number, which in enumerate("xy"):
        along = (directions[:, number] @ centred)[samples]
        sign = np.sign(along @ np.asarray(trace[which]))
        np.testing.assert_allclose(trace[which], sign * along, atol=1e-5)
        title = picture.figure["layout"][f"{which}axis"]["title"]["text"]
        assert title.startswith(f"component {number + 1} ({share[number]:.0%}")
