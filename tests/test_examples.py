"""The examples in docstrings say what comes out."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
from itertools import pairwise

import pytest
from serving import ROOT

import nnviz

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "nnviz").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]

PLAIN_HOLDERS = {"Activations", "Dataset", "Gradients", "Keyframe", "Parameters", "Recording"}
"""Made by functions whose examples show them."""


def test_some_modules_have_examples() -> None:
    assert {"nnviz.paper.gradients", "nnviz.approximation.progress"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_right(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed


def test_what_the_package_exports_has_an_example_or_needs_none() -> None:
    exported = {name: getattr(nnviz, name) for name in nnviz.__all__}
    without = {
        name
        for name, what in exported.items()
        if callable(what) and not (isinstance(what, type) and issubclass(what, Exception))
        if ">>> " not in (inspect.getdoc(what) or "")
    }
    assert without <= PLAIN_HOLDERS | {"load_recording"}, "the example is that of save_recording"


def entries(docstring: str) -> list[tuple[str, bool]]:
    """What a docstring documents as ``name : type``, and whether a description follows."""
    found = []
    lines = docstring.splitlines()
    for line, below in pairwise([*lines, ""]):
        if re.match(r"[*\w]+(, [*\w]+)* : \S", line):
            found.append((line, below.startswith("    ")))
    return found


def test_every_documented_parameter_has_a_description() -> None:
    bare, count = [], 0
    for path in sorted((ROOT / "nnviz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for entry, described in entries(ast.get_docstring(node) or ""):
                    count += 1
                    if not described:
                        bare.append(f"{path.relative_to(ROOT)} {node.name}: {entry}")
    assert count > 300
    assert not bare
