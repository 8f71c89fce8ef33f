"""Under a path, and behind a proxy that strips one: every page draws."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import PLAYER, at_epoch, attribute, draws, settle, visits
from playwright.sync_api import Browser, expect
from serving import serve

from nnviz.by_hand.worth import busiest_epoch
from nnviz.data.datasets import load_dataset
from nnviz.runs.config import Config
from nnviz.runs.recording import train

pytestmark = pytest.mark.browser

PLAYED = ("", "approximation", "step", "explore", "compare")
READ = {"data": "Train on this data"}


def pass_on(read: Callable[[int], bytes], to: socket.socket) -> None:
    """Copy until the sender has no more to say."""
    with contextlib.suppress(OSError):
        while data := read(65536):
            to.sendall(data)
    with contextlib.suppress(OSError):
        to.shutdown(socket.SHUT_RDWR)


def stripped(head: bytes, prefix: str) -> bytes | None:
    """The head of a request without the prefix of its path; None if it is of another path."""
    method, path, rest = head.split(b" ", 2)
    if not path.startswith(f"/{prefix}/".encode()):
        return None
    head = b" ".join([method, path.removeprefix(f"/{prefix}".encode()), rest])
    if b"upgrade: websocket" in head.lower():
        return head
    # One request a connection, so that no later head has to be found.
    kept = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return kept.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)


@contextmanager
def proxy(app: str, prefix: str) -> Iterator[str]:
    """Answer for the app below a path of its own, which the app never hears of; the address."""
    target = urlsplit(app)

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b"".join(iter(self.rfile.readline, b"\r\n")) + b"\r\n"
            passed = stripped(head, prefix)
            if passed is None:
                self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection((target.hostname, target.port)) as there:
                there.sendall(passed)
                asking = threading.Thread(target=pass_on, args=(self.rfile.read1, there))
                asking.start()
                pass_on(there.recv, self.connection)
                asking.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/{prefix}/"
        finally:
            server.shutdown()
            serving.join()


@pytest.fixture(params=["a/b", "behind a proxy"])
def elsewhere(request: pytest.FixtureRequest, app: str, tmp_path: Path) -> Iterator[str]:
    """The address of the app where it is not at the root."""
    if request.param == "behind a proxy":
        with proxy(app, "x/y") as address:
            yield address
    else:
        with serve(tmp_path / "log", base=request.param) as address:
            yield address
        log = (tmp_path / "log").read_text(encoding="utf-8")
        assert "rror" not in log, log


def test_every_page_draws_wherever_the_app_is(
    browser: Browser, elsewhere: str, tmp_path: Path
) -> None:
    with visits(elsewhere, browser) as visit:
        page = visit("?epochs=50")
        run = attribute(page, "run")
        draws(page)
        # From page to page in the session …
        for name in ("Approximation", "Step", "Explore", "Compare", "Data", "Learn"):
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_url(re.compile(f"^{re.escape(elsewhere)}{name.lower()}"))
            if name.lower() in READ:
                expect(page.locator(PLAYER)).to_have_count(0)
                expect(page.get_by_text(READ[name.lower()]).first).to_be_visible()
            else:
                draws(page)
        page.get_by_role("link", name="Train", exact=True).click()
        at_epoch(page, busiest_epoch(train(Config(epochs=50), load_dataset("spiral"))))  # Step's
        settle(page)
        assert attribute(page, "run") == run
        # … a file and a link …
        page.get_by_text("Take it home").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Metrics", exact=True).click()
        download.value.save_as(tmp_path / "run.csv")
        assert len((tmp_path / "run.csv").read_text(encoding="utf-8").splitlines()) == 52
        link = page.get_by_test_id("stCode").inner_text().strip()
        assert link.startswith(elsewhere), link
        # … and by an address.
        for deep in PLAYED:
            draws(visit(f"{deep}?epochs=50"))
        assert attribute(visit(link.removeprefix(elsewhere)), "run") == run
