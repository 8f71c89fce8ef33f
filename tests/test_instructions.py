"""docs/architecture.md says how to add a data set, a picture, a page: followed to the letter."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from serving import ROOT, serve

from benchmarks.visitors import Visitor

MOST_LINES = 13


def instructions(heading: str) -> list[tuple[str, str]]:
    """Where each block of code goes, and the code, of one of the instructions."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    part = text.split(f"**{heading}**")[1].split("\n**A ")[0].split("\n## ")[0]
    blocks = re.findall(r"```python\n# (.*?)\n(.*?)```", part, re.DOTALL)
    assert blocks, f"no code is given for {heading}"
    return [(where, code) for where, code in blocks]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project, to be changed."""
    for name in ("nnviz", ".streamlit"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "app.py", tmp_path)
    return tmp_path


def follow(heading: str, root: Path) -> None:
    for where, code in instructions(heading):
        words, _, anchor = where.partition(", before ")
        path = root / words.split()[-1]
        if anchor:
            before, found, after = path.read_text(encoding="utf-8").partition(anchor.strip("`"))
            assert found, f"{path.name} has no {anchor}"
            path.write_text(f"{before}{code}{found}{after}", encoding="utf-8")
        else:
            before = path.read_text(encoding="utf-8") + "\n\n" if path.exists() else ""
            path.write_text(before + code, encoding="utf-8")


def python(root: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("heading", ["A data set", "A picture", "A page"])
def test_they_are_short(heading: str) -> None:
    blocks = [code for _, code in instructions(heading)]
    lines = [line for code in blocks for line in code.splitlines() if line.strip()]
    assert len(lines) <= MOST_LINES


def test_a_data_set(copy: Path) -> None:
    follow("A data set", copy)
    said = python(
        copy,
        "from nnviz import Config, load_dataset, train\n"
        "from nnviz.ui.controls.catalogue import CONTROLS\n"
        "assert 'bands' in CONTROLS['dataset'].options\n"
        "run = train(Config(epochs=300), load_dataset('bands', noise=0.0))\n"
        "print(run.accuracy[-1])\n",
    )
    assert float(said) > 0.9


def test_a_picture(copy: Path) -> None:
    follow("A picture", copy)
    python(
        copy,
        "from nnviz import Config, load_dataset, train\n"
        "from nnviz.figures.metrics import metrics_of\n"
        "from nnviz.figures.pages.train import train_pictures\n"
        "import plotly.graph_objects as go\n"
        "run = train(Config(epochs=20), load_dataset('blobs'))\n"
        "found = {p.name: p for p in train_pictures(run, metrics_of(run))}\n"
        "go.Figure(found['size'].figure)\n"
        "shown = found['size'].figure['data'][0]['y']\n"
        "assert (shown == run.error_term_rms.astype('f4')).all()\n",
    )


def test_a_page(copy: Path, tmp_path: Path) -> None:
    follow("A page", copy)
    # In a thread of its own: Playwright's loop runs in this one.
    with serve(tmp_path / "log", root=copy) as address, ThreadPoolExecutor() as thread:
        look = thread.submit(lambda: asyncio.run(looked_at(address.rstrip("/"), "hello")))
        assert look.result() == ()
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


async def looked_at(address: str, page: str) -> tuple[str, ...]:
    visitor = Visitor(address, random.Random(0))
    await visitor.arrive()
    answer = await visitor.visit(page)
    await visitor.leave()
    return answer.wrong
