"""The player's modules, run by node without a browser."""

from __future__ import annotations

import atexit
import base64
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

STATIC = Path(__file__).parent.parent / "nnviz" / "player" / "static"
EVALUATE = Path(__file__).parent / "javascript" / "evaluate.js"


def run_js(code: str, **given: Any) -> Any:
    """Run an ES module and return what it passes to ``answer``; typed arrays become NumPy's.

    Parameters
    ----------
    code : str
        It may import from ``STATIC/name.js``, and finds what is given in ``given``.
    given : value
        As JSON; bytes become a Uint8Array.
    """
    packed = {
        name: {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in given.items()
    }
    node = _node()
    assert node.stdin is not None
    assert node.stdout is not None
    asked = {"code": code.replace("STATIC", STATIC.as_uri()), "given": packed}
    node.stdin.write(json.dumps(asked) + "\n")
    node.stdin.flush()
    said = json.loads(node.stdout.readline(), object_hook=_array)
    assert "error" not in said, said["error"]
    return said["answer"]


def unpack(message: bytes) -> Any:
    """Read a message as the browser does, by its own decoder."""
    return run_js('import { unpack } from "STATIC/wire.js"; answer(unpack(given.it));', it=message)


def skip_without_node() -> None:
    """Skip a test where there is no node, except where all must run."""
    if shutil.which("node") is None and not os.environ.get("NNVIZ_REQUIRE_BROWSER"):
        pytest.skip("node was not found: install the package `nodejs`")


def _array(value: dict[str, Any]) -> Any:
    if "array" not in value:
        return value
    dtype = value["dtype"].removesuffix("Array").lower()
    return np.frombuffer(base64.b64decode(value["array"]), dtype).reshape(value["shape"])


@cache
def _node() -> subprocess.Popen[str]:
    """One process for all: to start it takes longer than most of what it is asked."""
    skip_without_node()
    node = subprocess.Popen(
        ["node", EVALUATE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(_end, node)
    return node


def _end(node: subprocess.Popen[str]) -> None:
    with node:  # closes its pipes, at which it ends
        pass
