"""Who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = (
    "checks",
    "threads",
    "network",
    "error_term",
    "measures",
    "gradients",
    "agreement",
    "holding",
    "plane_sets",
    "datasets",
    "numerals",
    "columns",
    "table_text",
    "table",
    "samples",
    "config",
    "training",
    "recording",
    "stacked",
    "progress",
    "milestones",
    "ending",
    "lockstep",
    "weighing",
    "verdict",
    "step",
    "gradient_check",
    "worked",
    "snippets",
    "storage",
    "workers",
    "sweep",
    "sweep_files",
    "arguments",
)
"""The core, from the bottom up: a module may import only those before it."""

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
    parts = path.relative_to(ROOT / "nnviz").with_suffix("").parts
    third_party = {name.split(".")[0] for name in imports(path)}
    ours = {tuple(name.split(".")[1:]) for name in imports(path) if name.startswith("nnviz.")}
    if parts[0] == "ui":
        return
    assert "streamlit" not in third_party, f"{path.name} is no page, and imports Streamlit"
    if parts == ("__main__",):
        return  # the command line writes pages, too
    assert not any(name[:1] == ("ui",) for name in ours), f"{path.name} imports from the pages"
    if parts[0] == "figures":
        return
    assert "plotly" not in third_party
    assert not any(name[:1] == ("figures",) for name in ours)
    if parts == ("__init__",):
        return
    assert len(parts) == 1
    assert parts[0] in CORE, f"{parts[0]} has no place in the order of the core"
    below = CORE[: CORE.index(parts[0])]
    above = {name[0] for name in ours} - set(below)
    assert not above, f"{parts[0]} imports {above}, which stand above it"


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
        for path in (*FILES, *(ROOT / "nnviz" / "ui" / "static").glob("*.*s"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"files of more than 400 lines: {long}"
