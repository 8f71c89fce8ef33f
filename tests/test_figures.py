"""Pictures show what the recording says, in figures that Plotly accepts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from nnviz.data.datasets import load_dataset
from nnviz.figures.decision import fold_lines
from nnviz.figures.frames import frames_of
from nnviz.figures.images import RIGHT, WRONG, images_with_answers
from nnviz.figures.metrics import MOST_EPOCHS, metrics_of
from nnviz.figures.moving import UNDEFINED, Moving, in_bytes, in_words
from nnviz.figures.pages.train import train_pictures
from nnviz.figures.picture import Picture
from nnviz.paper.network import forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train

RUNS = {
    "plane": lambda: train(Config(epochs=60), load_dataset("spiral")),
    "table": lambda: train(Config(epochs=60), load_dataset("iris")),
    "images": lambda: train(Config(epochs=30), load_dataset("digits")),
    "many units": lambda: train(
        Config(epochs=30, hidden_units=300), load_dataset("breast_cancer", test_share=0.0)
    ),
    "one epoch": lambda: train(Config(epochs=1, hidden_units=1), load_dataset("blobs", classes=2)),
    "diverged": lambda: train(
        Config(gradient="drop_error_term", learning_rate=2.5), load_dataset("moons")
    ),
    "no weights": lambda: train(Config(epochs=5, init_scale=0), load_dataset("xor", classes=6)),
}


@pytest.fixture(scope="module", params=sorted(RUNS))
def run(request: pytest.FixtureRequest) -> Recording:
    return RUNS[request.param]()


@pytest.fixture(scope="module")
def pictures(run: Recording) -> dict[str, Picture]:
    return {picture.name: picture for picture in train_pictures(run, metrics_of(run))}


def meant(update: Moving, frame: Any) -> Any:
    """The numbers of a frame, as the player reads them."""
    return update.values[frame] * update.scale + update.offset


def test_plotly_accepts_every_figure(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        go.Figure(picture.figure)  # raises ValueError for any attribute that Plotly does not know


def test_every_picture_says_how_to_read_it(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        assert picture.title
        assert picture.alt
        assert 30 < len(picture.how_to_read) <= 125, f"{picture.name}: two lines at most"


def test_axes_have_titles(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        if (
            picture.name in ("diagram", "images")
            or "tiles" in picture.figure["layout"]["uirevision"]
        ):
            continue
        layout = picture.figure["layout"]
        for name in ("xaxis", "yaxis"):
            axis = layout[name]
            headed = [note for note in layout.get("annotations", ()) if note["xref"] == "paper"]
            named = axis["title"]["text"] or axis.get("ticktext") or headed
            assert named, f"{picture.name}: {name} is unnamed"


def test_updates_have_a_frame_for_every_keyframe(
    run: Recording, pictures: dict[str, Picture]
) -> None:
    for picture in pictures.values():
        for update in picture.updates:
            assert len(update.values) == len(run.keyframes)
            assert max(update.traces) < len(picture.figure["data"])
            if update.by_choice:
                assert update.values.shape[1] == math.prod(map(len, picture.choices))


def test_weights_shown_are_the_weights(run: Recording, pictures: dict[str, Picture]) -> None:
    """To four digits of the largest, biases in the last column."""
    W2 = pictures["W2"].updates[0]
    for frame, keyframe in enumerate(run.keyframes):
        p = keyframe.parameters
        drawn = meant(W2, frame)
        expected = np.hstack([p.W2, p.b2])
        if drawn.shape == expected.shape:
            largest = max(np.abs(k.parameters.W2).max() for k in run.keyframes) or 1
            np.testing.assert_allclose(drawn, expected, atol=2e-4 * largest, rtol=1e-5)
        np.testing.assert_allclose(drawn[:, -1], p.b2[:, 0], atol=1e-3, rtol=1e-3)


def test_tiles_are_the_rows_of_W1_as_images() -> None:
    run = RUNS["images"]()
    picture = next(p for p in train_pictures(run, metrics_of(run)) if p.name == "W1")
    p = run.keyframes[-1].parameters
    mosaic = meant(picture.updates[0], -1)
    text = picture.figure["data"][0]["text"]
    for unit, row, column in ((0, 0, 0), (0, 7, 3), (5, 2, 6), (15, 7, 7)):
        label = f"unit {unit + 1}, pixel {row + 1}, {column + 1}"
        places = [(r, c) for r, line in enumerate(text) for c, t in enumerate(line) if t == label]
        assert len(places) == 1, label
        assert mosaic[places[0]] == pytest.approx(p.W1[unit, 8 * row + column], abs=1e-3)
    label = "unit 3, bias b¹"
    bias = [(r, c) for r, line in enumerate(text) for c, t in enumerate(line) if t == label]
    assert len(bias) == 8
    assert all(mosaic[place] == pytest.approx(p.b1[2, 0], abs=1e-3) for place in bias)


def test_hidden_activations_are_sorted_by_class_and_mark_dead_units(
    run: Recording, pictures: dict[str, Picture]
) -> None:
    picture = pictures["A1"]
    classes = picture.figure["data"][0]["customdata"][0]
    order = [run.dataset.class_names.index(name) for name in classes]
    assert order == sorted(order)
    dead = picture.updates[1].values.sum(axis=1)
    for frame, keyframe in enumerate(run.keyframes):
        if len(picture.updates[1].values[0]) == run.config.hidden_units:
            assert dead[frame] == run.dead_units[keyframe.epoch]


def test_decision_map_and_confusion_matrix_are_the_network(
    run: Recording, pictures: dict[str, Picture]
) -> None:
    parameters = run.keyframes[-1].parameters
    if "decision" in pictures:
        picture = pictures["decision"]
        heatmap = picture.figure["data"][0]
        shades = meant(picture.updates[0], -1)
        x1, x2 = np.meshgrid(heatmap["x"], heatmap["y"])
        A2 = forward(parameters, np.vstack([x1.ravel(), x2.ravel()])).A2
        ranked = np.sort(A2, axis=0)
        clear = ranked[-1] - ranked[-2] > 1e-3
        np.testing.assert_array_equal(
            np.floor(shades.ravel()[clear]).astype(int), A2.argmax(axis=0)[clear]
        )
    else:
        picture = pictures["confusion"]
        counts = picture.updates[1].values[-1]
        predicted = forward(parameters, run.dataset.X).A2.argmax(axis=0)
        for true in range(len(counts)):
            for said in range(len(counts)):
                together = int(((run.dataset.y == true) & (predicted == said)).sum())
                assert abs(int(counts[true, said]) - together) <= 1


def test_fold_lines_are_where_units_fold() -> None:
    rng = np.random.default_rng(0)
    W1b1 = rng.standard_normal((5, 40, 3))
    low, high = np.array([-1.0, -2.0]), np.array([2.0, 1.5])
    x, y = fold_lines(W1b1, low, high)
    seen = 0
    corners = np.array([[a, b] for a in (-1.0, 2.0) for b in (-2.0, 1.5)])
    for frame in range(5):
        for unit in range(40):
            ends = np.stack([x[frame, 3 * unit :][:2], y[frame, 3 * unit :][:2]])
            assert np.isnan(x[frame, 3 * unit + 2])
            w, b = W1b1[frame, unit, :2], W1b1[frame, unit, 2]
            sides = np.sign(corners @ w + b)
            if (sides == sides[0]).all():
                assert np.isnan(ends).all(), "a line that misses the box is drawn"
                continue
            seen += 1
            np.testing.assert_allclose(w @ ends + b, 0, atol=1e-4)
            assert np.linalg.norm(ends[:, 0] - ends[:, 1]) > 0
            for axis in (0, 1):
                assert (ends[axis] >= low[axis] - 1e-6).all()
                assert (ends[axis] <= high[axis] + 1e-6).all()
    assert seen > 50


def test_what_is_left_out_is_said(pictures: dict[str, Picture], run: Recording) -> None:
    many = run.config.hidden_units > 128
    assert ("Drawn:" in pictures["W1"].note) == many
    assert ("Drawn:" in pictures["A1"].note) == (run.dataset.y.size > 240 or many)


def test_long_runs_are_thinned_with_all_keyframes() -> None:
    run = train(Config(epochs=9000, hidden_units=2), load_dataset("blobs", samples=30))
    epochs = metrics_of(run).epochs
    assert len(epochs) <= MOST_EPOCHS
    assert {keyframe.epoch for keyframe in run.keyframes} <= set(epochs.tolist())
    np.testing.assert_array_equal(metrics_of(run).of("loss"), run.loss[epochs].astype("f4"))


def test_quantized_numbers_come_back() -> None:
    values = np.linspace(-3, 5, 1000).reshape(10, 100)
    for packed, error in ((in_bytes(values, -3, 5), 8 / 254), (in_words(values), 5 / 32767)):
        np.testing.assert_allclose(meant(packed, ...), values, atol=0.51 * error)
    assert in_bytes(np.array([[np.nan]]), 0, 1).values == [[UNDEFINED]]
    far_apart = np.array([[1.0], [2.0], [1e9]])
    np.testing.assert_array_equal(in_words(far_apart).values, far_apart)


def test_frames_of_a_run_are_its_keyframes(run: Recording) -> None:
    frames = frames_of(run)
    X = run.dataset.X[:, :5]
    for keyframe, activations in zip(run.keyframes, frames.activations(X), strict=True):
        expected = forward(keyframe.parameters, X).A2
        if np.abs(keyframe.parameters.W2).max() < 100:
            np.testing.assert_allclose(activations.A2, expected, atol=1e-3)


def test_images_stand_above_what_the_network_says() -> None:
    run = train(Config(epochs=40), load_dataset("digits"))
    data = run.dataset
    picture = images_with_answers(frames_of(run))
    mosaic, answers = picture.figure["data"]
    shown = np.asarray(answers["customdata"])
    assert set(data.y[shown]) == set(range(10)), "of every class"
    text, colour = picture.updates
    for frame in (0, len(run.keyframes) // 2, -1):
        A2 = forward(run.keyframes[frame].parameters, data.X[:, shown]).A2
        for at, sample in enumerate(shown):
            taken = max(range(10), key=lambda k: A2[k, at])
            right = taken == data.y[sample]
            said = text.lookup[text.values[frame, at]]  # type: ignore[index]
            assert said == f"{'' if right else '✗ '}{taken}"
            assert colour.lookup[colour.values[frame, at]] == (RIGHT if right else WRONG)  # type: ignore[index]
    for at in (0, 11, 39):
        row, column = divmod(at, 8)
        left, top = column * 9, row * 12
        image = np.asarray(mosaic["z"])[top : top + 8, left : left + 8]
        np.testing.assert_allclose(image.ravel(), data.X[:, shown[at]], atol=1e-6)
        assert left <= answers["x"][at] < left + 8
        assert top + 8 <= answers["y"][at] + 0.5 < top + 12
