"""The exported page, opened from disk with the network off."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import Visit, at_epoch, attribute, enlarge, number, settle, slide
from playwright.sync_api import Browser, Page, expect

from nnviz.data.datasets import load_dataset
from nnviz.figures.run_grid import RunGrid
from nnviz.figures.tiles import found_in_slices
from nnviz.player.messages.wall import Shown
from nnviz.player.offline import offline_run, offline_sweep
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, train
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import load_recording, save_recording
from nnviz.sweeps.grid import grid, run_one
from nnviz.sweeps.pool import last

pytestmark = pytest.mark.browser

PLAYER = "[data-testid=nnviz-player]"


@contextmanager
def from_disk(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """A file in a browser without a network; it may neither complain nor ask for anything."""
    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900}, **options)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if "GL Driver" not in m.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto(path.as_uri())
    yield page
    for picture in page.locator(".nnviz-picture:visible").all():
        picture.scroll_into_view_if_needed()
        expect(picture.locator(".main-svg").first).to_be_visible()
    expect(page.get_by_role("button", name="Pick")).to_have_count(0)  # nothing can be opened
    context.close()
    assert said == [path.as_uri()], f"complaints, or a request to elsewhere: {said}"


def plays_and_scrubs(page: Page, last: int) -> None:
    player = page.locator(PLAYER)
    expect(player).to_have_attribute("data-epoch", str(last))
    page.keyboard.press("Home")
    expect(player).to_have_attribute("data-epoch", "0")
    expect(player.get_by_text(f"0 / {last}")).to_be_visible()
    page.keyboard.press("Space")
    expect(player).to_have_attribute("data-epoch", re.compile(r"[1-9]"))


@pytest.mark.parametrize("dataset", ["spiral", "digits"])
def test_it_plays_and_scrubs_without_a_network(
    browser: Browser, tmp_path: Path, dataset: str
) -> None:
    run = train(Config(epochs=60), load_dataset(dataset))
    (tmp_path / "run.html").write_text(offline_run(run), encoding="utf-8")
    with from_disk(browser, tmp_path / "run.html") as page:
        plays_and_scrubs(page, last=60)


def test_a_run_that_grows_is_taken_home_as_far_as_it_is(browser: Browser, tmp_path: Path) -> None:
    recorder = Recorder(Config(epochs=60), load_dataset("spiral"))
    recorder.run(epochs=20)
    (tmp_path / "run.html").write_text(offline_run(recorder.recording()), encoding="utf-8")
    with from_disk(browser, tmp_path / "run.html") as page:
        plays_and_scrubs(page, last=recorder.epoch)
        expect(page.get_by_text(f"at epoch {recorder.epoch} of 60")).to_be_visible()
        for name in ("Stop", "Resume"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_hidden()


def test_a_sweep_is_seen_without_a_network(browser: Browser, tmp_path: Path) -> None:
    base = RunSpec("blobs", (("samples", 40),), Config(epochs=30, hidden_units=3))
    axes: dict[str, list[Any]] = {"learning_rate": [0.1, 1.0], "gradient": ["exact", "difference"]}
    specs = grid(base, axes, seeds=2)
    run_grid = RunGrid.of(axes, specs, {n: run_one(spec) for n, spec in enumerate(specs)})
    (tmp_path / "sweep.html").write_text(offline_sweep(run_grid), encoding="utf-8")
    with from_disk(browser, tmp_path / "sweep.html") as page:
        about = page.locator("h1 + p").inner_text()
        assert "samples 40" in about
        assert "hidden units 3" in about
        assert "learning rate" not in about.replace("step length learning_rate", ""), "it varies"
        for title in ("Final loss", "A − Y (16) holds, share", "Loss curves", "All runs"):
            expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_a_wall_plays_without_a_network(browser: Browser, tmp_path: Path) -> None:
    base = RunSpec("blobs", (("samples", 40),), Config(epochs=30, hidden_units=3))
    axes: dict[str, list[Any]] = {"learning_rate": [0.1, 1.0], "hidden_units": [2, 3]}
    specs = grid(base, axes, seeds=1)
    named = {name.replace("_", " "): values for name, values in axes.items()}
    run_grid = RunGrid.of(named, specs, {n: run_one(spec) for n, spec in enumerate(specs)})
    found = {n: last(found_in_slices, (spec, True)).tile for n, spec in enumerate(specs)}
    shown = Shown("decisions", "test accuracy", None)
    tiles = {n: tile for n, tile in found.items() if tile is not None}
    (tmp_path / "wall.html").write_text(offline_sweep(run_grid, (tiles, shown)), encoding="utf-8")
    with from_disk(browser, tmp_path / "wall.html") as page:
        wall = page.get_by_test_id("nnviz-wall")
        expect(wall).to_have_attribute("data-done", "4")
        expect(wall).to_have_attribute("data-epoch", "30")
        page.get_by_role("button", name="Reset", exact=True).click()
        expect(wall).to_have_attribute("data-epoch", "0")
        page.locator(".nnviz-tile").nth(1).hover()
        expect(page.get_by_role("complementary").get_by_role("heading")).to_have_text(
            "α 1, 3 units"
        )
        expect(page.get_by_role("button", name="Open this run")).to_be_hidden()
        expect(page.get_by_role("heading", name="All runs")).to_be_visible()


@pytest.mark.parametrize("name", ["Approximation", "Compare"])
def test_what_is_beside_each_other_plays_offline_too(
    visit: Visit, browser: Browser, tmp_path: Path, name: str
) -> None:
    page = visit("?epochs=50")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("button", name="Train on this data").click()  # which are the session's alone
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    page.get_by_role("button", name="Pin to compare").click()
    slide(page, "Hidden units", "ArrowRight")
    page.get_by_role("link", name=name, exact=True).click()
    settle(page)
    page.get_by_text("Take it home").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Play offline", exact=True).click()
    download.value.save_as(tmp_path / "page.html")
    shown = page.locator(".nnviz-picture h3").all_inner_texts()
    with from_disk(browser, tmp_path / "page.html") as at_home:
        assert at_home.locator(".nnviz-picture h3").all_inner_texts() == shown
        plays_and_scrubs(at_home, last=50)


def test_names_cannot_become_markup() -> None:
    from dataclasses import replace

    data = replace(load_dataset("blobs"), name="</title><script>alert(1)</script>")
    page = offline_run(train(Config(epochs=2), data))
    assert "<script>alert(1)" not in page
    assert page.count("</script>") == 4


def test_downloads_from_the_explore_page(visit: Visit, tmp_path: Path) -> None:
    page = visit("explore?epochs=30&samples=80&seeds=1&try_hidden_units=2&try_hidden_units=3")
    expander = page.get_by_text("Take it home")
    expander.click()
    expect(page.get_by_role("button", name="Table", exact=True)).to_be_disabled()
    page.get_by_role("button", name=re.compile(r"Train \d+ runs")).click()
    expect(page.get_by_text(re.compile(r"(\d+) of \1 runs are trained."))).to_be_visible(
        timeout=60_000
    )
    files = {}
    for label, suffix in (("Table", "csv"), ("Arrays", "npz"), ("Page", "html")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert download.value.suggested_filename == f"nnviz-sweep.{suffix}"
        files[suffix] = tmp_path / f"sweep.{suffix}"
        download.value.save_as(files[suffix])
    rows = list(csv.DictReader(files["csv"].read_text(encoding="utf-8").splitlines()))
    assert {row["hidden_units"] for row in rows} == {"2"}, "3 is no value to try"
    with np.load(files["npz"]) as arrays:
        assert arrays["loss"].tolist() == [float(row["loss"]) for row in rows]
    assert "<title>nnviz: spiral over learning rate and hidden units" in files["html"].read_text(
        encoding="utf-8"
    )


def test_the_link_of_a_run_opens_it_again(visit: Visit) -> None:
    page = visit("?epochs=50&dataset=moons&noise=0.1")
    slide(page, "Hidden units", "ArrowRight")
    settle(page)
    page.get_by_text("Take it home").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert attribute(visit(link.split("/")[-1]), "run") == attribute(page, "run")


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
    assert len((tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()) == 52


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
    at_epoch(page, 33)
    assert number(page, "Epoch") == "33 / 33"
    assert number(page, "Loss") == f"{run.loss[-1]:.4f}"
    page.get_by_role("button", name="Back to the current run").click()
    expect(page.get_by_text("A recording from a file: wine")).to_have_count(0)
    settle(page)
    at_epoch(page, 50)
    assert number(page, "Epoch") == "50 / 50"


def test_a_run_opened_elsewhere_is_shown_and_not_the_recording(
    visit: Visit, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    save_recording(train(Config(epochs=33), load_dataset("wine")), path)
    page = visit("?epochs=50")
    page.get_by_text("Take it home").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("A recording from a file: wine")).to_be_visible()
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    settle(page)
    expect(page.get_by_text("A recording from a file: wine")).to_have_count(0)
    at_epoch(page, 50)
    assert number(page, "Epoch") == "50 / 50"


def test_what_is_no_recording_is_refused_in_words(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK and then nothing")
    page = visit("?epochs=50")
    page.get_by_text("Take it home").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.npz")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("the file is not a recording")).to_be_visible()
    at_epoch(page, 50)
    assert number(page, "Epoch") == "50 / 50"


@pytest.mark.parametrize("picture", ["curves", "W1", "decision"])
def test_pictures_are_saved_as_png_and_svg(visit: Visit, tmp_path: Path, picture: str) -> None:
    page = visit("?epochs=50&samples=90")
    place = page.locator(f"[data-picture={picture}]")
    enlarge(page, picture)
    place.locator(".nsewdrag").first.hover()
    for suffix in ("png", "svg"):
        with page.expect_download() as download:
            place.locator(f"[data-title='Save as {suffix.upper()}']").click()
        assert download.value.suggested_filename == f"nnviz-{picture}-epoch-50.{suffix}"
        download.value.save_as(tmp_path / suffix)
    assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")
    image = (tmp_path / "svg").read_text(encoding="utf-8")
    assert image.startswith("<svg")
    assert place.locator("h3").inner_text().split(",")[0] in image
    assert "epoch 50" in image
