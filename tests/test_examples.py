"""The examples in docstrings say what comes out."""

from __future__ import annotations

import doctest
import importlib

import pytest
from serving import ROOT

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "nnviz").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def test_some_modules_have_examples() -> None:
    assert {"nnviz.paper.gradients", "nnviz.approximation.progress"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_right(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed
