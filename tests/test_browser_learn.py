"""The article of the Learn page in real Chromium: read like one, and played with."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import PLAYER, Visit, at_rest, listen, settle
from playwright.sync_api import Locator, Page, expect

from nnviz.figures.style import PAGES, RULE_COLOURS, as_text
from nnviz.ui.article import article
from nnviz.ui.slips import SLIPS
from nnviz.ui.views.article_figures import FIGURES

pytestmark = pytest.mark.browser

WINDOWS = [(1440, 900), (1280, 720), (390, 844)]

PROSE = "[class*=st-key-prose-]"

PLAYED = [name for name in FIGURES if name != "sample"]


def learn(visit: Visit, **options: Any) -> Page:
    """The article, with all its figures, and in its own letters."""
    page = visit("step", **options)
    page.goto(page.url.split("step")[0] + "learn")
    expect(page.get_by_role("link", name="Mend the leak")).to_be_visible(timeout=45_000)
    for name in PLAYED:
        expect(shown(page, name)).to_have_attribute("data-epoch", re.compile(r"\d+"))
    page.evaluate("document.fonts.ready")
    return page


def shown(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-figure-{name} {PLAYER}")


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_the_answer_is_what_is_seen_first_and_all_of_it(
    visit: Visit, width: int, height: int
) -> None:
    page = learn(visit, width=width, height=height)
    answer = page.locator(".st-key-answer p")
    said = " ".join(answer.inner_text().split())
    assert said == " ".join(article().answer.replace("*", "").split())
    box = answer.bounding_box()
    assert box
    assert box["y"] + box["height"] < height
    first = page.evaluate(
        """() => {
          const main = document.querySelector("[data-testid=stMain]");
          const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            const { width, height } = element.getBoundingClientRect();
            const seen = texts.currentNode.data.trim() && width > 1 && height > 1;
            if (seen && !element.closest("style")) return texts.currentNode.data.trim();
          }
        }"""
    )
    assert said.startswith(" ".join(first.split()))
    size = answer.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")
    assert size == pytest.approx(23, abs=1.5)
    tour = page.get_by_role("link", name="Take the tour (8 steps, five minutes)")
    place = tour.bounding_box()
    assert place
    assert place["y"] < height, "the way to the tour is on the first screen, too"


LINES = """(selector) => [...document.querySelectorAll(selector)].flatMap((block) => {
  if (block.closest("blockquote") || block.querySelector(".katex")) return [];
  const lines = new Map();
  const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    for (let at = 0; at < texts.currentNode.length; at += 1) {
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + 1);
      const line = Math.round(range.getBoundingClientRect().bottom / 8);
      lines.set(line, (lines.get(line) ?? 0) + 1);
    }
  }
  return [...lines.values()].slice(0, -1); // the last one ends where it ends
})"""
"""Characters of every full line."""


def test_text_is_set_as_in_a_good_book(visit: Visit) -> None:
    page = learn(visit)
    blocks = page.locator(f"{PROSE} > * p:not(blockquote p), {PROSE} li")
    sizes = blocks.evaluate_all("(all) => all.map((e) => getComputedStyle(e).fontSize)")
    assert set(sizes) == {"18px"}
    lengths = sorted(page.evaluate(LINES, f"{PROSE} p, {PROSE} li"))
    assert len(lengths) > 30
    middle = lengths[len(lengths) // 2]
    assert 58 <= middle <= 68, lengths
    assert lengths[int(0.95 * len(lengths))] <= 70
    assert lengths[-1] <= 75


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_nothing_runs_off_and_notes_stand_beside_or_below_their_equations(
    visit: Visit, width: int, height: int
) -> None:
    page = learn(visit, width=width, height=height)
    at_rest(page, "JSON.stringify(document.querySelector('.st-key-article').scrollHeight)")
    found: Any = page.evaluate(
        """() => {
          const box = (element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            return { left, right, top, bottom };
          };
          const main = document.querySelector("[data-testid=stMain]");
          const wide = [...document.querySelectorAll(".st-key-article *")].filter((e) => {
            const { right, width } = e.getBoundingClientRect();
            const own = ".katex-display, .katex-mathml, svg";
            return width && right > innerWidth + 1 && !e.closest(own);
          }).map((e) => e.outerHTML.slice(0, 90));
          const notes = [...document.querySelectorAll(".st-key-article blockquote")].map((note) => {
            const equation = note.previousElementSibling;
            const paragraphs = [...note.querySelectorAll("p")];
            return {
              number: equation.querySelector(".tag").innerText,
              said: note.innerText,
              equation: box(equation),
              first: box(paragraphs[0]),
              last: box(paragraphs.at(-1)),
            };
          });
          return { wide, notes, over: main.scrollWidth - main.clientWidth };
        }"""
    )
    assert found["over"] <= 0
    assert found["wide"] == []
    said = {note["number"]: note["said"] for note in found["notes"]}
    assert said.keys() == {f"({number})" for slip in SLIPS for number in slip.equations}
    for slip in SLIPS:
        for number in slip.equations:
            assert slip.says.replace("`", "") in said[f"({number})"]
    before = None
    for note in found["notes"]:
        equation, first, last = note["equation"], note["first"], note["last"]
        if width > 1000:
            assert first["left"] >= equation["right"], f"{note['number']}: not beside"
            assert equation["top"] - 5 <= first["top"] < equation["bottom"]
            assert before is None or first["top"] >= before, f"{note['number']}: over another"
        else:
            assert first["top"] >= equation["bottom"] - 1
            assert first["top"] - equation["bottom"] < 40
            assert last["right"] <= width
        before = last["bottom"]


def test_a_figure_that_is_scrubbed_changes_alone_and_tells_nobody(visit: Visit) -> None:
    page = learn(visit)
    settle(page)
    heard = listen(page)
    for name in PLAYED:
        figure = shown(page, name)
        figure.scroll_into_view_if_needed()
        expect(figure.locator(".main-svg").first).to_be_visible(timeout=20_000)
        others = {
            other: shown(page, other).get_attribute("data-epoch")
            for other in PLAYED
            if other != name
        }
        numbers = figure.locator(".nnviz-numbers")
        scrubber = figure.get_by_role("slider", name="Epoch")
        before, value = numbers.inner_text(), int(scrubber.input_value())
        picture = figure.screenshot()
        scrubber.fill(str(value - 300 if value > 500 else value + 300))
        expect(numbers).not_to_have_text(before)
        expect(figure).not_to_have_attribute("data-epoch", before)
        page.wait_for_timeout(300)
        assert figure.screenshot() != picture
        for other, epoch in others.items():
            expect(shown(page, other)).to_have_attribute("data-epoch", epoch or "")
        # Keys are for the figure that they are pressed in.
        at = int(figure.get_attribute("data-epoch") or 0)
        scrubber.focus()
        page.keyboard.press("ArrowRight")
        expect(figure).to_have_attribute("data-epoch", str(at + 1))
        for other, epoch in others.items():
            expect(shown(page, other)).to_have_attribute("data-epoch", epoch or "")
    page.wait_for_timeout(800)
    assert not [message for message in heard() if "figure_" in message]


def test_play_plays_one_figure_and_the_space_bar_scrolls(visit: Visit) -> None:
    page = learn(visit)
    figure = shown(page, "learning")
    figure.get_by_role("button", name="Play").click()
    expect(figure).not_to_have_attribute("data-epoch", "8", timeout=10_000)
    figure.get_by_role("button", name="Pause").click()
    expect(figure.get_by_role("button", name="Play")).to_be_visible()
    assert (
        figure.get_by_role("button").count() == 1 + figure.locator(".nnviz-picture button").count()
    )
    at = figure.get_attribute("data-epoch")
    page.locator(".st-key-answer p").click()
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    expect(figure).to_have_attribute("data-epoch", at or "")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_the_sample_in_the_text_can_be_dragged(visit: Visit) -> None:
    page = learn(visit)
    lab = page.locator(".st-key-figure-sample").get_by_test_id("nnviz-sample")
    lab.scroll_into_view_if_needed()
    handle, before = lab.locator(".nnviz-handle"), float(lab.get_attribute("data-error") or 0)
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=4)
    page.mouse.up()
    assert abs(float(lab.get_attribute("data-error") or 0) - before) > 0.05


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_symbols_have_their_rule_s_colour_on_the_page_that_it_is_chosen_for(
    visit: Visit, scheme: str
) -> None:
    page = learn(visit, color_scheme=scheme)

    def rgb(colour: str) -> str:
        return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"

    ground, ink = page.evaluate(
        """() => [getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor,
                  getComputedStyle(document.querySelector(".st-key-answer p")).color]"""
    )
    assert (ground, ink) == tuple(map(rgb, PAGES[scheme]))
    used = page.locator(f"{PROSE} .katex-html [style*='rgb(']").evaluate_all(
        "(all) => [...new Set(all.map((e) => getComputedStyle(e).color))]"
    )
    assert set(used) == {rgb(as_text(colour, scheme)) for colour in RULE_COLOURS.values()}


def test_the_tour_begins_here_and_in_what_to_see(visit: Visit) -> None:
    page = learn(visit)
    said = "Take the tour (8 steps, five minutes)"
    page.get_by_role("link", name=said).click()
    bar = page.get_by_test_id("nnviz-tour")
    expect(bar).to_be_visible(timeout=20_000)
    expect(page).to_have_url(re.compile(r"tour=1\b"))
    expect(page.locator(PLAYER)).to_have_count(1)
    expect(page.locator(PLAYER)).to_have_attribute("data-epoch", "0")
    page = visit("approximation")
    settle(page)
    page.get_by_role("button", name="What to see").click()
    links = page.get_by_test_id("stPopoverBody").get_by_role("link")
    expect(links.first).to_contain_text(said)
    links.first.click()
    expect(page.get_by_test_id("nnviz-tour")).to_be_visible(timeout=20_000)
