"""The player's own unit tests: node runs them, on messages that Python packs now."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from node import skip_without_node
from packed import write_all

TESTS = sorted((Path(__file__).parent / "javascript").glob("*.test.js"))


def test_units(tmp_path: Path) -> None:
    skip_without_node()
    write_all(tmp_path)
    done = subprocess.run(
        ["node", "--test", *TESTS],
        env={**os.environ, "NNVIZ_PACKED": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
