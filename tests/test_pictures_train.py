"""Every picture of the Train page is asserted by what it draws."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import slow_reference as slow
from assert_diagram import frames, network_diagram
from drawn import (
    axis_title,
    by_name,
    drawn,
    heatmap_of,
    marks_the_epoch,
    points,
    samples_of,
    ticks,
    trace_of,
    upper,
)
from picture_runs import (
    CASES,
    error_terms,
    evenly,
    hidden,
    outputs,
    quantile,
    run_of,
    share_right,
    some_keyframes,
    squared_error,
    usual_limit,
)

from nnviz.figures.metrics import metrics_of
from nnviz.figures.pages.train import train_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.style import CLASS_COLOURS, NEUTRAL, RULE_COLOURS, plotly_text
from nnviz.runs.recording import Recording

SMALL = ("curves", "W1", "W2", "A1", "diagram")
PICTURES = {
    "spiral": ("decision", "claim", *SMALL),
    "two classes": ("decision", "claim", *SMALL),
    "digits": ("images", "claim", *SMALL, "confusion"),
    "own table": ("confusion", "claim", *SMALL),
    "many units": ("confusion", "claim", *SMALL),
}
"""The pictures that the page makes of each of `CASES`, in their places."""


@functools.cache
def pictures_of(case: str) -> dict[str, Picture]:
    run = run_of(case)
    return by_name(train_pictures(run, metrics_of(run)))


def decision_map(picture: Picture, run: Recording) -> None:
    """Class and certainty at points of the plane, where units fold, and all samples."""
    data = run.dataset
    classes = len(data.class_names)
    for figure, p in frames(picture, run):
        heatmap = heatmap_of(figure)
        assert (heatmap["zmin"], heatmap["zmax"]) == (0, classes)
        z = np.asarray(heatmap["z"])
        rng = np.random.default_rng(1)
        for row, column in rng.integers(z.shape, size=(60, 2)):
            point = np.array([[heatmap["x"][column]], [heatmap["y"][row]]])
            A = outputs(p, point)[:, 0]
            first, second = np.sort(A)[[-1, -2]]
            if first - second < 0.02:
                continue
            sure = np.clip((first - 1 / classes) / (1 - 1 / classes), 0.02, 0.98)
            assert z[row, column] == pytest.approx(np.argmax(A) + sure, abs=classes / 254)
        (folds,) = (t for t in figure["data"] if t.get("mode") == "lines")
        lines = np.stack([folds["x"], folds["y"]]).astype(float)
        assert lines.shape == (2, 3 * run.config.hidden_units)
        corners = [[heatmap["x"][i], heatmap["y"][j]] for i in (0, -1) for j in (0, -1)]
        for unit in range(run.config.hidden_units):
            sides = np.sign(corners @ p.W1[unit] + p.b1[unit])
            start, end, gap = lines[:, 3 * unit : 3 * unit + 3].T
            assert np.isnan(gap).all(), "the pen is lifted"
            assert np.isnan([start, end]).all() == (abs(sides.sum()) == 4), "it misses the map"
            if np.isfinite(start).all():
                at = np.stack([start, end]) @ p.W1[unit] + p.b1[unit]
                np.testing.assert_allclose(at, 0, atol=1e-4)
    stops = heatmap_of(picture.figure)["colorscale"]
    for label, colour in enumerate(CLASS_COLOURS[:classes]):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        for place, is_of in stops[2 * label : 2 * label + 2]:
            assert label - 1e-9 <= place * classes <= label + 1 + 1e-9
            assert is_of.startswith(f"rgba({red},{green},{blue},")
    assert [(m.label, m.colour) for m in picture.legend] == list(
        zip(data.class_names, CLASS_COLOURS, strict=False)
    )
    training = trace_of(picture.figure, "sample %{customdata}")
    drawn_as_training(training, run)
    test = trace_of(picture.figure, "test sample")
    np.testing.assert_allclose(np.stack([test["x"], test["y"]]), data.X_test, atol=1e-6)
    assert test["marker"]["color"] == [CLASS_COLOURS[label] for label in data.y_test]
    assert test["text"] == [data.class_names[label] for label in data.y_test]


def drawn_as_training(trace: dict[str, Any], run: Recording) -> None:
    """All training samples in the plane, each with its number, class and colour."""
    data = run.dataset
    assert samples_of(trace) == list(range(data.y.size))
    np.testing.assert_allclose(np.stack([trace["x"], trace["y"]]), data.X, atol=1e-6)
    assert trace["marker"]["color"] == [CLASS_COLOURS[label] for label in data.y]
    assert trace["text"] == [data.class_names[label] for label in data.y]


def claim(picture: Picture, run: Recording) -> None:
    """Mean |E| and its bands above; below an empty line for each approximation."""
    figure, data = drawn(picture), run.dataset
    sizes = [np.abs(error_terms(outputs(k.parameters, data.X), data.Y)) for k in run.keyframes]
    mean = trace_of(figure, "mean |E|")
    assert upper(figure, mean)
    assert mean["line"]["color"] == RULE_COLOURS["exact"]
    found = points(mean)
    assert list(found) == list(range(run.last_epoch + 1))
    for keyframe, size in zip(run.keyframes, sizes, strict=True):
        assert found[keyframe.epoch] == pytest.approx(size.mean(), abs=1e-6)
    filled = [n for n, trace in enumerate(figure["data"]) if trace.get("fill")]
    levels = [(0.05, 0.95), (0.25, 0.75)]
    for at, (low, high) in zip(filled, levels, strict=True):
        assert figure["data"][at]["fill"] == "tonexty"
        for trace, level in ((figure["data"][at - 1], low), (figure["data"][at], high)):
            assert upper(figure, trace)
            assert list(trace["x"]) == [k.epoch for k in run.keyframes]
            expected = [quantile(size, level) for size in sizes]
            np.testing.assert_allclose(trace["y"], expected, atol=1e-5)
    below = {trace["meta"]["rule"]: trace for trace in figure["data"] if "rule" in (
        trace.get("meta") or {}
    )}  # fmt: skip
    names = {"drop_error_term": "without E", "difference": "A − Y", "centred": "centred"}
    assert set(below) == set(names)
    for rule, name in names.items():
        assert below[rule]["meta"]["label"] == name
        assert name in below[rule]["hovertemplate"]
        assert below[rule]["line"]["color"] == RULE_COLOURS[rule]
        assert not upper(figure, below[rule])
    heads = {note["text"]: note["y"] for note in figure["layout"]["annotations"]}
    for words, level in (("|E|", 1.0), ("Progress", figure["layout"]["yaxis"]["domain"][1])):
        assert [y for text, y in heads.items() if words in text] == [level]
    (one,) = figure["layout"]["shapes"]
    assert (one["y0"], one["y1"], one.get("yref", "y")) == (1, 1, "y")
    top = max(*(quantile(size, 0.95) for size in sizes), *found.values())
    assert figure["layout"]["yaxis2"]["range"] == pytest.approx([0, 1.05 * top], rel=1e-4)


def learning_curves(picture: Picture, run: Recording) -> None:
    """Loss below, accuracy above; "test" is of the test samples."""
    figure, data = drawn(picture), run.dataset
    sides = {"train": (data.X, data.Y, data.y)}
    if data.y_test.size:
        sides["test"] = (data.X_test, data.Y_test, data.y_test)
    assert len(figure["data"]) == 2 * len(sides)
    assert [mark.label for mark in picture.legend] == list(sides)
    for mark in picture.legend:
        X, Y, y = sides[mark.label]
        dotted = mark.label == "test"
        assert mark.shape == ("dots" if dotted else "line")
        assert mark.colour == (NEUTRAL if dotted else RULE_COLOURS[run.config.gradient])
        for metric in ("loss", "accuracy"):
            trace = trace_of(figure, f"{mark.label} {metric} ")
            assert trace["name"] == mark.label
            assert axis_title(figure, trace) == metric
            assert upper(figure, trace) == (metric == "accuracy")
            assert trace["line"]["color"] == mark.colour
            assert trace["line"]["dash"] == ("dot" if dotted else "solid")
            found = points(trace)
            assert list(found) == list(range(run.last_epoch + 1))
            for keyframe in run.keyframes:
                p = keyframe.parameters
                is_so = squared_error(p, X, Y) if metric == "loss" else share_right(p, X, y)
                assert found[keyframe.epoch] == pytest.approx(is_so, abs=1e-6)


def layer(picture: Picture, run: Recording, weights: str, biases: str) -> None:
    """The cells, in colours that end at the largest weight of the run."""
    cells(picture, run, weights, biases)
    every = [np.hstack([getattr(k.parameters, weights), getattr(k.parameters, biases)])
             for k in run.keyframes]  # fmt: skip
    limit = usual_limit(every)
    colours = picture.figure["layout"]["coloraxis"]
    assert (colours["cmin"], colours["cmax"]) == pytest.approx((-limit, limit))


def cells(picture: Picture, run: Recording, weights: str, biases: str) -> None:
    """Each cell is the weight that its hover text names, or the bias of its row."""
    data = run.dataset
    units = [f"{unit + 1}" for unit in range(run.config.hidden_units)]
    first = weights == "W1"
    rows, columns = (units, list(data.feature_names)) if first else (list(data.class_names), units)
    every = [np.hstack([getattr(k.parameters, weights), getattr(k.parameters, biases)])
             for k in run.keyframes]  # fmt: skip
    limit = usual_limit(every)
    bias = "b¹" if first else "b²"
    names = {f"{row}, {column}": (r, c) for r, row in enumerate(rows)
             for c, column in enumerate([*columns, bias])}  # fmt: skip
    names = {plotly_text(name): place for name, place in names.items()}
    for f in some_keyframes(run):
        figure = drawn(picture, f)
        heatmap = heatmap_of(figure)
        z, text = np.asarray(heatmap["z"]), heatmap["text"]
        assert z.shape == (len(text), len(text[0]))
        for r, line in enumerate(text):
            places = [names[name] for name in line]
            assert {row for row, _ in places} == {places[0][0]}, "one row, one unit or class"
            assert places[-1][1] == len(columns), "the bias is last"
            assert [c for _, c in places] == sorted(c for _, c in places)
            expected = [every[f][place] for place in places]
            np.testing.assert_allclose(z[r], expected, atol=1e-4 * max(limit, np.abs(z).max()))
            word = ticks(figure, "yaxis").get(r)
            assert word is None or rows[places[0][0]].startswith(_whole(word)[:10])
        edges = np.asarray(heatmap["x"])
        for centre, word in ticks(figure, "xaxis").items():
            (column,) = np.flatnonzero((edges[:-1] < centre) & (centre < edges[1:]))
            at = names[text[0][column]][1]
            assert (*columns, bias)[at].startswith(_whole(word)[:10])
        assert figure["layout"]["yaxis"]["autorange"] == "reversed", "the first row is on top"


def _whole(word: str) -> str:
    """A word at an axis as it was: cut where it is long, and written for Plotly."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&#37;", "%"), ("&amp;", "&")):
        word = word.replace(entity, character)
    return word.removesuffix("…")


def first_layer(picture: Picture, run: Recording) -> None:
    """A matrix, or for images one tile per unit with its bias below."""
    if run.dataset.image_shape is None:
        assert len(heatmap_of(picture.figure)["text"]) == min(run.config.hidden_units, 64)
        layer(picture, run, "W1", "b1")
        return
    height, width = run.dataset.image_shape
    for figure, p in frames(picture, run):
        heatmap = heatmap_of(figure)
        seen = set()
        limit = np.abs(heatmap["z"]).max()
        for z, name in zip(np.ravel(heatmap["z"]), np.ravel(heatmap["text"]), strict=True):
            if not name:
                assert z == 0
                continue
            unit, place = name.removeprefix("unit ").split(", ", 1)
            if place == "bias b¹":
                expected = p.b1[int(unit) - 1, 0]
            else:
                row, column = map(int, place.removeprefix("pixel ").split(", "))
                expected = p.W1[int(unit) - 1, (row - 1) * width + column - 1]
            assert z == pytest.approx(expected, abs=1e-3 * limit)
            seen.add(name)
        assert len(seen) == run.config.hidden_units * (height * width + 1)


def second_layer(picture: Picture, run: Recording) -> None:
    assert len(heatmap_of(picture.figure)["text"]) == len(run.dataset.class_names)
    layer(picture, run, "W2", "b2")


def hidden_activations(picture: Picture, run: Recording) -> None:
    """A1 of the samples class by class; a cross where a unit is 0 for all of them."""
    data, units = run.dataset, run.config.hidden_units
    order = sorted(range(data.y.size), key=lambda m: int(data.y[m]))
    samples = [order[i] for i in evenly(len(order), 240)]
    drawn_units = evenly(units, 32)
    for figure, p in frames(picture, run):
        heatmap = heatmap_of(figure)
        all_samples = hidden(p, data.X)
        limit = figure["layout"]["coloraxis2"]["cmax"]
        expected = np.minimum(all_samples[np.ix_(drawn_units, samples)], limit)
        np.testing.assert_allclose(heatmap["z"], expected, atol=limit / 250)
        assert (expected < limit).mean() > 0.99, "the scale ends where hardly any is above"
        crosses = trace_of(figure, "dead")
        is_dead = [not (all_samples[unit] > 0).any() for unit in drawn_units]
        assert list(crosses["marker"]["opacity"]) == is_dead
        assert list(crosses["y"]) == list(range(len(drawn_units)))
        # Hovering, Plotly says a row's tick, or else its number, or what stands for that.
        alias, ticked = figure["layout"]["yaxis"]["labelalias"], ticks(figure, "yaxis")
        said = [ticked.get(row) or alias[str(row)] for row in range(len(drawn_units))]
        assert said == [str(unit + 1) for unit in drawn_units]
    figure = picture.figure
    names = [plotly_text(data.class_names[data.y[m]]) for m in samples]
    assert all(line == names for line in heatmap_of(figure)["customdata"])
    for shape in figure["layout"]["shapes"]:
        for column in range(round(shape["x0"] + 0.5), round(shape["x1"] + 0.5)):
            assert shape["fillcolor"] == CLASS_COLOURS[data.y[samples[column]]]
    widths = [shape["x1"] - shape["x0"] for shape in figure["layout"]["shapes"]]
    assert sum(widths) == len(samples)


def confusion(picture: Picture, run: Recording) -> None:
    """Counts as text, shares of the true class as colour; rows are the true classes."""
    data = run.dataset
    heads = {note["text"]: note["xref"] for note in picture.figure["layout"]["annotations"]}
    parts = {"training": (data.X, data.y)}
    if data.y_test.size:
        parts["test"] = (data.X_test, data.y_test)
    assert set(heads) == set(parts)
    classes = range(len(data.class_names))
    for figure, p in frames(picture, run):
        for part, (X, y) in parts.items():
            trace = trace_of(figure, f"({part})")
            assert heads[part] == f"{trace['xaxis']} domain"
            taken = outputs(p, X).argmax(axis=0)
            counts = [[int(((y == true) & (taken == of)).sum()) for of in classes]
                      for true in classes]  # fmt: skip
            np.testing.assert_array_equal(trace["text"], counts)
            shares = [[n / max(1, sum(row)) for n in row] for row in counts]
            np.testing.assert_allclose(trace["z"], shares, atol=1e-6)
            for which, title in (("x", "predicted"), ("y", "true")):
                name = trace[f"{which}axis"].replace(which, f"{which}axis", 1)
                assert axis_title(figure, trace, which) in (title, "")
                assert [_whole(word) for word in ticks(figure, name).values()] == [
                    name if len(name) <= 10 else name[:9] for name in data.class_names
                ]
            assert "true %{y}, predicted %{x}" in trace["hovertemplate"]


def images(picture: Picture, run: Recording) -> None:
    """Each image is its sample, and below it stands what it is taken for."""
    data = run.dataset
    for figure, p in frames(picture, run):
        mosaic, answers = heatmap_of(figure), trace_of(figure, "predicted")
        taken = outputs(p, data.X).argmax(axis=0)
        right = {True: set(), False: set()}  # type: dict[bool, set[str]]
        z = np.asarray(mosaic["z"])
        for at, sample in enumerate(samples_of(answers)):
            is_right = bool(taken[sample] == data.y[sample])
            mark = "" if is_right else "✗ "
            assert answers["text"][at] == f"{mark}{data.class_names[taken[sample]]}"
            assert answers["hovertext"][at] == f"class {data.class_names[data.y[sample]]}"
            right[is_right].add(answers["textfont"]["color"][at])
            left, top = round(answers["x"][at] - 3.5), int(answers["y"][at]) - 9
            image = z[top : top + 8, left : left + 8]  # straight above the answer
            np.testing.assert_allclose(image.ravel(), data.X[:, sample], atol=1e-6)
        assert len(right[True]) <= 1
        assert len(right[False]) <= 1
        assert not right[True] & right[False]
    assert len(set(data.y[samples_of(picture.figure["data"][1])])) == len(data.class_names)


ASSERTED: dict[str, Callable[[Picture, Recording], None]] = {
    "decision": decision_map,
    "claim": claim,
    "curves": learning_curves,
    "W1": first_layer,
    "W2": second_layer,
    "A1": hidden_activations,
    "diagram": network_diagram,
    "confusion": confusion,
    "images": images,
}
"""What asserts each picture; the table is held against what the page makes."""


@pytest.mark.parametrize("case", CASES)
def test_every_picture_of_the_page_is_in_the_table_and_asserted(case: str) -> None:
    assert tuple(pictures_of(case)) == PICTURES[case]
    marked = {name for name, picture in pictures_of(case).items() if marks_the_epoch(picture)}
    assert marked == {"claim", "curves"}
    assert set(PICTURES[case]) <= ASSERTED.keys(), "a picture without an assertion"


@pytest.mark.parametrize(
    ("case", "name"),
    [(case, name) for case, names in PICTURES.items() for name in names],
)
def test_a_picture_draws_what_is_so(case: str, name: str) -> None:
    ASSERTED[name](pictures_of(case)[name], run_of(case))


def test_what_the_pictures_are_compared_with_is_the_source() -> None:
    """Sample by sample, by loops over the component equations."""
    run = run_of("own table")
    p, data = run.keyframes[-1].parameters, run.dataset
    for m in range(5):
        _, a1, _, a2 = slow.forward(p.W1, p.b1, p.W2, p.b2, data.X[:, m])
        np.testing.assert_allclose(hidden(p, data.X)[:, m], a1, atol=1e-12)
        np.testing.assert_allclose(outputs(p, data.X)[:, m], a2, atol=1e-12)
    of_all = slow.mean_squared_error(p.W1, p.b1, p.W2, p.b2, data.X, data.Y)
    assert squared_error(p, data.X, data.Y) == pytest.approx(of_all)
