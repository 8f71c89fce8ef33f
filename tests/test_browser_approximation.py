"""The Approximation page in real Chromium, as visitors use it."""

from __future__ import annotations

import re
from json import dumps

import pytest
from browsing import (
    Visit,
    at_epoch,
    attribute,
    drawn,
    number,
    player,
    settle,
    slide,
    step_from_the_start,
)
from playwright.sync_api import Page, expect

from nnviz.ui.presets import PRESETS

pytestmark = pytest.mark.browser


def test_the_approximation_page_keeps_the_run_and_scrubs(visit: Visit) -> None:
    page = visit("?learning_rate=1&epochs=500")
    run = attribute(page, "run")
    page.get_by_role("link", name="Approximation").click()
    expect(page.get_by_role("heading", name="Progress ρ")).to_be_visible()
    expect(player(page)).to_have_attribute("data-run", re.compile(f"^{run}-"))
    expect(player(page).get_by_role("status")).to_contain_text("the progress of exact (14)")
    assert "learning_rate=1" in page.url
    page.locator("[data-picture=input]").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    before = drawn(page, "input")
    page.keyboard.press("Home")
    at_epoch(page, 0)
    assert drawn(page, "input") != before, "the map did not follow the epoch"
    page.get_by_label("Inputs: shown").select_option(index=1)
    settle(page)
    slide(page, "Holds from ρ", "ArrowLeft")
    expect(player(page).get_by_role("status")).to_contain_text("at least 0.85 times")
    settle(page)
    compared = attribute(page, "run")
    slide(page, "Learning rate α", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", compared)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert "learning_rate=1.2" in page.url


def test_the_ribbon_scrubs_and_the_sentence_follows(visit: Visit) -> None:
    page = visit("approximation")
    whole(page)
    sentence = page.get_by_test_id("nnviz-sentence")
    expect(sentence).to_contain_text("Epoch 1,000: accuracy")
    expect(sentence).to_contain_text("50 such steps")
    ribbon = page.get_by_test_id("nnviz-ribbon").locator(".nnviz-lanes canvas").bounding_box()
    assert ribbon is not None
    page.mouse.click(ribbon["x"] + 1, ribbon["y"] + 5)
    at_epoch(page, 0)
    expect(sentence).to_contain_text("Epoch 0: accuracy")
    assert page.get_by_text("Everyone trains with A − Y").count() == 0, "no stage here"
    ticks = (
        "() => document.querySelector('[data-picture=angles] .nnviz-plot').layout.xaxis.ticktext"
    )
    assert page.evaluate(ticks)[:3] == ["0", "1", "3"], "epochs are logarithmic"
    page.get_by_role("button", name="linear").click()
    page.wait_for_function(f"({ticks})()[1] !== '1'")


def test_the_horizon_and_the_threshold_are_moved_in_the_picture(visit: Visit) -> None:
    page = visit("approximation")
    whole(page)
    picture = page.locator("[data-picture=progress]")
    lines = """() => document.querySelector("[data-picture=progress] .nnviz-plot")
      .data.map(({ y }) => Array.from(y))"""
    before = page.evaluate(lines)
    picture.get_by_label("Progress ρ: shown").nth(0).select_option(label="next 1")
    page.wait_for_function(f"before => JSON.stringify(({lines})()) !== before", arg=dumps(before))
    assert all(abs(row[0]) <= 1.2 for row in page.evaluate(lines)), "of one step, a cosine"
    picture.get_by_role("slider", name="Holds from").focus()
    page.keyboard.press("ArrowDown")
    expect(player(page).get_by_role("status")).to_contain_text("at least 0.85 times")
    assert "threshold=0.85" in page.url


def test_pictures_stand_in_groups_below_headings(visit: Visit) -> None:
    page = visit("approximation")
    whole(page)

    def stand(*first: str) -> None:
        """Wait: while one player gives way to another, there are two, the new one last."""
        page.wait_for_function(
            """first =>
              [...([...document.querySelectorAll(".nnviz-pictures")].at(-1)?.children ?? [])]
              .slice(0, 4).map((one) => one.dataset.picture ?? one.textContent).join() === first""",
            arg=",".join(first),
        )

    stand("progress", "angles", "weights", "Where do the runs go?")
    page.get_by_role("button", name="What to see").click()
    page.get_by_role("link", name="4 · ").click()
    stand("leak", "losses", "progress", "Where may it be dropped?")
    expect(page.get_by_role("heading", name="Where may it be dropped?")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_link_to_the_approximation_page_opens_it(visit: Visit, scheme: str) -> None:
    page = visit("approximation?step_length=matched&threshold=0.8&horizon=10", color_scheme=scheme)
    expect(player(page).get_by_role("status")).to_contain_text("over 10 steps")
    expect(player(page).get_by_role("status")).to_contain_text("at least 0.8 times")
    expect(page.get_by_role("heading", name="Outputs")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def whole(page: Page) -> None:
    """Wait until all that is on the screen is drawn."""
    expect(player(page)).to_have_attribute("data-status", "finished")
    page.wait_for_function(
        """() => [...document.querySelectorAll(".nnviz-picture")]
          .filter((picture) => picture.getBoundingClientRect().top < innerHeight)
          .every((picture) => picture.querySelector(".main-svg"))"""
    )


HERE = [name for name, preset in PRESETS.items() if preset.page == "approximation"]


@pytest.mark.parametrize("name", HERE)
def test_a_preset_link_opens_page_run_and_epoch(visit: Visit, name: str) -> None:
    page = visit("approximation")
    page.get_by_role("button", name="What to see").click()
    link = page.get_by_role("link", name=PRESETS[name].title).last
    assert link.get_attribute("href") == f"approximation?preset={name}"
    link.click()
    expect(page.get_by_text(PRESETS[name].title, exact=True).first).to_be_visible()
    run = f"{PRESETS[name].spec.run_id}-{PRESETS[name].step_length}"
    expect(player(page)).to_have_attribute("data-run", run)
    at_epoch(page, PRESETS[name].epoch)
    whole(page)
    titles = page.locator(".nnviz-picture").evaluate_all(
        "pictures => pictures.map((picture) => picture.dataset.picture)"
    )
    assert tuple(titles[: len(PRESETS[name].first)]) == PRESETS[name].first
    for key in PRESETS[name].values:
        assert f"{key}=" in page.url, "the address must say the run"
    assert "preset=" not in page.url


def test_a_preset_opens_by_its_address_and_leads_to_the_next(visit: Visit) -> None:
    page = visit("approximation?preset=bounds")
    at_epoch(page, 0)
    expect(page.get_by_text("the largest E is 1.00")).to_be_visible()
    assert number(page, "Mean |E|") == "0.6589"
    assert "init_scale=10" in page.url
    page.get_by_role("link", name="Next: 2").click()
    expect(page.get_by_text("the mean |E| is 0.0012")).to_be_visible()
    at_epoch(page, 0)
    slide(page, "Hidden units", "ArrowRight")
    expect(page.get_by_text("the mean |E| is 0.0012")).to_be_hidden()
    expect(page.get_by_text("You moved Hidden units: 16 → 17.")).to_be_visible()
    page.get_by_role("link", name="Back to 2 · E = 0").click()
    expect(page.get_by_text("the mean |E| is 0.0012")).to_be_visible()
    assert "hidden_units" not in page.url
    slide(page, "Hidden units", "ArrowLeft")
    expect(page.get_by_text("You moved Hidden units: 16 → 15.")).to_be_visible()
    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("You moved")).to_have_count(0)


def test_a_preset_can_be_a_grid(visit: Visit) -> None:
    page = visit("approximation?preset=weights")
    page.get_by_role("button", name="What to see").click()
    page.get_by_role("link", name="9 · Each at its own best α").click()
    expect(page.get_by_text("ends at a third of the loss")).to_be_visible()
    # What a preset shows is trained without being asked for.
    expect(page.get_by_text("42 of 42 runs are trained.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("In the address:")).to_have_count(0)
    assert "learning_rate=0.3" not in page.url
    page.get_by_role("link", name="Next: 10 · ").click()
    expect(page.get_by_text("An angle speaks of one step")).to_be_visible()
    at_epoch(page, 99)


def test_a_wrong_preset_is_answered_in_words(visit: Visit) -> None:
    page = visit("approximation?preset=nonsense&epoch=12")
    expect(page.get_by_text("preset must be one of")).to_be_visible()
    at_epoch(page, 12)


def test_a_click_on_a_sample_opens_its_terms(visit: Visit) -> None:
    page = visit("approximation?preset=bounds")
    whole(page)
    first = page.locator("[data-picture=worst] .point path").first
    first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    bar = first.bounding_box()
    assert bar is not None
    for _ in range(2):  # and once more, after it was closed
        page.mouse.move(bar["x"] + 30, bar["y"] + 4)
        page.wait_for_timeout(200)
        page.mouse.click(bar["x"] + 30, bar["y"] + 4)
        drawer = page.get_by_role("region", name="One sample")
        expect(drawer).to_contain_text("at epoch 0 of the run by")
        lab = drawer.get_by_test_id("nnviz-sample")
        expect(lab).to_have_attribute("data-error", re.compile(r"^(1|0\.999)"))
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        settle(page)
        bar = first.bounding_box()  # with more room it stands elsewhere
        assert bar is not None
    page.keyboard.press("End")
    at_epoch(page, 1000)
    expect(drawer).to_be_hidden()


def test_the_keyboard_opens_a_sample(visit: Visit) -> None:
    page = visit("approximation?preset=bounds")
    whole(page)
    picture = page.locator("[data-picture=worst]")
    picture.get_by_role("button", name="Pick").focus()
    said = picture.locator(".nnviz-spoken")
    samples: list[str] = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        expect(said, f"{key} did not move").not_to_have_text(samples[-1] if samples else "")
        samples.append(said.inner_text())
        expect(picture.locator(".hovertext")).to_contain_text(samples[-1])
    assert samples[3] == samples[1], "up did not take back what down did"
    at_epoch(page, 0)  # the arrows were not taken for the player's
    page.keyboard.press("Enter")
    number = re.findall(r"sample (\d+)", samples[-1])[0]
    drawer = page.get_by_role("region", name="One sample")
    expect(drawer).to_contain_text(f"Training sample {number} at epoch 0")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_the_keyboard_picks_in_a_picture_not_drawn_yet(visit: Visit) -> None:
    page = visit("approximation?preset=bounds")
    whole(page)
    picture = page.locator("[data-picture=input]")
    # Focus brings it to the screen, where it is drawn some time later; until then nothing can be
    # picked, which must not be an error (`visit` fails on one).
    picture.evaluate(
        """picture => {
            const pick = picture.querySelector(".nnviz-spoken").previousElementSibling;
            pick.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            pick.click();
            pick.focus();
        }"""
    )
    expect(picture.locator("path.point").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    spoken = re.compile(r"^sample \d+, class [ABC], \(-?\d\.\d+, -?\d\.\d+\)$")
    expect(picture.locator(".nnviz-spoken"), "said line by line").to_have_text(spoken)


def test_another_page_opens_at_the_epoch_seen_before(visit: Visit) -> None:
    page = visit()
    step_from_the_start(page, 3)
    page.get_by_role("link", name="Approximation").click()
    expect(page.get_by_role("heading", name="Progress ρ")).to_be_visible()
    at_epoch(page, 3)
    page.keyboard.press("End")
    at_epoch(page, 1000)
    settle(page)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    at_epoch(page, 1000)


def test_samples_leave_trails_in_the_triangle(visit: Visit) -> None:
    page = visit("approximation?preset=zero")
    whole(page)
    points = """() => document.querySelector("[data-picture=triangle] .nnviz-plot")
      .data[4].x.filter(Number.isFinite).length"""
    first = page.evaluate(points)
    page.keyboard.press("End")
    at_epoch(page, 1000)
    whole(page)
    assert page.evaluate(points) == 13 * first, "thirteen keyframes of every sample"
    page.get_by_label("Outputs: shown").nth(1).select_option(index=2)
    page.wait_for_function(  # only the samples of the class chosen
        """() => document.querySelector("[data-picture=triangle] .nnviz-plot")
          .data.slice(7).map(({ visible }) => visible).join() === "false,true,false" """
    )


def test_more_than_three_classes_offer_a_triple(visit: Visit) -> None:
    page = visit("approximation?dataset=digits&epochs=50&triple=3+5+8")
    chosen = page.get_by_role("combobox", name="Classes of the triangle")
    expect(chosen).to_have_value("3 5 8")
    select = page.get_by_label("Outputs: shown")
    assert select.locator("option").all_inner_texts() == ["all", "3", "5", "8"]
    page.get_by_role("button", name="Reset all").click()
    expect(chosen).to_have_count(0)
    expect(select.nth(1).locator("option")).to_have_text(["all", "A", "B", "C"])
