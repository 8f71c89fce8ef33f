"""Nothing here is of one platform alone. Windows is simulated: what it lacks is taken away."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import attribute, visits
from playwright.sync_api import Browser
from serving import ROOT, serve

OURS = [ROOT / "app.py", *sorted((ROOT / "nnviz").rglob("*.py"))]
ALL = [*OURS, *sorted((ROOT / "tests").glob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]

ANYWHERE = {
    "os": {
        *("environ", "cpu_count", "access", "W_OK", "dup2", "open", "devnull", "O_WRONLY"),
        *("fsync", "fstat", "path", "pathsep", "fdopen", "dup", "_exit", "getcwd"),
        *("SEEK_END", "strerror"),
    },
    "signal": {"signal", "getsignal", "SIGINT", "SIGTERM", "SIG_IGN", "SIG_DFL"},
}
"""What of these modules is there on every platform, as far as it is used."""

POSIX_MODULES = {"fcntl", "grp", "posix", "pwd", "resource", "syslog", "termios", "uvloop"}

# What third packages need while they are imported is taken away after that.
LIKE_WINDOWS = """
import ctypes, os, runpy, signal, sys
import sklearn.datasets, streamlit.web.cli, tqdm, uvicorn
for name in ("fork", "forkpty", "killpg", "setsid", "getuid", "getpgid"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "alarm", "setitimer"):
    delattr(signal, name)
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
class CDLL(ctypes.CDLL):
    def __init__(self, name, *args, **options):
        if name is None:
            raise TypeError("argument of type 'NoneType' is not iterable")
        super().__init__(name, *args, **options)
ctypes.CDLL = CDLL
ctypes.cdll._dlltype = CDLL
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def like_windows(tmp_path: Path) -> Path:
    """A program that runs a module as on Windows: ``python program module arguments``."""
    path = tmp_path / "like_windows.py"
    path.write_text(LIKE_WINDOWS, encoding="utf-8")
    return path


@pytest.mark.browser
def test_the_app_starts_without_what_windows_lacks(
    browser: Browser, like_windows: Path, tmp_path: Path
) -> None:
    command = [sys.executable, like_windows, "streamlit", "run", "app.py"]
    with (
        serve(tmp_path / "log", command=command) as address,
        visits(address, browser) as visit,
    ):
        assert attribute(visit("?epochs=50"), "status") == "finished"
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "rror" not in log, log
    assert "Traceback" not in log, log


def test_the_command_line_works_without_what_windows_lacks(
    like_windows: Path, tmp_path: Path
) -> None:
    files = [f"--{suffix}={tmp_path / f'run.{suffix}'}" for suffix in ("csv", "npz", "html")]
    command = [sys.executable, str(like_windows), "nnviz", "train", "--epochs=5", *files]
    # The program is elsewhere: nnviz is found by the path.
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": "."},
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {"run.csv", "run.npz", "run.html"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_what_every_platform_has_is_used(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & POSIX_MODULES
        elif isinstance(node, ast.ImportFrom):
            assert node.module not in POSIX_MODULES | set(ANYWHERE)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            allowed = ANYWHERE.get(node.value.id, {node.attr})
            assert node.attr in allowed, f"{node.value.id}.{node.attr}: is it there on Windows?"


def says_no_encoding(node: ast.Call) -> bool:
    """Whether a call opens text in the encoding of the locale; the linter knows few types."""
    function, given = node.func, {keyword.arg for keyword in node.keywords}
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if "encoding" in given:
        return False
    if called in ("run", "Popen", "check_output"):
        return bool({"text", "universal_newlines"} & given)
    return called in ("read_text", "write_text", "TextIOWrapper")


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_file_is_utf_8(path: Path) -> None:
    calls = [
        n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)
    ]
    found = [call.lineno for call in calls if says_no_encoding(call)]
    assert not found, f"{path.name}: no encoding is said in lines {found}"


@pytest.mark.parametrize("command", ["train", "sweep"])
def test_the_command_line_asks_no_locale_for_an_encoding(command: str, tmp_path: Path) -> None:
    files = [f"--{suffix}={tmp_path / f'a.{suffix}'}" for suffix in ("csv", "npz", "html")]
    grid = ["--grid=learning_rate=0.1,0.5", "--jobs=1"] if command == "sweep" else []
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "always::EncodingWarning",
         "-m", "nnviz", command, "--epochs=5", *files, *grid],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # Third packages are not ours to mend.
    ours = re.findall(rf"^{re.escape(str(ROOT / 'nnviz'))}.*EncodingWarning.*$", done.stderr, re.M)
    assert not ours, ours
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")


CONSOLES = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Windows": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "cp1252"},
}


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train", "--learning-rate=α"], 2, "learning_rate must be a number above 0"),
        (["train", "--help"], 0, "--learning-rate"),
        (["train", "--epochs=2", "--data=größe.csv"], 0, "; features: "),
        (["sweep", "--epochs=2", "--jobs=1", "--csv=α–β.csv"], 0, "1 runs in "),
    ],
)
def test_what_a_console_cannot_show_is_no_traceback(
    console: str, arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    rows = [f"{n},{n % 2}," + "ab"[n % 2] for n in range(12)]
    table = "\n".join(["ä,α,größe", *rows])
    (tmp_path / "größe.csv").write_text(table, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nnviz", *arguments], capture_output=True, encoding="ascii",
        errors="replace", env={**os.environ, **CONSOLES[console], "PYTHONPATH": str(ROOT)},
        cwd=tmp_path, check=False,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert "Traceback" not in told, told
    assert done.returncode == code, told
    assert said in told
