"""One step, worked out: numbers in equations, finite differences, programs."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import arrays, random_problem

from nnviz.by_hand.gradient_check import (
    CANNOT_TELL,
    DIFFERS,
    LOSSES,
    MATCHES,
    ON_A_CORNER,
    TOO_SMALL,
    ZERO,
    check_gradient,
    verdict_of,
)
from nnviz.by_hand.latex import LAYERS, coloured, digits
from nnviz.by_hand.programs import run_program, stage_program
from nnviz.by_hand.step import Step, make_step
from nnviz.by_hand.worked import EQUATIONS, STAGES, Place, worked
from nnviz.data.datasets import load_dataset
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import Parameters, forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, Recording, parameters_at, train

LOSSES_BY_NAME = list(LOSSES)


def a_step(rule: str = "exact", **shape: int) -> Step:
    parameters, X, Y = random_problem(**shape)
    return make_step(parameters, X, Y, rule, 0.3)


def of_recording(run: Recording, epoch: int) -> Step:
    data = run.dataset
    return make_step(
        parameters_at(run, epoch), data.X, data.Y, run.config.gradient, run.config.learning_rate
    )


def uncoloured(latex: str) -> str:
    """The same without colours, whatever stands in them."""
    while (at := latex.find(r"\textcolor{")) >= 0:
        begin = latex.index("}{", at) + 2
        end, depth = begin, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(latex[end], 0)
            end += 1
        latex = latex[:at] + latex[begin : end - 1] + latex[end:]
    return latex


def evaluate(latex: str) -> float:
    """What a side of an equation comes to, whatever of it is named or put together."""
    code = re.sub(r"\\Big[lr]? ?", "", uncoloured(latex))
    code = re.sub(r"\\underset\{[^}]*\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", code)
    code = re.sub(r"\\underbrace\{((?:[^{}]|\{[^{}]*\})*)\}_\{\\text\{[^}]*\}\}", r"\1", code)
    code = re.sub(r"(\S+) \\cdot 10\^\{(-?\d+)\}", r"\1e\2", code)
    code = re.sub(r"e\^\{([^}]*)\}", r"np.exp(\1)", code)
    code = re.sub(r"\\frac\{1\}\{(\d+)\}", r"(1/\1)*", code)
    for latin, python in (
        (r"\max", "max"), (r"\,", ""), (r"\left", ""), (r"\right", ""), (r"\cdot", "*"),
        ("^2", "**2"), ("[", "("), ("]", ")"),
    ):  # fmt: skip
        code = code.replace(latin, python)
    return float(eval(code, {"np": np, "max": max}))


@pytest.mark.parametrize("shape", [(3, 4, 3, 5), (30, 20, 8, 40)], ids=["small", "large"])
@pytest.mark.parametrize("rule", GRADIENT_RULES)
@pytest.mark.parametrize("stage", STAGES)
def test_the_numbers_in_the_equations_give_the_value(
    rule: str, stage: str, shape: tuple[int, int, int, int]
) -> None:
    step = a_step(rule, **dict(zip(("n0", "n1", "n2", "samples"), shape, strict=True)))
    last = (shape[3] - 1, shape[1] - 1, shape[2] - 1, shape[0] - 1)
    for place in (Place(0, 0, 0, 0), Place(*last), Place(2, 1, 1, 0)):
        for line in worked(step, place, stage):
            left, right = line.numbers.rsplit(" = ", 1)
            assert evaluate(right) == pytest.approx(line.value, rel=6e-4, abs=1e-9), line.equation
            # Every number is shown to four digits; a sum of them to as many of its largest term.
            terms = [float(t) for t in re.findall(r"\d+\.?\d*", uncoloured(left))]
            off = 1e-3 * max(1e-3, *(term for term in terms if term < 20))
            assert evaluate(left) == pytest.approx(line.value, rel=2e-3, abs=off), line.equation


def test_of_a_long_sum_the_largest_terms_are_written_and_named() -> None:
    step = a_step(n0=3, n1=20, n2=3, samples=40)
    place = Place(sample=7, unit=3, output=1, feature=2)
    said = {
        line.equation: line.numbers
        for stage in ("forward", "back-propagation")
        for line in worked(step, place, stage)
    }
    A1 = step.activations.A1[:, 7]
    terms = step.before.W2[1] * A1
    silent = int((A1 == 0).sum())
    assert silent > 3
    named = [int(n) for n in re.findall(r"underset\{j = (\d+)\}", said["(9)"])]
    by_size = (np.argsort(-np.abs(terms)) + 1).tolist()
    assert named[:3] == by_size[:3], "counted from 1, the largest first"
    assert 4 in named, "the unit that is looked at"
    zeros = silent - (A1[3] == 0)
    assert rf"\underbrace{{0}}_{{\text{{{zeros} silent units}}}}" in said["(9)"]
    rest = terms.sum() - sum(terms[n - 1] for n in named)
    more = re.search(r"underbrace\{(.*?)\}_\{\\text\{(\d+) more\}\}", said["(9)"])
    assert more
    assert evaluate(more[1]) == pytest.approx(rest, rel=1e-3)
    assert int(more[2]) == 20 - silent - len([n for n in named if A1[n - 1] > 0])
    # Over the samples the chosen one is written, too.
    named = [int(n) for n in re.findall(r"underset\{m = (\d+)\}", said["(18), (19)"])]
    assert 8 in named
    assert named[:3] == (np.argsort(-np.abs(step.G["exact"][1])) + 1)[:3].tolist()
    # Of few terms none is named: they are in the source's order.
    assert "underset" not in said["(7)"]


def test_values_are_the_arrays_entries() -> None:
    step = a_step("drop_error_term", n0=3, n1=6, n2=4, samples=9)
    at = Place(5, 2, 3, 1)
    values = {(s, line.equation): line.value for s in STAGES for line in worked(step, at, s)}
    assert values["forward", "(7)"] == step.activations.Z1[2, 5]
    assert values["forward", "(10)"] == step.activations.A2[3, 5]
    assert values["output gradient", "exact (14)"] == step.G["exact"][3, 5]
    assert values["output gradient", "without E, centred (ours)"] == step.G["centred"][3, 5]
    assert values["back-propagation", "(17)"] == step.gradients.dW2[3, 2]
    assert values["back-propagation", "(22)"] == step.gradients.dW1[2, 1]
    assert worked(step, at, "update")[0].value == step.after.W1[2, 1]


@given(st.floats(-1e308, 1e308))
def test_a_number_reads_back(value: float) -> None:
    assert evaluate(digits(value)) == pytest.approx(value, rel=6e-4)


def verdicts(parameters: Parameters, X: Any, Y: Any) -> dict[str, list[str]]:
    """By rule: what is said of the mean squared error, and of the cross-entropy."""
    return {
        rule: [
            verdict_of(checks)[0]
            for checks in check_gradient(make_step(parameters, X, Y, rule, 0.1)).values()
        ]
        for rule in GRADIENT_RULES
    }


TOLD_APART = {
    "exact": [MATCHES, DIFFERS],
    "drop_error_term": [DIFFERS, DIFFERS],
    "difference": [DIFFERS, MATCHES],
    "centred": [DIFFERS, DIFFERS],
}


@pytest.mark.parametrize("factor", [1.0, 1e-6, 1e-3, 1e3, 1e6])
@pytest.mark.parametrize("seed", range(3))
def test_gradient_check_tells_the_rules_apart(seed: int, factor: float) -> None:
    """Whatever the weights' units: W1, b1 by a factor and W2 by its inverse is the same network."""
    p, X, Y = random_problem(seed=seed, n0=4, n1=6, n2=3, samples=20)
    assert verdicts(Parameters(p.W1 * factor, p.b1 * factor, p.W2 / factor, p.b2), X, Y) == (
        TOLD_APART
    )


@pytest.mark.parametrize(
    ("dataset", "options", "config"),
    [
        ("spiral", {}, {"hidden_units": 1, "learning_rate": 0.1, "seed": 2}),
        ("breast_cancer", {}, {}),
        ("blobs", {"noise": 0.1}, {"epochs": 5000, "learning_rate": 2.0}),
        ("digits", {}, {"hidden_units": 4, "epochs": 100}),
    ],
)
def test_gradient_check_tells_them_apart_along_runs(
    dataset: str, options: dict[str, float], config: dict[str, Any]
) -> None:
    """With one unit, and where the network is so certain that hardly a gradient is left."""
    run = train(Config(**config), load_dataset(dataset, **options))
    for keyframe in (run.keyframes[0], run.keyframes[len(run.keyframes) // 2], run.keyframes[-1]):
        found = verdicts(keyframe.parameters, run.dataset.X, run.dataset.Y)
        assert found == TOLD_APART, keyframe.epoch


def test_gradient_check_says_when_nobody_can_tell() -> None:
    """At a stationary point, and where every unit sits on the corner of its ReLU."""
    _, X, Y = random_problem(n0=4, n1=6, n2=3, samples=21)
    Y = np.eye(3)[:, np.arange(21) % 3]  # as many of each class: uniform outputs are stationary
    silent = Parameters(np.zeros((6, 4)), -np.ones((6, 1)), np.zeros((3, 6)), np.zeros((3, 1)))
    corner = Parameters(np.zeros((6, 4)), np.zeros((6, 1)), np.zeros((3, 6)), np.zeros((3, 1)))
    for rule in GRADIENT_RULES:
        for where, reasons in ((silent, {TOO_SMALL, ZERO}), (corner, {ON_A_CORNER, TOO_SMALL})):
            for checks in check_gradient(make_step(where, X, Y, rule, 0.1)).values():
                says, why = verdict_of(checks)
                assert says == CANNOT_TELL
                assert set(why.split("; ")) <= reasons


@pytest.mark.parametrize(
    ("dataset", "options", "config", "epoch"),
    [
        ("iris", {}, {"learning_rate": 10.0, "init_scale": 2.0, "seed": 882, "epochs": 50}, 25),
        (
            "blobs",
            {"classes": 5},
            {"learning_rate": 20.0, "hidden_units": 32, "seed": 15, "epochs": 50},
            10,
        ),
        ("spiral", {}, {"init_scale": 1000.0, "epochs": 5}, 3),
        ("moons", {}, {"learning_rate": 100.0, "epochs": 8}, 5),
    ],
)
def test_gradient_check_does_not_deny_a_gradient_of_exploded_weights(
    dataset: str, options: dict[str, int], config: dict[str, Any], epoch: int
) -> None:
    """A difference that is right for most weights of an array was far too long for the others."""
    data = load_dataset(dataset, **options)
    for trained in GRADIENT_RULES:
        run = train(Config(**config, gradient=trained), data)
        parameters = parameters_at(run, min(epoch, run.last_epoch))
        found = verdicts(parameters, data.X, data.Y)
        assert found["exact"][0] != DIFFERS, trained
        assert found["difference"][1] != DIFFERS, trained


def test_gradient_check_does_not_call_a_near_miss_a_match() -> None:
    """All zero but one bias of 0.001: E is 1e-4, and (15) is off by 5e-4 of the exact gradient."""
    data = load_dataset("spiral")
    b2 = np.array([[0.001], [0.0], [0.0]])
    nearly = Parameters(np.zeros((4, 2)), np.zeros((4, 1)), np.zeros((3, 4)), b2)
    found = verdicts(nearly, data.X, data.Y)
    assert found["drop_error_term"][0] != MATCHES
    assert found["exact"][0] != DIFFERS


def test_gradient_check_sees_a_small_fault() -> None:
    """A hundredth of one entry that is as large as most is found, and so is a forgotten 1/M."""
    parameters, X, Y = random_problem(n0=4, n1=6, n2=3, samples=20)
    step = make_step(parameters, X, Y, "exact", 0.1)
    for at in ("dW1", "db1", "dW2", "db2"):
        wrong = getattr(step.gradients, at).copy()
        wrong.flat[np.abs(wrong).argmax()] *= 1.01
        faulty = replace(step, gradients=replace(step.gradients, **{at: wrong}))
        assert verdict_of(check_gradient(faulty)[LOSSES_BY_NAME[0]])[0] == DIFFERS, at
    forgotten = replace(step.gradients, **{k: 20 * v for k, v in vars(step.gradients).items()})
    faulty = replace(step, gradients=forgotten)
    assert verdict_of(check_gradient(faulty)[LOSSES_BY_NAME[0]])[0] == DIFFERS


def test_gradient_check_leaves_out_corners_and_takes_some_of_many() -> None:
    parameters, X, Y = random_problem(n0=4, n1=40, n2=3, samples=10)
    checks = check_gradient(make_step(parameters, X, Y, "exact", 0.1))["mean squared error"]
    assert checks["W1"].checked + checks["W1"].skipped == 100, "of 160"
    zero = Parameters(*(np.zeros_like(array) for array in arrays(parameters)))
    at_corner = check_gradient(make_step(zero, X, Y, "exact", 0.1))["mean squared error"]
    assert at_corner["b1"].checked == 0, "every unit sits on the corner of its ReLU"
    assert at_corner["b1"].skipped == 40
    assert (at_corner["b1"].says, at_corner["b1"].why) == (CANNOT_TELL, ON_A_CORNER)
    assert at_corner["b2"].says == MATCHES


@settings(max_examples=20)
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


def test_a_program_s_numbers_are_those_of_a_certain_sample_too(tmp_path: Path) -> None:
    """Where 1 - A2 would be 0: the program takes the form that does not cancel, as the page."""
    run = train(Config(), load_dataset("breast_cancer"))
    step = of_recording(run, 1000)
    certain = int((step.activations.A2 * step.Y).sum(axis=0).argmax())
    assert step.activations.A2[:, certain].max() == 1.0
    place = Place(certain, 4, 1, 1)
    program = stage_program(step, place, "output gradient")
    numbers = [float(line.rsplit(" = ", 1)[1]) for line in printed(program, tmp_path).splitlines()]
    expected = [line.value for line in worked(step, place, "output gradient")]
    assert all(expected)
    np.testing.assert_allclose(numbers, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("dataset", "config"),
    [
        ("spiral", {}),
        ("spiral", {"step_length": "matched", "epochs": 300}),
        ("moons", {"step_length": "matched", "gradient": "drop_error_term", "epochs": 300}),
        ("spiral", {"gradient": "exact", "seed": 3}),
        ("spiral", {"gradient": "centred"}),
        ("wine", {"gradient": "centred", "step_length": "matched", "epochs": 300}),
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


@pytest.mark.parametrize("step_length", ["learning_rate", "matched"])
def test_the_program_of_a_run_in_single_precision_is_one_too(
    step_length: str, tmp_path: Path
) -> None:
    config = Config(dtype="float32", epochs=200, step_length=step_length)
    program = run_program(train(config, load_dataset("iris")))
    off = float(printed(program, tmp_path).splitlines()[-1].split(": ")[1])
    assert off <= 1e-5
    double = train(Config(epochs=200, step_length=step_length), load_dataset("iris"))
    other = float(printed(run_program(double), tmp_path).splitlines()[-1].split(": ")[1])
    assert other <= 1e-12 < off, "float32 it is, and no float64 rounded"


def test_a_run_can_start_from_other_parameters() -> None:
    data = load_dataset("blobs")
    run = train(Config(epochs=30), data)
    on = Recorder(Config(epochs=10), data, start=parameters_at(run, 20))
    on.run()
    np.testing.assert_array_equal(on.recording().loss, run.loss[20:])
    assert forward(on.recording().keyframes[0].parameters, data.X).A2.shape == data.Y.shape


@pytest.mark.parametrize("stage", STAGES)
def test_a_line_can_end_between_any_two_terms(stage: str) -> None:
    """KaTeX ends no line within a fraction, within a group or between brackets that grow."""
    step = a_step(n0=30, n1=40, n2=10, samples=60)
    for line in worked(step, Place(3, 2, 1, 0), stage):
        depth = 0
        for at, letter in enumerate(line.numbers):
            depth += (letter == "{") - (letter == "}")
            grows = line.numbers[:at].count(r"\left") - line.numbers[:at].count(r"\right")
            if line.numbers.startswith(" + ", at):
                assert depth == grows == 0, line.equation
        assert depth == 0
        terms = re.sub(r"\\text\{[^}]*\}", "", uncoloured(line.numbers))
        between = re.split(" [+-] | = ", terms)
        seen = (re.sub(r"\\[a-zA-Z]+", "", part).replace(" ", "") for part in between)
        assert max(map(len, seen)) < 60, "nothing longer than a phone is wide"


def test_every_equation_is_in_the_table_and_no_two_stages_share_one() -> None:
    step, at = a_step(n0=3, n1=6, n2=4, samples=9), Place(5, 2, 3, 1)
    for stage in STAGES:
        assert tuple(line.equation for line in worked(step, at, stage)) == EQUATIONS[stage]
    names = [name for stage in STAGES for name in EQUATIONS[stage]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("stage", STAGES)
def test_symbols_have_the_colour_of_their_layer(stage: str) -> None:
    """In symbols as in numbers; and what is of the weights has none."""
    meant = {"x": "input", "a^{(1)}": "hidden", "z^{(1)}": "hidden", "P": "hidden",
             "a^{(2)}": "output", "z^{(2)}": "output", "D": "output", "G": "output"}  # fmt: skip
    step = a_step(n0=3, n1=6, n2=4, samples=9)
    for line in worked(step, Place(5, 2, 3, 1), stage):
        shown = coloured(line.symbols, {layer: f"#{layer}" for layer in LAYERS})
        plain = shown
        for colour, text in re.findall(
            r"\\textcolor\{#(\w+)\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", shown
        ):
            plain = plain.replace(text, "")
            found = {layer for symbol, layer in meant.items() if symbol in text}
            assert found <= {colour}, line.equation
        plain = plain.replace(r"\max", "").replace(r"\textcolor", "")
        assert not any(f"{symbol}_" in plain for symbol in meant), line.equation
        in_symbols, in_numbers = (
            set(re.findall(r"\\textcolor\{(\w+)\}", text)) for text in (line.symbols, line.numbers)
        )
        assert in_numbers == in_symbols, line.equation
