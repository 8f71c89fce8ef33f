"""The Explore page: its pictures, its sweeps, and the page in Chromium."""

from __future__ import annotations

import gc
import os
import re
import signal
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from browsing import Visit, attribute, number, player, settle
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest
from test_pool import until

from nnviz.figures.pages.explore import explore_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import HOLDS, HOLDS_WITHOUT_E, OUTCOMES, RunGrid
from nnviz.figures.style import SEQUENTIAL, inks
from nnviz.figures.tiles import Asked, Found, found_in_slices
from nnviz.runs.config import Config
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome, grid, in_slices, measured_in_slices, run_one
from nnviz.sweeps.pool import Pool, last
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.varied import VARIED
from nnviz.ui.shared import sweeps
from nnviz.ui.shared.sweeps import Outcomes, Sweep

BASE = RunSpec("blobs", (("samples", 40),), Config(epochs=10, hidden_units=3))


def arranged(
    axes: dict[str, list[Any]], seeds: int, left_out: Collection[int] = ()
) -> tuple[RunGrid, dict[int, Outcome]]:
    """A grid by the names of its settings, trained but for some cells."""
    specs = grid(BASE, axes, seeds)
    found = {n: run_one(spec) for n, spec in enumerate(specs) if n not in left_out}
    return RunGrid.of(axes, specs, found), found


@pytest.fixture(scope="module")
def run_grid() -> RunGrid:
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0, 5.0],
        "gradient": ["exact", "difference"],
    }
    return arranged(axes, seeds=2, left_out=(3, 10, 11))[0]  # of one place nothing, of one a half


@pytest.mark.parametrize("shown", OUTCOMES)
def test_pictures_are_accepted_and_explained(run_grid: RunGrid, shown: str) -> None:
    for picture in explore_pictures(run_grid, [shown]):
        go.Figure(picture.figure)
        assert 30 < len(picture.how_to_read) <= 128
        assert picture.alt


def test_each_rule_s_curves_are_named_once_and_ours_are_dashed() -> None:
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0],
        "hidden_units": [2, 3],
        "gradient": ["exact", "difference", "centred"],
    }
    run_grid, _ = arranged(
        axes, seeds=1, left_out=(0, 1)
    )  # nothing at the first place of two layers
    curves = next(p for p in explore_pictures(run_grid, ["final loss"]) if p.name == "curves")
    named = [trace for trace in curves.figure["data"] if trace["showlegend"]]
    assert all(trace["x"].size for trace in named), "a line without points has no place to be named"
    assert {(trace["name"], trace["line"]["dash"]) for trace in named} == {
        ("exact (14)", "solid"),
        ("A − Y (16)", "solid"),
        ("centred (ours)", "dash"),
    }
    assert len(named) == 3
    assert curves.figure["layout"]["showlegend"]


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        light = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in light]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_numbers_on_a_heat_map_can_be_read_in_both_themes() -> None:
    stops = np.linspace(0, 1, 5)
    for theme, chosen in inks(stops).items():
        for colour, ink in zip(SEQUENTIAL[theme], chosen, strict=True):
            assert contrast(colour, ink) >= 4.2, f"{ink} on {colour} in the {theme} theme"


def test_what_no_run_reached_is_said() -> None:
    short = RunSpec("spiral", (), Config(epochs=1, learning_rate=0.001))
    specs = grid(short, {"hidden_units": [2]}, seeds=2)
    runs = {number_: run_one(spec) for number_, spec in enumerate(specs)}
    assert all(run.epochs_to_target is None for run in runs.values())
    run_grid = RunGrid.of({"hidden units": [2]}, specs, runs)
    picture = explore_pictures(run_grid, ["epochs to target"])[0]
    assert picture.figure["data"][1]["text"] == ["never"]
    assert picture.note == "First epoch with 0.95 of the training samples right."


def test_a_share_of_a_run_is_said_in_percents() -> None:
    specs = grid(BASE, {"learning_rate": [0.1]}, seeds=3)
    one = run_one(specs[0])
    shares = (1.0, 0.5, float("nan"))
    runs = {n: replace(one, holds=share, holds_without_E=0.004) for n, share in enumerate(shares)}
    run_grid = RunGrid.of({"learning rate": [0.1]}, specs, runs)
    of_16, of_15 = explore_pictures(run_grid, [HOLDS, HOLDS_WITHOUT_E])[:2]
    heat, numbers = of_16.figure["data"]
    assert of_16.title == "A − Y (16) holds, share"
    assert numbers["text"][0] == "<b>75 %</b> 2/3<br>50 %–100 %"
    assert heat["hovertext"][0][0] == ("mean 75 % over 2 of 3 seeds, 1 without a value: 50 %–100 %")
    assert "lowest 75 % at learning rate 0.1" in of_16.alt
    assert "50 steps by A − Y (16), as long as those of exact (14), make at least 0.9" in of_16.note
    assert of_15.figure["data"][1]["text"][0] == "<b>0 %</b>"
    assert "50 steps without E (15), as long as those of exact (14)" in of_15.note
    unknown = {n: replace(one, holds=float("nan")) for n in range(3)}
    run_grid = RunGrid.of({"learning rate": [0.1]}, specs, unknown)
    assert explore_pictures(run_grid, [HOLDS])[0].figure["data"][1]["text"][0] == "n/a"


def test_a_mean_says_over_how_many_seeds_it_is() -> None:
    """Of three seeds, one does not reach the target, and then one is not trained yet."""
    specs = grid(BASE, {"learning_rate": [0.1]}, seeds=3)
    one = run_one(specs[0])
    runs = {
        0: replace(one, epochs_to_target=10),
        1: replace(one, epochs_to_target=20),
        2: replace(one, epochs_to_target=None, status="diverged"),
    }

    def shown(outcomes: dict[int, Outcome]) -> tuple[str, str, Picture]:
        run_grid = RunGrid.of({"learning rate": [0.1]}, specs, outcomes)
        picture = explore_pictures(run_grid, ["epochs to target"])[0]
        heat, numbers = picture.figure["data"]
        return numbers["text"][0], heat["hovertext"][0][0], picture

    text, hover, picture = shown(runs)
    assert text == "<b>15</b> 2/3<br>10–20"
    assert hover == "mean 15 over 2 of 3 seeds, 1 without a value: 10–20"
    assert "lowest 15 at learning rate 0.1, over 2 of 3 seeds" in picture.alt
    assert "1 of 3 runs diverged" in picture.note
    text, hover, _ = shown({0: runs[0], 2: runs[2]})
    assert text == "<b>10</b> 1/3"
    assert hover == "mean 10 over 1 of 3 seeds, 1 without a value, 1 not trained yet: 10"
    text, hover, _ = shown({2: runs[2]})
    assert (text, hover) == ("–", "0 of 3 seeds, 1 without a value, 2 not trained yet")
    whole = {number_: replace(run, epochs_to_target=7) for number_, run in runs.items()}
    text, hover, picture = shown(whole)
    assert (text, hover) == ("<b>7</b>", "mean 7 over 3 of 3 seeds: 7")
    assert "over" not in picture.alt


def test_runs_without_a_test_part_are_not_drawn_as_if_all_of_it_were_wrong() -> None:
    for shares, there in (([0.0, 0.25], False), ([0.2, 0.25], True)):
        run_grid, _ = arranged({"test_share": shares}, seeds=1)
        parallel = explore_pictures(run_grid, ["final loss"])[-1].figure["data"][0]
        labels = [dimension["label"] for dimension in parallel["dimensions"]]
        assert ("test accuracy" in labels) is there
        assert "final loss" in labels


def test_empty_grids_can_be_drawn() -> None:
    specs = grid(BASE, {"learning_rate": [0.1, 1.0], "hidden_units": [2]}, seeds=2)
    run_grid = RunGrid.of({"learning rate": [0.1, 1.0], "hidden units": [2]}, specs, {})
    (empty,) = explore_pictures(run_grid, ["final loss"])
    go.Figure(empty.figure)
    assert empty.figure["data"][1]["text"] == ["–", "–"]
    assert empty.figure["layout"]["xaxis"]["range"] == [-0.5, 1.5], "places would be cut off"


def test_values_are_those_that_the_controls_can_take() -> None:
    for varied in VARIED.values():
        control = CONTROLS[varied.setting]
        for value in varied.values:
            if control.options is not None:
                assert value in control.options, f"{varied.setting} {value} cannot be opened"
            else:
                assert control.low <= value <= control.high
        assert set(varied.first) <= set(varied.values)


def test_finished_runs_are_kept_and_not_trained_again() -> None:
    kept = Outcomes()
    specs = grid(BASE, {"learning_rate": [0.1, 0.5]}, seeds=2)
    known = last(found_in_slices, (specs[1], False))
    kept.put(specs[1], known)
    kept.measure(specs[1], last(measured_in_slices, (specs[1], known.milestones)))
    before = kept.of(specs)[1]
    sweep = Sweep(specs, kept)
    sweep.wait()
    assert not sweep.error
    found = kept.of(specs)
    assert sorted(found) == [0, 1, 2, 3]
    assert found[1] is before
    assert found[3] == run_one(specs[3])


@pytest.fixture
def workers(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Pool:
    """One process for the sweeps of a test."""
    monkeypatch.setattr(sweeps, "POOL", pool)
    return pool


LONG = grid(
    RunSpec("digits", (), Config(epochs=20_000, hidden_units=256)), {}, seeds=2
)  # some minutes each
GRIDS = [grid(replace(BASE, config=replace(BASE.config, seed=n)), {}, 3) for n in (0, 10, 20)]


def sweep_in_a_run(kept: Outcomes, **how: Any) -> Sweep:
    """A sweep with a short run, of which a long one is in training."""
    sweep = Sweep([*GRIDS[0][:1], *LONG], kept, "long", **how)
    until(lambda: kept.of(GRIDS[0][:1]))
    return sweep


@pytest.mark.usefixtures("workers")
def test_a_cancelled_sweep_keeps_what_has_finished_and_frees_the_workers() -> None:
    kept = Outcomes()
    sweep = sweep_in_a_run(kept)
    assert sweep.running
    sweep.cancel()
    sweep.wait()
    assert not sweep.error
    assert not sweep.unwatched
    assert not kept.of(LONG)
    other = Sweep(GRIDS[1], kept, "other")
    other.wait()
    assert len(kept.of(GRIDS[1])) == 3


@pytest.mark.usefixtures("workers")
def test_the_sweep_of_a_session_that_has_ended_is_cancelled() -> None:
    sweep = sweep_in_a_run(Outcomes())
    thread = sweep._thread
    del sweep
    gc.collect()
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.usefixtures("workers")
def test_a_sweep_that_no_page_asks_about_is_cancelled() -> None:
    """On a clock of the test's own: a look at 9 s, and none up to 19 s."""
    now = 0.0
    kept = Outcomes()
    sweep = sweep_in_a_run(kept, clock=lambda: now)
    now = 9.0
    sweep.look()
    now = 18.9
    sweep._thread.join(4 * sweeps.LOOKS_EVERY)
    assert sweep.running
    now = 19.0
    sweep.wait()
    assert sweep.unwatched


@pytest.mark.usefixtures("workers")
def test_a_sweep_holds_nobody_else_s() -> None:
    """The only worker is in the middle of a run of minutes when another visitor's sweep comes."""
    kept = Outcomes()
    first = sweep_in_a_run(kept)
    second = Sweep(GRIDS[1], kept, "other")
    second.wait()
    assert len(kept.of(GRIDS[1])) == 3
    assert first.running
    assert not kept.of(LONG)
    first.cancel()
    first.wait()


@pytest.mark.usefixtures("workers")
def test_only_so_many_sweeps_share_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "_PLACES", threading.Semaphore(1))
    kept = Outcomes()
    first = sweep_in_a_run(kept)
    second, third = Sweep(GRIDS[1], kept), Sweep(GRIDS[2], kept)
    assert second.waiting
    assert not first.waiting
    third.cancel()
    third.wait()  # though its turn has not come
    first.cancel()
    second.wait()
    assert [len(kept.of(specs)) for specs in GRIDS] == [1, 3, 0]


def test_the_first_run_is_there_though_the_workers_have_no_time(
    workers: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A helper trains it, if it is short; a long one would keep the helper from the pages."""
    helpers = Pool(1)
    monkeypatch.setattr(sweeps, "HELPERS", helpers)
    helpers.share(in_slices, GRIDS[2][:1]).take(60)
    monkeypatch.setattr(workers, "_give", lambda *_: None)  # nothing of theirs is begun
    kept = Outcomes()
    short, long = Sweep(GRIDS[0], kept), Sweep(LONG, kept, "long")
    until(lambda: kept.of(GRIDS[0]))
    (there,) = kept.of(GRIDS[0]).items()
    expected = run_one(GRIDS[0][0])
    # Where the rules hold is measured when all are trained.
    assert repr(there) == repr((0, replace(expected, holds=nan, holds_without_E=nan)))
    assert not helpers._shares, "it has nothing of the long ones"
    assert long.running
    for sweep in (short, long):
        sweep.cancel()
        sweep.wait()
    helpers.close()


@pytest.mark.usefixtures("workers")
def test_a_failure_is_said_and_keeps_what_has_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Outcomes()
    monkeypatch.setattr(sweeps, "found_in_slices", killed_by_its_second_seed)
    sweep = Sweep(GRIDS[0], kept, clock=float)  # on which no time passes
    sweep.wait()
    assert "Processes died 3 times; is there too little memory?" in sweep.error
    assert 0 in kept.of(GRIDS[0])


def killed_by_its_second_seed(asked: Asked) -> Iterator[Found | None]:
    """Take the worker down, where there is too little memory, say."""
    if asked[0].config.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    yield from found_in_slices(asked)


def explore_alone(dataset: str, epochs: int, units: int) -> None:
    """The script of a page that is nothing else."""
    from nnviz.runs.config import Config
    from nnviz.runs.spec import RunSpec
    from nnviz.ui.controls.drawing import sidebar
    from nnviz.ui.views.explore import explore_page

    sidebar(None)
    explore_page(RunSpec(dataset, (), Config(epochs=epochs, hidden_units=units)), {})


def test_what_a_grid_costs_is_said_before_it_starts_and_bounded() -> None:
    page = AppTest.from_function(explore_alone, args=("digits", 90_000, 64), default_timeout=60)
    page.run()
    said = " ".join(info.value for info in page.info)
    assert re.search(r"That is about \d+ minutes of computing; at most about 30 minutes", said)
    assert not [button for button in page.button if button.label.startswith("Train ")]
    assert "nnviz sweep" in said
    page = AppTest.from_function(explore_alone, args=("blobs", 10, 3), default_timeout=60)
    page.session_state["seeds"] = 2  # or it would start by itself
    page.run()
    assert [button.label for button in page.button if button.label.startswith("Train ")]
    assert any(re.search(r"All together take about \d s of", text.value) for text in page.markdown)


def test_the_page_says_first_what_is_there_to_be_seen() -> None:
    """Of values there is nothing to play."""
    page = AppTest.from_function(explore_alone, args=("blobs", 10, 3), default_timeout=60)
    page.session_state["seeds"] = 1  # or it would start by itself
    page.run()
    assert page.subheader[0].value == "25 networks, one scrubber"
    page.session_state["picture"] = "values"
    page.run()
    assert page.subheader[0].value == "25 networks, in numbers"
    assert "Play" not in page.caption[0].value


def test_only_so_many_outcomes_are_kept() -> None:
    kept = Outcomes(most=2)
    specs = grid(BASE, {}, seeds=3)
    found = last(found_in_slices, (specs[0], False))
    for spec in specs:
        kept.put(spec, found)
    assert sorted(kept.of(specs)) == [1, 2]


@pytest.mark.browser
def test_a_sweep_fills_the_grid_and_a_click_opens_its_run(visit: Visit) -> None:
    tried = "".join(f"&try_hidden_units={units}" for units in (2, 4, 16, 32))
    page = visit(f"explore?picture=values&outcome=final+loss&epochs=50&samples=90&seeds=1{tried}")
    page.get_by_role("button", name="Train 20 runs").click()
    expect(page.get_by_text("20 of 20 runs are trained.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-picture='heat 0'] .nnviz-plot")).to_have_attribute(
        "aria-label", re.compile(r"lowest [\d.]+ at learning rate")
    )
    place = page.locator("[data-picture='heat 0'] .nsewdrag").first.bounding_box()
    assert place is not None
    x, y = place["x"] + 0.3 * place["width"], place["y"] + 0.3 * place["height"]
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert number(page, "Epoch") == "50 / 50"
    settle(page)
    assert "learning_rate=0.1" in page.url
    assert "hidden_units" not in page.url, "16 is what the controls say at first"
    assert "samples=90" in page.url
    assert attribute(page, "status") == "finished"

    # Back on the page, the grid is as it was. By the keyboard: from the first place one up.
    page.get_by_role("link", name="Explore", exact=True).click()
    expect(page.get_by_text("20 of 20 runs are trained.")).to_be_visible()
    assert "try_hidden_units=4" in page.url
    page.locator("[data-picture='heat 0']").get_by_role("button", name="Pick").focus()
    for key in ("ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    settle(page)
    assert "learning_rate=0.05" in page.url
    assert "hidden_units=4" in page.url


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_numbers_of_a_heat_map_do_not_run_into_each_other(visit: Visit, width: int) -> None:
    page = visit(
        "explore?picture=values&outcome=final+loss&epochs=200&samples=80&seeds=2&try_hidden_units=32",
        width=width,
    )
    train = page.get_by_role("button", name="Train 10 runs")
    if train.count():  # the runs are all visitors'
        train.click()
    expect(page.get_by_text("10 of 10 runs are trained.")).to_be_visible(timeout=60_000)
    heat = page.locator("[data-picture='heat 0']")
    heat.scroll_into_view_if_needed()
    expect(heat.locator(".textpoint text").nth(4)).to_be_visible()
    settle(page)
    boxes = [text.bounding_box() for text in heat.locator(".textpoint text").all()]
    spans = sorted((b["x"], b["x"] + b["width"]) for b in boxes if b is not None)
    assert len(spans) == 5
    for (_, end), (start, _) in pairwise(spans):
        assert end < start, "numbers overlap"
    if width > 1000:
        assert "–" in heat.locator(".textpoint text").first.inner_html(), "the range has room"


@pytest.mark.browser
def test_values_of_an_address_that_cannot_be_are_left_out(visit: Visit) -> None:
    page = visit("explore?try_hidden_units=5&try_hidden_units=4&try_hidden_units=8")
    expect(
        page.get_by_text("must be one of 1, 2, 4, 8, 16, 32, 64; it is '5'; left out")
    ).to_be_visible()
    expect(page.get_by_text(re.compile(r"\b\d+ of 30 runs are trained"))).to_be_visible()
    assert page.url.endswith("explore?try_hidden_units=4&try_hidden_units=8")


@pytest.mark.browser
def test_a_curve_opens_the_run_of_its_seed(visit: Visit) -> None:
    tried = "try_learning_rate=0.5&try_hidden_units=4"
    page = visit(f"explore?picture=values&epochs=50&samples=100&seeds=2&{tried}")
    page.get_by_role("button", name="Train 2 runs").click()
    expect(page.get_by_text("2 of 2 runs are trained.")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-picture=curves] .nnviz-plot .main-svg").first).to_be_visible()
    second = page.evaluate(
        """() => {
          const plot = document.querySelector("[data-picture=curves] .nnviz-plot");
          const { x, y, customdata } = plot.data[0];
          const at = customdata.indexOf(1) + 1; // a point of the second seed's curve
          const { left, top } = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot._fullLayout;
          return [left + xaxis._offset + xaxis.d2p(x[at]), top + yaxis._offset + yaxis.d2p(y[at])];
        }"""
    )
    page.mouse.move(*second)
    page.wait_for_timeout(300)
    page.mouse.click(*second)
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    settle(page)
    assert "seed=1" in page.url
    assert "hidden_units=4" in page.url


def test_a_third_setting_makes_a_heat_map_for_each_of_its_values() -> None:
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0],
        "hidden_units": [2, 3, 4],
        "gradient": ["exact", "difference"],
    }
    run_grid, found = arranged(axes, seeds=2, left_out=(3,))
    pictures = explore_pictures(run_grid, ["training accuracy"])
    assert [p.name for p in pictures] == ["heat 0", "heat 1", "curves", "parallel"]
    assert pictures[1].title == "Training accuracy, gradient A − Y (16)"
    limits = {str(p.figure["layout"]["coloraxis2"]["cmin"]) for p in pictures[:2]}
    assert len(limits) == 1, "one colour must mean one number"
    for layer, picture in enumerate(pictures[:2]):
        heat = picture.figure["data"][0]
        for (row, column), first in np.ndenumerate(heat["customdata"]):
            wanted = {
                "learning_rate": axes["learning_rate"][column],
                "hidden_units": axes["hidden_units"][row],
                "gradient": axes["gradient"][layer],
            }
            ours = [
                n
                for n, spec in enumerate(run_grid.specs)
                if {key: getattr(spec.config, key) for key in wanted} == wanted
            ]
            assert ours[0] == first
            shares = [found[n].accuracy for n in ours if n in found]
            assert heat["z"][row, column] == pytest.approx(np.mean(shares), rel=1e-6)
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
    page.get_by_role("button", name="Choose the grid").click()
    page.get_by_role("combobox", name="Across").click()
    page.get_by_role("option", name="gradient rule").click()
    expect(player(page)).to_be_visible()
    expect(page.get_by_text("Values of gradient rule")).to_be_visible()
