"""One step, worked out: numbers in equations, finite differences, programs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import arrays, random_problem

from nnviz.config import Config
from nnviz.datasets import load_dataset
from nnviz.gradient_check import LOSSES, check_gradient, matches
from nnviz.gradients import GRADIENT_RULES
from nnviz.network import Parameters, forward
from nnviz.recording import Recorder, Recording, parameters_at, train
from nnviz.snippets import run_program, stage_program
from nnviz.step import Step, make_step
from nnviz.worked import STAGES, Place, number, worked


def a_step(rule: str = "exact", **shape: int) -> Step:
    parameters, X, Y = random_problem(**shape)
    return make_step(parameters, X, Y, rule, 0.3)


def of_recording(run: Recording, epoch: int) -> Step:
    data = run.dataset
    return make_step(
        parameters_at(run, epoch), data.X, data.Y, run.config.gradient, run.config.learning_rate
    )


def evaluate(latex: str) -> float:
    """What a side of an equation without folded sums comes to."""
    code = re.sub(r"(\S+) \\cdot 10\^\{(-?\d+)\}", r"\1e\2", latex)
    code = re.sub(r"e\^\{([^}]*)\}", r"np.exp(\1)", code)
    code = re.sub(r"\\frac\{1\}\{(\d+)\}", r"(1/\1)*", code)
    code = re.sub(r"\\frac\{(.*)\}\{(.*)\}", r"(\1)/(\2)", code)
    for latin, python in (
        (r"\max", "max"), (r"\,", ""), (r"\left", ""), (r"\right", ""), (r"\cdot", "*"),
        ("^2", "**2"), ("[", "("), ("]", ")"),
    ):  # fmt: skip
        code = code.replace(latin, python)
    return float(eval(code, {"np": np, "max": max}))


@pytest.mark.parametrize("rule", GRADIENT_RULES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_numbers_in_the_equations_give_the_value(rule: str, stage: str) -> None:
    step = a_step(rule, n0=3, n1=4, n2=3, samples=5)
    for place in (Place(0, 0, 0, 0), Place(4, 3, 2, 2), Place(2, 1, 1, 0)):
        for line in worked(step, place, stage):
            left, right = line.numbers.rsplit(" = ", 1)
            assert evaluate(right) == pytest.approx(line.value, rel=1e-5, abs=1e-9), line.number
            # Every number is shown to six digits; a sum of them to about as many.
            assert evaluate(left) == pytest.approx(line.value, rel=2e-4, abs=2e-6), line.number


def test_long_sums_are_folded_and_say_how_much_is_left_out() -> None:
    step = a_step(n0=3, n1=20, n2=3, samples=40)
    place = Place(7, 3, 1, 2)
    folded = {line.number: line.numbers for line in worked(step, place, "back-propagation")}
    assert r"{37\ \text{more}}" in folded["(17)"]
    shown = re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", folded["(18), (19)"].split("[")[1])
    G = step.G["exact"][1]
    first = [float(text) for text in shown[:1]]
    np.testing.assert_allclose(first, G[:1], rtol=1e-5)
    assert number(G[-1]) in folded["(18), (19)"]


def test_values_are_the_arrays_entries() -> None:
    step = a_step("drop_error_term", n0=3, n1=6, n2=4, samples=9)
    at = Place(5, 2, 3, 1)
    values = {(s, line.number): line.value for s in STAGES for line in worked(step, at, s)}
    assert values["forward", "(7)"] == step.activations.Z1[2, 5]
    assert values["forward", "(10)"] == step.activations.A2[3, 5]
    assert values["output gradient", "(14) exact"] == step.G["exact"][3, 5]
    assert values["back-propagation", "(17)"] == step.gradients.dW2[3, 2]
    assert values["back-propagation", "(22)"] == step.gradients.dW1[2, 1]
    assert worked(step, at, "update")[0].value == step.after.W1[2, 1]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back(value: float) -> None:
    assert evaluate(number(value)) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_gradient_check_tells_the_rules_apart(seed: int) -> None:
    parameters, X, Y = random_problem(seed=seed, n0=4, n1=6, n2=3, samples=20)
    of_rule = {
        rule: {
            name: matches(checks)
            for name, checks in check_gradient(make_step(parameters, X, Y, rule, 0.1)).items()
        }
        for rule in GRADIENT_RULES
    }
    squared, entropy = LOSSES
    assert of_rule["exact"] == {squared: True, entropy: False}
    assert of_rule["difference"] == {squared: False, entropy: True}
    assert of_rule["drop_error_term"] == {squared: False, entropy: False}


def test_gradient_check_leaves_out_corners_and_takes_some_of_many() -> None:
    parameters, X, Y = random_problem(n0=4, n1=40, n2=3, samples=10)
    checks = check_gradient(make_step(parameters, X, Y, "exact", 0.1))["mean squared error"]
    assert checks["W1"].checked + checks["W1"].skipped == 100, "of 160"
    zero = Parameters(*(np.zeros_like(array) for array in arrays(parameters)))
    at_corner = check_gradient(make_step(zero, X, Y, "exact", 0.1))["mean squared error"]
    assert at_corner["b1"].checked == 0, "every unit sits on the corner of its ReLU"
    assert at_corner["b1"].skipped == 40
    assert not at_corner["b1"].agrees
    assert at_corner["b2"].agrees


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60))
def test_parameters_at_any_epoch_are_those_of_the_run(epoch: int) -> None:
    data = load_dataset("iris")
    run = train(Config(epochs=60, hidden_units=5), data)
    long_way = train(Config(epochs=max(epoch, 1), hidden_units=5), data).keyframes
    expected = next(k.parameters for k in long_way if k.epoch == epoch)
    for a, b in zip(arrays(parameters_at(run, epoch)), arrays(expected), strict=True):
        np.testing.assert_array_equal(a, b)


def printed(program: str, folder: Path) -> str:
    """What a program says in a clean interpreter, far from nnviz."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "program.py"],
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_s_program_prints_the_numbers_on_screen(stage: str, tmp_path: Path) -> None:
    run = train(Config(epochs=50, gradient="drop_error_term"), load_dataset("blobs"))
    step, place = of_recording(run, 37), Place(11, 4, 2, 1)
    program = stage_program(step, place, stage)
    assert "nnviz" not in program
    numbers = [float(line.rsplit(" = ", 1)[1]) for line in printed(program, tmp_path).splitlines()]
    expected = [line.value for line in worked(step, place, stage)]
    np.testing.assert_allclose(numbers, expected, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    ("dataset", "config"),
    [
        ("spiral", {}),
        ("spiral", {"gradient": "exact", "seed": 3}),
        ("iris", {"gradient": "drop_error_term", "epochs": 300, "learning_rate": 0.1}),
        ("digits", {"epochs": 200}),
    ],
)
def test_the_run_s_program_reproduces_its_loss(
    dataset: str, config: dict[str, object], tmp_path: Path
) -> None:
    run = train(Config(**config), load_dataset(dataset))  # type: ignore[arg-type]
    program = run_program(run)
    assert "import nnviz" not in program
    last = printed(program, tmp_path).splitlines()[-1]
    assert float(last.removeprefix("largest difference: ")) <= 1e-12


def test_a_run_can_start_from_other_parameters() -> None:
    data = load_dataset("blobs")
    run = train(Config(epochs=30), data)
    on = Recorder(Config(epochs=10), data, start=parameters_at(run, 20))
    on.run()
    np.testing.assert_array_equal(on.recording().loss, run.loss[20:])
    assert forward(on.recording().keyframes[0].parameters, data.X).A2.shape == data.Y.shape
