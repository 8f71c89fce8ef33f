"""What every answer tells the browser about what its page may do."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMBEDDING = "NNVIZ_FRAME_ANCESTORS"
"""Environment variable: the sites that may show the app in a frame, such as
``https://school.example``, separated by spaces."""

_SITE = re.compile(r"'self'|https?://(\*\.)?[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*(:([0-9]{1,5}|\*))?")

Headers = list[tuple[bytes, bytes]]


def frame_ancestors(said: str) -> str:
    """The sites that may embed the app, as a policy names them.

    Raises
    ------
    ValueError
        If one is not what `EMBEDDING` takes.
    """
    sites = said.split()
    for site in sites:
        if not _SITE.fullmatch(site):
            raise ValueError(
                f"{EMBEDDING}: {site!r} is no site; allowed are 'self' and sites such as "
                "https://school.example, https://*.school.example or http://127.0.0.1:8000, "
                "separated by spaces"
            )
    return " ".join(sites) or "'none'"


def inline_scripts(page: str) -> str:
    """The scripts that stand in a page itself, as a policy names them."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def headers(embedding: str) -> Headers:
    """Those of every answer.

    Parameters
    ----------
    embedding : str
        As `EMBEDDING` says; empty for nobody.

    Raises
    ------
    ValueError
    """
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    index = page.read_text(encoding="utf-8")
    ancestors = frame_ancestors(embedding)
    policy = {
        "default-src": "'self'",
        # A component's script reaches Streamlit in a message, and is run from a blob. Plotly
        # builds functions from text to draw parallel coordinates.
        "script-src": f"'self' blob: 'unsafe-eval' {inline_scripts(index)}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": ancestors,
    }
    said = {
        "Content-Security-Policy": "; ".join(
            f"{what} {allowed}" for what, allowed in policy.items()
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if ancestors == "'none'":  # it knows no sites: with some, it would refuse them, too
        said["X-Frame-Options"] = "DENY"
    return [(name.lower().encode(), value.encode()) for name, value in said.items()]


class SaidWithAll:
    """Add `headers` to every answer; what does not say how long it may be kept is not kept.

    Parameters
    ----------
    app : ASGI application
        What answers.
    added : list of name and value
        From `headers`.
    """

    def __init__(self, app: ASGIApp, added: Headers) -> None:
        self._app = app
        self._headers = added

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        begun = False

        async def say(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": self._with(message.get("headers", ()))}
            await send(message)

        try:
            await self._app(scope, receive, say)
        except Exception:
            # What answers for an error stands outside of all that can be added to the app.
            if scope["type"] == "http" and not begun:
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, say)
            raise

    def _with(self, own: Headers) -> Headers:
        names = {name.lower() for name, _ in own}
        added = [(name, value) for name, value in self._headers if name not in names]
        if b"cache-control" not in names:
            added.append((b"cache-control", b"no-store"))
        return [*own, *added]
