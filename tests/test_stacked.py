"""A stack of networks against one network after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from problems import random_dataset, random_problem

from nnviz.approximation.agreement import APPROXIMATIONS, compare_rules
from nnviz.approximation.course import network_angles
from nnviz.data.datasets import Dataset, dataset_from_samples, load_dataset
from nnviz.paper.gradients import GRADIENT_RULES, gradients
from nnviz.paper.network import Parameters, forward, loss
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, train
from nnviz.runs.stacked import Stack, stacked


def side_by_side(parameters: Parameters, data: Dataset, rule: str) -> list[Any]:
    """Gradients of [W1 b1] and [W2 b2] by the readable code."""
    found = gradients(parameters, forward(parameters, data.X), data.X, data.Y, rule)
    return [np.hstack([found.dW1, found.db1]), np.hstack([found.dW2, found.db2])]


def stack_of(networks: list[Parameters], data: Dataset, parts: int, dtype: str) -> Stack:
    stack = Stack(data, networks[0].W1.shape[0], parts, len(networks) // parts, dtype)
    stack.W1b1[:], stack.W2b2[:] = stacked(networks, dtype)
    stack.forward()
    return stack


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("scale", [0.0, 2.0, 20.0])
def test_gradients_and_losses_are_those_of_each_network(classes: int, scale: float) -> None:
    data = random_dataset(classes=classes, test_share=0.2)
    networks = [random_problem(3, 5, classes, 1, n, scale)[0] for n in range(8)]
    stack = stack_of(networks, data, 4, "float64")
    rules = list(GRADIENT_RULES)
    for one, found in zip(networks, stack.loss(), strict=True):
        assert found == pytest.approx(loss(forward(one, data.X).A2, data.Y), rel=1e-12)
    found = stack.gradients(rules)
    for number, one in enumerate(networks):
        rule = rules[number // 2]
        for ours, theirs in zip(found, side_by_side(one, data, rule), strict=True):
            near = 1e-12 * max(1e-3, np.abs(theirs).max())
            np.testing.assert_allclose(ours[number], theirs, rtol=1e-12, atol=near)
    # The first parts alone, all by one rule, after another call.
    for ours, one in zip(stack.gradients(["exact"] * 2)[1], networks[:4], strict=False):
        np.testing.assert_allclose(ours, side_by_side(one, data, "exact")[1], atol=1e-14)


@pytest.mark.parametrize("right", [True, False], ids=["certain and right", "certain and wrong"])
@pytest.mark.parametrize("rule", GRADIENT_RULES)
def test_of_certain_samples_single_precision_is_enough(rule: str, right: bool) -> None:
    cluster = np.arange(30) % 3
    features = np.eye(3)[cluster] + 0.02 * np.random.default_rng(0).standard_normal((30, 3))
    data = dataset_from_samples(
        "clusters", features, cluster if right else (cluster + 1) % 3,
        feature_names=["a", "b", "c"], class_names=["0", "1", "2"], data_seed=0, test_share=0.0,
    )  # fmt: skip
    # A hidden layer that hands the features on, each and its negative: logits of 10 times them.
    parameters = Parameters(
        W1=np.vstack([np.eye(3), -np.eye(3)]), b1=np.zeros((6, 1)),
        W2=np.hstack([10 * np.eye(3), -10 * np.eye(3)]), b2=np.zeros((3, 1)),
    )  # fmt: skip
    A2 = forward(parameters, data.X).A2
    assert 1 - A2.max(axis=0).max() < 1e-8, "float32 cannot tell these from 1"
    assert (A2.argmax(axis=0) == data.y).mean() == float(right)
    found = stack_of([parameters], data, 1, "float32").gradients([rule])
    for ours, theirs in zip(found, side_by_side(parameters, data, rule), strict=True):
        np.testing.assert_allclose(ours[0], theirs, atol=1e-4 * np.abs(theirs).max())


@pytest.mark.parametrize(
    ("dataset", "settings"),
    [
        ("spiral", {}),
        ("moons", {"learning_rate": 10.0, "init_scale": 10.0}),
        ("iris", {"learning_rate": 100.0}),
        ("digits", {"epochs": 30}),
    ],
)
def test_network_angles_are_those_of_each_keyframe(dataset: str, settings: dict[str, Any]) -> None:
    run = train(Config(**{"epochs": 300, **settings}), load_dataset(dataset))
    found = network_angles(run)
    assert set(found) == set(APPROXIMATIONS)
    for number, keyframe in enumerate(run.keyframes):
        compared = compare_rules(keyframe.parameters, run.dataset.X, run.dataset.Y).agreement
        for rule, angle in found.items():
            assert angle[number] == pytest.approx(compared[rule].angle[-1], abs=1e-9, nan_ok=True)


def test_a_run_of_one_keyframe_has_angles_too() -> None:
    recorder = Recorder(Config(epochs=10), load_dataset("spiral"))
    recorder.run(epochs=1)
    run = recorder.recording()
    assert [angle.shape for angle in network_angles(run).values()] == [(len(run.keyframes),)] * 3
