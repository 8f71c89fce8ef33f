"""Every picture of the Compare page is asserted by what it draws."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from drawn import axis_title, by_name, marks_the_epoch, points, trace_of, upper
from picture_runs import (
    error_terms,
    hidden,
    outputs,
    rms,
    run_of,
    share_right,
    squared_error,
    usual_limit,
)
from test_pictures_train import cells, confusion, decision_map

from nnviz.figures.pages.compare import compare_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.style import RUN_COLOURS
from nnviz.paper.network import Parameters
from nnviz.runs.recording import Recording

BESIDE = {
    "planes": {"A": "spiral", "B": "two classes"},
    "tables": {"A": "own table", "B": "many units", "C": "own table"},
}
"""Runs beside each other, by their short names."""

SAID = {
    "all training": ("loss", "accuracy"),
    "all test": ("test loss", "test accuracy"),
    "all E": ("dead units", "RMS E"),
}
"""The titles of the lower and of the upper chart, by the picture."""

FIRST = {"planes": decision_map, "tables": confusion}
"""What asserts the first of each run's own pictures, as on the Train page."""

LAYERS = (("W¹ and b¹", "W1", "b1"), ("W² and b²", "W2", "b2"))
"""The others: their titles, and what they show."""


@functools.cache
def pictures_of(beside: str) -> dict[str, Picture]:
    runs = {name: run_of(case) for name, case in BESIDE[beside].items()}
    return by_name(compare_pictures(runs, end=60))


def metric(words: str, p: Parameters, run: Recording) -> float:
    """What a line says at a keyframe, by what it is called."""
    data = run.dataset
    return {
        "loss": lambda: squared_error(p, data.X, data.Y),
        "accuracy": lambda: share_right(p, data.X, data.y),
        "test loss": lambda: squared_error(p, data.X_test, data.Y_test),
        "test accuracy": lambda: share_right(p, data.X_test, data.y_test),
        "dead units": lambda: float((hidden(p, data.X).max(axis=1) <= 0).sum()),
        "RMS E": lambda: rms(error_terms(outputs(p, data.X), data.Y)),
    }[words]()


@pytest.mark.parametrize("beside", BESIDE)
def test_every_picture_of_the_page_is_in_the_table_and_asserted(beside: str) -> None:
    marked = [name for name, picture in pictures_of(beside).items() if marks_the_epoch(picture)]
    assert marked == list(SAID)
    own = [f"{name} {kind}" for kind in range(3) for name in BESIDE[beside]]
    assert list(pictures_of(beside)) == [*SAID, *own], "a picture without an assertion"


@pytest.mark.parametrize(("beside", "name"), [(b, name) for b in BESIDE for name in SAID])
def test_a_line_is_of_its_run(beside: str, name: str) -> None:
    picture, runs = pictures_of(beside)[name], BESIDE[beside]
    assert [(m.label, m.colour) for m in picture.legend] == list(
        zip(runs, RUN_COLOURS, strict=False)
    )
    hover = {"dead units": "dead units", "RMS E": "error term rms"}
    drawn_lines = 0
    for mark in picture.legend:
        run = run_of(runs[mark.label])
        if name == "all test" and not run.dataset.y_test.size:
            continue
        for above, words in enumerate(SAID[name]):
            trace = trace_of(picture.figure, f"|{mark.label}: {hover.get(words, words)} ")
            drawn_lines += 1
            assert upper(picture.figure, trace) == bool(above)
            assert axis_title(picture.figure, trace) == words
            assert trace["line"]["color"] == mark.colour
            found = points(trace)
            for keyframe in run.keyframes:
                expected = metric(words, keyframe.parameters, run)
                assert found[keyframe.epoch] == pytest.approx(expected, abs=1e-5)
    assert drawn_lines == len(picture.figure["data"])


@pytest.mark.parametrize("beside", BESIDE)
def test_each_run_s_own_pictures_are_of_that_run_in_the_same_colours(beside: str) -> None:
    limits: dict[str, list[tuple[float, float]]] = {title: [] for title, _, _ in LAYERS}
    largest: dict[str, list[float]] = {title: [] for title, _, _ in LAYERS}
    for name, case in BESIDE[beside].items():
        first, *layers = (pictures_of(beside)[f"{name} {kind}"] for kind in range(3))
        run = run_of(case)
        FIRST[beside](first, run)
        for picture in (first, *layers):
            assert list(np.array(picture.keyframes)) == [k.epoch for k in run.keyframes]
            assert picture.title.startswith(f"{name} · ")
        for picture, (title, weights, biases) in zip(layers, LAYERS, strict=True):
            assert picture.title == f"{name} · {title}"
            cells(picture, run, weights, biases)
            scale = picture.figure["layout"]["coloraxis"]
            limits[title].append((scale["cmin"], scale["cmax"]))
            of_run = [np.hstack([getattr(k.parameters, weights), getattr(k.parameters, biases)])
                      for k in run.keyframes]  # fmt: skip
            largest[title].append(usual_limit(of_run))
    for title, of_kind in limits.items():
        most = max(largest[title])
        np.testing.assert_allclose(of_kind, [(-most, most)] * len(of_kind), err_msg=title)
