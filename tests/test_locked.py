"""What is installed is locked: every package at one version, with the hashes of its files."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from serving import ROOT

LOCKED = {
    "requirements-locked.txt": ("requirements.txt",),
    "tests/requirements-locked.txt": (
        *("requirements.txt", "requirements-dask.txt", "tests/requirements.txt"),
    ),
}
"""The files that hold all packages, each with those that pin what is asked for."""


def lines_of(name: str) -> list[str]:
    """The lines of a file of requirements; those that go on are one."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins_of(name: str) -> dict[str, list[Requirement]]:
    """What is pinned in a file; a package may have a version for older Pythons."""
    pins: dict[str, list[Requirement]] = {}
    for line in lines_of(name):
        if not line.startswith("-r"):
            pin = Requirement(line.partition("--hash")[0])
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


def versions(pins: list[Requirement]) -> list[str]:
    return sorted(str(pin.specifier) for pin in pins)


@pytest.mark.parametrize("name", LOCKED)
def test_every_line_is_one_version_with_hashes(name: str) -> None:
    for line in lines_of(name):
        assert re.fullmatch(
            r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line
        ), line[:80]


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_pinned_is_locked_at_that_version(name: str) -> None:
    locked = pins_of(name)
    for asked in LOCKED[name]:
        for package, pins in pins_of(asked).items():
            assert versions(locked[package]) == versions(pins), f"{package}: run tests/lock"


def test_the_tests_run_with_the_versions_of_the_app() -> None:
    app, tests = (pins_of(name) for name in LOCKED)
    for package, pins in app.items():
        assert versions(tests[package]) == versions(pins), f"{package}: run tests/lock"


@pytest.mark.parametrize("name", LOCKED)
def test_what_a_package_needs_is_locked_too(name: str) -> None:
    locked, left = pins_of(name), [p for asked in LOCKED[name] for p in pins_of(asked)]
    seen: set[str] = set()
    while left:
        package = canonicalize_name(left.pop())
        if package in seen:
            continue
        seen.add(package)
        assert package in locked, f"{package}: run tests/lock"
        try:
            needs = map(Requirement, requires(package) or ())
        except PackageNotFoundError:  # for another system, or another Python
            continue
        left += [n.name for n in needs if n.marker is None or n.marker.evaluate({"extra": ""})]
    assert len(seen) > len(LOCKED[name]) * 10, "nothing was followed"


def test_ci_installs_nothing_without_hashes() -> None:
    lines = [line for name in ("tests/run", ".ci/run") for line in lines_of(name)]
    installs = [" ".join(line.split()) for line in lines if "pip install" in line]
    assert installs
    for line in installs:
        assert line.endswith("--require-hashes -r tests/requirements-locked.txt")
