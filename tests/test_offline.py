"""The exported page, opened from disk with the network off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import Visit, number, settle
from playwright.sync_api import Browser, expect

from nnviz.config import Config
from nnviz.datasets import load_dataset
from nnviz.recording import train
from nnviz.storage import load_recording, save_recording
from nnviz.ui.offline import offline_page

pytestmark = pytest.mark.browser

PLAYER = "[data-testid=nnviz-player]"


@pytest.mark.parametrize("dataset", ["spiral", "digits"])
def test_it_plays_and_scrubs_without_a_network(
    browser: Browser, tmp_path: Path, dataset: str
) -> None:
    run = train(Config(epochs=60), load_dataset(dataset))
    (tmp_path / "run.html").write_text(offline_page(run))
    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto((tmp_path / "run.html").as_uri())
    player = page.locator(PLAYER)
    expect(player).to_have_attribute("data-epoch", "60")
    page.keyboard.press("Home")
    expect(player).to_have_attribute("data-epoch", "0")
    expect(player.get_by_text("0 / 60")).to_be_visible()
    page.keyboard.press("Space")
    expect(player).to_have_attribute("data-epoch", re.compile(r"[1-9]"))
    for picture in page.locator(".nnviz-picture:visible").all():
        expect(picture.locator(".main-svg").first).to_be_visible()
    assert said == [(tmp_path / "run.html").as_uri()], "complaints, or a request to elsewhere"
    context.close()


def test_names_cannot_become_markup() -> None:
    from dataclasses import replace

    data = replace(load_dataset("blobs"), name="</title><script>alert(1)</script>")
    page = offline_page(train(Config(epochs=2), data))
    assert "<script>alert(1)" not in page
    assert page.count("</script>") == 3


def test_downloads_from_the_train_page(visit: Visit, tmp_path: Path) -> None:
    page = visit("?epochs=50&dataset=iris")
    page.get_by_text("Take it home").click()
    for label, suffix in (("Play offline", "html"), ("Recording", "npz"), ("Metrics", "csv")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        path = tmp_path / f"run.{suffix}"
        download.value.save_as(path)
        assert download.value.suggested_filename.endswith(f".{suffix}")
    run = load_recording(tmp_path / "run.npz")
    assert run.dataset.name == "iris"
    assert run.last_epoch == 50
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 52


def test_a_recording_is_opened_again_on_the_page(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    run = train(Config(epochs=33, learning_rate=0.2), load_dataset("wine"))
    with path.open("wb") as file:
        save_recording(run, file)
    page = visit("?epochs=50")
    page.get_by_text("Take it home").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("A recording from a file: wine")).to_be_visible()
    settle(page)
    assert number(page, "Epoch") == "33 / 33"
    assert number(page, "Loss") == f"{run.loss[-1]:.4f}"
    page.get_by_role("button", name="Back to the controls' run").click()
    expect(page.get_by_text("A recording from a file: wine")).to_have_count(0)
    settle(page)
    assert number(page, "Epoch") == "50 / 50"


def test_what_is_no_recording_is_refused_in_words(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK and then nothing")
    page = visit("?epochs=50")
    page.get_by_text("Take it home").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.npz")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("the file is not a recording")).to_be_visible()
    assert number(page, "Epoch") == "50 / 50"


@pytest.mark.parametrize("picture", ["curves", "W1", "decision"])
def test_pictures_are_saved_as_png_and_svg(visit: Visit, tmp_path: Path, picture: str) -> None:
    page = visit("?epochs=50&samples=90")
    place = page.locator(f"[data-picture={picture}]")
    place.locator(".nsewdrag").first.hover()
    for suffix in ("png", "svg"):
        with page.expect_download() as download:
            place.locator(f"[data-title='Save as {suffix.upper()}']").click()
        assert download.value.suggested_filename == f"nnviz-{picture}-epoch-50.{suffix}"
        download.value.save_as(tmp_path / suffix)
    assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")
    image = (tmp_path / "svg").read_text()
    assert image.startswith("<svg")
    assert place.locator("h3").inner_text().split(",")[0] in image
    assert "epoch 50" in image
