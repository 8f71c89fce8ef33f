"""The wheel, installed where the project is not: what it needs, what it starts, whom it asks."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import PLAYER, Visit, attribute, visits
from packaging.requirements import Requirement
from playwright.sync_api import Browser, expect
from serving import ROOT, serve

import nnviz
from nnviz.cli.app import entry
from nnviz.cli.main import main

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SETTINGS = ROOT / ".streamlit" / "config.toml"

WATCH = """
import os, socket, sys

HERE = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}

def note(event, given):
    if event == "socket.connect":
        one, address = given
        # To connect a datagram socket sends nothing, and a path is of this machine.
        if one.type == socket.SOCK_DGRAM or isinstance(address, (str, bytes)):
            return
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = given[0]
    else:
        return
    if host not in HERE:
        with open(os.environ["ASKED"], "a", encoding="utf-8") as asked:
            print(event, host, file=asked)

sys.addaudithook(note)
"""
"""Has every Python of an environment write down which other machines it asks."""


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel, a folder far from the project, and who was asked."""

    bin: Path
    elsewhere: Path
    asked: Path

    @property
    def environment(self) -> dict[str, str]:
        """Without a display, as on a server, and with a home where nothing is set."""
        left_out = ("PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return {**kept, "HOME": str(self.elsewhere), "ASKED": str(self.asked)}

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / name, *arguments], cwd=self.elsewhere, env=self.environment,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel, and install it alone: the packages that it needs are those of these tests.

    Nothing is downloaded: they are found by a path, behind the environment's own.
    """
    folder = tmp_path_factory.mktemp("package")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    subprocess.run([*pip, *build], check=True)
    (wheel,) = folder.glob("*.whl")
    environment, elsewhere = folder / "environment", folder / "elsewhere"
    elsewhere.mkdir()
    venv.create(environment, symlinks=True)
    own = {"base": str(environment), "platbase": str(environment)}
    site, scripts = (Path(sysconfig.get_path(n, "venv", own)) for n in ("purelib", "scripts"))
    (site / "nnviz_watch.py").write_text(WATCH, encoding="utf-8")
    (site / "these_tests.pth").write_text(
        f"{sysconfig.get_path('purelib')}\nimport nnviz_watch\n", encoding="utf-8"
    )
    put = ("install", "--quiet", "--no-deps", "--no-index", wheel)
    subprocess.run([*pip, "--python", scripts / "python", *put], check=True)
    return Installed(scripts, elsewhere, folder / "asked")


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    said = installed.run("python", "-c", "import nnviz; print(nnviz.__file__)").stdout.strip()
    assert Path(said).is_relative_to(installed.bin.parent)
    assert (Path(said).parent / "py.typed").exists(), "types are for others, too"
    beside_the_entry = Path(said).parent / "entry" / ".streamlit" / "config.toml"
    assert beside_the_entry.read_bytes() == SETTINGS.read_bytes()


def test_its_version_is_said_once(installed: Installed) -> None:
    code = f"from importlib.metadata import version; print(version({PROJECT['name']!r}))"
    assert installed.run("python", "-c", code).stdout.strip() == nnviz.__version__
    assert installed.run("nnviz", "--version").stdout.strip() == f"nnviz {nnviz.__version__}"


def test_it_trains(installed: Installed) -> None:
    done = installed.run("nnviz", "train", "--epochs=7", "--csv=run.csv", "--html=run.html")
    assert done.returncode == 0, done.stderr
    with (installed.elsewhere / "run.csv").open(encoding="utf-8") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == [str(n) for n in range(8)]
    assert (installed.elsewhere / "run.html").stat().st_size > 1_000_000, "Plotly is in it"


def test_it_sweeps_in_processes(installed: Installed) -> None:
    done = installed.run("nnviz", "sweep", "--epochs=3", "--seeds=2", "--jobs=2", "--csv=sweep.csv")
    assert done.returncode == 0, done.stderr
    with (installed.elsewhere / "sweep.csv").open(encoding="utf-8") as file:
        assert [row["seed"] for row in csv.DictReader(file)] == ["0", "1"]


@pytest.fixture(scope="module")
def started(installed: Installed, browser: Browser) -> Iterator[Visit]:
    """``nnviz``, and visits to what it serves: they are refused requests to another host."""
    log = installed.asked.with_name("log")
    with (
        serve(
            log,
            root=installed.elsewhere,
            command=[installed.bin / "nnviz"],
            options=(),
            environment=installed.environment,
        ) as address,
        visits(address, browser) as visit,
    ):
        yield visit
    said = log.read_text(encoding="utf-8")
    assert "rror" not in said, said


@pytest.mark.browser
def test_the_page_has_its_player_and_its_theme(started: Visit) -> None:
    page = started("?epochs=50")
    assert attribute(page, "status") == "finished"
    expect(page.locator(f"{PLAYER} .main-svg").first).to_be_visible()
    for scheme, wanted in tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["theme"].items():
        page.emulate_media(color_scheme=scheme)
        colour = ", ".join(str(part) for part in bytes.fromhex(wanted["textColor"][1:]))
        expect(page.get_by_test_id("stApp")).to_have_css("color", f"rgb({colour})")


@pytest.mark.browser
def test_it_asks_no_other_machine(started: Visit, installed: Installed) -> None:
    started("approximation?epochs=50").close()
    assert not installed.asked.exists(), installed.asked.read_text(encoding="utf-8")
    # … and would be seen if it did.
    installed.run("python", "-c", "import socket; socket.getaddrinfo('elsewhere.invalid', 80)")
    assert installed.asked.read_text(encoding="utf-8") == "socket.getaddrinfo elsewhere.invalid\n"


@pytest.mark.parametrize("arguments", [[], ["app"], ["app", "--server.port", "8502", "--x=y"]])
def test_the_page_is_started_with_streamlits_options(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda said, **_: given.append(said))
    assert main(arguments) == 0
    assert given == [["run", str(entry()), *arguments[1:]]]
    assert entry() == ROOT / "app.py"


@pytest.mark.parametrize("arguments", [["--server.port=8502"], ["train", "--epoch=5"]])
def test_other_commands_refuse_what_they_do_not_know(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "unrecognized arguments: --" in capsys.readouterr().err


def declared(lines: list[str]) -> dict[str, Requirement]:
    return {one.name: one for one in map(Requirement, lines)}


def pinned(name: str) -> dict[str, Requirement]:
    return declared((ROOT / name).read_text(encoding="utf-8").split())


NEEDED = {
    "requirements.txt": declared(PROJECT["dependencies"]),
    "requirements-dask.txt": declared(PROJECT["optional-dependencies"]["dask"]),
}
"""What pyproject.toml declares, by the file that pins the same."""


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_pinned_is_what_is_declared(name: str) -> None:
    pins = pinned(name)
    assert sorted(pins) == sorted(NEEDED[name])
    for package, pin in pins.items():
        (version,) = pin.specifier
        assert version.operator == "=="
        assert version.version in NEEDED[name][package].specifier, package


def test_every_package_that_is_imported_is_declared() -> None:
    """And every one that is declared is imported."""
    imported: set[str] = set()
    for path in [ROOT / "app.py", *(ROOT / "nnviz").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    third = imported - sys.stdlib_module_names - {"nnviz"}
    found = {"scikit-learn" if module == "sklearn" else module for module in third}
    assert found == {name for names in NEEDED.values() for name in names}
