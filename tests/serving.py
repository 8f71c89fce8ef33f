"""Start the app as the README says, and a Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
AS_README = (sys.executable, "-m", "streamlit", "run", "app.py")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class App:
    """The app on a free port, to be stopped and started again.

    Parameters
    ----------
    log : Path
        What the server says is added here.
    root : Path
        The folder to start it in.
    base : str
        The path to serve under, as ``a/b``.
    command : sequence of str
        What starts it.
    options : sequence of str
        What is added to that.
    environment : mapping
        The environment to start it in; the port is added.
    """

    def __init__(
        self,
        log: Path,
        root: Path = ROOT,
        base: str = "",
        command: Sequence[str | Path] = AS_README,
        options: Sequence[str] = ("--server.headless=true", "--server.address=127.0.0.1"),
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/{f'{base}/' if base else ''}"
        below = [f"--server.baseUrlPath={base}"] if base else []
        self._command = [*command, *options, *below]
        self._environment = {**environment, "STREAMLIT_SERVER_PORT": str(self.port)}
        self._log, self._root = log, root
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Number of the server's process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._root,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        for _ in range(240):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.address}_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.25)
        raise RuntimeError(f"the app did not start:\n{self._log.read_text(encoding='utf-8')}")

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        assert self._process is not None
        self._process.wait(60)

    def stop(self) -> None:
        """Stop it at once."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


@contextmanager
def serve(log: Path, root: Path = ROOT, **how: Any) -> Iterator[str]:
    """Run the app on a free port, as `App` says; its address."""
    app = App(log, root, **how)
    try:
        app.start()
        yield app.address
    finally:
        app.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, headless."""
    assert CHROMIUM, "Chromium is required, and was not found: install the package `chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
