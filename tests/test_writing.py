"""What the command line writes is there whole, or not at all; and a full disk costs no run."""

from __future__ import annotations

import csv
import errno
import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from serving import ROOT

from nnviz.cli.main import main
from nnviz.cli.writing import write, write_all
from nnviz.runs.storage import load_recording

SMALL_SWEEP = ["sweep", "--epochs=5", "--jobs=1", "--grid=learning_rate=0.1,0.5"]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def limited(
    blocks: int,
    arguments: list[str],
    folder: Path,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """The command line, where no file may be larger than some blocks of 512 bytes."""
    script = f'ulimit -f {blocks}; exec "$@"'
    return subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "nnviz", *arguments],
        stdout=stdout, stderr=stderr, encoding="utf-8", cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip


def test_what_cannot_be_written_is_named_and_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "s.npz").write_text("what was there", encoding="utf-8")
    files = ["--npz=s.npz", "--csv=s.csv", "--html=s.html"]
    done = limited(4, [*SMALL_SWEEP, *files], tmp_path)
    assert done.returncode == 2, done.stderr
    for name in ("s.npz", "s.html"):
        assert f"{name} could not be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert "2 runs in s.csv" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.csv", "s.npz"]
    assert (tmp_path / "s.npz").read_text(encoding="utf-8") == "what was there"
    assert len(rows_of((tmp_path / "s.csv").read_text(encoding="utf-8"))) == 2


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_runs_that_no_file_holds_are_printed(tmp_path: Path) -> None:
    done = limited(0, [*SMALL_SWEEP, "--csv=s.csv", "--npz=s.npz"], tmp_path)
    assert done.returncode == 2
    assert [row["learning_rate"] for row in rows_of(done.stdout)] == ["0.1", "0.5"]
    assert not list(tmp_path.iterdir())
    trained = limited(0, ["train", "--epochs=5", "--csv=r.csv", "--npz=r.npz"], tmp_path)
    assert trained.returncode == 2
    assert trained.stdout.startswith("finished at epoch 5: ")
    for name in ("r.csv", "r.npz"):
        assert f"{name} could not be written: File too large" in trained.stderr


def test_a_log_that_cannot_be_written_costs_no_run(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as log:
        done = limited(100, [*SMALL_SWEEP, "--csv=s.csv"], tmp_path, stderr=log.fileno())
        assert "2 runs in s.csv" in done.stdout
        assert done.returncode == 0
    assert len(rows_of((tmp_path / "s.csv").read_text(encoding="utf-8"))) == 2


@pytest.mark.parametrize("command", [SMALL_SWEEP, ["train", "--epochs=5", "--csv=r.csv"]])
def test_standard_output_on_a_full_disk_is_named(command: list[str], tmp_path: Path) -> None:
    with open("/dev/full", "wb") as output:
        done = limited(100, command, tmp_path, stdout=output.fileno())
    assert done.returncode == 2
    assert "standard output could not be written: No space left on device" in done.stderr
    assert "Exception" not in done.stderr
    assert (tmp_path / "r.csv").exists() == ("--csv=r.csv" in command)


def test_standard_output_may_be_a_file_s_name(tmp_path: Path) -> None:
    for output in ("o.csv", None):
        with open(tmp_path / (output or "other"), "wb") as file:
            number = file.fileno() if output else subprocess.PIPE
            arguments = ["train", "--epochs=5", "--csv=/dev/stdout"]
            done = limited(100, arguments, tmp_path, stdout=number)
        text = (tmp_path / output).read_text(encoding="utf-8") if output else done.stdout
        lines = text.splitlines()
        assert lines[0].startswith("epoch,loss"), done.stderr
        assert lines[6].startswith("5,")
        assert lines[7].startswith("finished at epoch 5: ")


@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.replace", "shutil.copymode"])
def test_a_file_stays_as_it_was_if_writing_fails(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, new = tmp_path / "there", tmp_path / "new"
    there.write_bytes(b"what was there")
    monkeypatch.setattr(failing, full)
    written, failed = write_all({there: lambda: b"a", new: lambda: b"b", tmp_path: lambda: b"c"})
    assert written == ([new] if failing == "shutil.copymode" else [])
    assert f"{there} could not be written: No space left on device" in failed
    assert there.read_bytes() == b"what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"there", *(p.name for p in written)}


def test_ctrl_c_while_a_file_is_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.csv").write_bytes(b"what was there")
    monkeypatch.setattr("os.fsync", lambda _: signal.raise_signal(signal.SIGINT))
    files = [f"--csv={tmp_path / 'r.csv'}", f"--npz={tmp_path / 'r.npz'}"]
    assert main(["train", "--epochs=5", *files]) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]
    assert (tmp_path / "r.csv").read_bytes() == b"what was there"


def test_links_stay_and_what_they_name_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link, dangling = tmp_path / "folder" / "t", tmp_path / "link", tmp_path / "dangling"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to("folder/t")
    dangling.symlink_to("folder/new")
    write(link, b"1")
    write(dangling, b"2")
    assert link.is_symlink()
    assert target.read_bytes() == b"1"
    assert target.stat().st_mode & 0o777 == 0o640, "permissions stay"
    assert dangling.is_symlink()
    assert (tmp_path / "folder" / "new").read_bytes() == b"2"
    assert len(list((tmp_path / "folder").iterdir())) == 2


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    assert main(["train", "--epochs=5", f"--npz={tmp_path / 'pipe'}"]) == 0
    reader.join()
    assert load_recording(io.BytesIO(read[0])).last_epoch == 5
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_is_written_where_no_other_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, opened = tmp_path / "there", Path.open

    def forbidding(path: Path, mode: str = "r", *rest: object) -> object:
        if mode == "xb":  # whoever runs the tests may be allowed everything
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, mode, *rest)  # type: ignore[call-overload]

    there.write_bytes(b"old")
    monkeypatch.setattr(Path, "open", forbidding)
    written, failed = write_all({there: lambda: b"new", tmp_path / "new": lambda: b""})
    assert written == [there]
    assert failed == [f"{tmp_path / 'new'} could not be written: Permission denied"]
    with opened(there, "rb") as file:
        assert file.read() == b"new"
