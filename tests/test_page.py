"""The page, without a browser: what its script does with what a visitor does."""

from __future__ import annotations

from typing import Any

import pytest
from node import unpack
from streamlit.testing.v1 import AppTest

from nnviz.checks import value_text
from nnviz.data.datasets import DATASETS, DatasetError
from nnviz.player.wire import without_head
from nnviz.ui import component as player
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.shared import runs


def visit(**address: str | list[str]) -> AppTest:
    page = AppTest.from_file("../nnviz/ui/main.py", default_timeout=30)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def shown(page: AppTest) -> dict[str, Any]:
    """What the player was sent."""
    found = list(page.get("bidi_component"))
    assert len(found) == 3, "one player, and what brings it the run's progress and a sample"
    run: dict[str, Any] = unpack(without_head(found[0].proto.bytes))
    return run


def press(page: AppTest, label: str) -> AppTest:
    """Click a button in the sidebar."""
    return next(one for one in page.sidebar.button if one.label == label).click().run()


def test_first_visit_shows_a_trained_run() -> None:
    page = visit()
    assert not page.exception
    assert not page.warning
    run = shown(page)
    assert run["status"] == "finished"
    assert run["epochs"][-1] == 1000
    assert run["metrics"][2]["values"][-1] > 0.95, "the first thing a visitor sees has learnt"
    assert {p["name"] for p in run["pictures"]} == {
        "curves", "W1", "W2", "claim", "A1", "decision", "diagram",
    }  # fmt: skip


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_data_set_opens(dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "FIRST_SLICE", 30.0)  # all of the run, on a busy machine, too
    page = visit(dataset=dataset, epochs="50")
    assert not page.exception
    assert shown(page)["epochs"][-1] == 50


def test_moving_controls_retrains() -> None:
    page = visit(epochs="50")
    seen = [shown(page)["run"]]
    page.sidebar.selectbox(key="gradient").set_value("exact").run()
    seen.append(shown(page)["run"])
    page.sidebar.slider(key="hidden_units").set_value(5).run()
    seen.append(shown(page)["run"])
    page.sidebar.select_slider(key="learning_rate").set_value(0.1).run()
    seen.append(shown(page)["run"])
    assert len(set(seen)) == 4
    press(page, "Reset all")
    assert shown(page)["run"] == shown(visit())["run"], "Defaults brings the first run back"


def test_new_weights_change_the_seed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.randrange", lambda _: 4321)
    page = visit(epochs="50")
    before = shown(page)["run"]
    press(page, "New weights")
    assert page.sidebar.number_input(key="seed").value == 4321
    assert shown(page)["run"] == shown(visit(epochs="50", seed="4321"))["run"] != before


def test_the_same_address_is_the_same_run() -> None:
    address = {"dataset": "moons", "seed": "7", "learning_rate": "0.1", "epochs": "50"}
    assert shown(visit(**address))["run"] == shown(visit(**address))["run"]


def test_a_bad_address_is_answered_in_words_and_with_defaults() -> None:
    page = visit(hidden_units="9999", seed="<script>", epochs="50", evil="[x](javascript:1)")
    assert not page.exception
    assert len(page.sidebar.warning) == 1
    words = page.sidebar.warning[0].value
    assert "hidden\\_units must be a whole number from 1 to 128; it is '9999'; using 16" in words
    assert "evil" in words
    assert "<script" not in words.replace("\\<", "")
    assert page.sidebar.slider(key="hidden_units").value == 16
    assert page.sidebar.number_input(key="seed").value == 0
    assert page.sidebar.select_slider(key="epochs").value == 50
    assert shown(page)["epochs"][-1] == 50


def test_a_target_is_a_number_or_none() -> None:
    target = "target_accuracy"
    page = visit(target_accuracy="0.8")
    assert not page.exception
    assert page.sidebar.select_slider(key=target).value == 0.8
    assert shown(page)["status"] == "target"
    press(page, "Reset all")
    assert not page.exception
    assert page.sidebar.select_slider(key=target).value is None
    assert shown(page)["status"] == "finished"


def test_the_old_word_for_no_target_is_answered() -> None:
    page = visit(target_accuracy="off", epochs="50")
    (warning,) = page.sidebar.warning
    assert "target\\_accuracy must be one of none, 0.8" in warning.value.replace("\\.", ".")
    assert "using none" in warning.value
    assert page.sidebar.select_slider(key="target_accuracy").value is None


REFUSED = ["inf", "nan", "-inf", "1e2", "1_0", "", " ", " 1", "٣", "0x1", "1" * 500, "1.7", "None"]


@pytest.mark.parametrize(
    "key", ["hidden_units", "seed", "samples", "dataset", "epochs", "gradient"]
)
def test_what_is_refused_is_used_neither_by_the_control_nor_by_the_run(key: str) -> None:
    default = CONTROLS[key].default
    expected = shown(visit(samples="60"))["run"] if key != "samples" else shown(visit())["run"]
    others: dict[str, str | list[str]] = {} if key == "samples" else {"samples": "60"}
    good = [value_text(default), "20" if key in ("epochs", "hidden_units") else "exact"]
    texts: list[str | list[str]] = [*REFUSED, f"{default}x", good]
    for text in texts:
        page = visit(**{key: text, **others})
        assert not page.exception, f"{key}={text}"
        assert f"{key.replace('_', chr(92) + '_')} " in page.sidebar.warning[0].value
        assert page.session_state[key] == default, f"{key}={text}"
        assert shown(page)["run"] == expected, f"{key}={text}"
        assert key not in page.query_params, f"{key}={text}"


def test_a_hundred_wrong_parameters_are_not_all_listed() -> None:
    page = visit(**{f"p{number}": "1" for number in range(100)})
    words = page.sidebar.warning[0].value
    assert words.count("is not a setting") == 20
    assert "and 80 more" in words


def test_a_diverging_run_is_shown_up_to_where_it_went() -> None:
    page = visit(dataset="moons", gradient="drop_error_term", learning_rate="2.5")
    assert not page.exception
    run = shown(page)
    assert run["status"] == "diverged"
    assert "Try α = 1: the same run ends at a training accuracy of 9" in run["notice"]
    assert 0 < run["epochs"][-1] < 1000


def test_a_long_run_answers_before_it_is_finished() -> None:
    page = visit(dataset="digits", epochs="20000", hidden_units="128")
    run = shown(page)
    assert run["status"] == "running"
    assert 0 < run["progress"] < 1


def test_data_that_cannot_be_trained_on_leave_the_last_run_on_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = visit(epochs="50")
    before = shown(page)["run"]

    def one_class(*_: object) -> None:
        raise DatasetError("mine: all samples are of one class ('b')")

    monkeypatch.setattr(runs, "_load", one_class)
    page.sidebar.slider(key="classes").set_value(4).run()
    assert not page.exception
    assert "all samples are of one class" in page.sidebar.error[0].value
    assert shown(page)["run"] == before
    monkeypatch.undo()
    page.sidebar.slider(key="classes").set_value(5).run()
    assert not page.sidebar.error
    assert shown(page)["run"] != before


def test_toy_options_are_kept_but_disabled_for_real_data() -> None:
    page = visit(epochs="50", samples="100")
    page.sidebar.selectbox(key="dataset").set_value("iris").run()
    assert page.sidebar.slider(key="samples").disabled
    assert page.sidebar.slider(key="samples").value == 100
