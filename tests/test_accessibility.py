"""Everybody can use it: axe-core on every page in both themes, the keyboard, less motion."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from browsing import Visit, at_epoch, player
from playwright.sync_api import Page, expect

from nnviz.figures.style import CLASS_COLOURS, RULE_COLOURS, RUN_COLOURS

PAGES = ("", "approximation", "step", "explore", "compare", "data", "learn")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

STREAMLITS_OWN = {
    # KaTeX, as Streamlit has it, scrolls where an equation is wider than its place.
    "scrollable-region-focusable": ".katex-display",
    # In the dark no primary colour is far enough from white, which Streamlit writes on it, and
    # from the background, on which it writes a slider's number and a chosen segment in it: the
    # first was chosen. In the sidebar, where most sliders are, nothing white is written on it.
    "color-contrast": "[data-testid=stMain] :is([data-testid=stSliderThumbValue], "
    "[data-testid=stButtonGroup])",
}
"""Findings in elements that only Streamlit can change, by rule."""


def findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
    )
    said = []
    for violation in found:
        if violation["impact"] not in ("serious", "critical"):
            continue
        excused = STREAMLITS_OWN.get(violation["id"], "")
        for node in violation["nodes"]:
            place = page.locator(node["target"][0]).first
            if excused and place.evaluate("(e, where) => Boolean(e.closest(where))", excused):
                continue
            said.append(f"{violation['id']}: {node['html'][:150]} {node['failureSummary'][:200]}")
    return said


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_is_ours(visit: Visit, scheme: str) -> None:
    page = visit("", color_scheme=scheme)
    said: dict[str, list[str]] = {}
    for path in PAGES:
        if path:
            page.get_by_role("link", name=path.title(), exact=True).click()
            expect(page.get_by_test_id("stApp")).to_have_attribute(
                "data-test-script-state", "notRunning"
            )
            page.wait_for_timeout(700)
        if found := findings(page):
            said[path or "train"] = found
    assert not said


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "query", ["?tour=1", "?tour=3", "?tour=4&present=1", "?sample=4&epochs=50", "?present=1"]
)
def test_axe_finds_nothing_serious_on_a_tour(visit: Visit, scheme: str, query: str) -> None:
    page = visit(query, color_scheme=scheme)
    handle = "nnviz-sample" if "sample" in query else "nnviz-tour"
    expect(page.get_by_test_id(handle)).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1_000)
    if "tour=" in query:
        assert not findings(page)
        page.keyboard.press("PageDown")
        expect(page.get_by_test_id(handle)).to_have_attribute("data-revealed", "true")
    assert not findings(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious_in_a_trained_grid(visit: Visit, scheme: str, width: int) -> None:
    grid = "explore?epochs=20&samples=70&seeds=1&try_hidden_units=2&try_hidden_units=4"
    page = visit(grid, width=width, color_scheme=scheme)
    train = page.get_by_role("button", name="Train 10 runs")
    if train.count():  # the runs are all visitors'
        train.click()
    expect(page.get_by_text("10 of 10 runs are trained.")).to_be_visible(timeout=60_000)
    page.get_by_text("Take it home").click()
    expect(page.get_by_role("button", name="Table", exact=True)).to_be_visible()
    page.get_by_role("heading", name="All runs").scroll_into_view_if_needed()
    expect(page.locator("[data-picture=parallel] .main-svg").first).to_be_visible()
    assert not findings(page)


@pytest.mark.browser
def test_the_keyboard_reaches_every_control(visit: Visit) -> None:
    page = visit("?epochs=50")
    wanted = {"Learning rate α", "Hidden units", "Epoch", "Speed", "Play", "Pin to compare"}
    seen: set[str] = set()
    page.locator("body").focus()
    for _ in range(140):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                """() => {
                  const e = document.activeElement;
                  const by = e.getAttribute("aria-labelledby")?.split(" ")[0];
                  const label = by && document.getElementById(by)?.innerText;
                  return e.getAttribute("aria-label") || label || e.innerText || "";
                }"""
            ).strip()
        )
    missing = {name for name in wanted if not any(name in one for one in seen)}
    assert not missing, f"not reached among {sorted(seen)}"


@pytest.mark.browser
def test_less_motion_is_respected(visit: Visit) -> None:
    page = visit("?epochs=50", reduced_motion="reduce")
    at_epoch(page, 50)
    moving = player(page).evaluate(
        """root => [root, ...root.querySelectorAll("*")].filter((e) => {
          const { transitionDuration, animationName } = getComputedStyle(e);
          const slow = transitionDuration.split(", ").some((d) => parseFloat(d) > 0.01);
          return animationName !== "none" || slow;
        }).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert moving == [], "something moves by itself"


def seen_by(colour: str, kind: str) -> tuple[float, float, float]:
    """A colour as an eye without one kind of cones sees it (Viénot, Brettel and Mollon, 1999)."""
    red, green, blue = ((int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    if kind == "protan":
        both = 0.1124 * red + 0.8876 * green
        return both, both, 0.004 * red - 0.004 * green + blue
    both = 0.2927 * red + 0.7073 * green
    return both, both, -0.0223 * red + 0.0223 * green + blue


@pytest.mark.parametrize("kind", ["protan", "deutan"])
@pytest.mark.parametrize(
    "colours", [CLASS_COLOURS[:6], tuple(RULE_COLOURS.values()), RUN_COLOURS], ids=str
)
def test_colours_are_told_apart_by_colour_blind_eyes(colours: tuple[str, ...], kind: str) -> None:
    seen = [seen_by(colour, kind) for colour in colours]
    for i, one in enumerate(seen):
        for j, other in enumerate(seen[:i]):
            apart = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
            assert apart > 0.06, f"{colours[i]} and {colours[j]} look alike ({apart:.3f})"
