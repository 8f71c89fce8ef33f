"""The tour: its file and what may be wrong with one, what it claims, how a session follows it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnviz.by_hand.step import make_step
from nnviz.data.datasets import load_dataset
from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, parameters_at, train
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.presets import PRESETS
from nnviz.ui.tour.following import BUILT_IN, step_at
from nnviz.ui.tour.reading import MOST_BYTES, TourError, read_tour
from nnviz.ui.tour.steps import PICTURES, TourStep

TOUR = read_tour(BUILT_IN)

STEP = """
[[step]]
title = "One"
look = "Here."
page = "train"
pictures = ["decision"]
"""


def said(tmp_path: Path, text: str) -> str:
    """What is wrong with a file."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TourError) as caught:
        read_tour(path)
    return str(caught.value)


# The file


def test_a_small_file_is_a_tour(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        STEP
        + """epoch = 5
ask = "More?"
answers = ["yes", "no"]
reveal = "Yes."
then = 20
[step.settings]
dataset = "moons"
epochs = 20
learning_rate = 0.1
sample = 3
[[step]]
title = "Two"
look = "There."
preset = "leak"
pictures = ["leak", "losses"]
""",
        encoding="utf-8",
    )
    one, two = read_tour(path).steps
    assert (one.page, one.epoch, one.pictures) == ("train", 5, ("decision",))
    assert one.values == {"dataset": "moons", "epochs": 20, "learning_rate": 0.1, "sample": 3}
    assert isinstance(one.values["sample"], int)
    assert one.question is not None
    assert (one.question.answers, one.question.then) == (("yes", "no"), 20)
    assert two.values == PRESETS["leak"].values
    assert (two.page, two.epoch) == ("approximation", 700)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (STEP.replace("train", "trian"), 5, "page: trian is not one of train, approximation"),
        (STEP.replace("decision", "desicion"), 6, "pictures: desicion is not one of ribbon"),
        (STEP.replace('["decision"]', '["leak"]'), 6, "pictures: leak is not one of"),
        (STEP.replace('["decision"]', '["W1", "W2", "A1"]'), 6, "at most two"),
        (STEP + "colour = 1\n", 7, "colour: is not known"),
        (STEP + "[step.settings]\nlearning_rat = 1\n", 8, "learning_rat: is not a setting"),
        (STEP + "[step.settings]\nlearning_rate = 3.3\n", 8, "learning_rate must be one of"),
        (STEP + "[step.settings]\nhidden_units = 0\n", 8, "hidden_units must be a whole number"),
        (STEP + "[step.settings]\nsample = 225\n", 8, "sample: 225 is beyond the data: it is"),
        (STEP + '[step.settings]\ndataset = "own"\n', 8, "a visitor's own data are in no file"),
        (STEP + "epoch = 1001\n", 7, "epoch must be a whole number from 0 to 1,000"),
        (STEP + 'ask = "A?"\nanswers = ["a"]\nreveal = "B"\n', 8, "must be a list of two or three"),
        (STEP + 'reveal = "B"\n', 7, "needs a question"),
        (STEP + 'ask = "A?"\nanswers = ["a", "b"]\n', 2, "reveal: must be a text"),
        (STEP.replace('look = "Here."', 'look = ""'), 4, "look: must be a text of 1 to 600"),
        (STEP.replace('look = "Here."', "look = 5"), 4, "look: must be a text of 1 to 600"),
        (STEP + 'preset = "leak"\n', 5, "page: is the preset's"),
        (STEP.replace('page = "train"', 'preset = "lek"'), 5, "preset: lek is not one of bounds"),
        (STEP.replace('page = "train"', "page = 3"), 5, "page: 3 is not one of"),
        (STEP + STEP.replace("train", "trian"), 11, "step 2, page: trian"),
        ('look = """\n[[step]]\n"""\n' + STEP, 1, "look: is not known"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_field(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    message = said(tmp_path, text)
    assert message.startswith(f"mine.toml, line {line}: "), message
    assert words in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[step]\n", "at line 1"),
        ("", "there must be 1 to 40"),
        ("step = 3\n", "there must be 1 to 40"),
        ("step = [1]\n", "must be a table"),
        ("[[step]]\n" * 41, "there must be 1 to 40"),
        ("# " + "x" * MOST_BYTES, "more than 100,000 bytes"),
        ("a = " + "[" * 5_000, ""),
    ],
)
def test_what_is_no_tour_at_all_is_said(tmp_path: Path, text: str, words: str) -> None:
    message = said(tmp_path, text)
    assert message.startswith("mine.toml")
    assert words in message
    assert len(message) < 500


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(TourError, match=r"none\.toml cannot be read: No such file"):
        read_tour(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TourError, match="no text in UTF-8"):
        read_tour(tmp_path / "b.toml")


def test_the_order_is_that_of_what_to_see() -> None:
    names = [step.preset for step in TOUR.steps if step.preset in PRESETS]
    assert names == sorted(names, key=list(PRESETS).index)
    assert len(names) == 5


@pytest.mark.parametrize("text", ["0", "9", "", "-1", "1.0", "x", "1" * 5_000, "１"])
def test_there_is_no_other_step(text: str) -> None:
    assert step_at(text) is None


# What it claims


def numbers_of(step: TourStep) -> str:
    question = step.question
    asked = (question.ask, question.reveal) if question else ()
    return " ".join((step.title, step.look, *asked))


def says(number: int, *words: str) -> None:
    for word in words:
        assert word in numbers_of(TOUR.steps[number - 1]), word


def run_of(number: int, rule: str = "") -> Recording:
    """The run that a step opens, or the same by another rule."""
    step = TOUR.steps[number - 1]
    names = {"gradient", "learning_rate", "hidden_units", "epochs", "init_scale", "seed"}
    values = {key: value for key, value in step.values.items() if key in names}
    if rule:
        values["gradient"] = rule
    return train(Config(**values), load_dataset(step.values.get("dataset", "spiral")))


def test_step_1_half_of_the_way_is_early() -> None:
    run = run_of(1)
    first, last = run.loss[0], run.loss[-1]
    half = int(np.flatnonzero(run.loss <= (first + last) / 2)[0])
    says(1, f"At epoch {half}.", f"{run.accuracy[20]:.0%}".replace("%", " %"))
    says(1, f"by 200 it has {run.accuracy[200]:.0%}".replace("%", " %"))


def test_step_2_a_silent_unit_is_exactly_nothing() -> None:
    run, step = run_of(2), TOUR.steps[1]
    data = run.dataset
    worked = make_step(parameters_at(run, step.epoch), data.X, data.Y, "difference", 0.5)
    silent = worked.activations.Z1 < 0
    assert silent.any()
    assert (worked.activations.A1[silent] == 0).all()
    assert (worked.P[silent] == 0).all()
    says(2, "16 hidden units", "two inputs", "three probabilities")
    assert data.X.shape[0] == 2
    assert len(data.class_names) == 3


def test_step_3_only_the_rule_without_e_does_not_sum_to_zero() -> None:
    run = run_of(3)
    data = run.dataset
    step = make_step(run.keyframes[5].parameters, data.X, data.Y, "difference", 0.5)
    for rule in GRADIENT_RULES:
        total = sum(step.G[rule][k] for k in range(3))
        expected = step.E if rule == "drop_error_term" else np.zeros_like(step.E)
        np.testing.assert_allclose(total, expected, atol=1e-12)
    says(3, "exact (14), A − Y (16) and ours the components sum to 0")


def test_step_4_e_is_zero_at_the_uniform_output() -> None:
    run = run_of(4)
    E = error_term(forward(run.keyframes[0].parameters, run.dataset.X).A2, run.dataset.Y)
    assert np.abs(E).max() < 0.01
    assert round(100 * run.accuracy[0]) == 33
    says(4, "33 % are right")


def test_step_5_what_is_neglected_grows_beside_what_is_left() -> None:
    run = run_of(5)
    assert TOUR.steps[4].question is not None
    assert TOUR.steps[4].question.then == 5000
    ratios = [neglected_by_left(run, epoch) for epoch in (0, 5000)]
    says(5, f"{ratios[0]:.2f} times", f"to {ratios[1]:.1f} at epoch 5,000")
    lowest = min(neglected_by_left(run, epoch) for epoch in range(6))
    says(5, f"falls at first, to {lowest:.2f}")
    assert run.error_term_rms[-1] < run.error_term_rms[0] / 10, "E goes to 0"


def neglected_by_left(run: Recording, epoch: int) -> float:
    """Length of all samples' A·E, by that of what (14) leaves: loops, without cancellation."""
    data = run.dataset
    A2 = forward(parameters_at(run, epoch), data.X).A2
    left_out = whole = 0.0
    for m, label in enumerate(data.y):
        a = [float(value) for value in A2[:, m]]
        D = [-sum(a[:label] + a[label + 1 :]) if k == label else a[k] for k in range(len(a))]
        E = sum(x * d for x, d in zip(a, D, strict=True))
        for k, x in enumerate(a):
            left_out += (x * E) ** 2
            whole += (x * sum(y * (D[k] - d) for y, d in zip(a, D, strict=True))) ** 2
    return float((left_out / whole) ** 0.5)


def test_step_6_it_had_learnt_and_collapses() -> None:
    run = run_of(6)
    assert run.accuracy[700] > 0.9, "most of xor, where the step begins"
    assert run.accuracy[-1] <= 0.55
    says(6, "It collapses, here and, within 5,000 epochs, with 20 of 20 weight seeds")
    assert "20 of 20 weight seeds" in PRESETS["leak"].text, "tests/test_presets.py has it"


def test_step_7_certain_and_wrong() -> None:
    at_end = {rule: run_of(7, rule).accuracy[-1] for rule in ("exact", "difference")}
    says(7, f"{at_end['difference']:.0%} against {at_end['exact']:.0%}".replace("%", " %"))
    assert "81 times as long" in PRESETS["certain"].text, "tests/test_presets.py has it"
    says(7, "81 times as long")


def test_step_8_what_is_left_with_equal_steps() -> None:
    text = PRESETS["step-length-matched"].text
    for number in ("0.052", "0.120", "0.097"):
        assert number in text, "tests/test_presets.py has it"
        says(8, number)


# A session


def app(query: dict[str, str] | None = None) -> AppTest:
    test = AppTest.from_file("../nnviz/ui/main.py", default_timeout=60)
    for key, value in (query or {}).items():
        test.query_params[key] = value
    return test.run()


@pytest.mark.parametrize("number", range(1, len(TOUR.steps) + 1))
def test_an_address_opens_a_step(number: int) -> None:
    test = app({"tour": str(number)})
    assert not test.exception
    step = TOUR.steps[number - 1]
    for key, value in step.values.items():
        assert test.session_state[key] == value, key
    assert test.session_state["touring"].number == number
    assert test.session_state["shown_epoch"] == step.epoch
    assert test.query_params["tour"] == str(number)


@pytest.mark.parametrize("text", ["0", "9", "x", "", "1.5", "-1", "1" * 3_000])
def test_an_address_without_such_a_step_says_so(text: str) -> None:
    test = app({"tour": text})
    assert not test.exception
    assert "touring" not in test.session_state
    assert "tour must be a whole number from 1 to 8" in test.sidebar.warning[0].value
    assert "tour" not in test.query_params


def test_an_address_may_move_a_step_that_it_opens() -> None:
    test = app({"tour": "4", "learning_rate": "1"})
    assert test.session_state["learning_rate"] == 1
    assert test.session_state["init_scale"] == 0.01
    assert not test.sidebar.warning


def asked(test: AppTest, number: int) -> AppTest:
    """What the bar's buttons do."""
    test.session_state["tour_asked"] = number
    return test.run()


def test_a_tour_is_left_as_it_was_found() -> None:
    test = app({"dataset": "moons", "learning_rate": "0.2", "seed": "7"})
    test.slider(key="hidden_units").set_value(12).run()
    before = {key: test.session_state[key] for key in CONTROLS if key in test.session_state}
    for number in (1, 5, 6, 2, 3):
        asked(test, number)
        assert test.session_state["touring"].number == number
    asked(test, 0)
    assert "touring" not in test.session_state
    assert "tour" not in test.query_params
    after = {key: test.session_state[key] for key in CONTROLS if key in test.session_state}
    assert {key: after[key] for key in before} == before
    assert not test.exception


@pytest.mark.parametrize("page", list(PICTURES))
def test_pictures_are_named_once(page: str) -> None:
    assert len(set(PICTURES[page])) == len(PICTURES[page])


def test_texts_are_plain() -> None:
    for step in TOUR.steps:
        assert not re.search(r"[*_$<>`—]|\\", numbers_of(step))
