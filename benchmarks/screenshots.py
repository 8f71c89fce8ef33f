"""The pictures of the app in README, in both themes.

.venv/bin/python -m benchmarks.screenshots     (the environment of tests/run)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from serving import ROOT, chromium, serve

SHOWN = {"train": "?epoch=60"}
"""What is shown, by the file's name."""


def main() -> None:
    """Open each page in each theme, and write what it looks like."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "log") as app,
        chromium() as browser,
    ):
        for theme in ("light", "dark"):
            size = {"width": 1440, "height": 900}
            context = browser.new_context(viewport=size, color_scheme=theme)  # type: ignore[arg-type]
            for name, address in SHOWN.items():
                page = context.new_page()
                page.goto(app + address)
                page.wait_for_selector("[data-testid=nnviz-player][data-epoch]")
                page.wait_for_timeout(2000)
                file = ROOT / "docs" / f"{name}-{theme}.png"
                page.screenshot(path=file)
                print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
