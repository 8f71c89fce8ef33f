"""The player's modules, run by node without a browser."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parent.parent / "nnviz" / "player" / "static"


def run_js(code: str, **given: Any) -> Any:
    """Run an ES module and return what it passes to ``answer``.

    Parameters
    ----------
    code : str
        It may import from ``STATIC/name.js``, and finds what is given in ``given``.
    given : value
        As JSON; bytes become a Uint8Array.
    """
    if shutil.which("node") is None and not os.environ.get("NNVIZ_REQUIRE_BROWSER"):
        pytest.skip("node was not found: install the package `nodejs`")
    packed = {
        name: {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in given.items()
    }
    program = (
        code.replace("STATIC", STATIC.as_uri())
        + "\n"
        + "function answer(value) { console.log(JSON.stringify(value ?? null)); }"
    )
    before = (
        "const given = JSON.parse((await import('node:fs')).readFileSync(0, 'utf8'),"
        " (_, value) => value?.bytes ? new Uint8Array(Buffer.from(value.bytes, 'base64')) : value);"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", f"{before}\n{program}"],
        input=json.dumps(packed),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
