"""The wall of networks in Chromium: trained, scrubbed, hovered, opened, and come back to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Visit, at_epoch, attribute, number, player, settle
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

TRIED = "try_learning_rate=0.1&try_learning_rate=1&try_hidden_units=2&try_hidden_units=8"
SMALL = f"explore?epochs=100&samples=100&seeds=2&{TRIED}"


def wall_of(page: Page, places: int) -> Locator:
    """The wall, when it is trained: the runs are all visitors', and may be there already."""
    wall = page.get_by_test_id("nnviz-wall")
    train = page.get_by_role("button", name=re.compile("^Train .* runs?$"))
    if train.count():
        train.click()
    expect(wall).to_have_attribute("data-done", str(places), timeout=60_000)
    expect(page.get_by_text(re.compile(r"(\d+) of \1 runs are trained."))).to_be_visible(
        timeout=60_000
    )
    return wall


def tile(page: Page, column: int, row: int) -> Locator:
    return page.locator(f".nnviz-tile[data-place='{column} {row} 0']")


def painted(place: Locator) -> str:
    """What is painted at a place."""
    return str(place.locator("canvas").evaluate("canvas => canvas.toDataURL()"))


def is_blank(place: Locator) -> bool:
    return bool(
        place.locator("canvas").evaluate(
            """canvas => {
              const blank = document.createElement("canvas");
              Object.assign(blank, { width: canvas.width, height: canvas.height });
              return canvas.toDataURL() === blank.toDataURL();
            }"""
        )
    )


def press(page: Page, key: str, times: int = 1) -> None:
    page.get_by_role("slider", name="Epoch", exact=True).focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_the_page_s_own_grid_trains_by_itself(visit: Visit) -> None:
    page = visit("explore")
    expect(page.get_by_role("heading", name="25 networks, one scrubber")).to_be_visible()
    wall = page.get_by_test_id("nnviz-wall")
    expect(wall).to_have_attribute("data-done", "25", timeout=60_000)
    expect(wall).to_have_attribute("data-places", "25")
    expect(page.locator(".nnviz-current")).to_have_count(1)
    expect(page.get_by_text("75 of 75 runs are trained.")).to_be_visible(timeout=60_000)
    expect(page.locator(".nnviz-best")).to_have_count(1)
    expect(tile(page, 2, 3)).to_have_class(re.compile("nnviz-current"))
    expect(page.get_by_role("complementary").get_by_text("α 0.5, 16 units")).to_be_visible()


def test_every_place_follows_the_scrubber(visit: Visit) -> None:
    page = visit(SMALL)
    wall = wall_of(page, 4)
    places = [tile(page, column, row) for row in (0, 1) for column in (0, 1)]
    at_end = [painted(place) for place in places]
    assert len(set(at_end)) == 4, "no two networks are the same"
    assert not any(map(is_blank, places))
    press(page, "Home")
    expect(wall).to_have_attribute("data-epoch", "0")
    for place, before in zip(places, at_end, strict=True):
        assert painted(place) != before
    # Half of the scrubber is half of the logarithm.
    press(page, "ArrowRight", 3)
    expect(wall).to_have_attribute("data-epoch", "3")
    slider = page.get_by_role("slider", name="Epoch", exact=True)
    share = float(slider.input_value()) / float(slider.get_attribute("max") or 1)
    assert share == pytest.approx(0.3004, abs=0.002), "log 4 / log 101"
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(wall).to_have_attribute("data-epoch", "100", timeout=20_000)
    assert [painted(place) for place in places] == at_end


def test_the_number_of_a_place_is_its_run_s_at_the_epoch_shown(visit: Visit) -> None:
    page = visit(f"{SMALL}&outcome=training+accuracy")
    wall_of(page, 4)
    press(page, "Home")
    press(page, "ArrowRight", 8)
    expect(page.get_by_test_id("nnviz-wall")).to_have_attribute("data-epoch", "8")
    said = tile(page, 1, 1).locator(".nnviz-figure b").inner_text()
    tile(page, 1, 1).hover()
    beside = page.get_by_role("complementary")
    expect(beside.get_by_role("heading")).to_have_text("α 1, 8 units")
    assert beside.locator("div", has_text="Train accuracy").locator("dd").inner_text() == said
    alone = visit("?epochs=100&samples=100&learning_rate=1&hidden_units=8")
    at_epoch(alone, 100)
    settle(alone)
    alone.get_by_role("slider", name="Epoch", exact=True).focus()
    alone.keyboard.press("Home")
    for _ in range(8):
        alone.keyboard.press("ArrowRight")
    at_epoch(alone, 8)
    trained = float(number(alone, "Train accuracy").removesuffix(" %"))
    assert said == f"{round(trained)} %"


def test_a_click_opens_the_run_at_that_epoch_and_back_is_the_wall(visit: Visit) -> None:
    page = visit(SMALL)
    wall_of(page, 4)
    press(page, "Home")
    press(page, "ArrowRight", 12)
    settle(page)
    tile(page, 1, 0).click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible(timeout=20_000)
    at_epoch(page, 12)
    settle(page)
    for said in ("learning_rate=1", "hidden_units=2", "samples=100", "epochs=100"):
        assert said in page.url
    opened = attribute(page, "run")
    page.get_by_role("button", name="Back to the wall").click()
    wall = page.get_by_test_id("nnviz-wall")
    expect(wall).to_have_attribute("data-done", "4", timeout=20_000)
    expect(wall).to_have_attribute("data-epoch", "12")
    expect(page.get_by_text("8 of 8 runs are trained.")).to_be_visible()
    assert "try_learning_rate=0.1" in page.url
    # By the keyboard, too.
    settle(page)
    tile(page, 1, 0).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible(timeout=20_000)
    expect(player(page)).to_have_attribute("data-run", opened, timeout=20_000)


def test_a_third_setting_is_a_slider_that_asks_nobody(visit: Visit) -> None:
    rules = "third=gradient+rule&try_gradient=exact&try_gradient=difference"
    page = visit(f"{SMALL}&{rules}&seeds=1".replace("&seeds=2", ""))
    wall = wall_of(page, 8)
    sent = record(page)
    before = painted(page.locator(".nnviz-tile").first)
    layer = page.get_by_role("slider", name="gradient rule")
    assert layer.get_attribute("aria-valuetext") == "exact (14)"
    layer.focus()
    page.keyboard.press("ArrowRight")
    expect(layer).to_have_attribute("aria-valuetext", "A − Y (16)")
    expect(page.locator(".nnviz-tile[data-place='0 1 1']")).to_be_visible()
    page.wait_for_timeout(300)
    assert painted(page.locator(".nnviz-tile").first) != before
    assert not sent(), "the server was asked"
    expect(wall).to_have_attribute("data-places", "8")


def record(page: Page) -> Any:
    """What the page tells the server from now on."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    heard: list[str] = []
    client.on("Network.webSocketFrameSent", lambda event: heard.append(str(event)))
    return lambda: heard


@pytest.mark.parametrize("picture", ["weights", "loss", "E"])
def test_every_picture_is_drawn_and_its_cursor_moves(visit: Visit, picture: str) -> None:
    page = visit(f"{SMALL}&picture={picture}")
    wall_of(page, 4)
    settle(page)
    place = tile(page, 1, 1)
    assert not is_blank(place)
    cursor = place.locator(".nnviz-face .nnviz-cursor")
    if picture == "weights":
        expect(cursor).to_be_hidden()
        return
    expect(cursor).to_be_visible()
    assert cursor.evaluate("cursor => cursor.style.left") == "100%"
    press(page, "Home")
    expect(page.get_by_test_id("nnviz-wall")).to_have_attribute("data-epoch", "0")
    assert cursor.evaluate("cursor => cursor.style.left") == "0%"


def test_on_a_phone_a_first_touch_looks_and_a_second_opens(visit: Visit) -> None:
    page = visit(SMALL, width=390, height=844, has_touch=True)
    wall_of(page, 4)
    settle(page)
    place = tile(page, 0, 1)
    place.scroll_into_view_if_needed()
    place.tap()
    beside = page.get_by_role("complementary")
    expect(beside.get_by_role("heading")).to_have_text("α 0.1, 8 units")
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("nnviz-wall")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    beside.get_by_role("button", name="Open this run").tap()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible(timeout=20_000)
    settle(page)
    assert "hidden_units=8" in page.url


def test_where_there_is_no_plane_each_place_is_a_confusion_matrix(visit: Visit) -> None:
    page = visit("explore?dataset=iris&epochs=100&seeds=1&" + TRIED)
    wall_of(page, 4)
    settle(page)
    canvas = tile(page, 0, 0).locator("canvas")
    assert canvas.evaluate("canvas => [canvas.width, canvas.height]") == [3, 3]
    tile(page, 0, 0).hover()
    expect(page.get_by_text("What each class (a row) is taken for")).to_be_visible()


def test_of_one_setting_the_wall_is_a_film(visit: Visit) -> None:
    """One large picture, and a slider over the values, which asks nobody."""
    tried = "".join(f"&try_learning_rate={rate}" for rate in (0.1, 0.5, 1, 2))
    page = visit(f"explore?epochs=100&samples=100&seeds=1&down=nothing+else{tried}")
    wall_of(page, 4)
    settle(page)
    sent = record(page)
    film = page.get_by_role("slider", name="learning rate", exact=True)
    beside = page.get_by_role("complementary")
    film.focus()
    page.keyboard.press("Home")
    seen = set()
    for said in ("α 0.1", "α 0.5", "α 1", "α 2"):
        expect(beside.get_by_role("heading")).to_have_text(said)
        expect(film).to_have_attribute("aria-valuetext", said)
        seen.add(painted(beside.locator(".nnviz-face")))
        page.keyboard.press("ArrowRight")
    assert len(seen) == 4
    page.wait_for_timeout(300)
    assert not sent(), "the server was asked"
