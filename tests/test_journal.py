"""The journal of a sweep: to the last bit, whatever ended the process, and gone on with."""

from __future__ import annotations

import csv
import errno
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from nnviz.checks import SettingError
from nnviz.cli.main import main
from nnviz.runs.config import Config
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome, grid, run_one
from nnviz.sweeps.journal import FIRST, Journal

SPECS = grid(RunSpec("blobs", (("samples", 40),), Config(epochs=12, hidden_units=2)), {}, seeds=5)
FOUND = [run_one(spec) for spec in SPECS]
UNKNOWN = replace(FOUND[1], epochs_to_target=None, holds=math.nan, loss=math.inf)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A journal of all runs, one of which says what JSON has no word for."""
    path = tmp_path_factory.mktemp("journal") / "runs"
    with Journal(path, SPECS) as journal:
        for number, found in enumerate(FOUND):
            journal.add(number, UNKNOWN if number == 1 else found)
    return path.read_bytes()


def test_numbers_are_kept_to_the_last_bit(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "runs").write_bytes(whole)
    with Journal(tmp_path / "runs", SPECS) as journal:
        assert list(journal) == [0, 1, 2, 3, 4]
        for number in (0, 2, 3, 4):
            assert journal[number] == FOUND[number]
        assert repr(journal[1]) == repr(UNKNOWN)
    # In another order of runs, and among others.
    others = [SPECS[4], replace(SPECS[0], config=replace(SPECS[0].config, seed=99)), SPECS[2]]
    with Journal(tmp_path / "runs", others) as journal:
        assert list(journal) == [0, 2]
        assert (journal[0], journal[2]) == (FOUND[4], FOUND[2])
        assert 1 not in journal


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kept=some.integers(min_value=0))
def test_a_half_written_end_is_dropped_and_written_anew(
    whole: bytes, tmp_path: Path, kept: int
) -> None:
    path, kept = tmp_path / "runs", kept % (len(whole) + 1)
    path.write_bytes(whole[:kept])
    lines = whole[:kept].count(b"\n") - 1  # without the first, which is no run
    with Journal(path, SPECS) as journal:
        assert list(journal) == list(range(max(0, lines)))
        for number in range(5):
            if number not in journal:
                journal.add(number, UNKNOWN if number == 1 else FOUND[number])
    assert path.read_bytes() == whole


def test_what_is_damaged_elsewhere_is_said(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "runs"
    lines = whole.splitlines(keepends=True)
    for place, line in ((2, lines[2][:-2] + b"\n"), (3, b"\n"), (4, lines[4].replace(b"1", b"2"))):
        path.write_bytes(b"".join([*lines[:place], line, *lines[place + 1 :]]))
        with pytest.raises(SettingError, match=rf"line {place + 1} of .*runs must be as it was"):
            Journal(path, SPECS)
    path.write_bytes(b"loss,accuracy\n1,2\n")
    with pytest.raises(SettingError, match="the journal must be a file that nnviz sweep has begun"):
        Journal(path, SPECS)
    assert path.read_bytes() == b"loss,accuracy\n1,2\n", "it is somebody's"


def test_a_line_that_does_not_fit_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "runs"
    with Journal(path, SPECS) as journal:
        journal.add(0, FOUND[0])
        before = path.read_bytes()
        write = journal._file.write

        class Full:
            """The same file on a full disk: half of what is written goes there."""

            def write(self, line: bytes) -> int:
                return int(write(line[: len(line) // 2]) or 0)

            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

        file = journal._file
        monkeypatch.setattr(journal, "_file", Full())
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            journal.add(1, FOUND[1])
        monkeypatch.setattr(journal, "_file", file)
        assert path.read_bytes() == before
        assert 1 not in journal
        journal.add(2, FOUND[2])
        assert journal[2] == FOUND[2]


def test_two_sweeps_that_share_a_journal_do_no_harm(tmp_path: Path) -> None:
    with Journal(tmp_path / "runs", SPECS) as one, Journal(tmp_path / "runs", SPECS) as other:
        for number in range(5):
            one.add(number, FOUND[number])
            other.add(number, FOUND[number])
        assert [one[number] for number in one] == FOUND == [other[number] for number in other]
    with Journal(tmp_path / "runs", SPECS) as journal:
        assert [journal[number] for number in journal] == FOUND


COMMAND = (
    *(sys.executable, "-m", "nnviz", "sweep", "--dataset", "blobs", "--samples", "60"),
    *("--epochs", "400", "--grid", "learning_rate=0.1,0.5,1", "--seeds", "12", "--jobs", "2"),
)
RUNS = 36


def sweep(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "--journal", str(folder / "runs"), "--csv", str(folder / "table.csv")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def lines_of(journal: Path) -> int:
    return max(0, journal.read_bytes().count(b"\n") - 1) if journal.exists() else 0


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """What a sweep says that nothing interrupts."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert sweep(folder).wait() == 0
    return list(csv.DictReader((folder / "table.csv").read_text(encoding="utf-8").splitlines()))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(moments=some.lists(some.integers(0, RUNS - 1), min_size=1, max_size=2))
def test_killed_at_any_moment_it_trains_only_what_is_missing(
    tmp_path_factory: pytest.TempPathFactory, table: list[dict[str, str]], moments: list[int]
) -> None:
    """SIGKILL when so many runs are there, and in the middle of the next."""
    folder = tmp_path_factory.mktemp("killed")
    journal = folder / "runs"
    for moment in sorted(moments):
        with ended(sweep(folder)) as process:
            until = time.monotonic() + 60
            while lines_of(journal) < moment and process.poll() is None:
                assert time.monotonic() < until
                time.sleep(0.002)
        assert moment <= lines_of(journal)
        assert not (folder / "table.csv").exists() or lines_of(journal) == RUNS
    assert sweep(folder).wait() == 0
    assert lines_of(journal) == RUNS, "every run once, none twice"
    rows = (folder / "table.csv").read_text(encoding="utf-8").splitlines()
    assert list(csv.DictReader(rows)) == table


class ended:  # noqa: N801 - it is used as a function
    """End a process and its workers without a word, at the end of the block."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def test_a_journal_is_gone_on_with_and_extended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["sweep", "--dataset", "blobs", "--samples", "40", "--epochs", "5", "--jobs", "1"]
    journal = ["--journal", str(tmp_path / "runs")]
    assert main([*asked, "--seeds", "2", *journal]) == 0
    assert not capsys.readouterr().out, "the journal is where it goes"
    trained: list[int] = []

    def counted(specs: list[RunSpec], _jobs: int) -> Iterator[tuple[int, Outcome]]:
        for number, spec in enumerate(specs):
            trained.append(spec.config.seed)
            yield number, run_one(spec)

    monkeypatch.setattr("nnviz.cli.main.run_all", counted)
    table = ["--csv", str(tmp_path / "table.csv")]
    assert main([*asked, "--seeds", "4", *journal, *table]) == 0
    assert trained == [2, 3]
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["seed"] for row in rows] == ["0", "1", "2", "3"]
    assert "4 runs in" in capsys.readouterr().out


def test_a_journal_that_cannot_be_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").write_text("something else", encoding="utf-8")
    for path in (tmp_path / "other", tmp_path, tmp_path / "nowhere" / "runs"):
        assert main(["sweep", "--epochs", "1", "--journal", str(path)]) == 2
        said = capsys.readouterr().err
        assert "journal" in said
        assert "Traceback" not in said
    assert FIRST.endswith(b"\n")
