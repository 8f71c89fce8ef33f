"""Every picture of the Approximation page is asserted by what it draws."""

from __future__ import annotations

import functools
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from assert_outputs import (
    components,
    input_space,
    interval,
    largest_errors,
    sample_weights,
    triangle,
)
from drawn import axis_title, by_name, drawn, heatmap_of, marks_the_epoch, points, trace_of, upper
from picture_runs import (
    ARRAYS,
    RULE_LABELS,
    RULES,
    degrees,
    error_terms,
    gradient,
    gradient_from,
    logits,
    output_gradient,
    outputs,
    quantile,
    rms,
    run_of,
    share_right,
    some_keyframes,
    squared_error,
    vector,
    walked,
)

from nnviz.approximation.along import Along
from nnviz.approximation.holding import Criterion
from nnviz.figures.pages.approximation import approximation_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.style import NEUTRAL, RULE_COLOURS, RULE_DASHES
from nnviz.paper.network import Parameters
from nnviz.runs.recording import Recording

Runs = dict[str, Recording]
APPROXIMATE = RULES[1:]
CHOSEN = {
    "spiral": "difference",
    "two classes": "exact",
    "digits": "difference",
    "own table": "drop_error_term",
}
"""The run along which the rules are compared, by the case."""

TRIPLE = {"digits": (3, 5, 8)}
OF_RUNS = ("losses", "entropy", "distance")
OF_STEP = ("lengths", "arrays", "leak")


def names(space: str) -> tuple[str, ...]:
    story = ("progress", "angles", "weights")
    return (*story, *OF_RUNS, "density", "worst", space, "input", *OF_STEP)


PICTURES = {case: names("interval" if case == "two classes" else "triangle") for case in CHOSEN}
"""The pictures that the page makes of each case, in their places."""


@functools.cache
def pictures_of(case: str) -> dict[str, Picture]:
    runs = runs_of(case)
    along = Along.of(runs[CHOSEN[case]])
    found = approximation_pictures(
        runs, CHOSEN[case], along, Criterion(0.9, 50), TRIPLE.get(case, (0, 1, 2))
    )
    return by_name(found)


def runs_of(case: str) -> Runs:
    return {rule: run_of(case, rule) for rule in RULES}


def in_its_rule_s_look(trace: dict[str, Any], rule: str) -> None:
    assert trace["line"]["color"] == RULE_COLOURS[rule]
    assert trace["line"]["dash"] == RULE_DASHES[rule]


def at_keyframes(trace: dict[str, Any], run: Recording, of: Any, atol: float = 1e-5) -> None:
    """A line goes through what is found of a run's parameters, wherever they are kept."""
    found = points(trace)
    for keyframe in run.keyframes:
        expected = of(keyframe.parameters)
        assert found[keyframe.epoch] == pytest.approx(expected, abs=atol, rel=1e-4)


def over_all(figure: dict[str, Any], words: str, above: bool, title: str) -> dict[str, Any]:
    """The line of each rule's run, in its chart and in the rule's look."""
    lines = {rule: trace_of(figure, f"{label}: {words} ") for rule, label in RULE_LABELS.items()}
    for rule, trace in lines.items():
        assert upper(figure, trace) == above
        assert axis_title(figure, trace) == title
        in_its_rule_s_look(trace, rule)
        assert trace["showlegend"] == above, "each rule is named once"
        assert trace.get("name") == (RULE_LABELS[rule] if above else None)
    return lines


def losses(picture: Picture, runs: Runs, _: str) -> None:
    right = over_all(picture.figure, "accuracy", above=True, title="accuracy")
    loss = over_all(picture.figure, "loss", above=False, title="loss")
    for rule, run in runs.items():
        X, Y, y = run.dataset.X, run.dataset.Y, run.dataset.y
        at_keyframes(right[rule], run, lambda p, X=X, y=y: share_right(p, X, y))
        at_keyframes(loss[rule], run, lambda p, X=X, Y=Y: squared_error(p, X, Y))


def entropy(picture: Picture, runs: Runs, _: str) -> None:
    crossed = over_all(picture.figure, "cross-entropy", above=True, title="cross-entropy")
    loss = over_all(picture.figure, "loss", above=False, title="loss")
    for rule, run in runs.items():
        X, Y = run.dataset.X, run.dataset.Y

        def log_loss(p: Parameters, X: Any = X, Y: Any = Y) -> float:
            Z2 = logits(p, X)
            return float(np.mean(np.log(np.exp(Z2 - (Z2 * Y).sum(axis=0)).sum(axis=0))))

        at_keyframes(crossed[rule], run, log_loss)
        at_keyframes(loss[rule], run, lambda p, X=X, Y=Y: squared_error(p, X, Y))


def distance(picture: Picture, runs: Runs, chosen: str) -> None:
    figure = picture.figure
    of_E = over_all(figure, "RMS E", above=True, title="RMS E")
    exact = {k.epoch: vector(vars(k.parameters).values()) for k in runs["exact"].keyframes}
    for rule, run in runs.items():
        data = run.dataset
        at_keyframes(of_E[rule], run, lambda p, d=data: rms(error_terms(outputs(p, d.X), d.Y)))
        if rule == "exact":
            continue
        apart = trace_of(figure, f"{RULE_LABELS[rule]}: distance")
        in_its_rule_s_look(apart, rule)
        assert not upper(figure, apart)
        assert axis_title(figure, apart) == "‖θ − θ exact‖"
        for keyframe in run.keyframes:
            away = np.linalg.norm(
                vector(vars(keyframe.parameters).values()) - exact[keyframe.epoch]
            )
            assert points(apart)[keyframe.epoch] == pytest.approx(away, rel=1e-6)
    neglected = trace_of(figure, "RMS of ‖A·E‖")
    assert upper(figure, neglected)
    assert neglected["line"]["color"] == NEUTRAL
    data = runs[chosen].dataset

    def left_out(p: Parameters) -> float:
        A2 = outputs(p, data.X)
        return rms(np.linalg.norm(A2 * error_terms(A2, data.Y), axis=0))

    at_keyframes(neglected, runs[chosen], left_out)
    assert len(figure["data"]) == 4 + 3 + 1


def leak(picture: Picture, runs: Runs, _: str) -> None:
    pushed = over_all(picture.figure, "Σ G", above=True, title="mean Σ G")
    moved = over_all(picture.figure, "moved by", above=False, title="Σ [W² b²] − start")
    for rule, run in runs.items():
        data = run.dataset
        start = run.keyframes[0].parameters

        def sums(p: Parameters) -> Any:
            return np.append(p.W2.sum(axis=0), p.b2.sum())

        def push(p: Parameters, rule: str = rule, data: Any = data) -> float:
            return float(output_gradient(outputs(p, data.X), data.Y, rule).sum(axis=0).mean())

        at_keyframes(pushed[rule], run, push)
        at_keyframes(moved[rule], run, lambda p, s=sums, a=start: np.abs(s(p) - s(a)).max())
    assert np.abs(pushed["drop_error_term"]["y"]).max() > 1e-3
    assert np.abs(moved["drop_error_term"]["y"]).max() > 1e-3


def of_each_array(p: Parameters, data: Any, rule: str) -> dict[str, Any]:
    found = gradient(p, data.X, data.Y, rule)
    return {**dict(zip(ARRAYS, map(np.ravel, found), strict=True)), "all parameters": vector(found)}


def _by_array(picture: Picture, run: Recording, compare: Any, atol: float) -> None:
    data = run.dataset
    for rule in APPROXIMATE:
        for name in (*ARRAYS, "all parameters"):
            trace = trace_of(picture.figure, f"{RULE_LABELS[rule]}: {name} ")
            in_its_rule_s_look(trace, rule)
            assert (trace["line"]["width"] > 2) == (name == "all parameters")
            assert trace["showlegend"] == (name == "all parameters")
            assert list(trace["x"]) == [k.epoch for k in run.keyframes]
            for f in some_keyframes(run):
                p = run.keyframes[f].parameters
                a, b = (of_each_array(p, data, one)[name] for one in (rule, "exact"))
                assert trace["y"][f] == pytest.approx(compare(a, b), rel=1e-6, abs=atol)


def array_angles(picture: Picture, runs: Runs, chosen: str) -> None:
    _by_array(picture, runs[chosen], degrees, 1e-4)
    assert len(picture.figure["data"]) == 15


def lengths(picture: Picture, runs: Runs, chosen: str) -> None:
    run = runs[chosen]
    _by_array(picture, run, lambda a, b: np.linalg.norm(a) / np.linalg.norm(b), 0)
    neglected = trace_of(picture.figure, "‖A·E‖")
    assert neglected["name"] == "A·E"
    assert neglected["line"]["dash"] == "dot"
    data = run.dataset

    def parts(p: Parameters) -> float:
        A2 = outputs(p, data.X)
        kept = output_gradient(A2, data.Y, "exact")
        return float(np.linalg.norm(A2 * error_terms(A2, data.Y)) / np.linalg.norm(kept))

    at_keyframes(neglected, run, parts)
    assert picture.figure["layout"]["yaxis"]["type"] == "log"


def angles(picture: Picture, runs: Runs, chosen: str) -> None:
    """Of the network without E, by (16), and by (16) with (14)'s lengths; of 90 % of samples."""
    run = runs[chosen]
    figure, data = picture.figure, run.dataset
    lines = {trace["meta"]["label"]: trace for trace in figure["data"] if "meta" in trace}
    assert set(lines) == {"samples", "without E", "reweighted", "A − Y"}
    in_its_rule_s_look(lines["A − Y"], "difference")
    in_its_rule_s_look(lines["without E"], "drop_error_term")
    assert lines["reweighted"]["line"]["dash"] == "dot"
    low, high = (trace_of(figure, f": {level} of the samples") for level in ("5%", "95%"))
    assert high is lines["samples"]
    assert high["fill"] == "tonexty"
    assert figure["data"].index(high) == figure["data"].index(low) + 1
    for f in some_keyframes(run):
        p = run.keyframes[f].parameters
        A2 = outputs(p, data.X)
        G = {rule: output_gradient(A2, data.Y, rule) for rule in ("exact", "difference")}
        long = {rule: np.linalg.norm(of, axis=0) for rule, of in G.items()}
        mixed = G["difference"] / long["difference"] * long["exact"]
        exact = of_each_array(p, data, "exact")["all parameters"]
        expected = {
            "A − Y": of_each_array(p, data, "difference")["all parameters"],
            "without E": of_each_array(p, data, "drop_error_term")["all parameters"],
            "reweighted": vector(gradient_from(p, data.X, mixed)),
        }
        for label, approximate in expected.items():
            assert lines[label]["y"][f] == pytest.approx(degrees(approximate, exact), abs=1e-3)
        if len(data.class_names) > 2:  # of two the angle is 0, and noise of that here
            apart = degrees(G["difference"], G["exact"])
            assert low["y"][f] == pytest.approx(quantile(apart, 0.05), abs=0.01)
            assert high["y"][f] == pytest.approx(quantile(apart, 0.95), abs=0.01)
    (level,) = figure["layout"]["shapes"]
    assert level["y0"] == level["y1"] == pytest.approx(math.degrees(math.acos(0.9)))


def progress(picture: Picture, runs: Runs, chosen: str) -> None:
    """ρ after so many steps of one's own, made here."""
    run = runs[chosen]
    data, rate = run.dataset, run.config.learning_rate
    large = data.X.shape[0] > 10
    kept = {k.epoch: k.parameters for k in run.keyframes}
    checked = 0
    for choice in range(8):
        horizon, kind = (picture.choices[n][i] for n, i in enumerate(divmod(choice, 2)))
        steps, match = int(horizon.removeprefix("next ")), kind == "equal steps"
        if large and steps > 10:
            continue
        figure = drawn(picture, choice=choice)
        for rule in APPROXIMATE:
            trace = trace_of(figure, RULE_LABELS[rule])
            assert trace["meta"]["label"] == RULE_LABELS[rule].split(" (")[0]
            in_its_rule_s_look(trace, rule)
            found = points(trace)
            assert min(found) == 0
            assert max(found) == run.last_epoch
            for epoch in sorted(map(int, found))[:: max(1, len(found) // 2)]:
                p = kept[epoch]
                loss = squared_error(p, data.X, data.Y)
                ours = loss - walked(p, data.X, data.Y, rule, rate, steps, match)
                exact = loss - walked(p, data.X, data.Y, "exact", rate, steps, match=False)
                assert found[epoch] == pytest.approx(ours / exact, rel=0.02, abs=0.02)
                checked += 1
    assert checked >= 12
    (level,) = picture.figure["layout"]["shapes"]
    assert level["y0"] == level["y1"] == 1


def density(picture: Picture, runs: Runs, chosen: str) -> None:
    """One column per keyframe, around its epoch; one row per bin of E, from least to most."""
    run = runs[chosen]
    data, K = run.dataset, len(run.dataset.class_names)
    heatmap = heatmap_of(picture.figure)
    edges, across = np.asarray(heatmap["y"], float), np.asarray(heatmap["x"], float)
    assert (edges[0], edges[-1]) == pytest.approx((-(K - 1) / (4 * K), 1))
    z = np.asarray(heatmap["z"], float)
    assert z.shape == (len(edges) - 1, len(run.keyframes)) == (60, len(across) - 1)
    np.testing.assert_allclose(z**2, heatmap["customdata"], atol=1e-6)
    for f, keyframe in enumerate(run.keyframes):
        assert across[f] <= keyframe.epoch <= across[f + 1]
        E = error_terms(outputs(keyframe.parameters, data.X), data.Y)
        expected = [np.sum((low <= E) & ~(high <= E)) for low, high in pairwise(edges)]
        moved = np.abs(z[:, f] ** 2 * data.y.size - expected).sum()
        assert moved < 4.1, "two samples at an edge, which rounding moves"


OF_RUN: dict[str, Any] = {
    "weights": sample_weights,
    "worst": largest_errors,
    "interval": interval,
}
OF_ALL_RUNS: dict[str, Any] = {
    "progress": progress,
    "angles": angles,
    "losses": losses,
    "entropy": entropy,
    "distance": distance,
    "density": density,
    "lengths": lengths,
    "arrays": array_angles,
    "leak": leak,
}
OF_CASE = {"triangle", "input"}
"""What asserts each picture: of the chosen run, of all, or by what the data are."""


@pytest.mark.parametrize("case", CHOSEN)
def test_every_picture_of_the_page_is_in_the_table_and_asserted(case: str) -> None:
    assert tuple(pictures_of(case)) == PICTURES[case]
    marked = {name for name, picture in pictures_of(case).items() if marks_the_epoch(picture)}
    assert marked == set(OF_ALL_RUNS)
    asserted = {*OF_RUN, *OF_ALL_RUNS, *OF_CASE}
    assert set(PICTURES[case]) <= asserted, "a picture without an assertion"


@pytest.mark.parametrize(
    ("case", "name"), [(case, name) for case, names in PICTURES.items() for name in names]
)
def test_a_picture_draws_what_is_so(case: str, name: str) -> None:
    picture, runs, chosen = pictures_of(case)[name], runs_of(case), CHOSEN[case]
    if name == "triangle":
        triangle(picture, runs[chosen], TRIPLE.get(case, (0, 1, 2)))
    elif name == "input":
        in_plane = len(runs[chosen].dataset.feature_names) == 2
        (input_space if in_plane else components)(picture, runs[chosen])
    elif name in OF_RUN:
        OF_RUN[name](picture, runs[chosen])
    else:
        OF_ALL_RUNS[name](picture, runs, chosen)
