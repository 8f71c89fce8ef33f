"""A running app and a browser for the tests that need them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Visit, visits
from hypothesis import settings
from playwright.sync_api import Browser, expect
from serving import CHROMIUM, chromium, serve

from nnviz.sweeps.pool import Pool

settings.register_profile("no clock", deadline=None)  # no test fails because a machine is busy
settings.load_profile("no clock")
expect.set_options(timeout=15_000)  # milliseconds: on a busy machine, a page may be late and right


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none, except where it is required."""
    if CHROMIUM or os.environ.get("NNVIZ_REQUIRE_BROWSER"):
        return
    skip = pytest.mark.skip(reason="no Chromium found: install the package `chromium`")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """One process for work that is shared."""
    found = Pool(1)
    yield found
    found.close()


@pytest.fixture(scope="session")
def app_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app") / "server.log"


@pytest.fixture(scope="session")
def app(app_log: Path) -> Iterator[str]:
    """The app's address; after all visits its log must be clean."""
    with serve(app_log) as address:
        yield address
    log = app_log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log
    assert "rror" not in log, log


@pytest.fixture
def visit(app: str, browser: Browser) -> Iterator[Visit]:
    with visits(app, browser) as visit:
        yield visit


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
