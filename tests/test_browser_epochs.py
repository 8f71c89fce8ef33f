"""What is opened from a picture, or on another page, speaks of the epoch that the picture shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Visit, at_epoch, attribute, number, player, settle, slide, step_from_the_start
from playwright.sync_api import Page, expect

from nnviz.paper.error_term import error_term
from nnviz.paper.network import forward
from nnviz.runs.recording import parameters_at, train
from nnviz.runs.spec import RunSpec
from nnviz.ui.presets import PRESETS
from nnviz.ui.shared.approximation import ApproximationView

pytestmark = pytest.mark.browser


def step_epoch(page: Page) -> Any:
    page.get_by_role("link", name="Step", exact=True).click()
    settle(page)
    return page.get_by_test_id("stMain").get_by_test_id("stNumberInputField").first


def test_a_control_that_moves_the_epoch_moves_it_for_all_pages(visit: Visit) -> None:
    """To the end of a longer run, or of a shorter one; it stayed where the scrubber was let go."""
    page = visit("?epochs=100")
    step_from_the_start(page, 3)
    page.keyboard.press("End")
    settle(page)
    slide(page, "Epochs", "ArrowRight")
    at_epoch(page, 200)
    settle(page)
    expect(step_epoch(page)).to_have_value("200")
    page.get_by_role("link", name="Train", exact=True).click()
    at_epoch(page, 200)
    for epochs in (100, 50):
        slide(page, "Epochs", "ArrowLeft")
        at_epoch(page, epochs)
    settle(page)
    expect(step_epoch(page)).to_have_value("50")


def test_a_run_opened_from_a_grid_is_shown_at_its_end(visit: Visit) -> None:
    """The grid's colours are of the end, wherever the scrubber was on the Train page."""
    shown = "picture=values&outcome=final+loss"
    tried = "seeds=1&try_learning_rate=0.5&try_hidden_units=4"
    page = visit(f"explore?epochs=50&samples=110&data_seed=7&{shown}&{tried}")
    settle(page)
    page.get_by_role("link", name="Train", exact=True).click()
    at_epoch(page, 50)
    settle(page)
    step_from_the_start(page, 3)
    page.get_by_role("link", name="Explore", exact=True).click()
    train_button = page.get_by_role("button", name=re.compile("^Train 1 run$"))
    train_button.click()
    expect(page.get_by_text("1 of 1 runs are trained.")).to_be_visible(timeout=60_000)
    heat = page.locator("[data-picture='heat 0']")
    lowest = re.compile(r"lowest ([\d.]+) at")
    expect(heat.locator(".nnviz-plot")).to_have_attribute("aria-label", lowest)  # when it is drawn
    told = lowest.search(heat.locator(".nnviz-plot").get_attribute("aria-label") or "")
    assert told
    heat.get_by_role("button", name="Pick").focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    at_epoch(page, 50)
    assert float(number(page, "Loss")) == pytest.approx(float(told[1]), abs=6e-4)


def test_a_sample_s_terms_are_of_the_run_and_epoch_seen(visit: Visit) -> None:
    """With matched steps, too: once it was of the run at one learning rate."""
    preset = PRESETS["certain-matched"]
    page = visit("approximation?preset=certain-matched&epoch=40")
    expect(player(page)).to_have_attribute("data-status", "finished", timeout=20_000)
    at_epoch(page, 40)
    spec: RunSpec = preset.spec
    view = ApproximationView(spec, "matched", criterion=None)  # type: ignore[arg-type]
    run = train(view.of_rule("difference").config, spec.load())
    shown = max(k.epoch for k in run.keyframes if k.epoch <= 40)
    picture = page.locator("[data-picture=worst]")
    picture.scroll_into_view_if_needed()
    expect(picture.locator(".point").first).to_be_visible()
    picture.get_by_role("button", name="Pick").focus()
    page.keyboard.press("ArrowDown")
    expect(picture.locator(".nnviz-spoken")).not_to_have_text("")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="One sample")
    expect(drawer).to_contain_text(f"at epoch {shown} of the run by")
    sample = int(re.findall(r"Training sample (\d+)", drawer.inner_text())[0]) - 1  # from 0
    data = run.dataset
    E = error_term(forward(parameters_at(run, shown), data.X).A2, data.Y)
    unmatched = train(spec.config, data)
    other = error_term(forward(parameters_at(unmatched, shown), data.X).A2, data.Y)
    assert f"{E[sample]:.4f}" != f"{other[sample]:.4f}", "the two runs cannot be told apart here"
    lab = drawer.get_by_test_id("nnviz-sample")
    expect(lab).to_be_visible()
    assert float(lab.get_attribute("data-error") or "nan") == pytest.approx(E[sample], abs=1e-9)
    assert attribute(page, "run").endswith("matched")
    # The Step page has the run at one learning rate.
    expect(drawer.get_by_role("button", name="Open on the Step page")).to_be_hidden()
