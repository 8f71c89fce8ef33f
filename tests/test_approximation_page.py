"""A run by each rule in lockstep: what the Approximation page shows of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from drawn import samples_of
from node import unpack
from problems import arrays
from test_figures import meant

from nnviz.approximation.agreement import compare_rules
from nnviz.approximation.along import Along
from nnviz.approximation.course import course, distances, longest, output_course
from nnviz.approximation.holding import Criterion
from nnviz.approximation.milestones import progress
from nnviz.approximation.verdict import verdict
from nnviz.data.datasets import load_dataset
from nnviz.figures.frames import frames_of
from nnviz.figures.pages.approximation import approximation_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.triangle import (
    from_plane,
    probability_triangle,
)
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import cross_entropy, forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import default_values
from nnviz.ui.controls.translation import spec_of
from nnviz.ui.shared.approximation import ApproximationView, train_and_pack
from nnviz.ui.shared.runs import RunStore

Runs = dict[str, Recording]
WITHIN = Criterion()


def lockstep(dataset: str, options: dict[str, Any] | None = None, **config: Any) -> Runs:
    data = load_dataset(dataset, **(options or {}))
    return {rule: train(Config(gradient=rule, **config), data) for rule in GRADIENT_RULES}


@pytest.fixture(scope="module", params=["spiral", "iris", "blobs, two classes", "moons, diverging"])
def runs(request: pytest.FixtureRequest) -> Runs:
    return {
        "spiral": lambda: lockstep("spiral", epochs=200),
        "iris": lambda: lockstep("iris", epochs=100),
        "blobs, two classes": lambda: lockstep("blobs", {"classes": 2}, epochs=50),
        "moons, diverging": lambda: lockstep("moons", learning_rate=2.5, epochs=400),
    }[request.param]()


@pytest.fixture(scope="module")
def pictures(runs: Runs) -> dict[str, Picture]:
    found = approximation_pictures(runs, "difference", Along.of(runs["difference"]), WITHIN)
    return {picture.name: picture for picture in found}


def test_all_runs_start_from_the_same_parameters(runs: Runs) -> None:
    starts = [run.keyframes[0].parameters for run in runs.values()]
    for start in starts[1:]:
        for a, b in zip(arrays(start), arrays(starts[0]), strict=True):
            np.testing.assert_array_equal(a, b)
    assert longest(runs).last_epoch == max(run.last_epoch for run in runs.values())


def test_course_is_the_rules_compared_at_every_keyframe(runs: Runs) -> None:
    run = runs["difference"]
    along = course(run)
    for i in (0, len(run.keyframes) // 2, -1):
        found = compare_rules(run.keyframes[i].parameters, run.dataset.X, run.dataset.Y)
        for rule, agreement in found.agreement.items():
            np.testing.assert_allclose(along.angle[rule][i], agreement.angle)
            band = along.sample_angle[rule][i]
            assert (np.diff(band[np.isfinite(band)]) >= -1e-9).all(), "quantiles must rise"
        assert along.neglected[i] == found.neglected


def test_distances_and_logits_are_those_of_the_keyframes(runs: Runs) -> None:
    epochs, apart = distances(runs["difference"], runs["exact"])
    theirs = {k.epoch: k.parameters for k in runs["exact"].keyframes}
    ours = {k.epoch: k.parameters for k in runs["difference"].keyframes}
    assert apart[0] == 0
    for epoch, distance in zip(epochs, apart, strict=True):
        pairs = zip(arrays(ours[int(epoch)]), arrays(theirs[int(epoch)]), strict=True)
        expected = sum(((a - b) ** 2).sum() for a, b in pairs) ** 0.5
        assert distance == pytest.approx(expected)
    along, last = output_course(runs["exact"]), runs["exact"].keyframes[-1]
    Z2 = forward(last.parameters, runs["exact"].dataset.X).Z2
    assert along.cross_entropy[-1] == cross_entropy(Z2, runs["exact"].dataset.Y)
    assert along.epochs[-1] == last.epoch


@pytest.mark.parametrize("dataset", ["xor", "iris"])
def test_only_without_E_do_the_column_sums_move(dataset: str) -> None:
    for rule, run in lockstep(dataset, learning_rate=1.0, epochs=600, seed=1).items():
        along = output_course(run)
        first = run.keyframes[0].parameters
        for keyframe, drift in zip(run.keyframes, along.column_sum_drift, strict=True):
            apart = []
            for j in range(17):  # 16 units and the bias
                now, then = (
                    sum(p.b2[k, 0] if j == 16 else p.W2[k, j] for k in range(3))
                    for p in (keyframe.parameters, first)
                )
                apart.append(abs(now - then))
            assert drift == pytest.approx(max(apart), abs=1e-13)
        if rule == "drop_error_term":
            assert along.column_sum_drift.max() > 1
        else:
            assert along.column_sum_drift.max() < 1e-12, rule


def test_15_moves_a_column_sum_by_about_ten_on_xor() -> None:
    moved = []
    for seed in range(8):
        config = Config(gradient="drop_error_term", learning_rate=1.0, epochs=600, seed=seed)
        moved.append(output_course(train(config, load_dataset("xor"))).column_sum_drift[-1])
    assert 8 < np.median(moved) < 12


def test_ours_is_told_by_more_than_its_colour(pictures: dict[str, Picture]) -> None:
    for name in ("losses", "distance", "entropy", "leak", "arrays", "lengths"):
        dashes = [
            (trace["line"]["dash"], ", centred (ours): " in trace["hovertemplate"])
            for trace in pictures[name].figure["data"]
        ]
        assert ("dash", True) in dashes
        assert all((dash == "dash") == ours for dash, ours in dashes), name
        drawn = pictures[name].figure["data"]
        shown = [trace["name"] for trace in drawn if trace["showlegend"]]
        assert len(shown) == len(set(shown)), "each once"
        assert shown[-1] == "A·E" or shown[-1] == "centred (ours)"


def test_pictures_are_accepted_and_explained(pictures: dict[str, Picture], runs: Runs) -> None:
    data = runs["exact"].dataset
    for picture in pictures.values():
        go.Figure(picture.figure)
        assert 30 < len(picture.how_to_read) <= 128, picture.name
        assert picture.alt
    assert ("interval" in pictures) == (len(data.class_names) == 2)
    assert ("triangle" in pictures) == (len(data.class_names) > 2)
    assert pictures["input"].figure["data"][0]["type"] == (
        "heatmap" if len(data.feature_names) == 2 else "scatter"
    )


def moving(picture: Picture, *attributes: str) -> dict[tuple[str, int], Any]:
    """The last frame of what moves, by attribute and trace."""
    return {
        (update.attribute, update.traces[0]): meant(update, -1)
        for update in picture.updates
        if update.attribute in attributes and not update.trail and len(update.values) > 1
    }


def test_the_triangle_of_more_classes_shows_the_three_chosen() -> None:
    run = train(Config(epochs=30), load_dataset("digits", test_share=0.5))
    picture = probability_triangle(frames_of(run), (3, 5, 8))
    assert picture.choices == (("all", "3", "5", "8"),)
    positions = moving(picture, "x", "y")
    trace = len(picture.figure["data"]) - 1
    members = np.asarray(samples_of(picture.figure["data"][trace]))
    assert (run.dataset.y[members] == 8).all()
    A2 = forward(run.keyframes[-1].parameters, run.dataset.X[:, members]).A2[[3, 5, 8]]
    shown = from_plane(np.stack([positions["x", trace], positions["y", trace]]).astype(float))
    np.testing.assert_allclose(shown[0], A2[2] / A2.sum(axis=0), atol=1e-4)
    assert "E has no place" in picture.how_to_read
    assert len(picture.how_to_read) <= 128
    assert picture.colour_axis is None
    assert all(trace["type"] != "heatmap" for trace in picture.figure["data"]), "no E behind"
    go.Figure(picture.figure)
    hidden = {u.traces: u for u in picture.updates if u.attribute == "visible"}
    assert [bool(code[0]) for code in hidden[trace - 3, trace].values[0]] == [1, 0, 0, 1]


def test_the_page_says_which_run_went_wrong() -> None:
    spec = spec_of({**default_values(), "learning_rate": 10.0, "epochs": 300})
    view = ApproximationView(spec, "learning_rate", WITHIN)
    said = unpack(train_and_pack(RunStore(), view, seconds=60.0))["notice"]
    runs = {rule: train(view.of_rule(rule).config, spec.load()) for rule in GRADIENT_RULES}
    assert runs["drop_error_term"].status == "diverged"
    last = runs["drop_error_term"].last_epoch
    assert f"without E (15): Training diverged after epoch {last}: the weights" in said
    assert f"A − Y (16): {runs['difference'].dead_units[-1]} of 16 hidden units are dead" in said
    assert "exact (14): " not in said
    chosen = runs["difference"]
    held = verdict(chosen, course(chosen), progress(chosen), WITHIN)
    assert said.startswith("\n".join(held))


@pytest.mark.parametrize("step_length", ["learning_rate", "matched"])
def test_the_page_is_at_most_one_megabyte(step_length: str) -> None:
    spec = RunSpec("spiral", (("samples", 1000),), Config(hidden_units=64, epochs=2000))
    view = ApproximationView(spec, step_length, WITHIN)
    packed = train_and_pack(RunStore(), view, seconds=30)
    assert len(packed) <= 1_000_000, f"{len(packed):,} bytes"
    back = unpack(packed)
    assert back["status"] == "finished"
    assert len(back["metrics"][1]["values"]) == len(back["epochs"])
    lengths = {rule: view.of_rule(rule).config.step_length for rule in GRADIENT_RULES}
    assert lengths["difference"] == step_length
    assert lengths["exact"] == "learning_rate", "matched or not, the exact run is the same"
