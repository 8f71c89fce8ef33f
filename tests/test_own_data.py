"""A visitor's own data in the app: shown as they are, and to nobody else."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import Visit, attribute, enlarge, number, player, settle
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest
from test_table import GOOD

from nnviz.approximation.along import Along
from nnviz.approximation.holding import Criterion
from nnviz.by_hand.programs import run_program
from nnviz.data.datasets import OWN
from nnviz.data.samples import Samples
from nnviz.data.table import read_table
from nnviz.figures.metrics import metrics_of
from nnviz.figures.pages.approximation import approximation_pictures
from nnviz.figures.pages.train import train_pictures
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.ui.shared import runs
from nnviz.ui.shared.runs import RUNS, data_of
from nnviz.ui.views.readings import readings_of

TABLES = Path(__file__).parent / "tables"

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<b>b%{x}</b>",
    '"""\nimport os & <a href="javascript:0">',
)


def hostile_samples(features: int, classes: int) -> Samples:
    rng = np.random.default_rng(0)
    return Samples(
        features=rng.normal(size=(60, features)),
        labels=np.arange(60) % classes,
        feature_names=tuple(f"{HOSTILE[n % 3]} {n}" for n in range(features)),
        class_names=HOSTILE[:classes],
    )


def texts(value: Any) -> Iterator[str]:
    """All texts in a figure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from texts(entry)
    elif isinstance(value, (list, tuple)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "OU"
    ):
        for entry in value:
            yield from texts(entry)


@pytest.mark.parametrize(("features", "classes"), [(2, 3), (5, 3), (2, 2)])
def test_names_are_text_in_every_figure(features: int, classes: int) -> None:
    data = hostile_samples(features, classes).dataset(data_seed=0, test_share=0.25)
    of_rule = {
        rule: train(Config(epochs=3, hidden_units=4, gradient=rule), data)
        for rule in GRADIENT_RULES
    }
    run = of_rule["exact"]
    pictures = [
        *train_pictures(run, metrics_of(run)),
        *approximation_pictures(of_rule, "exact", Along.of(run), Criterion()),
    ]
    found = ""
    for picture in pictures:
        for text in texts([picture.figure, [update.lookup for update in picture.updates]]):
            for raw in ("<img", "<a ", "b%{x}"):
                assert raw not in text, f"{picture.name}: {text}"
            found += text
    assert "&lt;i" in found, "no name was in any figure: the test looks for nothing"


def test_a_name_cannot_become_part_of_a_program() -> None:
    data = hostile_samples(2, 3).dataset(data_seed=0, test_share=0.25)
    object.__setattr__(data, "name", '"""\nimport os\nos.system("true")\n"""')
    program = run_program(train(Config(epochs=3), data))
    assert "import os\n" not in program
    compile(program, "program", "exec")


def page_at(**address: str) -> AppTest:
    app = AppTest.from_file("../nnviz/ui/main.py", default_timeout=60)
    app.query_params.update(address)
    return app.run()


def test_without_own_data_nothing_else_is_drawn() -> None:
    page = page_at(dataset=OWN)
    without_data(page)
    page.sidebar.selectbox(key="dataset").set_value("moons").run()
    assert page.get("bidi_component")
    page.sidebar.selectbox(key="dataset").set_value(OWN).run()
    without_data(page)


def without_data(page: AppTest) -> None:
    assert not page.exception
    assert any("No data, no pictures" in said.value for said in page.markdown)
    assert not page.get("bidi_component"), "pictures, of what?"


def spec_with(samples: Samples) -> RunSpec:
    return RunSpec(dataset=OWN, options=(), config=Config(epochs=5, hidden_units=3), own=samples)


def test_runs_differ_by_the_data() -> None:
    first, second = hostile_samples(2, 3), hostile_samples(2, 2)
    assert spec_with(first).run_id != spec_with(second).run_id
    assert spec_with(first) != spec_with(second)
    loaded = data_of(spec_with(first))
    assert loaded.X.shape == (2, 45)
    assert data_of(spec_with(first)) is loaded, "split anew at every script run"


def test_data_are_forgotten_with_their_session() -> None:
    spec = spec_with(hostile_samples(2, 3))
    data_of(spec)
    assert len(runs._SPLITS) >= 1
    before = len(runs._SPLITS)
    del spec
    gc.collect()
    assert len(runs._SPLITS) == before - 1


def test_how_each_column_is_read_is_shown() -> None:
    rows = "1.200,5;red;1,5;950;2020-01-05;;none\n3;blue;oops;1.200;2021-01-05;;none\n7;;2;3;x;;b"
    table = read_table(f"a;b;c;d;e;f;kind\n{rows}\n".encode())
    found = readings_of(table, "kind")
    assert list(zip(*found.values(), strict=True)) == [
        ("a", "numbers, a decimal comma, points between thousands", 0, "3 to 1200.5"),
        ("b", "words", 1, "2 different, as red"),
        ("c", "numbers, a decimal comma", 0, "1.5 to 2; not a number: oops"),
        ("d", "numbers, points between thousands", 0, "3 to 1200"),
        ("e", "words", 0, "3 different, as 2020-01-05"),
        ("f", "empty", 3, ""),
        ("kind", "label", 0, "2 different"),
    ]
    doubtful = read_table(b"a;kind\n950;x\n1,200;y\n")
    assert readings_of(doubtful, "kind")["Read as"][0] == "numbers: choose the decimal mark"
    assert readings_of(doubtful, "kind")["Values"][0] == "2 different"


def upload(page: Page, path: Path, text: str | bytes) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    page.locator("input[type=file]").set_input_files(path)
    settle(page)


def open_data_page(visit: Visit, address: str = "") -> Page:
    page = visit(address)
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_text("Features: the columns to learn from")).to_be_visible()
    return page


@pytest.mark.browser
def test_the_example_can_be_trained_on(visit: Visit) -> None:
    page = open_data_page(visit)
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert "dataset=own" in page.url
    assert number(page, "Train accuracy") == "100.0 %"
    legend = player(page).locator("[data-picture=decision] .nnviz-legend")
    expect(legend).to_contain_text("catdograbbit")


@pytest.mark.browser
def test_an_uploaded_file_trains_on_every_page(visit: Visit, tmp_path: Path) -> None:
    page = open_data_page(visit)
    rows = "".join(
        f"{n},{n % 3 + n / 100},{n % 7 / 7 - n % 3},{HOSTILE[0] if n % 3 else '=2+2'}\n"
        for n in range(60)
    )
    upload(page, tmp_path / "own.csv", f"id,<b>x</b>,=1+1,kind\n{rows}60,,2,b\n")
    expect(page.get_by_text("1 row is left out: row 61, column '<b>x</b>': no")).to_be_visible()
    expect(page.get_by_text("Not learned from: id (counts the rows)")).to_be_visible()
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    for name in ("Approximation", "Step", "Explore"):
        page.get_by_role("link", name=name, exact=True).click()
        settle(page)
        assert page.locator("img[src=x]").count() == 0
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_text("Samples of each class: ")).to_contain_text(
        "<img src=x onerror=alert(1)> 40"
    )


@pytest.mark.browser
def test_columns_of_words_are_named_and_offered(visit: Visit, tmp_path: Path) -> None:
    page = open_data_page(visit)
    rows = "".join(f"{n / 7},{'rgb'[n % 3]},text {n},{'ab'[n % 2]}\n" for n in range(40))
    upload(page, tmp_path / "own.csv", f"x,colour,note,kind\n{rows}")
    said = "Not learned from: colour (3 words, as r), note (40 words, as text 0)."
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Learn from colour, too").click()
    expect(page.get_by_text("Not learned from: note (40 words, as text 0).")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Learn from"))).to_have_count(0)
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    settle(page)
    enlarge(page, "W1")
    ticks = page.locator("[data-picture=W1] .xtick")
    expect(ticks).to_have_text(["x", "colour=b", "colour=g", "colour=r", "b¹"])


@pytest.mark.browser
def test_columns_may_have_names_that_tables_keep_for_themselves(
    visit: Visit, tmp_path: Path
) -> None:
    page = open_data_page(visit)
    rows = "".join(f"{n % 3 + n / 100},{n % 7 / 7},{'abc'[n % 3]}\n" for n in range(40))
    upload(page, tmp_path / "own.csv", f"_index,bias,kind\n{rows}")
    expect(page.get_by_text("Samples of each class: a 14, b 13, c 13")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    page.get_by_role("link", name="Step", exact=True).click()
    expect(page.get_by_text("What if: edit the parameters")).to_be_visible()
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.browser
def test_what_a_file_leaves_open_is_asked_on_the_page(visit: Visit) -> None:
    page = open_data_page(visit)
    files = page.locator("input[type=file]")
    files.set_input_files(TABLES / "us_thousands_semicolon.csv")
    asked = "income: '1,200' is 1200 with a decimal point, 1.2 with a decimal comma"
    expect(page.get_by_text(asked, exact=True)).to_be_visible()
    expect(page.get_by_text("The numbers of column 'income' can be read in two")).to_be_visible()
    train_button = page.get_by_role("button", name="Train on this data")
    expect(train_button).to_have_count(0)
    page.get_by_role("radio", name="decimal point").click()
    expect(page.get_by_text("column 'income' have commas between thousands")).to_be_visible()
    expect(train_button).to_be_visible()
    page.get_by_role("link", name="Learn", exact=True).click()
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_text("column 'income' have commas between thousands")).to_be_visible()
    page.get_by_role("radio", name="decimal comma").click()
    expect(page.get_by_text("column 'income' have a decimal comma")).to_be_visible()
    files.set_input_files(TABLES / "words_no_header.csv")
    expect(page.get_by_text("Samples of each class: no 2, yes 2")).to_be_visible()
    expect(page.get_by_text(asked, exact=True)).to_have_count(0)
    page.get_by_role("radio", name="a sample").click()
    expect(page.get_by_text("Samples of each class: no 2, yes 3")).to_be_visible()
    train_button.click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()


@pytest.mark.browser
def test_a_bad_file_is_explained_and_the_old_table_stays(visit: Visit, tmp_path: Path) -> None:
    page = open_data_page(visit)
    upload(page, tmp_path / "good.csv", GOOD)
    expect(page.get_by_text("Samples of each class: a 2, b 2")).to_be_visible()
    upload(page, tmp_path / "bad.csv", "x,y,kind\n1,2,a\n3,b\n")
    expect(page.get_by_text("Line 3 has 2 cells, but there are 3 columns")).to_be_visible()
    expect(page.get_by_text("Samples of each class: a 2, b 2")).to_be_visible()
    upload(page, tmp_path / "one.csv", "x,kind\n" + "".join(f"{n / 2},a\n" for n in range(12)))
    expect(page.get_by_text("one class, and nothing to tell apart")).to_be_visible()
    expect(page.get_by_role("button", name="Train on this data")).to_have_count(0)


@pytest.mark.browser
def test_another_visitor_does_not_see_them(visit: Visit) -> None:
    page = open_data_page(visit, "?hidden_units=7")
    held = RUNS.nbytes
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert RUNS.nbytes == held
    run = attribute(page, "run")
    other = visit("")
    other.goto(page.url)
    expect(other.get_by_text("No data, no pictures")).to_be_visible()
    assert player(other).count() == 0
    page.reload()  # forgets them
    for name in ("Train", "Approximation", "Step", "Explore", "Compare"):
        page.get_by_role("link", name=name, exact=True).click()
        settle(page)
        expect(page.get_by_text("No data, no pictures")).to_be_visible()
        assert player(page).count() == 0, f"{name} draws another data set"
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_role("link", name="To the Data page").click()
    page.get_by_role("button", name="Train on this data").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    assert attribute(page, "run") == run, "the other controls stayed as they were"
