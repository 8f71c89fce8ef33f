"""What fails in the browser is said there, with a button that tries again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import PLAYER, at_epoch
from playwright.sync_api import Browser, Locator, Page, Route, expect

from nnviz.data.datasets import load_dataset
from nnviz.player.offline import offline_run
from nnviz.runs.config import Config
from nnviz.runs.recording import train

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """Windows whose consoles may complain."""
    contexts = []

    def open_window(**options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}, **options))
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


def lose(page: Page, name: str, times: int) -> list[str]:
    """Have the first requests for a file of the player fail; the addresses asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= times:
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(rf"/assets/[^/]+/{re.escape(name)}$"), answer)
    return asked


def readable(box: Locator) -> float:
    """Contrast of a box's text and its background."""
    ratio: float = box.evaluate(
        """box => {
          const light = (colour) => {
            const context = document.createElement("canvas").getContext("2d");
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            const [red, green, blue] = Array.from(context.getImageData(0, 0, 1, 1).data, (one) =>
              one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
          };
          const page = getComputedStyle(document.querySelector(".stApp") ?? document.body);
          const under = document.createElement("canvas").getContext("2d");
          for (const colour of [page.backgroundColor, getComputedStyle(box).backgroundColor]) {
            under.fillStyle = colour;
            under.fillRect(0, 0, 1, 1);
          }
          const [red, green, blue] = under.getImageData(0, 0, 1, 1).data;
          const both = [getComputedStyle(box).color, `rgb(${red},${green},${blue})`].map(light);
          return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
        }"""
    )
    return ratio


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("plotly.min.js", "light"), ("player.js", "light"), ("wire.js", "dark")],
)
def test_a_lost_file_is_said_and_asked_for_again(
    app: str, window: Open, name: str, scheme: str
) -> None:
    page = window(color_scheme=scheme)
    asked = lose(page, name, times=2)
    page.goto(f"{app}?epochs=50")
    alert = page.get_by_role("alert").filter(has_text="could not be loaded")
    again = alert.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    assert readable(alert) >= 4.5
    again.focus()
    page.keyboard.press("Enter")  # lost once more: the button is still there, and focused
    expect(again).to_be_focused()
    page.wait_for_timeout(500)
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    at_epoch(page, 50)
    expect(page.locator(f"{PLAYER} .main-svg").first).to_be_visible()
    expect(alert).to_have_count(0)
    if name != "plotly.min.js":  # a module that was lost, not every browser asks for once more
        assert len(set(asked)) == len(asked) == 3
    # And it is a whole player: also on another page, which needs no file any more.
    page.keyboard.press("Home")
    at_epoch(page, 0)
    page.get_by_role("link", name="Approximation", exact=True).click()
    expect(page.locator(f"{PLAYER} [data-picture] .main-svg").first).to_be_visible()


def broken(picture: str) -> str:
    """A script that has Plotly fail to draw one picture, until `window.mended`."""
    return f"""
      let real;
      Object.defineProperty(window, "Plotly", {{
        configurable: true,
        get: () => real,
        set: (Plotly) => {{
          const react = Plotly?.react;
          if (react) Plotly.react = (plot, ...rest) => {{
            const {{ picture }} = plot.closest("[data-picture]").dataset;
            if (picture === "{picture}" && !window.mended) throw new Error("<b>forged</b>");
            return react(plot, ...rest);
          }};
          real = Plotly;
        }},
      }});
    """


def one_fails_alone(page: Page, last: int) -> None:
    """The rest of the page is alive, and the failed picture comes back when it is asked for."""
    failed = page.locator("[data-picture=W1]")
    alert = failed.get_by_role("alert")
    expect(alert).to_contain_text("could not be drawn. Error: <b>forged</b>")
    expect(failed.locator(".main-svg").first).to_be_hidden()
    for picture in page.locator(".nnviz-picture:visible").all():
        if picture.get_attribute("data-picture") != "W1":
            picture.scroll_into_view_if_needed()
            expect(picture.locator(".main-svg").first).to_be_visible()
    before = page.evaluate(
        "document.querySelector('[data-picture=curves] .nnviz-cursor').style.transform"
    )
    page.keyboard.press("Home")
    at_epoch(page, 0)
    page.keyboard.press("ArrowRight")
    at_epoch(page, 1)
    after = page.evaluate(
        "document.querySelector('[data-picture=curves] .nnviz-cursor').style.transform"
    )
    assert before != after, "the other pictures follow the epoch"
    expect(page.get_by_role("alert").filter(has_text="could not be drawn")).to_have_count(1)
    again = alert.get_by_role("button", name="Try again")
    again.click()
    expect(alert).to_be_visible()  # it fails once more
    page.evaluate("window.mended = true")
    again.click()
    expect(alert).to_have_count(0)
    expect(failed.locator(".main-svg").first).to_be_visible()
    page.keyboard.press("End")
    at_epoch(page, last)


def test_a_picture_that_fails_leaves_the_others_alive(app: str, window: Open) -> None:
    page = window()
    page.add_init_script(broken("W1"))
    page.goto(f"{app}?epochs=50")
    at_epoch(page, 50)
    one_fails_alone(page, 50)


def test_a_picture_that_fails_on_an_exported_page_leaves_the_others_alive(
    window: Open, tmp_path: Path
) -> None:
    run = train(Config(epochs=50), load_dataset("spiral"))
    (tmp_path / "run.html").write_text(offline_run(run), encoding="utf-8")
    page = window(offline=True)
    page.add_init_script(broken("W1"))
    page.goto((tmp_path / "run.html").as_uri())
    at_epoch(page, 50)
    one_fails_alone(page, 50)


def test_another_run_draws_a_picture_again_that_failed(app: str, window: Open) -> None:
    page = window()
    page.add_init_script(broken("W1"))
    page.goto(f"{app}?epochs=50")
    alert = page.locator("[data-picture=W1]").get_by_role("alert")
    expect(alert).to_be_visible()
    page.evaluate("window.mended = true")
    page.get_by_role("slider", name="Hidden units").focus()
    page.keyboard.press("ArrowRight")
    expect(alert).to_have_count(0)
    expect(page.locator("[data-picture=W1] .main-svg").first).to_be_visible()


def test_a_picture_whose_spec_is_wrong_leaves_the_others_alive(
    window: Open, tmp_path: Path
) -> None:
    run = train(Config(epochs=50), load_dataset("spiral"))
    whole = offline_run(run)
    # Said by Python of one picture alone, as an error there would say it.
    wrong = whole.replace(
        "const player = new Player(",
        'const { PictureView } = modules["picture.js"];\n'
        "  const receive = PictureView.prototype.receive;\n"
        "  PictureView.prototype.receive = function (spec, scales) {\n"
        "    receive.call(this, this.name === 'W1' ? { ...spec, toggles: null } : spec, scales);\n"
        "  };\n"
        "  const player = new Player(",
    )
    assert wrong != whole
    (tmp_path / "run.html").write_text(wrong, encoding="utf-8")
    page = window(offline=True)
    page.goto((tmp_path / "run.html").as_uri())
    at_epoch(page, 50)
    expect(page.locator("[data-picture=W1]").get_by_role("alert")).to_be_visible()
    expect(page.locator("[data-picture=curves] .main-svg").first).to_be_visible()


@pytest.mark.parametrize(("keep", "said"), [(0.5, "Opening"), (None, "The file is incomplete")])
def test_a_file_that_is_not_whole_says_so(
    window: Open, tmp_path: Path, keep: float | None, said: str
) -> None:
    whole = offline_run(train(Config(epochs=5), load_dataset("spiral")))
    if keep is None:
        start = whole.index('id="run">') + 200
        cut = whole[:start] + whole[start + 4000 :]
    else:
        cut = whole[: int(keep * len(whole))]
    (tmp_path / "run.html").write_text(cut, encoding="utf-8")
    page = window(offline=True)
    page.goto((tmp_path / "run.html").as_uri())
    expect(page.locator("#player")).to_contain_text(said)
