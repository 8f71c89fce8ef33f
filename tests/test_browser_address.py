"""What an address may not say is said and not used: neither by the control nor by the run shown."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browsing import Visit, attribute, settle, slide
from playwright.sync_api import Page, expect

from nnviz.by_hand.worth import busiest_epoch
from nnviz.checks import value_text
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.ui.controls.catalogue import CONTROLS, COUNTED
from nnviz.ui.views.explore import OF_GRID

GRIDS = (
    "explore?third=gradient+rule&seeds=1",
    "explore?across=initial+scale&down=noise&seeds=1",
)
PLACES = {
    "": [*list(CONTROLS)[: list(CONTROLS).index("step_length")]],
    "approximation": ["step_length", "threshold", "horizon"],
    "approximation?dataset=digits&epochs=50": ["triple"],
    "explore": ["across", "down", "third", "picture", "outcome", "seeds"],
    GRIDS[0]: ["try_learning_rate", "try_hidden_units", "try_gradient"],
    GRIDS[1]: ["try_init_scale", "try_noise"],
    "step": ["stage", "equation", "at", "sample", "unit", "output", "feature"],
}
"""Where every control stands."""

OTHERS_RUN = ("picture", "outcome", "stage", "equation", "threshold", "horizon", "triple")
"""Controls that change what is shown of a run, not the run's name."""


def good(key: str) -> list[str]:
    """Something that a control may be, and is not at first."""
    control = CONTROLS[key]
    if control.options is None:
        # Where it stands at first, the run says of the unit.
        return ["5" if key == "unit" else value_text(control.default + control.step)]
    if control.several:
        return [value_text(control.options[0])]
    others = {"across": "noise", "down": "initial scale", "third": "gradient rule"}
    taken = {control.default, "own"}
    return [others.get(key) or next(value_text(o) for o in control.options if o not in taken)]


def bad(key: str) -> list[str]:
    """Something that a control may not be, though Streamlit would take it, or leave it out."""
    control = CONTROLS[key]
    if control.several:
        return ["nonsense", "1e2"]
    if control.options is not None:
        return [value_text(control.default), *good(key)]
    return [f"{control.default + control.step / 3:.4f}" if not control.whole else "1.7"]


def query(place: str, **values: list[str]) -> str:
    return place + ("&" if "?" in place else "?") + urlencode(values, doseq=True)


def look(page: Page, key: str) -> str:
    """What a control says: its text, what stands in its field, which of its buttons is pressed."""
    control = page.locator(f".st-key-{key}_from_1" if key in COUNTED else f".st-key-{key}")
    if key == "equation":  # a row of buttons for each stage
        control = page.locator("[class*=st-key-equation-]")
    if key in OF_GRID and not control.count():
        page.get_by_role("button", name="Choose the grid").click()
    control.wait_for(state="attached")
    if not control.is_visible():
        page.get_by_test_id("stSidebar").get_by_text("More", exact=True).click()
    expect(control).to_be_visible()
    return str(
        control.evaluate(
            """element => [
              element.innerText,
              ...[...element.querySelectorAll("input")].map(({ value }) => value),
              ...[...element.querySelectorAll("[role=slider]")].map(
                (slider) => slider.ariaValueText ?? slider.ariaValueNow),
              ...[...element.querySelectorAll("[aria-checked=true], [aria-pressed=true]")].map(
                ({ innerText }) => innerText),
            ].join("|")"""
        )
    )


def test_every_control_has_its_place() -> None:
    assert sorted(key for keys in PLACES.values() for key in keys) == sorted(CONTROLS)


@pytest.mark.browser
@pytest.mark.parametrize("place", PLACES)
def test_no_control_uses_what_its_address_may_not_say(visit: Visit, place: str) -> None:
    keys = PLACES[place]
    page = visit(place)
    settle(page)
    says, run, url = {key: look(page, key) for key in keys}, attribute(page, "run"), page.url
    # Otherwise what follows would find no difference whatever is used.
    moved = visit(query(place, **{key: good(key) for key in keys}))
    settle(moved)
    for key in keys:
        assert look(moved, key) != says[key], f"{key}={good(key)} is not seen"
    assert set(keys) <= set(OTHERS_RUN) or attribute(moved, "run") != run
    page = visit(query(place, **{key: bad(key) for key in keys}))
    warning = page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
    for key in keys:
        expect(warning).to_contain_text(re.compile(rf"\b{key} (must be|is given) "))
    settle(page)
    for key in keys:
        assert look(page, key) == says[key], f"{key}={bad(key)}: the control uses it"
    assert attribute(page, "run") == run, "the run uses what was refused"
    assert parse_qs(urlsplit(page.url).query) == parse_qs(urlsplit(url).query)


CASES = {
    "seed=inf": "seed must be a whole number from 0 to 9999; it is 'inf'; using 0",
    "seed=1e2": "seed must be a whole number from 0 to 9999; it is '1e2'; using 0",
    "seed=3&seed=4": "seed is given 2 times; using 0",
    "dataset=moons&dataset=xor": "dataset is given 2 times; using spiral",
    "hidden_units=20.7": "hidden_units must be a whole number from 1 to 128; it is '20.7'",
    "classes=5.5": "classes must be a whole number from 2 to 6; it is '5.5'; using 3",
    "samples=1_0": "samples must be a whole number from 30 to 2000; it is '1_0'; using 300",
    "www.example.invalid=1&me%40www.example.invalid=1&https%3A%2F%2Fa.example%2F=1": (
        "is not a setting and was ignored"
    ),
}


@pytest.mark.browser
def test_what_was_found_by_hand_is_said_and_not_used(visit: Visit) -> None:
    page = visit()
    settle(page)
    run, bare = attribute(page, "run"), page.url
    for address, said in CASES.items():
        page = visit(f"?{address}")
        sidebar = page.get_by_test_id("stSidebar")
        expect(sidebar.get_by_test_id("stAlert")).to_contain_text(said)
        expect(sidebar.get_by_test_id("stAlert").locator("a")).to_have_count(0)
        settle(page)
        assert attribute(page, "run") == run, address
        assert page.url == bare, address
        page.close()


@pytest.mark.browser
def test_back_to_an_address_that_was_refused_does_not_use_it_either(visit: Visit) -> None:
    page = visit("?seed=1e2")
    settle(page)
    run, bare = attribute(page, "run"), page.url
    page.get_by_role("heading", name="Loss and accuracy").click()
    page.evaluate("history.back()")
    page.wait_for_timeout(500)
    settle(page)
    expect(page.get_by_role("spinbutton", name="Weights seed")).to_have_value("0")
    assert attribute(page, "run") == run
    assert page.url == bare


@pytest.mark.browser
def test_what_a_run_does_not_have_is_refused_where_it_is_seen(visit: Visit) -> None:
    page = visit("step?epochs=100&sample=225&unit=16&at=101&output=3&feature=2")
    warning = page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
    for said in (
        "in this run sample must be a whole number from 0 to 224; it is '225'; ignored",
        "in this run unit must be a whole number from 0 to 15; it is '16'; ignored",
        "in this run at must be a whole number from 0 to 100; it is '101'; ignored",
        "in this run output must be a whole number from 0 to 2; it is '3'; ignored",
        "in this run feature must be a whole number from 0 to 1; it is '2'; ignored",
    ):
        expect(warning).to_contain_text(said)
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["epochs"] == ["100"]
    for refused in ("sample=225", "unit=16", "at=101", "output=", "feature="):
        assert refused not in page.url
    # Where the run has made half of its way.
    halfway = busiest_epoch(train(Config(epochs=100), load_dataset("spiral")))
    expect(page.get_by_role("spinbutton", name="Epoch")).to_have_value(str(halfway))
    # A control that is drawn follows the run, without a word.
    page.get_by_role("spinbutton", name="Hidden unit j").fill("16")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("unit=15"))
    settle(page)
    slide(page, "Hidden units", "ArrowLeft")
    expect(page.get_by_role("spinbutton", name="Hidden unit j")).to_have_value("15")
    settle(page)
    expect(warning).not_to_contain_text("unit must be a whole number from 0 to 14")
