"""Addresses: what they may say, and what is said of what they may not."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.checks import value_text
from nnviz.data.datasets import OPTIONS_TAKEN
from nnviz.data.samples import Samples
from nnviz.runs.spec import SETTINGS
from nnviz.ui.address import complaints
from nnviz.ui.controls.catalogue import CONTROLS, default_values
from nnviz.ui.controls.translation import spec_of, values_of
from nnviz.ui.markdown import markdown_text


def test_every_option_can_be_said_in_an_address_and_is_allowed_by_the_core() -> None:
    for key, control in CONTROLS.items():
        ends = (control.low, control.high, control.default)
        for option in control.options or ends:
            assert complaints({key: [value_text(option)]}) == {}, f"{key}={option}"
            if key in SETTINGS:
                SETTINGS[key].rule.check(key, option)


def test_what_is_no_target_is_said_in_one_word() -> None:
    said = complaints({"target_accuracy": ["off"]})["target_accuracy"]
    assert said.startswith("target_accuracy must be one of none, 0.8, 0.85, ")
    assert said.endswith("it is 'off'; using none")
    assert complaints({"target_accuracy": ["none"]}) == {}
    values = {**default_values(), "target_accuracy": None}
    assert spec_of(values).config.target_accuracy is None
    assert values_of(spec_of({**values, "target_accuracy": 0.9}))["target_accuracy"] == 0.9


@pytest.mark.parametrize("dataset", OPTIONS_TAKEN)
def test_a_run_says_what_the_controls_said(dataset: str) -> None:
    own = Samples(np.eye(2), np.array([0, 1]), ("u", "v"), ("a", "b"))
    asked = {
        "dataset": dataset,
        "samples": 90,
        "classes": 4,
        "noise": 0.1,
        "test_share": 0.5,
        "data_seed": 5,
        "seed": 6,
        "gradient": "exact",
        "learning_rate": 0.1,
        "hidden_units": 7,
        "epochs": 50,
        "target_accuracy": 0.9,
        "init_scale": 2.0,
    }
    spec = spec_of({**default_values(), **asked}, own)
    assert spec.own is (own if dataset == "own" else None)
    assert (spec.config.seed, dict(spec.options)["data_seed"]) == (6, 5)
    said = values_of(spec)
    toy_only = {"samples", "classes", "noise"}
    left_out = toy_only if "noise" not in OPTIONS_TAKEN[dataset] else set()
    assert said == {
        **{key: value for key, value in asked.items() if key not in left_out},
        "step_length": "learning_rate",
    }
    assert spec_of({**default_values(), **said}, own) == spec


def test_complaints_name_the_field_the_value_and_what_is_allowed() -> None:
    said = complaints(
        {
            "hidden_units": ["0"],
            "learning_rate": ["0.123"],
            "noise": ["nan"],
            "seed": ["1", "2"],
            "epochs": ["1e3"],
            "colour": ["red"],
            "samples": [""],
            "classes": ["٣"],  # a digit, but not one that the slider reads
        }
    )
    assert said["hidden_units"] == (
        "hidden_units must be a whole number from 1 to 128; it is '0'; using 16"
    )
    assert said["learning_rate"].startswith("learning_rate must be one of 0.001, 0.0012, ")
    assert "a number from 0 to 2; it is 'nan'; using 0.3" in said["noise"]
    assert said["seed"] == "seed is given 2 times; using 0"
    assert said["colour"] == "'colour' is not a setting and was ignored"
    lost = complaints({"preset": ["nonsense"], "epoch": ["-1"]})
    assert lost["preset"].startswith("preset must be one of bounds, zero, mean, relative, leak, ")
    assert lost["preset"].endswith("it is 'nonsense'; ignored")
    assert lost["epoch"] == ("epoch must be a whole number from 0 to 1000000; it is '-1'; ignored")
    assert complaints({"preset": ["leak"], "epoch": ["12"]}) == {}
    assert complaints({"try_noise": ["0", "0.5"]}) == {}
    assert complaints({"try_noise": [""]}) == {}, "none of them is chosen"
    assert complaints({"try_noise": ["0.5", "0.4"]})["try_noise"] == (
        "try_noise must be one of 0, 0.2, 0.5, 1, 1.5, 2; it is '0.4'; left out"
    )
    assert complaints({"try_noise": ["3", "0.4"]})["try_noise"].endswith("using 0, 0.5, 1, 2")
    assert complaints({"try_noise": ["0.5", "0.5"]})["try_noise"] == (
        "try_noise is given 0.5 more than once; used once"
    )
    assert complaints({"try_noise": ["", "0.5"]})["try_noise"].endswith("it is ''; left out")
    assert set(said) >= {"epochs", "samples", "classes"}


def test_complaints_say_what_is_shown_instead() -> None:
    for address, said in {
        "at=x": "at must be a whole number from 0 to 1000000; it is 'x'; ignored",
        "preset=leak&seed=1e2": "seed must be a whole number from 0 to 9999; it is '1e2'; using 3",
        "preset=leak&seed=5": "seed is set by the preset; using 3",
        "preset=update&at=3": "at is set by the preset; using 100",
        "epoch=1001": "epoch is 1001, and the run has 1000; ignored",
        "epoch=51&epochs=50": "epoch is 51, and the run has 50; ignored",
        "epoch=1001&epochs=51": "epochs must be one of 10, 20, 50,",
        "preset=leak&epoch=2001": "epoch is 2001, and the run has 2000; ignored",
        "samples=305": "from 30 to 2000, in steps of 10; it is '305'; using 300",
        "noise=0.3000000001": "from 0 to 2, in steps of 0.05; it is '0.3000000001'; using 0.3",
    }.items():
        assert said in " ".join(complaints(parse_qs(address)).values()), address
    for address in (
        "preset=leak&seed=3",
        "preset=update&unit=3",
        "epoch=1000",
        "epoch=100&epochs=100",
        "preset=leak&epoch=2000",
        "noise=0.30000000000000004",  # as a browser adds steps up
        "noise=3e-1&seed=+7",
    ):
        assert complaints(parse_qs(address.replace("+", "%2B"))) == {}, address


@given(st.dictionaries(st.text(max_size=60), st.lists(st.text(max_size=80), max_size=3)))
def test_no_address_breaks_the_check(address: dict[str, list[str]]) -> None:
    for key, sentence in complaints(address).items():
        assert key in address
        assert len(sentence) < 700


@given(st.text())
def test_markdown_is_shown_as_it_is(text: str) -> None:
    escaped = markdown_text(text)
    assert shown(escaped) == shown(text)
    for active in "*[<$:`=#":
        assert escaped.count(active) == escaped.count("\\" + active)


def shown(text: str) -> str:
    """A text without what is not seen of it; a browser shows runs of blanks as one."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text.replace("\\", "").replace("\u2060", ""))


def test_names_are_neither_links_nor_arrows_nor_pictures_nor_lists() -> None:
    """What Streamlit makes of plain text; in Chromium: tests/test_browser_names.py."""
    assert markdown_text("www.a.b and WWW.a.b") == "www\u2060.a.b and WWW\u2060.a.b"
    assert markdown_text("me@a.b") == "me@\u2060a.b"
    assert markdown_text("https://a.b") == "https\\:\u2060//a.b"
    assert markdown_text("a -> b") == "a \\-\u2060\\> b"
    assert markdown_text(":smile:") == "\\:\u2060smile\\:"
    assert markdown_text(":material/home:") == "\\:\u2060material/home\\:"
    assert markdown_text("1. March") == "1\\. March"
    assert markdown_text("a\n\n    b") == "a b"
    assert markdown_text("0.5 a.b") == "0\\.5 a.b"
