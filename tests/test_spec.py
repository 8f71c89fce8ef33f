"""A RunSpec is a run: equal ones give the same bits, and all of it decides the run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nnviz.checks import SettingError
from nnviz.data.samples import Samples
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, train
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.sweeps.grid import grid, run_one

SPEC = RunSpec("blobs", (("samples", 40),), Config(epochs=20, hidden_units=3))


def start(said: str = "epoch 20") -> StartingParameters:
    run = train(SPEC.config, SPEC.load())
    return StartingParameters.of(run.keyframes[-1].parameters, said)


def test_specs_are_equal_if_all_parts_are() -> None:
    features = np.array([[0.0], [1.0], [2.0], [3.0]])
    own = Samples(features, np.array([0, 1, 0, 1]), ("x",), ("a", "b"))
    others = [
        replace(SPEC, dataset="moons"),
        replace(SPEC, options=(("samples", 50),)),
        replace(SPEC, config=replace(SPEC.config, seed=1)),
        RunSpec("own", (), SPEC.config),
        RunSpec("own", (), SPEC.config, own),
        replace(SPEC, start=start()),
        replace(SPEC, start=start("elsewhere")),
    ]
    again = RunSpec("blobs", (("classes", 3), ("samples", 40)), replace(SPEC.config))
    assert again == SPEC
    assert hash(again) == hash(SPEC)
    assert again.run_id == SPEC.run_id
    assert len({SPEC, *others}) == 1 + len(others)
    assert len({spec.run_id for spec in (SPEC, *others)}) == 1 + len(others)
    assert [spec.lacks_data for spec in others] == [False] * 3 + [True] + [False] * 3


def test_options_that_the_data_do_not_take_are_refused() -> None:
    with pytest.raises(SettingError, match="noise must be left out for iris"):
        RunSpec("iris", (("noise", 0.5),), Config())


def test_a_run_starts_where_its_spec_says() -> None:
    edited = start()
    recorder = replace(SPEC, start=edited).recorder()
    recorder.run()
    expected = Recorder(SPEC.config, SPEC.load(), edited.parameters)
    expected.run()
    assert recorder.recording().loss.tobytes() == expected.recording().loss.tobytes()
    drawn = train(SPEC.config, SPEC.load())
    assert recorder.recording().loss[0] == drawn.loss[-1]
    assert run_one(replace(SPEC, start=edited)).loss == expected.recording().loss[-1]


def test_each_run_of_a_grid_starts_where_its_seed_draws() -> None:
    for spec in grid(replace(SPEC, start=start()), {"hidden_units": [2, 3]}, seeds=2):
        assert spec.start is None
