"""Three runs in lockstep: what the Approximation page shows of them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from problems import arrays
from test_figures import meant
from test_message import unpack

from nnviz.agreement import compare_rules
from nnviz.config import Config
from nnviz.datasets import load_dataset
from nnviz.error_term import error_term, error_term_bounds
from nnviz.figures.approximation_page import approximation_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.triangle import CORNERS, from_plane, to_plane, zero_line
from nnviz.gradients import GRADIENT_RULES
from nnviz.lockstep import course, distances, longest, mean_logits
from nnviz.network import forward
from nnviz.recording import Recording, train
from nnviz.ui.comparing import Compared, compared_message
from nnviz.ui.runs import RunStore, Settings
from nnviz.verdict import verdict

Runs = dict[str, Recording]


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
    found = approximation_pictures(runs, "difference", course(runs["difference"]), 30)
    return {picture.name: picture for picture in found}


def test_all_runs_start_from_the_same_parameters(runs: Runs) -> None:
    starts = [run.keyframes[0].parameters for run in runs.values()]
    for start in starts[1:]:
        for a, b in zip(arrays(start), arrays(starts[0]), strict=True):
            np.testing.assert_array_equal(a, b)
    assert longest(runs).last_epoch == max(run.last_epoch for run in runs.values())


def test_course_is_the_comparison_at_every_keyframe(runs: Runs) -> None:
    run = runs["difference"]
    along = course(run)
    for i in (0, len(run.keyframes) // 2, -1):
        found = compare_rules(run.keyframes[i].parameters, run.dataset.X, run.dataset.Y)
        for rule, agreement in found.agreement.items():
            np.testing.assert_allclose(np.cos(np.radians(along.angle[rule][i])), agreement.cosine)
            band = along.sample_angle[rule][i]
            assert (np.diff(band[np.isfinite(band)]) >= -1e-9).all(), "quantiles must rise"
        assert along.neglected[i] == found.neglected


def test_distances_and_mean_logits_are_those_of_the_keyframes(runs: Runs) -> None:
    epochs, apart = distances(runs["difference"], runs["exact"])
    theirs = {k.epoch: k.parameters for k in runs["exact"].keyframes}
    ours = {k.epoch: k.parameters for k in runs["difference"].keyframes}
    assert apart[0] == 0
    for epoch, distance in zip(epochs, apart, strict=True):
        pairs = zip(arrays(ours[int(epoch)]), arrays(theirs[int(epoch)]), strict=True)
        expected = sum(((a - b) ** 2).sum() for a, b in pairs) ** 0.5
        assert distance == pytest.approx(expected)
    epochs, logits = mean_logits(runs["exact"])
    last = runs["exact"].keyframes[-1]
    assert logits[-1] == pytest.approx(forward(last.parameters, runs["exact"].dataset.X).Z2.mean())


def test_pictures_are_accepted_and_explained(pictures: dict[str, Picture], runs: Runs) -> None:
    data = runs["exact"].dataset
    for picture in pictures.values():
        go.Figure(picture.figure)
        assert 30 < len(picture.how_to_read) <= 128, picture.name
        assert picture.alt
    assert ("triangle" in pictures) == (len(data.class_names) == 3)
    assert ("input" in pictures) == (len(data.feature_names) == 2)


def test_the_triangle_shows_probabilities(pictures: dict[str, Picture], runs: Runs) -> None:
    any_A2 = np.random.default_rng(0).dirichlet([1, 1, 1], 50).T
    np.testing.assert_allclose(from_plane(to_plane(any_A2)), any_A2, atol=1e-12)
    np.testing.assert_allclose(to_plane(np.eye(3)), CORNERS.T, atol=1e-15)
    if "triangle" not in pictures:
        return
    picture, run = pictures["triangle"], runs["difference"]
    shown = from_plane(np.stack([meant(update, -1) for update in picture.updates]).astype(float))
    A2 = forward(run.keyframes[-1].parameters, run.dataset.X).A2
    of_true_class = A2[run.dataset.y, np.arange(run.dataset.y.size)]
    np.testing.assert_allclose(shown[0], of_true_class, atol=1e-5)
    zero = from_plane(zero_line().astype(float))
    drawn = np.isfinite(zero[0])
    assert drawn.sum() > 60
    first = np.zeros((3, drawn.sum()))
    first[0] = 1
    np.testing.assert_allclose(error_term(zero[:, drawn], first), 0, atol=1e-6)
    background = picture.figure["data"][0]["z"]
    low, high = error_term_bounds(3)
    assert np.nanmin(background) == pytest.approx(low, abs=3e-3)
    assert np.nanmax(background) == pytest.approx(high, abs=1e-6)


def test_the_map_over_the_plane_is_E_where_the_samples_are() -> None:
    runs = lockstep("blobs", {"noise": 0.1}, epochs=100)
    found = approximation_pictures(runs, "exact", course(runs["exact"]), 30)
    picture = next(p for p in found if p.name == "input")
    data, parameters = runs["exact"].dataset, runs["exact"].keyframes[-1].parameters
    shown = meant(picture.updates[0], -1)
    x1, x2 = (np.asarray(picture.figure["data"][0][axis]) for axis in "xy")
    E = error_term(forward(parameters, data.X).A2, data.Y)
    for m in range(20):
        column = np.abs(x1 - data.X[0, m]).argmin()
        row = np.abs(x2 - data.X[1, m]).argmin()
        assert shown[0, row, column] == pytest.approx(E[m], abs=0.08)


@pytest.mark.parametrize("seed", range(3))
def test_the_verdict_says_what_is_so(seed: int) -> None:
    runs = lockstep("spiral", epochs=1500, seed=seed, learning_rate=1.0)
    run = runs["difference"]
    along = course(run)
    text = verdict(run, along, 45.0)
    angle = along.angle["difference"][:, -1]
    until = int(re.search(r"within 45° of the exact gradient until epoch ([\d,]+)", text)[1])  # type: ignore[index]
    assert (angle[along.epochs <= until] <= 45).all()
    assert angle[along.epochs > until][0] > 45
    small = int(re.search(r"below 0.05 from epoch ([\d,]+)", text)[1].replace(",", ""))  # type: ignore[index]
    assert (run.error_term_mean_abs[small:] < 0.05).all()
    assert run.error_term_mean_abs[small - 1] >= 0.05
    if "larger than what is left" in text:
        since = int(re.search(r"from epoch ([\d,]+) the neg", text)[1].replace(",", ""))  # type: ignore[index]
        assert (along.neglected[along.epochs >= since] > 1).all()
    else:
        assert along.neglected[-1] <= 1


def test_the_verdict_names_the_longest_stretch_and_what_is_undefined() -> None:
    runs = lockstep("spiral", epochs=300)
    run = runs["difference"]
    along = course(run)
    angle = along.angle["difference"][:, -1]
    tolerance = float(np.floor(angle[0]))  # it starts beyond, and comes within
    assert angle.min() < tolerance < angle[0]
    text = verdict(run, along, tolerance)
    first, last = re.search(r"within it from epoch ([\d,]+) to ([\d,]+)", text).groups()  # type: ignore[union-attr]
    inside = (along.epochs >= int(first)) & (along.epochs <= int(last))
    assert (angle[inside] <= tolerance).all()

    exploded = lockstep("moons", learning_rate=2.5, epochs=400)["drop_error_term"]
    text = verdict(exploded, course(exploded), 30)
    assert "nan" not in text
    assert "the exact gradient is zero" in text
    assert f"diverged after epoch {exploded.last_epoch}" in text


def test_the_verdict_says_when_nothing_can_be_said() -> None:
    runs = lockstep("spiral", epochs=5, init_scale=0)
    along = course(runs["exact"])
    assert np.isfinite(along.angle["difference"][0, -1]), "b2 still has a gradient"
    assert "(16)" in verdict(runs["exact"], along, 30)


@pytest.mark.parametrize("step_length", ["learning_rate", "matched"])
def test_a_comparison_is_at_most_one_megabyte(step_length: str) -> None:
    settings = Settings("spiral", (("samples", 1000),), Config(hidden_units=64, epochs=2000))
    compared = Compared(settings, step_length, 30)
    packed = compared_message(RunStore(), compared, seconds=30)
    assert len(packed) <= 1_000_000, f"{len(packed):,} bytes"
    back = unpack(packed)
    assert back["status"] == "compared"
    assert len(back["metrics"][1]["values"]) == len(back["epochs"])
    lengths = {rule: compared.of_rule(rule).config.step_length for rule in GRADIENT_RULES}
    assert lengths["difference"] == step_length
    assert lengths["exact"] == "learning_rate", "matched or not, the exact run is the same"
