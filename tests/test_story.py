"""The Approximation page's story: its three pictures, and where the others stand."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from node import unpack
from test_approximation_page import WITHIN, lockstep

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.along import Along
from nnviz.approximation.holding import Criterion
from nnviz.approximation.progress import HORIZONS, joined
from nnviz.data.datasets import load_dataset
from nnviz.figures.pages.approximation import LARGE, approximation_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.progress import progress_lines
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.ui.controls.catalogue import default_values
from nnviz.ui.controls.translation import default_spec, spec_of
from nnviz.ui.shared.approximation import ApproximationView, train_and_pack
from nnviz.ui.shared.runs import RunStore

Runs = dict[str, Recording]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return lockstep("spiral", epochs=300)


@pytest.fixture(scope="module")
def along(runs: Runs) -> Along:
    return Along.of(runs["difference"])


@pytest.fixture(scope="module")
def pictures(runs: Runs, along: Along) -> dict[str, Picture]:
    found = approximation_pictures(runs, "difference", along, WITHIN)
    return {picture.name: picture for picture in found}


@pytest.mark.parametrize("first", HORIZONS)
def test_progress_is_shown_at_every_horizon_from_where_it_was_measured(
    along: Along, first: int
) -> None:
    picture = progress_lines(along.progress, Criterion(0.9, first), end=300)
    horizons = [int(label.removeprefix("next ")) for label in picture.choices[0]]
    assert horizons[0] == first
    assert sorted(horizons) == list(HORIZONS)
    updates = {(update.attribute, update.traces[0]): update for update in picture.updates}
    for trace, rule in enumerate(APPROXIMATIONS):
        x, y = (updates[attribute, trace].values[0] for attribute in "xy")
        for choice, horizon in enumerate(h for h in horizons for _ in range(2)):
            there = along.progress.over(horizon)
            kind = there.one_rate if choice % 2 else there.matched
            rho = dict(zip(there.epochs, kind[rule][:, HORIZONS.index(horizon)], strict=True))
            assert set(x[choice]) == set(rho), "drawn from where it was measured, and nowhere else"
            for epoch, shown in zip(x[choice], y[choice], strict=True):
                assert shown == pytest.approx(rho[epoch], rel=1e-6, nan_ok=True)
    assert picture.choices[1] == ("equal steps", "one α")
    assert picture.note == ""


def test_progress_says_why_it_is_undefined() -> None:
    run = train(Config(learning_rate=100.0), load_dataset("spiral"))
    picture = progress_lines(Along.of(run).progress, WITHIN, end=run.last_epoch)
    assert picture.note.startswith("Gaps: the exact gradient (14) ")
    assert all(np.isfinite(u.values).all() or u.attribute == "y" for u in picture.updates)
    assert not any(np.isinf(update.values).any() for update in picture.updates)
    none = progress_lines(joined([]), WITHIN, end=300)
    assert none.note.startswith("Not measured: ")
    assert none.updates[0].values.shape == (1, 8, 0)


def groups(found: list[Picture]) -> dict[str, list[str]]:
    of_group: dict[str, list[str]] = {}
    for picture in found:
        of_group.setdefault(picture.group, []).append(picture.name)
    return of_group


def test_the_story_comes_first_and_the_rest_below_headings(runs: Runs, along: Along) -> None:
    found = approximation_pictures(runs, "difference", along, WITHIN)
    told = groups(found)
    assert told[""] == ["progress", "angles", "weights"]
    assert list(told)[1:] == [
        "Where do the runs go?",
        "What is left out?",
        "What does leaving it out do to a step?",
    ]
    moved = approximation_pictures(runs, "difference", along, WITHIN, first=("leak", "losses"))
    assert groups(moved)[""] == ["leak", "losses", "progress"]
    assert groups(moved)["Where may it be dropped?"] == ["angles", "weights"]
    assert len(groups(moved)[""]) == LARGE
    assert sorted(p.name for p in moved) == sorted(p.name for p in found)
    names = [picture.group for picture in moved]
    assert len([a for a, b in pairwise(names) if a != b]) == 4, "each once"


def test_epochs_are_the_ribbon_s(pictures: dict[str, Picture]) -> None:
    """It makes them logarithmic: of a switch of Plotly's own, the logarithm's logarithm."""
    for picture in pictures.values():
        if picture.cursor:
            assert picture.toggles == ()
            assert picture.figure["layout"]["hovermode"] == "closest"
            for trace in picture.figure["data"]:
                assert "customdata:," in trace["hovertemplate"] or trace["type"] == "heatmap"


def test_the_message_holds_what_the_ribbon_and_the_sentence_are_made_of() -> None:
    view = ApproximationView(default_spec(), "learning_rate", WITHIN)
    store = RunStore()
    back: Any = unpack(train_and_pack(store, view, seconds=30.0))
    assert back["claim"]["stage"] is False
    assert back["claim"]["end"] == 1000 == back["claim"]["reached"]
    assert back["measured"]["run"] == back["run"] == view.run_id
    assert back["measured"]["complete"] is True
    assert back["measured"]["epochs"].tolist() == back["measured"]["planned"].tolist()
    named = {one["name"]: one["values"] for one in back["metrics"]}
    run = store.recording(view.of_rule("difference"), 0)
    np.testing.assert_allclose(named["accuracy"], run.accuracy, rtol=1e-6)
    np.testing.assert_allclose(named["error_term_mean_abs"], run.error_term_mean_abs, rtol=1e-6)


def test_what_takes_longest_comes_when_it_is_asked_for() -> None:
    """The pictures first; then all of it, as something new, though the runs are the same."""
    view = ApproximationView(default_spec(), "learning_rate", WITHIN)
    store = RunStore()
    first: Any = unpack(train_and_pack(store, view, seconds=30.0, patience=0.0))
    assert first["status"] == "finished"
    assert first["measured"]["complete"] is False
    assert not first["measured"]["epochs"].size
    assert first["notice"] == "", "where it holds is not known yet"
    again: Any = unpack(train_and_pack(store, view, seconds=30.0, patience=0.0))
    assert again["version"] == first["version"], "nobody has asked for more"
    whole: Any = unpack(train_and_pack(store, view, seconds=30.0))
    assert whole["measured"]["complete"] is True
    assert whole["notice"]
    assert whole["version"] != first["version"]
    known: Any = unpack(train_and_pack(store, view, seconds=30.0, patience=0.0))
    assert known["version"] == whole["version"], "what is known is shown at once"


def test_the_ribbon_of_a_run_ends_where_that_ends() -> None:
    values = {"dataset": "moons", "gradient": "drop_error_term", "learning_rate": 2.5}
    spec = spec_of({**default_values(), **values})
    view = ApproximationView(spec, "learning_rate", WITHIN)
    store = RunStore()
    back: Any = unpack(train_and_pack(store, view, seconds=30.0))
    chosen = store.recording(view.of_rule("drop_error_term"), 0)
    assert chosen.status == "diverged"
    assert back["claim"]["reached"] == chosen.last_epoch < back["claim"]["end"] == 1000


def test_exploded_weights_leave_nothing_in_the_log() -> None:
    values = {"dataset": "moons", "classes": 2, "learning_rate": 100.0}
    view = ApproximationView(spec_of({**default_values(), **values}), "learning_rate", WITHIN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        back: Any = unpack(train_and_pack(RunStore(), view, seconds=30.0))
    assert "diverged" in back["notice"]
