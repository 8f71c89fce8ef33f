"""The tour and the presenter view in Chromium: walked by keyboard, measured, and left."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, at_epoch, attribute, listen, player, settle, visits
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from serving import serve

from nnviz.ui.tour.following import BUILT_IN
from nnviz.ui.tour.reading import read_tour

pytestmark = pytest.mark.browser

STEPS = read_tour(BUILT_IN).steps
SIZES = [(1280, 720), (1440, 900), (1920, 1080)]

LIT = """names => names.map((name) => {
  const place = { ribbon: ".nnviz-transport", sample: "[data-testid=nnviz-sample]", equations: ".st-key-equations" };
  const element = document.querySelector(place[name] ?? `.nnviz-picture[data-picture="${name}"]`);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom, height } = element.getBoundingClientRect();
  return { ring: outlineStyle === "solid" ? outlineWidth : "", top, bottom, height };
})"""  # noqa: E501

PLACES = {
    "ribbon": ".nnviz-transport",
    "sample": "[data-testid=nnviz-sample]",
    "equations": ".st-key-equations",
}

DIMMED = """() => [...document.querySelectorAll(".nnviz-picture")]
  .filter((one) => getComputedStyle(one).filter !== "none").length"""

SMALL = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.closest(".nnviz, .st-key-equations")) continue;
    if (element.closest("style, .katex-mathml, .nnviz-spoken, sup, sub")) continue;
    const { right, width, height, bottom, top } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (width < 3 || height < 3 || right < 3 || bottom < 0 || top > innerHeight) continue;
    if (style.visibility === "hidden" || style.opacity === "0") continue;
    const least = element.closest(".katex-html .mord.text, .katex-html .vlist") ? 0 : 19.9;
    const raised = element.localName === "tspan" && element.getAttribute("dy");
    if (!raised && parseFloat(style.fontSize) < least)
      found.push([style.fontSize, node.textContent]);
  }
  return found;
}"""
"""Text of the pictures and the bar below 20 pixels, but for raised and lowered signs."""

OVERLAPS = """() => {
  const found = [];
  for (const plot of document.querySelectorAll(".nnviz-picture .js-plotly-plot")) {
    const box = plot.getBoundingClientRect();
    if (!box.width) continue;
    const texts = [...plot.querySelectorAll("svg text")]
      .filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0")
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, { width }]) => width);
    for (const [i, [a, p]] of texts.entries()) {
      if (p.left < box.left - 3 || p.right > box.right + 3) found.push([a, "leaves its picture"]);
      if (p.top < box.top - 3 || p.bottom > box.bottom + 3) found.push([a, "leaves its picture"]);
      for (const [b, q] of texts.slice(i + 1)) {
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 2 && high > 3) found.push([a, b]);
      }
    }
  }
  return found;
}"""


def bar(page: Page) -> Locator:
    return page.get_by_test_id("nnviz-tour")


def at_step(page: Page, number: int) -> None:
    expect(bar(page)).to_have_attribute("data-step", str(number), timeout=30_000)
    expect(bar(page)).to_have_attribute("data-revealed", "false")
    settle(page)


def revealed(page: Page) -> None:
    expect(bar(page)).to_have_attribute("data-revealed", "true")


def is_at(page: Page, number: int) -> None:
    """The page, the epoch and the ring are those of a step."""
    step = STEPS[number - 1]
    path = "" if step.page == "train" else step.page
    assert re.search(rf"/{path}\?(.*&)?tour={number}\b", page.url), page.url
    if step.page != "step":
        expect(player(page)).to_have_attribute("data-epoch", str(step.epoch), timeout=30_000)
    expect(bar(page)).to_contain_text(f"{number} of {len(STEPS)}")
    for name in step.pictures:
        expect(page.locator(PLACES.get(name, f"[data-picture='{name}']"))).to_be_attached()
    for lit in page.evaluate(LIT, list(step.pictures)):
        assert lit["ring"] == "3px"
        foot = bar(page).bounding_box()
        assert foot
        assert lit["top"] < foot["y"] - 40, "it is not behind the bar"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_whole_tour_by_keyboard(visit: Visit, size: tuple[int, int]) -> None:
    """In one page, with arrow keys, to the end: the visitor's own run is there again."""
    page = visit("?dataset=moons&learning_rate=0.2&seed=7&epoch=33", *size)
    run = attribute(page, "run")
    settle(page)
    page.evaluate("window.marked = true")
    page.get_by_role("link", name="Learn").click()
    page.get_by_role("link", name=re.compile("tour", re.IGNORECASE)).first.click()
    for number, step in enumerate(STEPS, 1):
        at_step(page, number)
        is_at(page, number)
        assert page.evaluate(DIMMED) > 0 or step.page == "step"
        assert step.question is not None
        page.keyboard.press("ArrowRight")
        revealed(page)
        expect(bar(page)).to_contain_text(step.question.reveal)
        if step.question.then is not None:
            expect(player(page)).to_have_attribute("data-epoch", str(step.question.then))
        page.keyboard.press("ArrowRight")
    expect(bar(page)).to_have_count(0)
    assert "tour=" not in page.url
    page.get_by_role("link", name="Train", exact=True).click()
    settle(page)
    assert attribute(page, "run") == run
    at_epoch(page, 33)
    assert page.evaluate("window.marked"), "all of it was one page"


def test_leaving_restores_every_control(visit: Visit) -> None:
    page = visit("approximation?dataset=circles&step_length=matched&noise=0.1&epochs=500&epoch=20")
    settle(page)
    before, said = attribute(page, "run"), sorted(page.url.split("?")[1].split("&"))
    page.get_by_text("What to see").click()
    page.get_by_role("link", name=re.compile("Take the tour")).click()
    at_step(page, 1)
    for number in (2, 3, 4):
        page.keyboard.press("PageDown")
        revealed(page)
        page.keyboard.press("PageDown")
        at_step(page, number)
    page.keyboard.press("PageUp")
    at_step(page, 3)
    bar(page).get_by_role("button", name="Leave").click()
    expect(bar(page)).to_have_count(0)
    settle(page)
    assert "/approximation?" in page.url
    assert sorted(page.url.split("?")[1].split("&")) == said
    assert attribute(page, "run") == before
    at_epoch(page, 20)


def test_an_answer_is_not_told(visit: Visit) -> None:
    page = visit("?tour=4")
    at_step(page, 4)
    sent = listen(page)
    answer = bar(page).get_by_role("button", name="yes, E is 0")
    answer.click()
    revealed(page)
    expect(bar(page)).to_contain_text("You said: yes, E is 0. No: 33 %")
    page.wait_for_timeout(1_000)
    assert not [one for one in sent() if "yes, E is 0" in one or '"go"' in one]


def test_a_step_stays_while_the_visitor_looks_around(visit: Visit) -> None:
    page = visit("?tour=5")
    at_step(page, 5)
    page.get_by_role("link", name="Explore").click()
    expect(bar(page).get_by_role("button", name="Show it")).to_be_visible()
    assert "tour=5" in page.url
    bar(page).get_by_role("button", name="Show it").click()
    page.wait_for_url(re.compile("/approximation"))
    settle(page)
    is_at(page, 5)
    page.reload()
    at_step(page, 5)
    is_at(page, 5)


def colours_right_of_the_start(page: Page) -> int:
    """How many colours there are in a picture's plot, right of its first epoch."""
    box = page.evaluate(
        """() => {
          const plot = document.querySelector("[data-picture=lengths] .nnviz-plot");
          const { x, y } = plot.getBoundingClientRect();
          const { l, t, w, h } = plot._fullLayout._size;
          return { x: x + l + 12, y: y + t + 4, width: w - 16, height: h - 8 };
        }"""
    )
    image = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")
    return len(image.getcolors(image.width * image.height) or [])


def test_what_is_to_come_is_covered_until_the_reveal(visit: Visit) -> None:
    page = visit("?tour=5")
    at_step(page, 5)
    page.wait_for_timeout(1_500)
    assert colours_right_of_the_start(page) == 1
    page.keyboard.press("ArrowRight")
    revealed(page)
    page.wait_for_timeout(500)
    assert colours_right_of_the_start(page) > 20


def test_after_a_reload_the_own_run_is_still_given_back(visit: Visit) -> None:
    page = visit("approximation?dataset=moons&learning_rate=0.2&hidden_units=9&epoch=20")
    run = attribute(page, "run")
    settle(page)
    page.get_by_text("What to see").click()
    page.get_by_role("link", name=re.compile("Take the tour")).click()
    at_step(page, 1)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    at_step(page, 2)
    page.reload()
    at_step(page, 2)
    bar(page).get_by_role("button", name="Leave").click()
    page.wait_for_url(re.compile(r"/approximation\?"))
    expect(bar(page)).to_have_count(0)
    settle(page)
    assert attribute(page, "run") == run
    at_epoch(page, 20)


def test_a_step_whose_controls_are_moved_keeps_its_picture(visit: Visit) -> None:
    page = visit("?tour=4")
    at_step(page, 4)
    seed = page.get_by_role("spinbutton", name="Weights seed")
    seed.fill("3")
    seed.press("Enter")
    page.wait_for_url(re.compile("seed=3"))
    settle(page)
    is_at(page, 4)


def test_arrows_of_a_slider_are_the_sliders(visit: Visit) -> None:
    page = visit("?tour=1")
    at_step(page, 1)
    page.get_by_role("slider", name="Epoch").focus()
    page.keyboard.press("ArrowRight")
    at_epoch(page, 1)
    expect(bar(page)).to_have_attribute("data-revealed", "false")
    page.keyboard.press("PageDown")
    revealed(page)


def fits(page: Page) -> None:
    """What is alone on the screen is above the bar; no text is small, none overlaps."""
    page.wait_for_timeout(900)
    foot = bar(page).bounding_box()
    assert foot
    shown: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll(".nnviz-picture")]
          .map((one) => [one.dataset.picture, one.getBoundingClientRect()])
          .filter(([, box]) => box.height)
          .map(([name, { top, bottom }]) => ({ name, top, bottom }))"""
    )
    for one in shown:
        assert one["top"] >= 0
        assert one["bottom"] <= foot["y"], one
    assert page.evaluate(SMALL) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_presenters_tour_is_one_picture_and_the_bar(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("?tour=1&present=1", *size)
    for number, step in enumerate(STEPS, 1):
        at_step(page, number)
        if step.page != "step":
            fits(page)
        elif "equations" in step.pictures:
            sizes = page.evaluate(
                """() => [...document.querySelectorAll(".st-key-equations .katex")]
                  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
            )
            assert sizes
            assert min(sizes) >= 32
        page.keyboard.press("PageDown")
        revealed(page)
        if step.page != "step":
            fits(page)
        page.keyboard.press("PageDown")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_presenter_goes_from_picture_to_picture(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("?present=1", *size)
    expect(bar(page)).to_contain_text("Everyone trains with A − Y")
    expect(page.locator("[data-picture=decision]")).to_be_visible()
    expect(page.locator("[data-picture=W1]")).to_be_hidden()
    fits(page)
    names = []
    for _ in range(7):
        page.keyboard.press("PageDown")
        fits(page)
        names.append(bar(page).get_attribute("data-picture"))
    assert sorted(map(str, names)) == sorted(
        ["decision", "claim", "curves", "W1", "W2", "A1", "diagram"]
    )
    page.keyboard.press("q")
    expect(page.get_by_role("dialog").locator("img")).to_be_visible()
    page.reload()
    expect(bar(page)).to_contain_text("Everyone trains with A − Y")


def test_a_tour_of_ones_own(browser: Browser, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '[[step]]\ntitle = "Moons"\nlook = "<b>Two</b> classes."\npage = "train"\n'
        'pictures = ["W1"]\nepoch = 7\n[step.settings]\ndataset = "moons"\n',
        encoding="utf-8",
    )
    with (
        serve(tmp_path / "log", environment={**os.environ, "NNVIZ_TOUR": str(mine)}) as address,
        visits(address, browser) as visit,
    ):
        page = visit("?tour=1")
        at_step(page, 1)
        at_epoch(page, 7)
        expect(bar(page)).to_contain_text("1 of 1 · Moons")
        expect(bar(page)).to_contain_text("<b>Two</b> classes.")
        assert page.evaluate(LIT, ["W1"])[0]["ring"] == "3px"
        expect(page.locator("[data-picture=W1]")).not_to_have_class(re.compile("nnviz-small"))


def test_a_wrong_file_is_said_and_the_built_in_tour_is_there(
    browser: Browser, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[[step]]\ntitle = "x"\nlook = "x"\npage = "trian"\n', encoding="utf-8")
    with (
        serve(tmp_path / "log", environment={**os.environ, "NNVIZ_TOUR": str(mine)}) as address,
        visits(address, browser) as visit,
    ):
        page = visit("?tour=1")
        at_step(page, 1)
        expect(page.get_by_text("mine.toml, line 4: step 1, page: trian is not")).to_be_visible()
    assert "mine.toml, line 4: step 1, page: trian" in (tmp_path / "log").read_text(
        encoding="utf-8"
    )
