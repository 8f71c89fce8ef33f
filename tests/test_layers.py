"""Who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    "checks",
    "paper",
    "data",
    "runs",
    "approximation",
    "by_hand",
    "sweeps",
    "figures",
    "player",
    "ui",
    "cli",
)
"""From the bottom up: a folder may import from itself and from those before it."""

NEEDED = {"figures": "plotly", "ui": "streamlit"}
"""Packages that nothing below a layer may import: the core is to work without them."""

FILES = sorted((ROOT / "nnviz").rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: import by full name"
            found.add(str(node.module))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT / "nnviz").with_suffix("").parts[0]
    if layer in ("__init__", "__main__"):
        return
    assert layer in LAYERS, f"{layer} has no place in the order of the layers"
    names = imports(path)
    below = {*LAYERS[: LAYERS.index(layer) + 1]}
    ours = {name.split(".")[1] for name in names if name.startswith("nnviz.")}
    assert ours <= below, f"{path.name} imports from {ours - below}, above it"
    assert "ui" not in ours or layer == "ui", f"{path.name} imports from the pages"
    for lowest, package in NEEDED.items():
        if LAYERS.index(layer) < LAYERS.index(lowest):
            assert package not in {name.split(".")[0] for name in names}


def test_modules_do_not_import_each_other_in_circles() -> None:
    """Also not within a folder, and not below an ``if`` or in a function."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
    left = {name: imports(path) & modules.keys() for name, path in modules.items()}
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}
    assert not left, f"in circles, or above one: {sorted(left)}"


def test_the_core_works_without_streamlit_and_plotly() -> None:
    code = (
        "import sys, nnviz\n"
        "nnviz.train(nnviz.Config(epochs=5), nnviz.load_dataset('spiral'))\n"
        "loaded = {'streamlit', 'plotly', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "assert not loaded, f'the core loaded {loaded}'\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)


def test_no_file_is_long() -> None:
    long = {
        path.name: lines
        for path in (*FILES, *(ROOT / "nnviz").rglob("*.js"), *(ROOT / "nnviz").rglob("*.css"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"files of more than 400 lines: {long}"
