"""The command line: every misuse is answered before the work, in a sentence, with exit status 2."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz.approximation.holding import Criterion
from nnviz.approximation.verdict import TOO_LARGE, verdict_of
from nnviz.checks import Optional, RealNumber, SettingError, WholeNumber
from nnviz.cli.main import StoppedError, main
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.sweeps.cluster import SCHEDULER

TABLE = "x,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of arguments that cannot be used; nothing may have been trained or written."""
    before = sorted(Path().iterdir())
    try:
        code: object = main(arguments)
    except SystemExit as exit_:  # from argparse
        code = exit_.code
    said = capsys.readouterr()
    assert code == 2
    assert "Traceback" not in said.err
    assert not said.out
    assert "epoch/s" not in said.err, "trained before it was refused"
    assert "run/s" not in said.err, "trained before it was refused"
    assert sorted(Path().iterdir()) == before
    return said.err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("sweep --jobs 0", "jobs must be a whole number from 1 to 1,000; it is '0'"),
        ("sweep --jobs -1", "jobs must be a whole number from 1 to 1,000; it is '-1'"),
        ("sweep --jobs two", "jobs must be a whole number from 1 to 1,000; it is 'two'"),
        ("sweep --seeds 1e9", "seeds must be a whole number from 1 to 100,000; it is '1e9'"),
        ("sweep --seeds 100001", "seeds must be a whole number from 1 to 100,000"),
        ("sweep --seeds 50000 --grid classes=2,3,4", "number of runs must be from 1 to 100,000"),
        ("sweep --seed 4294967295 --seeds 2", "seed must be a whole number from 0"),
        ("train --label kind", "label must be left out without --data; it is 'kind'"),
        ("sweep --feature x", "feature must be left out without --data; it is 'x'"),
        ("train --decimal point", "decimal must be left out without --data; it is 'point'"),
        ("sweep --header no", "header must be left out without --data; it is 'no'"),
        ("train --data table.csv --header no --header yes", "argument --header: given twice"),
        ("train --dataset iris --data table.csv", "dataset must be left out with --data"),
        ("train --dataset own", "dataset must be one of spiral, blobs, moons"),
        ("sweep --dataset own", "dataset must be one of spiral, blobs, moons"),
        ("sweep --dataset mnist", "dataset must be one of spiral, blobs, moons"),
        ("train --data table.csv --noise 1", "noise must be left out for own, which takes data_se"),
        ("train --data table.csv --label", "expected one argument"),
        ("train --data table.csv --label=", "label must be one of x, kind; it is ''"),
        ("train --data missing.csv", "data must be a file that exists; it is 'missing.csv'"),
        ("train --data .", "data must be a file that exists; it is '.'"),
        ("train --csv out --npz out", "npz must be another file than that of --csv; it is 'out'"),
        ("sweep --npz out --html ./out --grid noise=1", "html must be another file than that of"),
        ("train --data table.csv --csv table.csv", "csv must be another file than that of --data"),
        ("train --csv=", "csv must be a file in a folder that exists; it is '.'"),
        ("train --seed 1 --seed 2", "argument --seed: given twice"),
        ("train --csv a --csv b", "argument --csv: given twice"),
        ("train --epo 5", "unrecognized arguments: --epo"),
        ("sweep --see 5", "unrecognized arguments: --see"),
        ("sweep --grid noise=0.5,0.50", "noise must be tried at different values; it is '0.5, 0.5"),
        ("sweep --grid hidden_units=8,08", "hidden_units must be tried at different values"),
        ("sweep --grid gradient=exact,exact", "gradient must be tried at different values"),
        ("sweep --grid noise=", "grid must be NAME=VALUE,VALUE with the name of a setting"),
        ("sweep --grid noise", "grid must be NAME=VALUE,VALUE with the name of a setting"),
        ("sweep --grid noise=0.1,,1", "noise must be a number from 0 to 2; it is ''"),
        ("sweep --grid noise=0.1,", "noise must be a number from 0 to 2; it is ''"),
        ("sweep --grid noise=1 --noise 2", "grid must be of settings that --noise does not fix"),
        ("sweep --grid seed=1,2 --seeds 3", "--seeds says how many seeds each combination has"),
        ("sweep --grid noise=1 --dataset iris", "setting to vary must be one of"),
        ("sweep --html out", "grid must be given for one to three settings, for --html; it is 0"),
        ("train --epochs 1e2", "epochs must be a whole number from 1 to 1,000,000; it is '1e2'"),
        ("train --epochs 1_0", "epochs must be a whole number from 1 to 1,000,000; it is '1_0'"),
        ("train --seed ٣", "seed must be a whole number from 0 to 4,294,967,295; it is '٣'"),
        ("train --learning-rate nan", "learning_rate must be a number above 0, at most 1,000,000"),
        ("train --learning-rate inf", "learning_rate must be a number above 0, at most 1,000,000"),
        ("train --noise 0,5", "noise must be a number from 0 to 2; it is '0,5'"),
        ("train --data-seed -1", "data_seed must be a whole number from 0"),
        ("train --target-accuracy 2", "a number above 0, at most 1, or none; it is '2'"),
    ],
)
def test_a_misuse_is_answered_in_a_sentence(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(arguments.split(" "), capsys)


@pytest.mark.usefixtures("here")
def test_the_number_of_processes_is_not_ignored_on_a_cluster(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:1")
    assert "jobs must be left out while" in refused(["sweep", "--jobs=2"], capsys)


def test_what_cannot_be_written_is_said_before_the_work(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "locked.csv").touch()
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr("os.access", lambda path, _: "locked" not in str(path))
    said = refused(["train", "--csv=locked.csv"], capsys)
    assert "csv must be a file that can be written; it is 'locked.csv'" in said


@pytest.mark.usefixtures("here")
def test_pages_need_the_packages_of_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name != "plotly" or None)
    said = refused(["train", "--html=run.html"], capsys)
    assert "html must be left out while requirements.txt is not installed" in said


def test_a_file_that_fails_costs_no_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--epochs=3", "--csv=/dev/full", "--npz=run.npz"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert (here / "run.npz").stat().st_size > 1000


def test_no_test_part_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--epochs=3", "--test-share=0"]) == 0
    said = capsys.readouterr().out
    assert ", no test part, mean |E|" in said
    assert "nan" not in said
    assert main(["train", "--epochs=3"]) == 0
    assert re.search(r"test accuracy 0\.\d{4}", capsys.readouterr().out)


def test_none_is_a_value_on_a_grid_and_on_its_page(here: Path) -> None:
    grid = ["--grid=target_accuracy=none,0.9", "--grid=learning-rate = 1e-1, .5"]
    assert main(["sweep", "--epochs=3", "--jobs=1", *grid, "--csv=s.csv", "--html=s.html"]) == 0
    with (here / "s.csv").open(encoding="utf-8") as file:
        rows = [(row["target_accuracy"], row["learning_rate"]) for row in csv.DictReader(file)]
    assert rows == [("", "0.1"), ("", "0.5"), ("0.9", "0.1"), ("0.9", "0.5")]
    assert "target accuracy" in (here / "s.html").read_text(encoding="utf-8")


def test_nobody_need_read_to_the_end(tmp_path: Path) -> None:
    for command in (["train", "--epochs=2"], ["sweep", "--epochs=2", "--jobs=1"]):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "nnviz", *command],
            stdout=writing, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
        os.close(writing)
        assert done.returncode == 141
        assert "Broken" not in done.stderr
        assert "Exception" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ignored", [False, True], ids=["heard", "ignored"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["train", "sweep"])
def test_what_was_done_before_it_is_stopped_is_written(
    tmp_path: Path, command: str, sent: signal.Signals, ignored: bool
) -> None:
    """Also where SIGINT is ignored at first, as a shell script has it after ``&``."""
    target = tmp_path / "kept.csv"
    asked = {"train": ["--epochs=1000000"], "sweep": ["--seeds=1000", "--jobs=2"]}[command]
    program = [sys.executable, "-u", "-m", "nnviz", command, *asked, f"--csv={target}"]
    if ignored:
        script = "trap '' INT; exec \"$@\""
        program = ["sh", "-c", script, "sh", *program]
    said = ""
    with subprocess.Popen(
        program, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        while not re.search(r"\s[1-9]\d*/1000", said):  # the progress bar: something is done
            said += process.stderr.read(20)
        process.send_signal(sent)
        rest = process.stderr.read()
    assert process.returncode == 128 + sent, said + rest
    assert "Traceback" not in rest
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert 1 <= len(rows) < 1_000_000
    assert 0 < float(rows[-1]["loss"]) < 1


@pytest.mark.parametrize(
    "text", ["", " ", " 1", "1 ", "1_0", "٣", "１", "0x1", "1e0", "1.0", "--1", "1" * 5000, "nan"]
)
def test_only_plain_digits_are_whole_numbers(text: str) -> None:
    with pytest.raises(SettingError, match="n must be a whole number from 0 to 9"):
        WholeNumber(0, 9).read("n", text)


@pytest.mark.parametrize(
    "text", ["", " 1", "1_0.5", "٣", "nan", "inf", "-inf", "infinity", "1e999", "0x1p3", "1,5", "."]
)
def test_only_plain_digits_are_numbers(text: str) -> None:
    for rule in (RealNumber(0, 9), Optional(RealNumber(0, 9))):
        with pytest.raises(SettingError, match="n must be a number from 0 to 9"):
            rule.read("n", text)


def test_numbers_are_read_as_python_has_them() -> None:
    assert [WholeNumber(-5, 9).read("n", text) for text in ("7", "07", "+7", "-3")] == [7, 7, 7, -3]
    assert [RealNumber(0, 9).read("n", t) for t in ("7", ".5", "5.", "1e-1")] == [7, 0.5, 5, 0.1]
    assert Optional(RealNumber(0, 1)).read("n", "None") is None


def test_train_says_where_the_approximations_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--epochs", "100"]) == 0
    first, *sentences = capsys.readouterr().out.splitlines()
    assert first.startswith("finished at epoch 100: ")
    assert sentences == verdict_of(train(Config(epochs=100), load_dataset("spiral")), Criterion())
    large = ["--dataset=digits", "--hidden-units=512", "--test-share=0.5"]
    assert main(["train", "--epochs=1", *large]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [TOO_LARGE]


def test_a_run_that_went_wrong_is_told_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--learning-rate", "10", "--epochs", "400"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("finished at epoch 400: ")
    assert "15 of 16 hidden units are dead since epoch" in said.err
    assert re.search(r"Try α = [\d.]+: the same run keeps \d+ alive", said.err)
    assert main(["train", "--epochs", "20"]) == 0
    assert "Try" not in capsys.readouterr().err


def test_a_column_to_learn_from_is_given_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = ["train", "--data", str(here / "table.csv"), "--feature", "x", "--feature", "x"]
    assert "feature must be given once for each column" in refused(twice, capsys)


def test_a_sweep_stopped_before_its_first_run_leaves_an_earlier_one_s_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> None:
        raise StoppedError(signal.SIGINT)

    monkeypatch.setattr("nnviz.cli.main.run_all", stopped)
    (here / "kept.csv").write_text("what was there", encoding="utf-8")
    assert main(["sweep", "--grid", "learning_rate=0.1,0.2", "--csv", "kept.csv"]) == 130
    assert (here / "kept.csv").read_text(encoding="utf-8") == "what was there"
    assert "cancelled" in capsys.readouterr().err
