"""How a run ended, in words: nothing that went wrong passes without one, and advice is tried."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.ending import ending, in_trouble
from nnviz.runs.recording import Recorder, train


def test_what_went_as_planned_needs_no_word() -> None:
    assert ending(train(Config(), load_dataset("spiral")), 1.0) == ""


def test_a_target_and_a_stop_are_said() -> None:
    moons = load_dataset("moons")
    target = train(Config(target_accuracy=0.5), moons)
    assert f"Target reached at epoch {target.last_epoch}" in ending(target)
    recorder = Recorder(Config(epochs=100), moons)
    recorder.run(epochs=11)
    recorder.stop()
    assert ending(recorder.recording()) == "Stopped by you at epoch 10 of 100."


@pytest.mark.parametrize(
    ("dataset", "config"),
    [
        ("moons", {"gradient": "drop_error_term", "learning_rate": 2.5}),
        ("spiral", {"learning_rate": 10.0}),
        ("spiral", {"learning_rate": 100.0, "epochs": 200}),
        ("spiral", {"learning_rate": 1e6, "epochs": 200}),
        ("digits", {"learning_rate": 10.0, "epochs": 200}),
        ("blobs", {"hidden_units": 1, "learning_rate": 20.0}),
    ],
)
def test_a_learning_rate_that_is_advised_does_not_go_wrong_again(
    dataset: str, config: dict[str, Any]
) -> None:
    run = train(Config(**config), load_dataset(dataset))
    said = ending(run, 60.0)
    dead = int(run.dead_units[-1])
    if run.status == "diverged":
        assert f"diverged after epoch {run.last_epoch:,}" in said
    else:
        units = "The only hidden unit is dead" if run.config.hidden_units == 1 else f"{dead} of"
        if dead == run.config.hidden_units > 1:
            units = f"All {dead} hidden units are dead"
        since = next(t for t, count in enumerate(run.dead_units) if count == dead)
        assert units in said
        assert f"since epoch {since}:" in said
    advised = re.search(r"Try α = ([\d.e+-]+): .* accuracy of ([\d.]+)%", said)
    assert advised, said
    rate = float(advised[1])
    assert rate < run.config.learning_rate
    tried = train(replace(run.config, learning_rate=rate), run.dataset)
    assert not in_trouble(tried)
    assert tried.accuracy[-1] > run.accuracy[-1]
    assert float(advised[2]) == pytest.approx(100 * tried.accuracy[-1], abs=0.05)


def test_advice_that_costs_too_much_to_try_names_no_number() -> None:
    run = train(Config(learning_rate=10.0), load_dataset("spiral"))
    assert ending(run).endswith("Try a smaller learning rate α.")


def test_units_that_start_dead_are_not_the_learning_rate_s_doing() -> None:
    data = load_dataset("spiral")
    nothing = ending(train(Config(init_scale=0.0, epochs=20), data), 5.0)
    assert "All 16 hidden units are dead from the start" in nothing
    assert nothing.endswith("try a larger initial scale.")
    of_one = (train(Config(hidden_units=1, seed=s, epochs=20), data) for s in range(100))
    dead = next((run for run in of_one if run.dead_units[0]), None)
    if dead is not None:
        assert ending(dead, 5.0).endswith("Try other starting weights, or more hidden units.")


def test_a_growing_run_is_told_what_is_so_and_not_what_to_try() -> None:
    recorder = Recorder(Config(learning_rate=10.0), load_dataset("spiral"))
    recorder.run(epochs=400)
    said = ending(recorder.recording(), 5.0)
    assert "15 of 16 hidden units are dead since epoch" in said
    assert "Only 1 can still learn." in said
    assert "Try" not in said
