"""Sweeps, and the command line."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from picture_runs import error_terms, hidden, outputs, share_right, squared_error

from nnviz.approximation.milestones import milestone_keyframes
from nnviz.approximation.progress import measure
from nnviz.checks import SettingError
from nnviz.cli.main import main
from nnviz.data.datasets import load_dataset
from nnviz.data.samples import Samples
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import load_recording
from nnviz.sweeps.files import save_sweep, sweep_csv, table
from nnviz.sweeps.grid import Outcome, grid, in_slices, outcome, run_all, run_one
from nnviz.sweeps.pool import WorkersLostError

BASE = RunSpec("spiral", (("samples", 60),), Config(epochs=30, hidden_units=4))


def test_a_grid_has_every_combination_with_its_seeds() -> None:
    specs = grid(BASE, {"learning_rate": [0.1, 1.0], "noise": [0.0, 0.5]}, seeds=3)
    assert len(specs) == 12
    assert len({repr(spec) for spec in specs}) == 12
    assert {spec.config.seed for spec in specs} == {0, 1, 2}
    assert {dict(spec.options)["noise"] for spec in specs} == {0.0, 0.5}
    assert all(dict(spec.options)["samples"] == 60 for spec in specs)


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({"colour": [1]}, "setting to vary must be one of"),
        ({"seed": [1]}, "setting to vary must be one of"),
        ({"learning_rate": [-1.0]}, "learning_rate must be"),
        ({"noise": [9.0]}, "noise must be"),
        ({"noise": [0.5, 0.5]}, "noise must be tried at different values; it is '0.5, 0.5'"),
        ({"noise": []}, "noise must be tried at different values"),
    ],
)
def test_a_grid_that_cannot_be_is_answered_in_words(
    axes: dict[str, list[float]], said: str
) -> None:
    with pytest.raises(SettingError, match=said):
        grid(BASE, axes, seeds=1)


def test_an_outcome_is_that_of_the_run() -> None:
    data = load_dataset("iris")
    run = train(Config(epochs=200, learning_rate=0.1, target_accuracy=None), data)
    found = outcome(run)
    assert found.loss == run.loss[-1]
    first = next((t for t, share in enumerate(run.accuracy) if share >= 0.95), None)
    assert found.epochs_to_target == first
    starts = milestone_keyframes(run)
    assert starts[-1].epoch == run.last_epoch
    again = measure(run.config, run.dataset, starts, 50)
    fine = np.linspace(0, 200, 200_001)
    for rule, share_said in (
        ("difference", found.holds), ("drop_error_term", found.holds_without_E)
    ):  # fmt: skip
        rho = np.clip(again.at(50, rule), -1, 3)
        between = np.interp(np.log1p(fine), np.log1p(again.epochs), rho)
        assert share_said == pytest.approx((between >= 0.9).mean(), abs=1e-3)
    assert 0 < found.holds_without_E < found.holds < 1


@pytest.mark.parametrize("learning_rate", [0.5, 8.0])
def test_an_outcome_is_what_its_last_parameters_do(learning_rate: float) -> None:
    """At a rate too large the last epoch is not the best."""
    config = Config(epochs=40, hidden_units=5, learning_rate=learning_rate, gradient="exact")
    run = train(config, load_dataset("spiral", samples=90))
    found, data = outcome(run), run.dataset
    assert len(run.keyframes) == 41, "of every epoch there are parameters to look at"
    shares = [share_right(k.parameters, data.X, data.y) for k in run.keyframes]
    last = run.keyframes[-1].parameters
    E = error_terms(outputs(last, data.X), data.Y)
    assert found.accuracy == pytest.approx(shares[-1])
    assert found.best_accuracy == pytest.approx(max(shares))
    assert found.test_accuracy == pytest.approx(share_right(last, data.X_test, data.y_test))
    assert found.mean_abs_error_term == pytest.approx(np.abs(E).mean())
    assert found.loss == pytest.approx(squared_error(last, data.X, data.Y))
    assert found.dead_units == (hidden(last, data.X).max(axis=1) <= 0).sum()
    assert (found.status, found.epochs) == ("finished", 40)
    if learning_rate > 1:
        assert max(shares) > shares[-1]


def test_the_epochs_to_a_target_are_those_until_it_is_just_reached() -> None:
    data = load_dataset("blobs")
    best = float(train(Config(epochs=60), data).accuracy.max())
    run = train(Config(epochs=60, target_accuracy=best), data)
    assert outcome(run).epochs_to_target == run.last_epoch > 0


def test_of_a_network_too_large_to_be_measured_nothing_is_said() -> None:
    spec = RunSpec("digits", (("test_share", 0.5),), Config(epochs=1, hidden_units=512))
    found = run_one(spec)
    assert np.isnan(found.holds)
    assert np.isnan(found.holds_without_E)
    (row,) = csv.DictReader(sweep_csv([spec], {0: found}).splitlines())
    assert row["holds"] == "nan"


def test_processes_give_the_same_as_a_plain_loop() -> None:
    specs = grid(BASE, {"gradient": ["exact", "difference"]}, seeds=4)
    there = dict(run_all(specs, jobs=2))
    here = {number: run_one(spec) for number, spec in enumerate(specs)}
    assert list(table(specs, there)) == list(table(specs, here))
    assert len(there) == len(specs)


def in_memory(spec: RunSpec) -> Iterator[Outcome | None]:
    """Refuse data that came by way of a file."""
    assert spec.own is not None
    array: object = spec.own.features
    while isinstance(array, np.ndarray):
        assert not isinstance(array, np.memmap), "a visitor's data were written to a file"
        array = array.base
    yield from in_slices(spec)


def test_uploaded_data_reach_the_workers_without_a_file() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2000, 80))  # more than the megabyte that joblib would write
    names = tuple(f"x{n}" for n in range(80))
    own = Samples(features, np.arange(2000) % 2, names, ("a", "b"))
    specs = grid(RunSpec("own", (), Config(epochs=2), own), {}, seeds=2)
    assert len(dict(run_all(specs, jobs=2, work=in_memory))) == 2


def killed_once(mark: Path, spec: RunSpec) -> Iterator[Outcome | None]:
    """Take the worker process down at one run, the first time."""
    if spec.config.seed == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    yield from in_slices(spec)


def test_a_killed_worker_costs_nothing_that_was_done(tmp_path: Path) -> None:
    work = partial(killed_once, tmp_path / "killed")
    specs = grid(BASE, {}, seeds=10)
    numbers = []
    found = {}
    for number, result in run_all(specs, jobs=2, work=work):
        numbers.append(number)
        found[number] = result
    assert (tmp_path / "killed").exists(), "the worker was not killed"
    assert sorted(numbers) == list(range(10)), "every run once, none twice"
    assert found[5] == run_one(specs[5])


def test_files_of_a_sweep_hold_what_came_of_it(tmp_path: Path) -> None:
    axes: dict[str, list[Any]] = {"hidden_units": [2, 4], "target_accuracy": [None, 0.5]}
    specs = grid(BASE, axes, seeds=2)
    found = {n: run_one(spec) for n, spec in enumerate(specs) if n != 3}
    save_sweep(specs, found, tmp_path / "sweep.npz")
    rows = list(csv.DictReader(sweep_csv(specs, found).splitlines()))
    with np.load(tmp_path / "sweep.npz", allow_pickle=False) as arrays:
        assert set(arrays) == {*rows[0], "curve_epochs", "curve_loss"}
        for place, (n, of) in enumerate(found.items()):
            assert arrays["loss"][place] == of.loss == float(rows[place]["loss"])
            assert arrays["seed"][place] == specs[n].config.seed == int(rows[place]["seed"])
            points = len(of.curve)
            curve = np.stack([arrays["curve_epochs"][place], arrays["curve_loss"][place]], axis=1)
            np.testing.assert_array_equal(curve[:points], of.curve)
            assert np.isnan(curve[points:]).all()
        assert (
            np.isnan(arrays["target_accuracy"]).tolist()
            == [True] * 2 + [False] + [True] * 2 + [False] * 2
        )
    assert sweep_csv(specs, {}) == ""


def always_killed(spec: RunSpec) -> Iterator[Outcome | None]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield from in_slices(spec)


def test_work_that_kills_every_worker_is_given_up_in_words() -> None:
    with pytest.raises(WorkersLostError, match="Processes died 3 times; is there too little"):
        list(run_all(grid(BASE, {}, seeds=2), jobs=2, work=always_killed))


def test_what_was_done_before_workers_are_lost_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(specs: list[RunSpec], _: int) -> Iterator[tuple[int, Outcome]]:
        yield 1, run_one(specs[1])
        raise WorkersLostError("The scheduler is gone")

    monkeypatch.setattr("nnviz.cli.main.run_all", lost)
    assert main(["sweep", "--epochs=5", "--seeds=3", f"--csv={tmp_path / 'kept.csv'}"]) == 1
    assert "The scheduler is gone: finished runs are kept" in capsys.readouterr().err
    assert [row["seed"] for row in read(tmp_path / "kept.csv")] == ["1"]


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_train_writes_what_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [f"--{kind}={tmp_path / f'run.{kind}'}" for kind in ("csv", "npz", "html")]
    assert main(["train", "--dataset=iris", "--epochs=25", "--learning-rate=0.1", *files]) == 0
    assert "finished at epoch 25: loss 0." in capsys.readouterr().out
    run = train(Config(epochs=25, learning_rate=0.1), load_dataset("iris"))
    np.testing.assert_array_equal(load_recording(tmp_path / "run.npz").loss, run.loss)
    rows = read(tmp_path / "run.csv")
    assert float(rows[-1]["loss"]) == run.loss[-1]
    assert "<title>nnviz: iris" in (tmp_path / "run.html").read_text(encoding="utf-8")[:300]


def test_sweep_writes_a_row_a_run(tmp_path: Path) -> None:
    target = tmp_path / "sweep.csv"
    asked = ["--grid", "learning-rate=0.1,0.5", "--grid", "gradient=exact,difference"]
    done = subprocess.run(
        [sys.executable, "-m", "nnviz", "sweep", "--epochs=20", "--seeds=2", *asked,
         "--jobs=2", f"--csv={target}", f"--npz={tmp_path / 'sweep.npz'}",
         f"--html={tmp_path / 'sweep.html'}"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "8/8" in done.stderr, "the progress bar"
    rows = read(target)
    assert len(rows) == 8
    run = train(
        Config(epochs=20, learning_rate=0.1, gradient="exact", seed=1), load_dataset("spiral")
    )
    row = next(
        r for r in rows
        if (r["learning_rate"], r["gradient"], r["seed"]) == ("0.1", "exact", "1")
    )  # fmt: skip
    assert float(row["loss"]) == run.loss[-1]
    with np.load(tmp_path / "sweep.npz") as arrays:
        assert arrays["loss"].tolist() == [float(r["loss"]) for r in rows]
    page = (tmp_path / "sweep.html").read_text(encoding="utf-8")
    assert "<title>nnviz: spiral over learning rate and gradient, 8 runs of 8</title>" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["train", "--epochs=abc"],
            "epochs must be a whole number from 1 to 1,000,000; it is",
        ),
        (["train", "--dataset=mnist"], "dataset must be one of"),
        (["train", "--dataset=iris", "--noise=1"], "noise must be left out for iris"),
        (["sweep", "--grid=colour=1"], "grid must be NAME=VALUE,VALUE"),
        (["sweep", "--grid=seed=1,2", "--grid=seed=3"], "grid must be given once for each"),
        (["sweep", "--html=sweep.html"], "grid must be given for one to three settings"),
        (["sweep", "--seeds=0"], "seeds must be a whole number from 1"),
        # Before the work, not after it.
        (["train", "--csv=/nowhere/run.csv"], "csv must be a file in a folder that exists; it is"),
        (["sweep", "--npz=/nowhere/run.npz"], "npz must be a file in a folder that exists; it is"),
        (["train", "--html=/"], "html must be a file in a folder that exists; it is '/'"),
    ],
)
def test_what_cannot_be_done_is_answered_in_words(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("train", "sweep"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        said = capsys.readouterr().out
        for name in ("--learning-rate", "--data-seed", "--gradient", "exact, drop_error_term"):
            assert name in said


def test_a_table_of_ones_own_is_trained_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    rows = "".join(f"{n / 7},{n % 5},{'a' if n < 20 else 'b'}\n" for n in range(40))
    file.write_text(f"x,y,kind\n{rows},1,a\n", encoding="utf-8")
    npz = tmp_path / "own.npz"
    assert main(["train", f"--data={file}", "--epochs=200", f"--npz={npz}"]) == 0
    said = capsys.readouterr()
    assert "1 row is left out: row 41, column 'x': no value." in said.err
    assert "Label: kind; features: x, y" in said.err
    run = load_recording(npz)
    assert run.dataset.class_names == ("a", "b")
    assert run.accuracy[-1] > 0.9
    asked = ["train", f"--data={file}", "--epochs=5", f"--npz={npz}", "--label=y"]
    assert main([*asked, "--feature=kind", "--feature=x"]) == 0
    run = load_recording(npz)
    assert run.dataset.feature_names == ("kind=a", "kind=b", "x")
    assert run.dataset.class_names == ("0", "1", "2", "3", "4")
    assert main([*asked, "--feature=z"]) == 2
    assert "feature must be one of x, y, kind; it is 'z'" in capsys.readouterr().err
    assert main(["train", f"--data={file}", "--label=nix"]) == 2
    assert "label must be one of x, y, kind" in capsys.readouterr().err
    file.write_text("x y", encoding="utf-8")
    assert main(["sweep", f"--data={file}"]) == 2
    assert "Only one column was found" in capsys.readouterr().err


def test_a_share_is_near_what_all_keyframes_say() -> None:
    """Nine epochs, even in the logarithm, leave half of the run between the last two."""
    for dataset, config in (
        ("spiral", Config()),
        ("spiral", Config(epochs=900)),
        ("moons", Config()),
        ("moons", Config(gradient="drop_error_term", learning_rate=2.5)),  # ends at 151
    ):
        data = load_dataset(dataset)
        run = train(config, data)
        every = measure(config, data, run.keyframes, 50, ("difference",), one_rate=False)
        holds = every.at(50, "difference") >= 0.9
        edges = np.diff(every.epochs)
        truth = (edges * (holds[:-1] * 0.5 + holds[1:] * 0.5)).sum() / run.last_epoch
        assert outcome(run).holds == pytest.approx(truth, abs=0.08), (dataset, config)
