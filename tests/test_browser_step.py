"""The Step and Learn pages, and the presenter view, in real Chromium."""

from __future__ import annotations

import re

import pytest
from browsing import Visit, at_epoch, attribute, draws, number, player, settle, step_from_the_start
from playwright.sync_api import Page, expect

from nnviz.by_hand.worked import STAGES
from nnviz.ui.presets import PRESETS
from nnviz.ui.views.learn import OPENS

pytestmark = pytest.mark.browser

FIRST_LINE = {
    "forward": "(7)",
    "loss": "(11), sample",
    "output gradient": "(12), D",
    "back-propagation": "(17)",
    "update": "(28)",
}


def stage_shown(page: Page, stage: str) -> None:
    expect(page.get_by_role("radio", name=stage, exact=True)).to_be_checked()
    expect(page.get_by_text(FIRST_LINE[stage], exact=True).first).to_be_visible()
    settle(page)
    for picture in page.locator(".nnviz-picture").all():
        alt = picture.locator(".nnviz-plot").get_attribute("aria-label") or ""
        assert re.match(r"Matrix .* \[\d+×\d+\], .*; in use: ", alt), alt


def test_all_stages_by_keyboard_and_back(visit: Visit) -> None:
    page = visit("step?at=120")
    for stage in STAGES:
        stage_shown(page, stage)
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    assert "stage=update" in page.url
    for stage in reversed(STAGES[:-1]):
        page.keyboard.press("ArrowLeft")
        stage_shown(page, stage)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_step_page_opens_at_the_epoch_seen(visit: Visit) -> None:
    page = visit()
    step_from_the_start(page, 2)
    page.get_by_role("link", name="Step").click()
    expect(page.get_by_test_id("stMain").get_by_test_id("stNumberInputField").first).to_have_value(
        "2"
    )
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    at_epoch(page, 2)
    page.keyboard.press("ArrowRight")
    at_epoch(page, 3)
    settle(page)
    page.get_by_role("link", name="Step").click()
    expect(page.get_by_test_id("stMain").get_by_test_id("stNumberInputField").first).to_have_value(
        "3"
    )


@pytest.mark.parametrize(
    ("rule", "squared", "entropy"),
    [
        ("exact", "matches", "does not match"),
        ("drop_error_term", "does not match", "does not match"),
        ("difference", "does not match", "matches"),
        ("centred", "does not match", "does not match"),
    ],
)
def test_gradient_check_badges(visit: Visit, rule: str, squared: str, entropy: str) -> None:
    page = visit(f"step?gradient={rule}&at=50&epochs=100")
    page.get_by_text("Gradient check").click()
    expect(page.get_by_text(f"mean squared error: {squared}")).to_be_visible()
    expect(page.get_by_text(f"cross-entropy: {entropy}")).to_be_visible()


def edit_first_weight(page: Page, text: str) -> None:
    """Type into the first cell of the table of W1."""
    table = (
        page.get_by_test_id("stExpander")
        .filter(has_text="What if")
        .get_by_test_id("stDataFrame")
        .first
    )
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(800)  # while the expander opens, the table moves
    table.click(position={"x": 120, "y": 52})
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")  # opens the cell
    page.wait_for_timeout(300)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text, delay=50)
    page.keyboard.press("Enter")


def test_edit_a_weight_and_train_on_from_there(visit: Visit) -> None:
    page = visit("step?at=20&epochs=100")
    before = attribute(page, "run")
    page.get_by_text("What if: edit the parameters").click()
    edit_first_weight(page, "1000000000000000")
    expect(page.get_by_text("No run can start from these numbers")).to_be_visible()
    expect(page.get_by_text("less than 1e+12 in length")).to_be_visible()
    expect(page.get_by_role("link", name="Train on from here")).to_be_hidden()
    edit_first_weight(page, "2.5")
    expect(page.get_by_text("Loss after the step")).to_be_visible()
    expect(page.get_by_text("as edited").first).to_be_visible()
    expect(player(page)).not_to_have_attribute("data-run", before)
    page.get_by_role("link", name="Train on from here").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    expect(
        page.get_by_text("Training continues from epoch 20 with 1 parameter edited")
    ).to_be_visible()
    at_epoch(page, 0)
    edited = number(page, "Loss")
    run = attribute(page, "run")
    page.get_by_role("button", name="Back to the drawn weights").click()
    expect(player(page)).not_to_have_attribute("data-run", run)
    expect(page.get_by_text("Training continues from epoch 20")).to_be_hidden()
    assert number(page, "Loss") != edited


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("init_scale=0&at=0", ["cannot tell", "cannot tell"]),
        ("init_scale=0&at=0&gradient=exact", ["cannot tell", "cannot tell"]),
    ],
)
def test_gradient_check_says_that_it_cannot_tell(
    visit: Visit, query: str, answers: list[str]
) -> None:
    page = visit(f"step?{query}")
    page.get_by_text("Gradient check").click()
    for loss, answer in zip(("mean squared error", "cross-entropy"), answers, strict=True):
        expect(page.get_by_text(f"{loss}: {answer}")).to_be_visible()
    expect(page.get_by_text("Not everything can be told here")).to_be_visible()
    expect(page.get_by_text("every entry is on the corner of a ReLU").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_article_has_all_equations_and_findings(visit: Visit, width: int, theme: str) -> None:
    page = visit("step", width=width, color_scheme=theme)
    page.goto(page.url.split("step")[0] + "learn")
    for heading in OPENS:
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert page.locator(".katex-error").count() == 0, "an equation cannot be read"
    tags = page.locator(".katex-display .tag:visible").all_inner_texts()
    assert tags == [f"({number})" for number in range(1, 30)]
    # What is wider than the screen scrolls, with its number at the end, not over it.
    # Once the letters are there: until then, equations are of another width.
    page.wait_for_function(
        """() => [...document.querySelectorAll(".katex-display")].every((equation) => {
          const box = (element) => element.getBoundingClientRect();
          const tag = equation.querySelector(".tag");
          if (!tag) return box(equation).right <= innerWidth; // ours, which the source has not
          const end = Math.max(...[...equation.querySelectorAll(".base")].filter(
            (part) => !tag.contains(part)).map((part) => box(part).right));
          const scrolls = getComputedStyle(equation).overflowX === "auto";
          const wide = equation.scrollWidth > equation.clientWidth;
          const over = box(tag).left < end || box(equation).right > innerWidth;
          return !over && (!wide || scrolls);
        })"""
    )
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("link", name=PRESETS["leak"].title).click()
    expect(page).to_have_url(re.compile("/approximation"))
    draws(page)
    at_epoch(page, PRESETS["leak"].epoch)
    expect(page.get_by_text(PRESETS["leak"].title, exact=True).first).to_be_visible()


def test_the_presenter_view_hides_controls_and_enlarges_type(visit: Visit) -> None:
    def type_size(page: Page) -> float:
        return float(
            page.evaluate(
                """() => parseFloat(getComputedStyle(
                  document.querySelector(".nnviz-numbers dd")).fontSize)"""
            )
        )

    small = type_size(visit("approximation?preset=leak"))
    page = visit("approximation?preset=leak&present=1")
    assert type_size(page) > 1.2 * small
    expect(page.get_by_text("Data set", exact=True)).not_to_be_in_viewport()
    expect(page.get_by_role("combobox", name="Compare at")).to_be_hidden()
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert type_size(page) > 1.2 * small
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
