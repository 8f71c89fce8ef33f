"""Runs beside each other: their message, what they differ in, and the Compare page in Chromium."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from browsing import Visit, at_epoch, number, player, settle, slide
from node import unpack
from playwright.sync_api import expect

from nnviz.figures.pages.compare import compare_pictures
from nnviz.player.messages.compare import compare_message
from nnviz.player.messages.pictures import MOST_MESSAGE_BYTES
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.views.differences import differences, run_id

BASE = RunSpec("spiral", (), Config(epochs=80))
LONGER = replace(BASE, config=Config(epochs=300, learning_rate=0.2))
OTHER = RunSpec("iris", (), Config(epochs=40, gradient="exact"))
STORE = RunStore()


def recorded(specs: dict[str, RunSpec]) -> dict[str, Recording]:
    return {name: STORE.recording(spec, seconds=60) for name, spec in specs.items()}


def sent(specs: dict[str, RunSpec], **kwargs: Any) -> dict[str, Any]:
    message: dict[str, Any] = unpack(compare_message(recorded(specs), "id", **kwargs))
    return message


def test_pictures_are_accepted_and_explained() -> None:
    pictures = compare_pictures(recorded({"1": BASE, "2": LONGER, "3": OTHER}), 300)
    assert len(pictures) == 3 + 3 * 3
    assert len({picture.name for picture in pictures}) == len(pictures)
    for picture in pictures:
        go.Figure(picture.figure)
        assert 30 < len(picture.how_to_read) <= 128
        assert picture.alt


def test_runs_without_a_test_part_have_no_test_chart() -> None:
    without = replace(BASE, options=(("test_share", 0.0),))
    names = {picture.name for picture in compare_pictures(recorded({"1": without}), 80)}
    assert "all test" not in names
    assert "all training" in names


def test_one_colour_means_one_number_in_all_runs() -> None:
    pictures = compare_pictures(recorded({"1": BASE, "2": LONGER}), 300)
    for kind in ("W¹ and b¹", "W² and b²"):
        limits = [
            (p.figure["layout"]["coloraxis"]["cmin"], p.figure["layout"]["coloraxis"]["cmax"])
            for p in pictures
            if p.title.endswith(kind)
        ]
        assert len(limits) == 2
        assert limits[0] == limits[1], f"{kind}: {limits}"


def test_each_run_keeps_its_own_keyframes_and_numbers_end_with_it() -> None:
    specs = {"1": BASE, "2": LONGER}
    runs = recorded(specs)
    message = sent(specs)
    for name, run in runs.items():
        own = [p["keyframes"] for p in message["pictures"] if p["name"].startswith(f"{name} ")]
        assert len(own) == 3
        for keyframes in own:
            assert {0, run.last_epoch} <= set(keyframes) <= {k.epoch for k in run.keyframes}
            assert len(keyframes) > 0.8 * len(run.keyframes)
    tiles = {metric["label"]: metric["values"] for metric in message["metrics"]}
    assert message["epochs"][-1] == 300
    np.testing.assert_allclose(tiles["Loss 1"][:81], runs["1"].loss, rtol=1e-6)
    assert np.isnan(tiles["Loss 1"][81:]).all()
    np.testing.assert_allclose(tiles["Loss 2"], runs["2"].loss, rtol=1e-6)


def test_four_large_runs_stay_within_a_message() -> None:
    digits = {
        str(n): RunSpec("digits", (), Config(epochs=30, hidden_units=64, seed=n)) for n in range(4)
    }
    assert len(compare_message(recorded(digits), "id")) <= MOST_MESSAGE_BYTES


def test_differences_are_named_and_nothing_else() -> None:
    assert differences({"1": BASE, "2": BASE}) == {}
    said = differences({"1": BASE, "2": LONGER})
    assert said == {
        "Learning rate α": {"1": "0.5", "2": "0.2"},
        "Epochs": {"1": "80", "2": "300"},
    }
    said = differences({"1": BASE, "2": OTHER})
    assert said["Data set"] == {"1": "spiral", "2": "iris"}
    assert said["Noise"] == {"1": "0.3", "2": "–"}
    start = StartingParameters.of(
        recorded({"1": BASE})["1"].keyframes[-1].parameters, "epoch 80, edited"
    )
    said = differences({"1": BASE, "2": replace(BASE, start=start)})
    assert said == {"Start": {"1": "drawn weights", "2": "epoch 80, edited"}}


def test_a_growing_run_is_running_until_all_are_done() -> None:
    growing = {"1": BASE, "2": replace(BASE, config=Config(epochs=20_000, seed=99))}
    runs = {name: STORE.recording(spec, 0.01) for name, spec in growing.items()}
    runs["2"] = replace(runs["2"], status="running")
    assert unpack(compare_message(runs, "id"))["status"] == "running"
    assert unpack(compare_message(runs, "id", stopped=True))["status"] == "stopped"
    assert run_id(growing) != run_id({"1": BASE})


@pytest.mark.browser
def test_pinned_runs_play_side_by_side(visit: Visit) -> None:
    page = visit("compare?epochs=100&samples=90")
    page.get_by_role("button", name="Pin to compare").click()
    expect(page.get_by_role("button", name="Pinned")).to_be_disabled()
    slide(page, "Learning rate", "ArrowLeft")
    expect(page.get_by_text("now: spiral, A − Y (16), α 0.4")).to_be_visible()
    expect(player(page).locator("[data-picture='2 0']")).to_have_count(1)
    settle(page)
    assert number(page, "Loss 1") != number(page, "Loss 2")
    slide(page, "Epochs", "ArrowLeft")
    expect(page.get_by_text("now: spiral, A − Y (16), α 0.4")).to_be_visible()
    settle(page)
    player(page).focus()
    page.locator(".nnviz-epoch").focus()
    page.keyboard.press("Home")
    at_epoch(page, 0)
    assert number(page, "Loss 1") == number(page, "Loss 2"), "same weights, same data"
    page.keyboard.press("End")
    at_epoch(page, 100)
    assert number(page, "Loss 2") == "–", "that run has ended at epoch 50"
    second = player(page).locator("[data-picture='2 0']")
    second.scroll_into_view_if_needed()
    expect(second.locator("h3")).to_have_attribute("data-epoch", "epoch 50")


@pytest.mark.browser
def test_a_pinned_run_comes_back_to_the_controls(visit: Visit) -> None:
    page = visit("compare?learning_rate=0.1&epochs=50&samples=90")
    page.get_by_role("button", name="Pin to compare").click()
    expect(page.get_by_role("button", name="Pinned")).to_be_disabled()
    slide(page, "Learning rate", "ArrowRight")
    page.get_by_role("button", name="Load into the controls").click()
    expect(page.get_by_role("button", name="Pinned")).to_be_disabled()
    settle(page)
    assert "learning_rate=0.1&" in page.url + "&"
    page.get_by_role("button", name="Unpin").click()
    expect(page.get_by_text("Pin this run (in the sidebar)")).to_be_visible()
    expect(player(page)).to_have_attribute("data-status", "finished")
