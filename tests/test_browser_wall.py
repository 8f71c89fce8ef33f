"""The wall of networks in Chromium: trained, scrubbed, hovered, opened, and come back to."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from browsing import Visit, at_epoch, attribute, number, player, settle
from PIL import Image
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
    expect(page.get_by_text(re.compile(r"(\d+) of \1 runs are trained\."))).to_be_visible(
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
    best = page.get_by_text("Best mean test accuracy: 0.").last
    expect(best).to_be_visible()
    more = re.search(r" and (\d+) more", best.inner_text())
    expect(page.locator(".nnviz-best")).to_have_count(1 + int(more[1] if more else 0))
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
    expect(wall).to_have_attribute("data-epoch", "4")  # of which there are pictures
    slider = page.get_by_role("slider", name="Epoch", exact=True)
    share = float(slider.input_value()) / float(slider.get_attribute("max") or 1)
    assert share == pytest.approx(0.3487, abs=0.002), "log 5 / log 101"
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(wall).to_have_attribute("data-epoch", "100", timeout=20_000)
    assert [painted(place) for place in places] == at_end


def test_the_number_of_a_place_is_its_run_s_at_the_epoch_shown(visit: Visit) -> None:
    page = visit(f"{SMALL}&outcome=training+accuracy")
    wall_of(page, 4)
    press(page, "Home")
    press(page, "ArrowRight", 8)
    expect(page.get_by_test_id("nnviz-wall")).to_have_attribute("data-epoch", "9")
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
    for _ in range(9):
        alone.keyboard.press("ArrowRight")
    at_epoch(alone, 9)
    trained = float(number(alone, "Train accuracy").removesuffix(" %"))
    assert said == f"{round(trained)} %"


def test_a_click_opens_the_run_at_that_epoch_and_back_is_the_wall(visit: Visit) -> None:
    page = visit(SMALL)
    wall_of(page, 4)
    press(page, "Home")
    press(page, "ArrowRight", 12)
    settle(page)
    epoch = int(page.get_by_test_id("nnviz-wall").get_attribute("data-epoch") or 0)
    assert 12 <= epoch < 20
    tile(page, 1, 0).click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible(timeout=20_000)
    at_epoch(page, epoch)
    settle(page)
    for said in ("learning_rate=1", "hidden_units=2", "samples=100", "epochs=100"):
        assert said in page.url
    opened = attribute(page, "run")
    page.get_by_role("button", name="Back to the wall").click()
    wall = page.get_by_test_id("nnviz-wall")
    expect(wall).to_have_attribute("data-done", "4", timeout=20_000)
    expect(wall).to_have_attribute("data-epoch", str(epoch))
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
    expect(page.get_by_text("8 of 8 runs are trained.")).to_be_visible(timeout=30_000)
    settle(page)  # it looks for what is still measured until then
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
    # And by itself.
    page.get_by_role("button", name="Play gradient rule").click()
    expect(layer).to_have_attribute("aria-valuetext", "exact (14)", timeout=5_000)
    expect(layer).to_have_attribute("aria-valuetext", "A − Y (16)", timeout=5_000)
    page.get_by_role("button", name="Play gradient rule").click()
    stands = layer.get_attribute("aria-valuetext")
    page.wait_for_timeout(1_500)
    assert layer.get_attribute("aria-valuetext") == stands
    assert not sent(), "the server was asked"


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
    shown = [f"[data-matrix={name}]" for name in ("decisions", "weights", "W2", "hidden")]
    shown += [f".nnviz-charts > div:nth-child({n})" for n in (1, 2, 3)]
    pictures = [beside.locator(one) for one in shown]
    seen: dict[int, set[str]] = {n: set() for n in range(len(pictures))}
    for said in ("α 0.1", "α 0.5", "α 1", "α 2"):
        expect(beside.get_by_role("heading", level=3)).to_have_text(said)
        expect(film).to_have_attribute("aria-valuetext", said)
        for n, picture in enumerate(pictures):
            assert not is_blank(picture)
            seen[n].add(painted(picture))
        page.keyboard.press("ArrowRight")
    assert [len(seen[n]) for n in seen] == [4] * 7, "every picture of every network is its own"
    page.wait_for_timeout(300)
    assert not sent(), "the server was asked"
    # At another epoch they are others, too.
    before = [painted(picture) for picture in pictures[:4]]
    press(page, "Home")
    expect(page.get_by_test_id("nnviz-wall")).to_have_attribute("data-epoch", "0")
    after = [painted(picture) for picture in pictures[:4]]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_a_wall_is_saved_as_it_stands(visit: Visit) -> None:
    page = visit(SMALL, height=1400)
    wall_of(page, 4)
    settle(page)
    press(page, "Home")
    expect(page.get_by_test_id("nnviz-wall")).to_have_attribute("data-epoch", "0")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the wall as PNG").click()
    assert saved.value.suggested_filename == "nnviz-spiral-A-Y-16-epoch-0.png"
    image = np.asarray(Image.open(saved.value.path()).convert("RGB")).astype(int)
    grid = page.locator(".nnviz-places").bounding_box()
    face = tile(page, 1, 0).locator("canvas").bounding_box()
    assert grid
    assert face
    assert image.shape[1] == pytest.approx(2 * (grid["width"] + 32), abs=2)
    # In the middle of that place there is what the page has there.
    x, y = face["x"] + face["width"] / 2, face["y"] + face["height"] / 2
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    here = shot[round(y), round(x)]
    there = image[round(2 * (y - grid["y"] + 50)), round(2 * (x - grid["x"] + 16))]
    assert np.abs(here - there).max() <= 12
    # And above it a title, in ink.
    title = image[: 2 * 34, 2 * 16 : 2 * 200]
    assert (np.abs(title - image[0, 0]).max(axis=2) > 100).sum() > 300


def test_each_rule_s_own_best_rate_is_a_click_away(visit: Visit) -> None:
    page = visit("explore?epochs=50&samples=60&hidden_units=4")
    settle(page)
    page.get_by_role("button", name="Each rule at its own best α").click()
    expect(page.get_by_text("72 of 72 runs are trained.")).to_be_visible(timeout=60_000)
    said = page.get_by_text("Best mean final loss of each rule: ").last
    expect(said).to_be_visible()
    for rule in ("exact (14)", "without E (15)", "A − Y (16)", "centred (ours)"):
        assert re.search(rf"{re.escape(rule)} [\d.e-]+ at α [\d.]+", said.inner_text())
    assert page.locator(".nnviz-best").count() >= 4
    assert "samples=60" in page.url, "the visitor's own data"
    page.get_by_role("button", name="A film over α").click()
    expect(page.get_by_role("heading", name="21 networks, one slider")).to_be_visible()
    expect(page.get_by_text("21 of 21 runs are trained.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Units × α").click()
    expect(page.get_by_role("heading", name="25 networks, one scrubber")).to_be_visible()
    expect(page.get_by_text("75 of 75 runs are trained.")).to_be_visible(timeout=60_000)


def test_presenting_has_no_sidebar_while_a_sweep_runs(visit: Visit) -> None:
    """The page is run anew as a whole when it ends, and then its sidebar was opened."""
    page = visit("explore?present=1")
    wall_of(page, 25)
    settle(page)
    sidebar = page.get_by_test_id("stSidebar").bounding_box()
    assert sidebar is None or sidebar["x"] + sidebar["width"] <= 0


def test_a_place_that_is_not_trained_has_nothing_of_the_wall_before(visit: Visit) -> None:
    """Its number was that of the run that had stood there."""
    page = visit(SMALL)
    wall_of(page, 4)
    expect(tile(page, 1, 1).locator(".nnviz-figure b")).to_contain_text("%")
    settle(page)
    page.get_by_role("button", name="New weights").click()
    expect(page.get_by_text("0 of 8 runs are trained.")).to_be_visible(timeout=20_000)
    for column in (0, 1):
        expect(tile(page, column, 1).locator(".nnviz-figure b")).to_have_text("–")
        name = tile(page, column, 1).get_attribute("aria-label") or ""
        assert name.endswith("not trained yet")
    beside = page.get_by_role("complementary")
    assert set(beside.locator("dd").all_inner_texts()) == {"–"}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_many_columns_keep_their_pictures_and_the_page_its_width(
    visit: Visit, width: int, height: int
) -> None:
    values = [0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2, 2.5]
    rates = "".join(f"&try_learning_rate={rate}" for rate in values)
    page = visit(f"explore?epochs=20&samples=60&seeds=1{rates}", width=width, height=height)
    wall_of(page, 75)
    settle(page)
    faces = page.locator(".nnviz-tile .nnviz-face").all()
    widths = [(face.bounding_box() or {"width": 0.0})["width"] for face in faces]
    assert min(widths) >= 45
    assert max(widths) - min(widths) <= 2
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")


def test_a_horizon_that_is_not_measured_of_many_runs_says_so(visit: Visit) -> None:
    page = visit(f"{SMALL}&horizon=200")
    wall_of(page, 4)
    settle(page)
    beside = page.get_by_role("complementary")
    expect(beside.get_by_text("measured over 50 steps at most")).to_be_visible()
