"""The script that breaks lines: it says who notices, who does not, and when its list is wrong."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest
from mutant_list import Mutant

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def mutants() -> Any:
    loader = SourceFileLoader("mutants", str(HERE / "mutants"))
    spec = importlib.util.spec_from_loader("mutants", loader)
    assert spec is not None
    module = sys.modules["mutants"] = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two lines of code, of which one is tested."""
    files = {
        "nnviz/deep/sums.py": "def twice(x):\n    return 2 * x\ndef half(x):\n    return x / 2\n",
        "tests/test_sums.py": "from nnviz.deep.sums import twice\n\n\n"
        "def test_twice():\n    assert twice(3) == 6\n",
        "pytest.ini": "[pytest]\npythonpath = .\nmarkers = browser\n",
    }
    root = tmp_path / "project"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def mutant(original: str, broken: str, file: str = "sums.py") -> Mutant:
    return Mutant(file, original, broken, ("test_sums", "test_not_there"))


def test_a_file_that_was_renamed_is_found_by_its_text(mutants: Any, project: Path) -> None:
    found = mutants.place_of(mutant("2 * x", "3 * x", "old_name.py"), project)
    assert found.name == "sums.py"


def test_it_says_which_test_notices_and_which_mistake_survives(
    mutants: Any, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [mutant("2 * x", "3 * x"), mutant("x / 2", "x / 3")]
    before = (project / "nnviz/deep/sums.py").read_text(encoding="utf-8")
    (tmp_path / "copy").mkdir()
    verdicts = mutants.examined(made, project, tmp_path / "copy")
    assert [verdict.by for verdict in verdicts] == ["test_sums.py::test_twice", "survived"]
    said = mutants.table(verdicts)
    assert said.startswith("1 of 2 survived.")
    assert "| sums.py | `` x / 2 `` | `` x / 3 `` | survived |" in said
    assert (project / "nnviz/deep/sums.py").read_text(encoding="utf-8") == before
    assert "2/2 sums.py: survived" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (mutant("4 * x", "3 * x"), "sums.py: '4 * x' is in the code 0 times"),
        (mutant("return", "yield"), "sums.py: 'return' is in the code 2 times"),
        (mutant("2 * x", "3 * x", "other.js"), "other.js: '2 * x' is in the code 0 times"),
        (Mutant("sums.py", "2 * x", "3", ("test_not_there",)), "none of the tests test_not_there"),
    ],
)
def test_a_list_that_does_not_fit_the_code_is_an_error(
    mutants: Any, project: Path, tmp_path: Path, made: Mutant, said: str
) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(mutants.ListError, match=re.escape(said)):
        mutants.examined([made], project, tmp_path / "copy")


def test_it_is_said_as_the_script_s_own_and_nothing_is_run(
    mutants: Any, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mutants, "MUTANTS", [mutant("2 * x", "3 * x"), mutant("gone", "lost")])
    assert mutants.main([str(project)]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("tests/mutants: sums.py: 'gone' is in the code 0 times")


def test_tests_that_fail_without_a_mistake_are_an_error(
    mutants: Any, project: Path, tmp_path: Path
) -> None:
    made = mutant("2 * x", "3 * x")
    (project / "nnviz/deep/sums.py").write_text(
        "def twice(x):\n    return 1 + 2 * x\n", encoding="utf-8"
    )
    (tmp_path / "copy").mkdir()
    with pytest.raises(mutants.ListError, match="test_twice fails as the code is"):
        mutants.examined([made], project, tmp_path / "copy")
