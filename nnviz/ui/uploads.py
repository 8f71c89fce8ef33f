"""What visitors upload: never on disk, and within a bound of memory."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MOST_BYTES = 21 * 1024 * 1024
"""Of a request that brings a file: Streamlit's limit of 20 MB, and what stands around the file."""

MOST_FILES = 2
"""Of a session: one from the Data page and one recording. The newest are kept."""

ALL_BYTES = 400_000_000
"""Of all sessions' files. When there are more, the oldest of whoever has most are forgotten."""

COMING_BYTES = 10 * MOST_BYTES
"""Of all files on their way: what has come is in memory twice, until it has come as a whole."""

SECONDS = 120.0
"""For one file to come: or a few that never end would keep all others out."""

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")


def keep_in_memory() -> None:
    """Have no file touch the disk on its way: from 1 MB on, that is what they do by default."""
    MultiPartParser.spool_max_size = MOST_BYTES


def forget(files: MemoryUploadedFileManager, session: str, most_bytes: int = ALL_BYTES) -> None:
    """Bring files back within the bounds after one of this session has come.

    What the app has read of them is elsewhere: who loses one has not used it yet, or not for long.
    """
    for name in list(files.file_storage.get(session, ()))[:-MOST_FILES]:
        files.remove_file(session, name)
    held = {
        whose: sum(len(file.data) for file in stored.copy().values())
        for whose, stored in files.file_storage.copy().items()
    }
    while sum(held.values()) > most_bytes:
        whose = max(held, key=held.__getitem__)
        oldest = next(iter(files.file_storage.get(whose, ())), None)
        if oldest is None:  # the session has ended meanwhile
            held[whose] = 0
            continue
        held[whose] -= len(files.file_storage[whose][oldest].data)
        files.remove_file(whose, oldest)


class BoundedUploads:
    """Let files come a few at a time, and keep few of each visitor.

    Parameters
    ----------
    app : ASGI application
        What takes them.
    seconds : float
        How long one may take.
    """

    def __init__(self, app: ASGIApp, seconds: float = SECONDS) -> None:
        self._app = app
        self._seconds = seconds
        self._coming: Counter[str] = Counter()
        """Bytes on their way, by session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        upload = scope["type"] == "http" and scope["method"] == "PUT"
        address = _UPLOAD.search(scope["path"]) if upload else None
        if address is None:
            await self._app(scope, receive, send)
            return
        session, length = address[1], Headers(scope=scope).get("content-length", "")
        refused = self._refused(session, length)
        if refused is not None:
            await refused(scope, receive, send)
            return
        self._coming[session] += int(length)
        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, receive, send)
        except TimeoutError:
            said = f"The file did not arrive within {self._seconds:g} seconds."
            await PlainTextResponse(said, 408)(scope, receive, send)
        except ClientDisconnect:
            pass  # nobody to answer, and nothing to log
        finally:
            self._coming[session] -= int(length)
            self._coming += Counter()  # without those that have none left
            _tidy(session)

    def _refused(self, session: str, length: str) -> PlainTextResponse | None:
        """What to answer at once instead of taking a file, if anything."""
        if not length.isdecimal():
            return PlainTextResponse("A file needs to say its length.", 411)
        if int(length) > MOST_BYTES:
            return PlainTextResponse("A file has at most 20 MB.", 413)
        if self._coming[session] + int(length) > MOST_FILES * MOST_BYTES:
            return PlainTextResponse(f"At most {MOST_FILES} files can come at once.", 413)
        if self._coming.total() + int(length) > COMING_BYTES:
            said = "Too many files are coming at once: try again in a moment."
            return PlainTextResponse(said, 503, {"Retry-After": "10"})
        return None


def _tidy(session: str) -> None:
    runtime = get_instance()
    files = runtime.uploaded_file_mgr
    assert isinstance(files, MemoryUploadedFileManager)
    if not runtime.is_active_session(session):
        # It has left while its file came. Streamlit may have forgotten it, and would never again.
        files.remove_session_files(session)
    forget(files, session)
