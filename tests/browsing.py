"""What the tests in Chromium do on a page."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

PLAYER = "[data-testid=nnviz-player]"
PICTURE = f"{PLAYER} :is(.main-svg, .nnviz-wall)"
"""What there is to be seen in the player: pictures, or a wall of networks."""

Visit = Callable[..., Page]

VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});"""
"""Has a page say what its content security policy refuses, also where the script takes it well."""


@contextmanager
def visits(app: str, browser: Browser) -> Iterator[Visit]:
    """Open the app in windows of their own; afterwards their consoles must be clean."""
    opened: list[Page] = []
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # On a link to a page, Streamlit asks below that page first, and is refused.
        probing = "/_stcore/" in message.location["url"]
        # What Chromium's own drawing of WebGL in software says is not of the page.
        drawing = "GL Driver Message" in message.text
        # While one page gives way to another, both may have told Streamlit something at once.
        leaving = "Multiple different fragmentIds" in message.text
        if message.type in ("error", "warning") and not (probing or drawing or leaving):
            said.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((app, "data:", "blob:")):
            said.append(request.url)

    def open_page(query: str = "", width: int = 1440, height: int = 900, **options: Any) -> Page:
        # Or a first visit would play by itself (tests/test_browser_claim.py looks at that).
        still = {"reduced_motion": "reduce", **options}
        # Each in a context of its own: of pages that share one, those behind are not drawn.
        context = browser.new_context(viewport={"width": width, "height": height}, **still)
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        opened.append(page)
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", see)
        page.goto(app + query)
        expect(player(page)).to_have_attribute("data-epoch", re.compile(r"\d+"))
        return page

    try:
        yield open_page
    finally:
        for page in opened:
            page.context.close()
    assert not said, f"the browser complained, or asked another server: {said}"


def draws(page: Page) -> None:
    """Wait for a picture in the player, which may stand below the fold: none is drawn there."""
    player(page).scroll_into_view_if_needed(timeout=45_000)
    expect(page.locator(PICTURE).first).to_be_visible(timeout=45_000)


def player(page: Page) -> Locator:
    """The player; the last one, where a page has two, or gives way to another."""
    return page.locator(PLAYER).last


def attribute(page: Page, name: str) -> str:
    if name == "run":  # there as soon as a first epoch is
        expect(player(page)).to_have_attribute("data-run", re.compile("."))
    return player(page).get_attribute(f"data-{name}") or ""


def button(page: Page, name: str) -> Locator:
    return player(page).get_by_role("button", name=name, exact=True)


def at_epoch(page: Page, epoch: int | str) -> None:
    expect(player(page)).to_have_attribute("data-epoch", str(epoch))


def number(page: Page, label: str) -> str:
    tile = player(page).locator(".nnviz-numbers > div", has_text=label)
    expect(tile.locator("dd")).not_to_be_empty()  # it has none before the first epoch is shown
    return tile.locator("dd").inner_text()


def drawn(page: Page, picture: str) -> Any:
    """The z of a picture's heat map, as Plotly holds it."""
    return page.evaluate(
        """name => {
          const plot = document.querySelector(`[data-picture="${name}"] .nnviz-plot`);
          return plot.data.find(({ type }) => type === "heatmap").z.map((row) => Array.from(row));
        }""",
        picture,
    )


def listen(page: Page) -> Callable[[], list[str]]:
    """What the page tells the server from now on."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    heard: list[str] = []

    def note(event: Any) -> None:
        heard.append(base64.b64decode(event["response"]["payloadData"]).decode("latin-1"))

    client.on("Network.webSocketFrameSent", note)
    return lambda: heard


def step_from_the_start(page: Page, epochs: int) -> None:
    """Go to the first epoch, and on by the keyboard until Python knows of it."""
    page.keyboard.press("Home")
    for epoch in range(1, epochs + 1):
        page.keyboard.press("ArrowRight")
        at_epoch(page, epoch)
    settle(page)


def enlarge(page: Page, picture: str) -> None:
    """Put a picture of the Train page in the map's place, if it is a small one."""
    figure = page.locator(f"[data-picture={picture}]")
    expect(page.locator(".nnviz-small").first).to_be_attached()  # pictures have their places
    if "nnviz-small" not in (figure.get_attribute("class") or ""):
        return
    figure.get_by_role("button", name="Enlarge").click()
    expect(figure).not_to_have_class(re.compile("nnviz-small"))
    # The sentence above grows when progress comes, and moves everything below it once more.
    at_rest(page, PLACE.format(picture), looks=6)


PLACE = """() => {{
  const plot = document.querySelector("[data-picture={}] .nnviz-plot");
  const {{ x, y, width, height }} = plot.getBoundingClientRect();
  return JSON.stringify([x, y, width, height, plot._fullLayout?._size]);
}}"""
"""Where a picture's plot stands, and its margins."""


def at_rest(page: Page, look: str, looks: int = 2) -> Any:
    """What a look at the page finds, as soon as it finds the same so many times."""
    found, same = page.evaluate(look), 1
    while same < looks:
        page.wait_for_timeout(150)
        before, found = found, page.evaluate(look)
        same = same + 1 if found == before else 1
    return found


def settle(page: Page) -> None:
    """Wait until nothing is under way between the page and the server."""
    page.wait_for_timeout(600)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def slide(page: Page, label: str, key: str) -> None:
    page.get_by_role("slider", name=label).focus()
    page.keyboard.press(key)
