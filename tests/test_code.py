"""The address as a code: what a phone's camera would read of it."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from browsing import Visit, at_epoch, settle
from PIL import Image
from playwright.sync_api import expect

from nnviz.ui.views.code import code_of


def read(image: bytes) -> str:
    every = zxingcpp.read_barcodes(Image.open(io.BytesIO(image)))
    (found,) = (one for one in every if one.format == zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)


@pytest.mark.parametrize(
    "text",
    [
        "http://192.168.1.20:8501/",
        "http://lab.local:8501/approximation?dataset=wine&learning_rate=0.5&epoch=99",
        "https://nnviz.example/explore?"
        + "&".join(f"try_learning_rate={n / 100}" for n in range(40)),
    ],
)
def test_a_code_says_the_address(text: str) -> None:
    image = code_of(text)
    assert image is not None
    assert read(image) == text


def test_an_address_that_no_code_holds_has_none() -> None:
    assert code_of("http://lab.local/?" + "a" * 4000) is None


@pytest.mark.browser
def test_a_key_shows_where_the_page_is(visit: Visit) -> None:
    page = visit("approximation?dataset=moons&epochs=50&epoch=9&present=1")
    at_epoch(page, 9)
    settle(page)
    page.keyboard.press("q")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("img")).to_be_visible()
    expect(dialog.get_by_text("of this machine alone")).to_be_visible()
    page.wait_for_timeout(500)
    said = read(page.screenshot())
    assert said == dialog.locator("code").inner_text()
    for part in ("/approximation?", "dataset=moons", "epochs=50", "epoch=9"):
        assert part in said
    again = visit(said.split("/", 3)[3])
    at_epoch(again, 9)
    assert "dataset=moons" in again.url
