"""The Explore page: its pictures, its sweeps, and the page in Chromium."""

from __future__ import annotations

import gc
import re
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from browsing import Visit, attribute, number, player
from playwright.sync_api import expect

from nnviz.config import Config
from nnviz.figures.explore import OUTCOMES, Plane, explore_pictures
from nnviz.sweep import Cell, Outcome, grid, run_cell
from nnviz.ui import sweeps
from nnviz.ui.controls import CONTROLS
from nnviz.ui.sweeps import Outcomes, Sweep
from nnviz.ui.views.explore import FIRST, VALUES, _plane

BASE = Cell("blobs", (("samples", 40),), Config(epochs=10, hidden_units=3))


@pytest.fixture(scope="module")
def plane() -> Plane:
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0, 5.0],
        "gradient": ["exact", "difference"],
    }
    found = [run_cell(cell) for cell in grid(BASE, axes, seeds=2)]
    places = {(c, r, 0): tuple(found[4 * c + 2 * r :][:2]) for c in range(3) for r in range(2)}
    del places[2, 1, 0]  # not trained yet
    return Plane(("learning_rate", "gradient"), ("0.1", "1", "5"), ("exact", "difference"), places)


@pytest.mark.parametrize("shown", OUTCOMES)
def test_pictures_are_accepted_and_explained(plane: Plane, shown: str) -> None:
    for picture in explore_pictures(plane, shown):
        go.Figure(picture.figure)
        assert 30 < len(picture.how_to_read) <= 128
        assert picture.alt


def test_the_heat_map_is_the_mean_over_seeds(plane: Plane) -> None:
    heat = explore_pictures(plane, "loss")[0].figure["data"][0]
    for (column, row, _), runs in plane.runs.items():
        assert heat["z"][row, column] == pytest.approx(np.mean([r.loss for r in runs]), rel=1e-6)
        assert heat["customdata"][row, column] == row * 3 + column
    assert np.isnan(heat["z"][1, 2])
    assert heat["hovertext"][1][2] == "not trained yet"


def test_what_no_run_reached_is_said() -> None:
    short = Cell("spiral", (), Config(epochs=1, learning_rate=0.001))
    runs = (run_cell(short), run_cell(short))
    assert all(run.epochs_to_target is None for run in runs)
    plane = Plane(("a", "b"), ("1",), ("2",), {(0, 0, 0): runs})
    heat = explore_pictures(plane, "epochs_to_target")[0].figure["data"][0]
    assert heat["text"][0][0] == "never"


def test_empty_grids_can_be_drawn() -> None:
    for picture in explore_pictures(Plane(("a", "b"), ("1", "2"), ("3",), {}), "loss"):
        go.Figure(picture.figure)


def test_values_are_those_that_the_controls_can_take() -> None:
    for name, values in VALUES.items():
        control = CONTROLS[name]
        for value in values:
            if control.options is not None:
                assert value in control.options, f"{name} {value} cannot be opened"
            else:
                assert control.low <= value <= control.high
        assert set(FIRST[name]) <= set(values)


def test_finished_runs_are_kept_and_not_trained_again() -> None:
    kept = Outcomes()
    cells = grid(BASE, {"learning_rate": [0.1, 0.5]}, seeds=2)
    known = run_cell(cells[1])
    kept.put(cells[1], known)
    sweep = Sweep(cells, kept)
    sweep.wait()
    assert not sweep.error
    found = kept.of(cells)
    assert sorted(found) == [0, 1, 2, 3]
    assert found[1] is known
    assert found[3] == run_cell(cells[3])


def test_a_cancelled_sweep_keeps_what_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Outcomes()
    cells = grid(BASE, {}, seeds=10)

    def three_then_more(asked: list[Cell], **_: bool) -> object:
        for number_, cell in enumerate(asked):
            if number_ == 3:
                sweep.cancel()
            yield number_, run_cell(cell)

    monkeypatch.setattr(sweeps, "run_cells", three_then_more)
    sweep = Sweep(cells, kept)
    sweep.wait()
    assert sorted(kept.of(cells)) == [0, 1, 2, 3]


def test_the_sweep_of_a_session_that_has_ended_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Outcomes()
    grids = [grid(replace(BASE, config=replace(BASE.config, seed=n)), {}, 3) for n in (0, 10, 20)]
    begun, go_on = threading.Event(), threading.Event()

    def held_up(asked: list[Cell], **_: bool) -> object:
        for number_, cell in enumerate(asked):
            begun.set()
            assert go_on.wait(20)
            yield number_, run_cell(cell)

    monkeypatch.setattr(sweeps, "run_cells", held_up)
    first = Sweep(grids[0], kept)
    assert begun.wait(20)
    second, third = Sweep(grids[1], kept), Sweep(grids[2], kept)
    assert second.waiting, "two sweeps at once"
    assert not first.waiting
    third.cancel()
    third.wait()  # at once, though its turn has not come
    del first
    gc.collect()
    go_on.set()
    second.wait()
    assert [len(kept.of(cells)) for cells in grids] == [1, 3, 0]


def test_a_failure_is_said_and_keeps_what_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Outcomes()
    cells = grid(BASE, {}, seeds=3)

    def failing(asked: list[Cell], **_: bool) -> object:
        yield 0, run_cell(asked[0])
        raise RuntimeError("a worker died again and again")

    monkeypatch.setattr(sweeps, "run_cells", failing)
    sweep = Sweep(cells, kept)
    sweep.wait()
    assert sweep.error == "RuntimeError: a worker died again and again"
    assert sorted(kept.of(cells)) == [0]


def test_only_so_many_outcomes_are_kept() -> None:
    kept = Outcomes(most=2)
    cells = grid(BASE, {}, seeds=3)
    found: Outcome = run_cell(cells[0])
    for cell in cells:
        kept.put(cell, found)
    assert sorted(kept.of(cells)) == [1, 2]


@pytest.mark.browser
def test_a_sweep_fills_the_grid_and_a_click_opens_its_run(visit: Visit) -> None:
    page = visit("explore?epochs=50&samples=90&seeds=1")
    page.get_by_role("button", name="Train 25 runs").click()
    expect(page.get_by_text("25 of 25 runs are trained.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-picture='heat 0'] .nnviz-plot")).to_have_attribute(
        "aria-label", re.compile(r"lowest [\d.]+ at learning_rate")
    )
    place = page.locator("[data-picture='heat 0'] .nsewdrag").first.bounding_box()
    assert place is not None
    x, y = place["x"] + 0.3 * place["width"], place["y"] + 0.3 * place["height"]
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    page.mouse.click(x, y)
    link = page.get_by_role("link", name="Open the run with learning_rate 0.1, hidden_units 16")
    expect(link).to_be_visible()
    # The same by the keyboard: from the first place one right, one up, and back.
    page.locator("[data-picture='heat 0']").get_by_role("button", name="Pick").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    other = page.get_by_role("link", name="Open the run with learning_rate 0.1, hidden_units 4")
    expect(other).to_be_visible()
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    link.click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert number(page, "Epoch") == "50 / 50"
    assert "learning_rate=0.1" in page.url
    assert "samples=90" in page.url
    assert attribute(page, "status") == "finished"


def test_a_third_setting_makes_a_heat_map_for_each_of_its_values() -> None:
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0],
        "hidden_units": [2, 3, 4],
        "gradient": ["exact", "difference"],
    }
    cells = grid(BASE, axes, seeds=2)
    found = {number_: run_cell(cell) for number_, cell in enumerate(cells) if number_ != 3}
    plane = _plane(axes, cells, found)
    pictures = explore_pictures(plane, "loss")
    assert [p.name for p in pictures] == ["heat 0", "heat 1", "curves", "parallel"]
    assert pictures[1].title == "Final loss, gradient difference"
    limits = {str(p.figure["layout"]["coloraxis2"]["cmin"]) for p in pictures[:2]}
    assert len(limits) == 1, "one colour must mean one number"
    for layer, picture in enumerate(pictures[:2]):
        heat = picture.figure["data"][0]
        for number_, place in np.ndenumerate(heat["customdata"]):
            column, row, at = plane.place(int(place))
            assert (row, column, at) == (*number_, layer)
            wanted = {"hidden_units": axes["hidden_units"][row], "gradient": axes["gradient"][at]}
            ours = [
                found[n].loss
                for n, cell in enumerate(cells)
                if n in found
                and cell.config.learning_rate == axes["learning_rate"][column]
                and {key: getattr(cell.config, key) for key in wanted} == wanted
            ]
            assert heat["z"][number_] == pytest.approx(np.mean(ours), rel=1e-6)
    for picture in pictures:
        go.Figure(picture.figure)
    labels = [d["label"] for d in pictures[-1].figure["data"][0]["dimensions"]]
    assert labels[:3] == list(axes)
    assert len(pictures[2].figure["data"]) == 2 * 3 * 2


@pytest.mark.browser
def test_a_sweep_can_be_cancelled_and_gone_on_with(visit: Visit) -> None:
    page = visit("explore?epochs=2000&seeds=4")
    page.get_by_role("button", name="Train 100 runs").click()
    expect(page.get_by_text(re.compile(r"[1-9]\d* of 100 runs, \d+ s left"))).to_be_visible(
        timeout=30_000
    )
    page.get_by_role("button", name="Cancel").click()
    left = page.get_by_role("button", name=re.compile(r"Train \d+ runs"))
    expect(left).to_be_visible(timeout=30_000)
    assert 0 < int(re.findall(r"\d+", left.inner_text())[0]) < 100
    page.get_by_role("combobox", name="Across").click()
    page.get_by_role("option", name="gradient").click()
    expect(player(page)).to_be_visible()
    expect(page.get_by_text("Values of gradient")).to_be_visible()
