"""Files that visitors upload: never on disk, and within a bound of memory."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aside import run_aside
from serving import App
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from websockets.sync.client import connect

from nnviz.ui import uploads
from nnviz.ui.uploads import COMING_BYTES, MOST_BYTES, BoundedUploads, forget

HEAD = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.npz"\r\n\r\n'
TAIL = b"\r\n--x--\r\n"


class Uploading:
    """A visitor who uploads, without a browser.

    Parameters
    ----------
    app : App
        Where to.
    """

    def __init__(self, app: App) -> None:
        self._place = urlsplit(app.address)
        connection = self.connection()
        connection.request("GET", "/_stcore/health")
        self._cookie = str(connection.getresponse().getheader("set-cookie")).split(";")[0]
        connection.close()

    def connection(self) -> http.client.HTTPConnection:
        """One to the server."""
        return http.client.HTTPConnection(str(self._place.hostname), self._place.port)

    def put(self, path: str, body: Any, **said: str) -> int:
        """Status of the answer to an upload."""
        connection = self.connection()
        connection.request("PUT", path, body, {**self.headers, **said})
        with connection.getresponse() as answer:
            answer.read()
        connection.close()
        return answer.status

    @contextmanager
    def session(self) -> Iterator[str]:
        """A visit; its session's id."""
        how: dict[str, Any] = {
            "origin": f"http://{self._place.netloc}",
            "subprotocols": ["streamlit", self._token],
            "additional_headers": {"Cookie": self._cookie},
            "max_size": None,
        }
        with connect(f"ws://{self._place.netloc}/_stcore/stream", **how) as socket:
            begin = BackMsg()
            begin.rerun_script.query_string = ""
            socket.send(begin.SerializeToString())
            said = ForwardMsg()
            while said.WhichOneof("type") != "new_session":
                said.ParseFromString(socket.recv(decode=False))
            yield said.new_session.initialize.session_id

    @property
    def _token(self) -> str:
        return self._cookie.split("=", 1)[1]

    @property
    def headers(self) -> dict[str, str]:
        """Those of an upload."""
        kind = "multipart/form-data; boundary=x"
        return {"Content-Type": kind, "X-Xsrftoken": self._token, "Cookie": self._cookie}

    def upload(self, session: str, size: int) -> int:
        """Send a file of so many bytes; status of the answer."""
        path = f"/_stcore/upload_file/{session}/{uuid.uuid4()}"
        return self.put(path, HEAD + bytes(size) + TAIL)

    def kept(self) -> int:
        """Bytes of all sessions' files that the server keeps, as it says itself."""
        connection = self.connection()
        connection.request("GET", "/_stcore/metrics?families=cache_memory_bytes")
        said = connection.getresponse().read().decode()
        connection.close()
        found = re.search(r'cache_type="UploadedFileManager"[^}]*} (\d+)', said)
        return int(found[1]) if found else 0


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the server would put temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def server(tmp_path: Path, temporary: Path) -> Iterator[App]:
    """A server for this test alone; its log must be clean."""
    app = App(tmp_path / "log", environment={**os.environ, "TMPDIR": str(temporary)})
    try:
        app.start()
        yield app
    finally:
        app.stop()
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def opened_in(folder: Path, pid: int) -> list[str]:
    """Files in a folder that a process has open, also those that have no name any more."""
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(os.readlink(link))
        except FileNotFoundError:
            continue
    return [link for link in links if link.startswith(str(folder))]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the open files of a process")
def test_a_file_on_its_way_is_in_memory_alone(server: App, temporary: Path) -> None:
    visitor = Uploading(server)
    with visitor.session() as session:
        size = 19_000_000
        connection = visitor.connection()
        connection.putrequest("PUT", f"/_stcore/upload_file/{session}/1")
        for name, value in visitor.headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(HEAD) + size + len(TAIL)))
        connection.endheaders(HEAD)
        connection.send(bytes(size - 2_000_000))  # the server has taken most of it
        assert opened_in(temporary, server.pid) == []
        connection.send(bytes(2_000_000) + TAIL)
        assert connection.getresponse().status == 204
        connection.close()
        assert visitor.kept() == size
        assert opened_in(temporary, server.pid) == []
    assert list(temporary.iterdir()) == []


def test_a_session_keeps_its_newest_files(server: App) -> None:
    visitor = Uploading(server)
    with visitor.session() as one, visitor.session() as other:
        assert visitor.upload(other, 3_000_000) == 204
        for million in range(10, 20):
            assert visitor.upload(one, million * 1_000_000) == 204
        for _ in range(50):
            assert visitor.upload(one, 0) == 204
        assert visitor.upload(one, 17_000_000) == 204
        assert visitor.kept() == 20_000_000


def test_what_is_no_file_is_refused_and_the_server_stays_well(server: App) -> None:
    visitor = Uploading(server)
    with visitor.session() as session:
        path = f"/_stcore/upload_file/{session}/1"
        bodies = {
            "nothing": b"",
            "no end": HEAD,
            "noise": bytes(range(256)) * 100,
            "a long header": b"--x\r\nA: " + b"y" * 10_000_000,
            "a field": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1' + TAIL,
            "a long field": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
            + bytes(3_000_000)
            + TAIL,
            "many files": (HEAD + b"1\r\n") * 1500 + TAIL,
            "no name": b"--x\r\n\r\n1" + TAIL,
        }
        for name, body in bodies.items():
            assert visitor.put(path, body) == 400, name
        for kind in ("multipart/form-data", "text/plain", "application/x-www-form-urlencoded"):
            assert visitor.put(path, HEAD + TAIL, **{"Content-Type": kind}) == 400, kind
        assert visitor.upload(session, 21_200_000) == 413
        assert visitor.upload(session, 30_000_000) == 413
        assert visitor.upload("nobody", 10) == 400
        pieces = iter([HEAD, b"1", TAIL])
        assert visitor.put(path, pieces) == 411
        # Who goes away in the middle leaves nothing, also not in the log.
        gone = visitor.connection()
        gone.putrequest("PUT", path)
        for name, value in {**visitor.headers, "Content-Length": "1000000"}.items():
            gone.putheader(name, value)
        gone.endheaders(HEAD + bytes(1000))
        gone.close()
        assert visitor.upload(session, 10) == 204
        assert visitor.kept() == 10


SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "PUT",
    "path": "/a/_stcore/upload_file/one/1",
    "query_string": b"",
}


class Runtime:
    """What `BoundedUploads` asks of Streamlit."""

    def __init__(self) -> None:
        self.uploaded_file_mgr = MemoryUploadedFileManager("")
        self.active = {"one", "other"}

    def is_active_session(self, session: str) -> bool:
        """Whether somebody is there."""
        return session in self.active


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    runtime = Runtime()
    monkeypatch.setattr(uploads, "get_instance", lambda: runtime)
    return runtime


async def answered(
    app: ASGIApp, length: str | None, session: str = "one", method: str = "PUT"
) -> int:
    """Status of the answer to an upload."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if length is None else [(b"content-length", length.encode())]
    path = f"/_stcore/upload_file/{session}/1"
    await app({**SCOPE, "path": path, "method": method, "headers": headers}, receive, send)
    return int(sent[0]["status"]) if sent else 0


def taking(ready: Callable[[], Any]) -> ASGIApp:
    """What takes files once it is ready."""

    async def take(_scope: Scope, _receive: Receive, send: Send) -> None:
        await ready()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    return take


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize("length", [None, "", "-1", "1.5", "²", "nan", "1e3"])
def test_a_file_without_a_length_is_refused(length: str | None) -> None:
    app = BoundedUploads(taking(lambda: asyncio.sleep(0)))
    assert run_aside(answered(app, length)) == 411
    assert run_aside(answered(app, length, method="GET")) == 204, "it concerns uploads alone"


@pytest.mark.usefixtures("runtime")
def test_few_files_come_at_once() -> None:
    async def visits() -> None:
        go = asyncio.Event()
        app = BoundedUploads(taking(go.wait))
        most = f"{MOST_BYTES}"
        coming = [asyncio.create_task(answered(app, most)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await answered(app, "1") == 413, "of one session"
        others = range(COMING_BYTES // MOST_BYTES - 2)
        coming += [asyncio.create_task(answered(app, most, f"of {number}")) for number in others]
        await asyncio.sleep(0)
        assert await answered(app, "1", "other") == 503, "of all"
        go.set()
        assert await asyncio.gather(*coming) == [204] * len(coming)
        assert await answered(app, most) == 204
        assert await answered(app, f"{MOST_BYTES + 1}") == 413

    run_aside(visits())


@pytest.mark.usefixtures("runtime")
def test_a_file_that_does_not_come_is_given_up() -> None:
    async def visits() -> None:
        app = BoundedUploads(taking(asyncio.Event().wait), seconds=0.01)
        for _ in range(COMING_BYTES // MOST_BYTES + 1):
            assert await answered(app, f"{MOST_BYTES}") == 408

    run_aside(visits())


@pytest.mark.usefixtures("runtime")
def test_who_goes_away_leaves_room() -> None:
    async def gone() -> None:
        raise ClientDisconnect

    app = BoundedUploads(taking(gone))
    for _ in range(COMING_BYTES // MOST_BYTES + 1):
        assert run_aside(answered(app, f"{MOST_BYTES}")) == 0


def test_a_file_of_a_session_that_has_left_is_forgotten(runtime: Runtime) -> None:
    async def take() -> None:
        runtime.active.clear()
        put(runtime.uploaded_file_mgr, "one", "a", 10)

    run_aside(answered(BoundedUploads(taking(take)), "10"))
    assert not runtime.uploaded_file_mgr.file_storage


def put(files: MemoryUploadedFileManager, session: str, name: str, size: int) -> None:
    files.add_file(session, UploadedFileRec(name, name, "", bytes(size)))


def test_the_files_of_all_are_bounded_and_who_has_most_loses_first() -> None:
    files = MemoryUploadedFileManager("")
    for session, name, size in (("a", "1", 30), ("b", "1", 40), ("b", "2", 41), ("c", "1", 20)):
        put(files, session, name, size)
        forget(files, session, most_bytes=100)
    kept = {session: list(stored) for session, stored in files.file_storage.items()}
    assert kept == {"a": ["1"], "b": ["2"], "c": ["1"]}
    for number in range(100):
        put(files, f"{number}", "1", 9)
        forget(files, f"{number}", most_bytes=100)
    sizes = [len(file.data) for stored in files.file_storage.values() for file in stored.values()]
    assert sum(sizes) <= 100
    assert sizes == [9] * 11
