"""The fast step against the readable one, and against its own promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from problems import arrays, random_dataset

from nnviz.paper.gradients import GRADIENT_RULES, descend, gradients
from nnviz.paper.network import accuracy, forward, initialize, loss
from nnviz.runs import training
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.training import TINY, Trainer

RULES = sorted(GRADIENT_RULES)
STEP_LENGTHS = ("learning_rate", "matched")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("block", [10**6, 100, 16], ids=["one block", "few blocks", "many blocks"])
def test_fast_step_is_the_readable_step(
    rule: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "BLOCK_ELEMENTS", block)
    dataset = random_dataset()
    config = Config(hidden_units=6, learning_rate=0.7, gradient=rule, seed=4)
    trainer = Trainer(config, dataset)
    slow = initialize(3, 6, 4, seed=4)
    A2 = np.empty(dataset.Y.shape)
    for epoch in range(40):
        activations = forward(slow, dataset.X)
        trainer.evaluate()
        trainer.outputs(A2)
        for ours, theirs in zip(arrays(trainer.parameters), arrays(slow), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-11, err_msg=f"epoch {epoch}")
        assert loss(A2, dataset.Y) == pytest.approx(loss(activations.A2, dataset.Y), rel=1e-11)
        np.testing.assert_allclose(A2, activations.A2, atol=1e-11)
        step = gradients(slow, activations, dataset.X, dataset.Y, rule)
        slow = descend(slow, step, 0.7)
        trainer.step()
    assert trainer.epoch == 40


@pytest.mark.parametrize("rule", RULES)
def test_float32_follows_float64(rule: str) -> None:
    dataset = random_dataset()
    runs = [
        Trainer(Config(gradient=rule, learning_rate=0.3, dtype=dtype), dataset)
        for dtype in ("float64", "float32")
    ]
    losses = []
    for trainer in runs:
        for _ in range(50):
            trainer.step()
        trainer.evaluate()
        A2 = np.empty(dataset.Y.shape)
        trainer.outputs(A2)
        losses.append(loss(A2, dataset.Y))
    _, narrow = runs
    assert narrow.parameters.W1.dtype == np.float32
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)


@pytest.mark.parametrize("rule", ["drop_error_term", "difference", "centred"])
@pytest.mark.parametrize("block", [10**6, 100], ids=["one block", "blocks"])
def test_a_matched_step_is_as_long_as_the_exact_one(
    rule: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "BLOCK_ELEMENTS", block)
    dataset = random_dataset()
    trainer = Trainer(Config(gradient=rule, step_length="matched", learning_rate=0.7), dataset)
    for _ in range(20):
        before = trainer.parameters
        activations = forward(before, dataset.X)
        trainer.step()
        taken = flat(trainer.parameters) - flat(before)
        exact, own = (
            flat(gradients(before, activations, dataset.X, dataset.Y, name))
            for name in ("exact", rule)
        )
        assert np.linalg.norm(taken) == pytest.approx(0.7 * np.linalg.norm(exact), rel=1e-9)
        direction = -own / np.linalg.norm(own)
        np.testing.assert_allclose(taken / np.linalg.norm(taken), direction, atol=1e-7)


def test_matching_changes_nothing_for_the_exact_rule() -> None:
    dataset = random_dataset()
    runs = [Trainer(Config(gradient="exact", step_length=s), dataset) for s in STEP_LENGTHS]
    for trainer in runs:
        for _ in range(10):
            trainer.step()
    assert flat(runs[0].parameters).tobytes() == flat(runs[1].parameters).tobytes()


def flat(holder: Any) -> Any:
    """Parameters or Gradients as one vector."""
    return np.concatenate([array.ravel() for array in arrays(holder)])


def test_the_same_config_gives_the_same_bits() -> None:
    dataset = random_dataset()
    first, second = (Trainer(Config(seed=9), dataset) for _ in range(2))
    for _ in range(25):
        first.step()
        second.step()
    for a, b in zip(arrays(first.parameters), arrays(second.parameters), strict=True):
        assert a.tobytes() == b.tobytes()


def test_initialization_draws_in_the_order_of_the_source() -> None:
    rng = np.random.default_rng(7)
    expected = [rng.random(shape) - 0.5 for shape in ((5, 2), (5, 1), (3, 5), (3, 1))]
    for array, numbers in zip(arrays(initialize(2, 5, 3, seed=7)), expected, strict=True):
        np.testing.assert_array_equal(array, numbers)
    for array, numbers in zip(arrays(initialize(2, 5, 3, 7, init_scale=3)), expected, strict=True):
        np.testing.assert_array_equal(array, 3 * numbers)


def test_parameters_once_read_do_not_change() -> None:
    trainer = Trainer(Config(), random_dataset())
    before = trainer.parameters
    kept = [array.copy() for array in arrays(before)]
    trainer.step()
    for array, numbers in zip(arrays(before), kept, strict=True):
        np.testing.assert_array_equal(array, numbers)


def test_undo_takes_one_update_back() -> None:
    trainer = Trainer(Config(), random_dataset())
    trainer.step()
    before = arrays(trainer.parameters)
    trainer.step()
    trainer.undo()
    assert trainer.epoch == 1
    for a, b in zip(arrays(trainer.parameters), before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_step_allocates_nothing_that_grows_with_the_data() -> None:
    import tracemalloc

    trainer = Trainer(Config(hidden_units=64), random_dataset(samples=10_000))
    trainer.step()
    tracemalloc.start()
    try:
        for _ in range(3):
            trainer.step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # NumPy itself takes up to 64 kB, whatever the sizes, to broadcast a row over a matrix.
    assert peak < 70_000, f"a step allocated {peak:,} bytes; its hidden layer takes 3,840,000"


def test_equal_classes_count_as_numpy_argmax_says() -> None:
    """Zero weights make every class equally probable: only class 0 may count as right."""
    dataset = random_dataset()
    run = train(Config(init_scale=0, epochs=1), dataset)
    assert run.accuracy[0] == accuracy(np.full(dataset.Y.shape, 0.25), dataset.y)
    assert run.accuracy[0] == np.mean(dataset.y == 0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_floor_of_the_softmax_keeps_denormals_out_and_changes_nothing_read(dtype: Any) -> None:
    dataset = random_dataset(samples=200)
    trainer = Trainer(Config(init_scale=300, dtype=dtype, gradient="exact"), dataset)
    exact = forward(initialize(3, 16, 4, 0, 300), dataset.X).A2
    trainer.evaluate()
    found = np.hstack([block.A2 for block in trainer._blocks])
    smallest_normal = np.finfo(dtype).tiny
    assert (found**2 >= smallest_normal).all(), "squares of outputs are denormal: slow"
    assert (exact < TINY[dtype] / 2).any(), "the problem does not saturate: test something harder"
    np.testing.assert_allclose(found, exact, atol=1e-15 if dtype == "float64" else 2e-3)
    # The floor is far below what the type resolves beside the largest probability.
    assert TINY[dtype] < np.finfo(dtype).eps * 1e-3


def test_dead_units_are_those_that_no_sample_wakes() -> None:
    dataset = random_dataset()
    trainer = Trainer(Config(hidden_units=30, seed=2), dataset)
    trainer._theta.W1b1[4, :] = 0  # Z1 = 0 everywhere
    trainer._theta.W1b1[7, :-1], trainer._theta.W1b1[7, -1] = 0, -1
    trainer.evaluate(count_active=True)
    A1 = forward(trainer.parameters, dataset.X).A1
    assert trainer.dead_units() == int((A1.max(axis=1) == 0).sum())
    assert trainer.dead_units() >= 2
