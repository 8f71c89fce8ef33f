"""No control and no file names another host: what a visitor looks at stays where it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import PLAYER, Visit, settle
from playwright.sync_api import Browser, Page, expect

from nnviz.data.datasets import load_dataset
from nnviz.player.assets import PLOTLY_JS, STATIC
from nnviz.player.offline import offline_run
from nnviz.runs.config import Config
from nnviz.runs.recording import train

PAGES = ("", "approximation", "step", "explore", "compare", "data", "learn")

# Every address in the document, shadow roots too, that leads to another host.
FOREIGN = """() => {
  const found = [];
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (!/^(xlink:)?(href|src|srcset|action|formaction|poster|data|ping)$/.test(name)) continue;
        const { protocol, host } = new URL(value, document.baseURI);
        if (/^https?:$/.test(protocol) && host !== location.host) {
          found.push(`${element.localName} ${name}=${value}`);
        }
      }
      if (element.shadowRoot) search(element.shadowRoot);
    }
  };
  search(document);
  return found;
}"""

# Plotly's own buttons by name, and how it is configured.
BARS = """() => Array.from(document.querySelectorAll(".js-plotly-plot"), (plot) => ({
  buttons: Array.from(plot.querySelectorAll(".modebar-btn"), (button) => button.dataset.title),
  server: plot._context.plotlyServerURL,
  sends: plot._context.showSendToCloud,
}))"""

KNOWN_BUTTONS = {"Save as PNG", "Save as SVG", "Zoom", "Pan", "Zoom in", "Zoom out", "Reset axes"}


def stays_here(page: Page) -> None:
    for picture in page.locator(".nnviz-picture:visible").all():
        picture.scroll_into_view_if_needed()
        expect(picture.locator(".main-svg").first).to_be_visible()
    assert page.evaluate(FOREIGN) == []
    bars = page.evaluate(BARS)
    assert page.locator(PLAYER).count() == 0 or bars
    for bar in bars:
        assert set(bar["buttons"]) <= KNOWN_BUTTONS, bar
        assert bar["server"] == "", "where Plotly would send a picture"
        assert bar["sends"] is False


@pytest.mark.browser
def test_no_control_of_a_page_leads_to_another_host(visit: Visit) -> None:
    page = visit("?epochs=50")  # a visit is also refused any request to another host
    for name in PAGES:
        page.get_by_role("link", name=name.capitalize() or "Train", exact=True).click()
        settle(page)
        if name not in ("data", "learn"):
            if name == "explore":  # Plotly's pictures are below the wall
                page.locator("[data-picture=parallel]").scroll_into_view_if_needed()
            expect(page.locator(f"{PLAYER} .main-svg").first).to_be_visible()
        home = page.get_by_text("Take it home")
        if home.count():
            home.click()
            settle(page)
        stays_here(page)


@pytest.mark.browser
def test_no_control_of_an_exported_page_leads_to_another_host(
    browser: Browser, tmp_path: Path
) -> None:
    run = train(Config(epochs=20), load_dataset("spiral"))
    (tmp_path / "run.html").write_text(offline_run(run), encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    page.goto((tmp_path / "run.html").as_uri())
    stays_here(page)
    page.context.close()


def test_no_file_of_the_player_names_another_host() -> None:
    run = train(Config(epochs=5), load_dataset("blobs"))
    page = offline_run(run).replace(PLOTLY_JS.read_text(encoding="utf-8"), "")
    texts = {path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir()}
    for name, text in {**texts, "an exported page": page}.items():
        hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text))
        # The name of SVG's elements is an address that nobody asks.
        assert hosts <= {"www.w3.org"}, f"{name} names {hosts}"
