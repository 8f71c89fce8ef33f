"""The Train page in real Chromium, as visitors use it."""

from __future__ import annotations

import pytest
from browsing import (
    PLAYER,
    Visit,
    at_epoch,
    attribute,
    button,
    drawn,
    listen,
    number,
    player,
    settle,
    slide,
)
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_first_visit_shows_a_trained_run_on_one_screen(visit: Visit) -> None:
    page = visit()
    at_epoch(page, 1000)
    assert attribute(page, "last-epoch") == "1000"
    assert int(attribute(page, "frames")) > 80
    assert number(page, "Epoch") == "1,000 / 1,000"
    assert float(number(page, "Train accuracy").split()[0]) > 95
    for title in ("Loss and accuracy", "W¹ and b¹", "W² and b²", "E, and what", "Hidden act"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not overflow, "the page is wider than the screen"


def test_every_picture_is_drawn(visit: Visit) -> None:
    page = visit()
    for plot in page.locator(".nnviz-plot:visible").all():
        expect(plot.locator("svg.main-svg").first).to_be_visible()
        assert plot.get_attribute("aria-label")
    button(page, "Enlarge: Network").click()
    expect(page.locator("[data-picture=diagram] svg.main-svg").first).to_be_visible()
    page.get_by_label("Network: shown").select_option(index=4)
    settle(page)


def test_buttons_step_and_the_pictures_follow(visit: Visit) -> None:
    page = visit()
    at_end = drawn(page, "W1")
    button(page, "Reset").click()
    at_epoch(page, 0)
    at_start = drawn(page, "W1")
    assert at_start != at_end, "W1 did not follow the epoch"
    button(page, "Step forward").click()
    at_epoch(page, 1)
    assert drawn(page, "W1") != at_start
    button(page, "Step back").click()
    at_epoch(page, 0)
    assert drawn(page, "W1") == at_start
    button(page, "End").click()
    at_epoch(page, 1000)
    assert drawn(page, "W1") == at_end


def test_play_and_pause(visit: Visit) -> None:
    page = visit()
    button(page, "Reset").click()
    at_epoch(page, 0)
    button(page, "Play").click()
    page.wait_for_function(f"Number(document.querySelector('{PLAYER}').dataset.epoch) > 30")
    button(page, "Pause").click()
    page.wait_for_timeout(200)
    epoch = attribute(page, "epoch")
    page.wait_for_timeout(400)
    at_epoch(page, epoch)
    player(page).get_by_label("Speed").select_option("2000")
    button(page, "Play").click()
    at_epoch(page, 1000)
    expect(button(page, "Play")).to_be_visible()  # it stops by itself at the end


def test_keyboard(visit: Visit) -> None:
    page = visit()
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 11), ("ArrowLeft", 10)):
        page.keyboard.press(key)
        at_epoch(page, epoch)
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, "Play")).to_be_visible()
    page.keyboard.press("End")
    at_epoch(page, 1000)
    # Keys in a field of the page belong to that field.
    page.get_by_role("spinbutton", name="Weights seed").focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(200)
    at_epoch(page, 1000)


def test_scrubbing_keeps_the_charts_and_tells_python_when_it_ends(visit: Visit) -> None:
    page = visit()
    sent = listen(page)
    page.evaluate("window.charts = [...document.querySelectorAll('.nnviz-plot > *')]")
    box = page.locator(".nnviz-lanes canvas").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 9, y)
    page.mouse.down()
    for share in (0.9, 0.7, 0.5, 0.8):
        page.mouse.move(box["x"] + share * box["width"], y, steps=4)
    page.wait_for_timeout(500)
    assert not sent(), "scrubbing must not ask the server"
    page.mouse.up()
    expect(player(page)).to_have_attribute("data-epoch", str(round(1001**0.8 - 1)))
    epoch = attribute(page, "epoch")
    settle(page)
    at_epoch(page, epoch)
    told = "".join(sent())
    assert f'\\"epoch\\":{epoch}' in told or f'"epoch":{epoch}' in told, f"{epoch} not in {told}"
    assert page.evaluate("window.charts.every((chart) => chart.isConnected)"), "a chart was remade"


def test_zoom_survives_scrubbing_and_a_new_run(visit: Visit) -> None:
    page = visit()
    get_range = """() => document.querySelector('[data-picture=decision] .nnviz-plot')
        ._fullLayout.xaxis.range.map((value) => Number(value.toFixed(6)))"""
    plot = page.locator("[data-picture=decision] .nsewdrag").first
    box = plot.bounding_box()
    assert box is not None
    before = page.evaluate(get_range)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 150, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    zoomed = page.evaluate(get_range)
    assert zoomed != before
    page.keyboard.press("Home")
    at_epoch(page, 0)
    assert page.evaluate(get_range) == zoomed
    run = attribute(page, "run")
    slide(page, "Learning rate α", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    assert page.evaluate(get_range) == zoomed


def test_hover_shows_values_and_survives_scrubbing(visit: Visit) -> None:
    page = visit()
    box = page.locator("[data-picture=W1] .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    label = page.locator("[data-picture=W1] .hovertext")
    expect(label).to_contain_text("hidden unit")
    before = label.text_content() or ""
    page.keyboard.press("Home")
    at_epoch(page, 0)
    # Plotly itself draws a label again at most every 50 ms, so some time after the picture.
    expect(label, "the label must follow the epoch").not_to_have_text(before)
    expect(label).to_contain_text("hidden unit")


def test_a_control_retrains_repaints_and_writes_the_address(visit: Visit, app: str) -> None:
    page = visit()
    run, weights = attribute(page, "run"), drawn(page, "W1")
    slide(page, "Learning rate α", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    assert drawn(page, "W1") != weights
    expect(page).to_have_url(f"{app}?learning_rate=0.6")
    slide(page, "Learning rate α", "ArrowLeft")
    expect(player(page)).to_have_attribute("data-run", run)
    assert drawn(page, "W1") == weights
    expect(page).to_have_url(app)


def test_the_epoch_shown_stays_when_a_control_moves(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    at_epoch(page, 10)
    run = attribute(page, "run")
    slide(page, "Learning rate α", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    at_epoch(page, 10)


def test_a_shared_address_opens_the_same_run(visit: Visit) -> None:
    query = "?dataset=moons&learning_rate=0.1&gradient=exact&hidden_units=7&seed=3&epochs=500"
    first, second = visit(query), visit(query)
    assert attribute(first, "run") == attribute(second, "run")
    assert number(first, "Loss") == number(second, "Loss")
    assert drawn(first, "W2") == drawn(second, "W2")
    assert first.url == second.url
    assert "dataset=moons" in first.url
    expect(first.get_by_role("spinbutton", name="Weights seed")).to_have_value("3")


def test_a_hostile_address_is_answered_in_words(visit: Visit) -> None:
    page = visit("?hidden_units=-1&seed=%3Cimg%20src=x%20onerror=alert(1)%3E&x=1&x=2&epochs=100")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_contain_text("hidden_units must be a whole number from 1 to 128")
    expect(warning).to_contain_text("'x' is not a setting and was ignored")
    expect(warning).to_contain_text("<img src=x")
    assert page.locator("img[src=x]").count() == 0
    at_epoch(page, 100)
    assert "hidden_units" not in page.url


def test_a_long_run_grows_on_screen_and_stops_when_asked(visit: Visit) -> None:
    page = visit("?dataset=digits&hidden_units=64&epochs=20000")
    expect(button(page, "Stop")).to_be_visible()
    expect(player(page).get_by_role("progressbar", name="Training")).to_be_visible()
    first = int(attribute(page, "last-epoch"))
    page.wait_for_function(
        f"n => Number(document.querySelector('{PLAYER}').dataset.lastEpoch) > n", arg=first
    )
    button(page, "Reset").click()  # a growing run can be scrubbed
    at_epoch(page, 0)
    button(page, "Stop").click()
    expect(player(page)).to_have_attribute("data-status", "stopped")
    expect(player(page).get_by_role("status")).to_contain_text("Stopped by you at epoch")
    at_epoch(page, 0)
    settle(page)
    last = int(attribute(page, "last-epoch"))
    page.wait_for_timeout(800)
    assert int(attribute(page, "last-epoch")) == last, "a stopped run went on"
    button(page, "Resume").click()
    page.wait_for_function(
        f"n => Number(document.querySelector('{PLAYER}').dataset.lastEpoch) > n", arg=last
    )


def test_a_growing_run_gives_way_to_another(visit: Visit) -> None:
    page = visit("?dataset=digits&hidden_units=64&epochs=20000")
    expect(button(page, "Stop")).to_be_visible()
    run = attribute(page, "run")
    page.get_by_role("button", name="Reset all").click()
    expect(player(page)).not_to_have_attribute("data-run", run)
    expect(player(page)).to_have_attribute("data-status", "finished")
    expect(button(page, "Stop")).to_be_hidden()
    at_epoch(page, 1000)


def test_a_diverging_run_says_so(visit: Visit) -> None:
    page = visit("?dataset=moons&gradient=drop_error_term&learning_rate=2.5")
    expect(player(page).get_by_role("status")).to_contain_text("Try α = 1: the same run ends")
    assert 0 < int(attribute(page, "last-epoch")) < 1000
    page.get_by_role("button", name="Reset all").click()
    expect(player(page).get_by_role("status")).to_be_hidden()


def colours(page: Page) -> dict[str, str]:
    return page.evaluate(
        """() => {
          const plot = document.querySelector('[data-picture=W1] .nnviz-plot');
          const chart = document.querySelector('[data-picture=claim] .nnviz-plot');
          return {
            text: getComputedStyle(chart.querySelector('.xtick text')).fill,
            zero: plot._fullLayout.coloraxis.colorscale[3][1],
          };
        }"""
    )


def test_both_themes_and_a_switch_while_it_runs(visit: Visit) -> None:
    page = visit(color_scheme="light")
    assert attribute(page, "theme") == "light"
    light = colours(page)
    page.emulate_media(color_scheme="dark")
    expect(player(page)).to_have_attribute("data-theme", "dark")
    dark = colours(page)
    assert light["text"] != dark["text"]
    assert light["zero"] != dark["zero"]
    dark_from_the_start = visit(color_scheme="dark")
    assert colours(dark_from_the_start) == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_phone_screen(visit: Visit, scheme: str) -> None:
    page = visit(width=390, height=844, color_scheme=scheme, has_touch=True)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for name, least in (("decision", 330), ("claim", 330), ("W1", 150)):
        box = page.locator(f"[data-picture={name}]").bounding_box()
        assert box is not None
        assert least <= box["width"] <= 390
    button(page, "Reset").tap()
    at_epoch(page, 0)


def test_log_axes_are_kept_from_run_to_run(visit: Visit) -> None:
    page = visit()
    button(page, "Enlarge: Loss and accuracy").click()
    button(page, "log y").click()
    get_type = "document.querySelector('[data-picture=curves] .nnviz-plot')._fullLayout.yaxis.type"
    assert page.evaluate(get_type) == "log"
    run = attribute(page, "run")
    slide(page, "Learning rate α", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    assert page.evaluate(get_type) == "log"
    expect(button(page, "log y")).to_have_attribute("aria-pressed", "true")


def test_real_data_show_a_confusion_matrix(visit: Visit) -> None:
    page = visit("?dataset=iris&epochs=200")
    expect(page.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    assert page.locator("[data-picture=decision]").count() == 0
    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_role("heading", name="Decision map")).to_be_visible()
    assert page.locator("[data-picture=confusion]").count() == 0
