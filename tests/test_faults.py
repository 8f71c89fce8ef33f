"""What goes wrong in a workshop: connections cut, servers restarted, two tabs, hasty hands."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import PLAYER, Visit, attribute, number, player, settle, slide
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from serving import App

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[App]:
    one = App(tmp_path / "log")
    one.start()
    yield one
    one.stop()


def opened(browser: Browser, address: str) -> Page:
    size = {"width": 1440, "height": 900}
    # Or it would play by itself.
    page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    page.goto(address)
    expect(page.locator(PLAYER)).to_have_attribute("data-epoch", re.compile(r"\d+"))
    return page


def test_a_restarted_server_gives_the_run_again(browser: Browser, server: App) -> None:
    page = opened(browser, f"{server.address}?learning_rate=0.2&epochs=50")
    first = attribute(page, "run")
    slide(page, "Hidden units", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", first)
    settle(page)
    loss, run = number(page, "Loss"), attribute(page, "run")
    server.stop()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    server.start()
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED", timeout=60_000
    )
    settle(page)
    expect(player(page)).to_have_attribute("data-run", run, timeout=30_000)
    page.locator(".nnviz-epoch").focus()
    page.keyboard.press("End")
    expect(player(page)).to_have_attribute("data-epoch", "50")
    assert number(page, "Loss") == loss
    slide(page, "Hidden units", "ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    page.context.close()


def test_a_cut_connection_resumes_in_mid_run(browser: Browser, server: App) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(
        """const Real = WebSocket;
        window.sockets = [];
        window.WebSocket = class extends Real {
          constructor(...args) { super(...args); window.sockets.push(this); }
        };"""
    )
    page.goto(f"{server.address}?epochs=20000&samples=600&hidden_units=64")
    expect(page.locator(PLAYER)).to_have_attribute("data-status", "running", timeout=30_000)
    page.evaluate("window.sockets.forEach((socket) => socket.close())")
    expect(page.locator(PLAYER)).to_have_attribute("data-status", "finished", timeout=120_000)
    assert attribute(page, "last-epoch") == "20000"
    context.close()


def test_a_connection_cut_just_as_more_is_asked_for_leaves_no_empty_page(
    browser: Browser, server: App
) -> None:
    """Streamlit then ends the script before it has drawn the player, and does not run it again."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(
        """const Real = WebSocket;
        let sent = 0;
        window.WebSocket = class extends Real {
          send(message) {
            super.send(message);
            sent += 1;
            if (sent === 2) this.close();
          }
        };"""
    )
    page.goto(f"{server.address}?epochs=20000&samples=600&hidden_units=64")
    expect(page.locator(PLAYER)).to_have_attribute("data-status", "finished", timeout=60_000)
    context.close()


@pytest.mark.parametrize("way", ["Step", "logo"])
def test_a_page_comes_also_if_its_answer_is_late_and_the_old_one_would_ask_for_more(
    browser: Browser, server: App, way: str
) -> None:
    """What Streamlit then hears of the old page would have it draw neither."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    told: list[bytes] = []
    held: list[Callable[[], None]] = []
    late = False

    def between(there: WebSocketRoute) -> None:
        server = there.connect_to_server()

        def ask(message: str | bytes) -> None:
            if late:
                told.append(message if isinstance(message, bytes) else message.encode())
            server.send(message)

        def answer(message: str | bytes) -> None:
            if late:
                held.append(lambda: there.send(message))
            else:
                there.send(message)

        there.on_message(ask)
        server.on_message(answer)

    page.route_web_socket(re.compile("_stcore/stream"), between)
    page.goto(f"{server.address}approximation?epochs=20000&samples=600&hidden_units=64")
    expect(page.locator(PLAYER)).to_have_attribute("data-status", "running", timeout=30_000)
    late = True
    leads = page.get_by_test_id("stLogoLink").first
    (leads if way == "logo" else page.get_by_role("link", name=way, exact=True)).click()
    page.wait_for_timeout(3000)  # a run that grows is asked for again after two seconds
    late = False
    assert b"__events" not in told[-1], "asked after the click"
    for message in held:
        message()
    expect(page).to_have_url(re.compile(f"{server.address}(step)?\\?"))
    picture = f"{PLAYER} [data-picture={'curves' if way == 'logo' else 'Z1'}] .main-svg"
    expect(page.locator(picture).first).to_be_visible(timeout=30_000)
    context.close()


def test_two_tabs_do_not_disturb_each_other(browser: Browser, server: App) -> None:
    first = opened(browser, f"{server.address}?epochs=50")
    second = first.context.new_page()
    second.goto(f"{server.address}?epochs=50&seed=3")
    expect(second.locator(PLAYER)).to_have_attribute("data-epoch", "50")
    slide(first, "Learning rate", "ArrowLeft")
    settle(first)
    before = attribute(second, "run")
    slide(second, "Hidden units", "ArrowRight")
    settle(second)
    assert attribute(second, "run") != before
    assert "learning_rate" not in second.url
    assert "hidden_units" not in first.url
    first.context.close()


def test_of_hasty_moves_the_last_is_shown_and_none_half(visit: Visit) -> None:
    page = visit("?epochs=5000&samples=500")
    page.get_by_role("slider", name="Learning rate").focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    settle(page)
    assert re.search(r"learning_rate=[\d.]+", page.url)
    alone = visit(page.url.split("/")[-1])
    expect(player(alone)).to_have_attribute("data-status", "finished", timeout=60_000)
    # The run of the address, and all of it.
    expect(player(page)).to_have_attribute("data-run", attribute(alone, "run"), timeout=60_000)
    expect(player(page)).to_have_attribute("data-status", "finished", timeout=60_000)
    expect(player(page)).to_have_attribute("data-last-epoch", "5000")
    assert number(page, "Loss") == number(alone, "Loss")


def test_a_page_from_before_an_upgrade_still_gets_its_player(app: str) -> None:
    with urllib.request.urlopen(f"{app}assets/0123456789ab/mount.js", timeout=10) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"export default async function mount" in answer.read()
