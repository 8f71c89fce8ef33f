"""Text from an address, a table or a recording is text: no link, no picture, no request."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from browsing import Visit, draws, settle
from playwright.sync_api import Browser, Page, expect

from nnviz.data.datasets import load_dataset
from nnviz.player.offline import offline_run
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.runs.storage import save_recording

NAMES = (
    "www.example.invalid",
    "https://example.invalid/x",
    "a@b.example.invalid",
    "mailto:a@b.example.invalid",
    "xmpp:a@b.example.invalid/x",
    "[x](https://example.invalid)",
    "![x](https://example.invalid/x.png)",
    "<a href='https://example.invalid'>x</a>",
    "<img src=https://example.invalid/x.png>",
    ":material/home: :material_home: :streamlit: :smile:",
)
"""Of classes, or of features."""

MORE_NAMES = (
    "Www.example.invalid and ftp://example.invalid",
    "<https://example.invalid>",
    "**x** `x` $x$ ~x~ _x_ -> <- -- >= #x",
    "1. x",
    "=cmd|' /C calc'!A0",
)

LINKED = """() => [...document.querySelectorAll("a, area, img, image, iframe, object, embed, use")]
  .map((element) => element.outerHTML).filter((html) => /example|invalid/.test(html))"""

JOINER = "\u2060"


def is_all_text(page: Page) -> None:
    """Nothing in a page leads to, or is from, what a name says."""
    assert page.evaluate(LINKED) == []


def says(page: Page, names: tuple[str, ...] = NAMES) -> None:
    """The page shows every one of the names, letter by letter."""
    shown = page.locator("body").inner_text().replace(JOINER, "")
    assert [name for name in names if name not in shown] == []


def every_page(page: Page, look: Callable[[Page], None]) -> None:
    """Look at page after page."""
    for name in ("Train", "Approximation", "Step", "Explore", "Compare", "Data"):
        page.get_by_role("link", name=name, exact=True).click()
        settle(page)
        if name != "Data":
            draws(page)
        look(page)


@pytest.mark.browser
def test_names_of_an_address_are_text(visit: Visit) -> None:
    names = (*NAMES, *MORE_NAMES)
    for some in (names[:8], names[8:]):
        page = visit(f"?{urlencode(dict.fromkeys(some, '1'))}")
        warning = page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
        shown = warning.inner_text().replace(JOINER, "")
        for name in some:
            assert f"{name[:40]}" in shown
        assert (
            warning.locator("a, img, code, strong, [data-testid=stIconMaterial] + a").count() == 0
        )
        is_all_text(page)
    values = visit(f"?{urlencode({'seed': NAMES[0], 'noise': NAMES[2], 'dataset': NAMES[1]})}")
    says(values, NAMES[:3])
    is_all_text(values)


@pytest.mark.browser
def test_names_of_a_table_are_text(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    rng = np.random.default_rng(0)
    features = (*NAMES[:2], *MORE_NAMES)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*features, "words", "label"])
        for number in range(60):
            values = [f"{value:.3f}" for value in rng.normal(size=len(features))]
            rows.writerow([*values, NAMES[number % 2], NAMES[number % len(NAMES)]])
    page = visit("?epochs=50")
    page.get_by_role("link", name="Data", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Samples of each class")).to_contain_text("material")
    settle(page)
    says(page)
    is_all_text(page)
    page.get_by_role("combobox", name="Label: the column").click()
    options = page.get_by_role("option")
    expect(options).to_have_count(len(features) + 2)
    assert set(options.all_inner_texts()) == {*features, "words", "label"}
    is_all_text(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Train on this data").click()
    draws(page)
    settle(page)
    every_page(page, is_all_text)


def recording() -> Recording:
    """A short run whose data bear the names."""
    data = load_dataset("digits")
    named = dataclasses.replace(
        data,
        name=NAMES[0],
        class_names=NAMES,
        feature_names=tuple(f"{(NAMES + MORE_NAMES)[n % 15]} {n}" for n in range(64)),
        image_shape=None,
    )
    return train(Config(epochs=20), named)


@pytest.mark.browser
def test_names_of_a_recording_are_text(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    save_recording(recording(), path)
    page = visit("?epochs=20")
    page.get_by_text("Take it home").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("A recording from a file")).to_contain_text("example.invalid")
    settle(page)
    says(page, NAMES[:1])
    is_all_text(page)


@pytest.mark.browser
def test_names_in_an_exported_page_are_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "names.html"
    path.write_text(offline_run(recording()), encoding="utf-8")
    context = browser.new_context(offline=True)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    expect(page.locator(".main-svg").first).to_be_visible()
    for picture in page.locator(".nnviz-picture:visible").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    is_all_text(page)
    says(page, NAMES[:1])
    assert NAMES[0] in page.title()
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
