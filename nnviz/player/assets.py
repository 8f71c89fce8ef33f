"""The player's files and Plotly.js, served from this machine and never from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STATIC = Path(__file__).parent / "static"
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
FILES = {path.name: path for path in STATIC.glob("*.js")} | {PLOTLY_JS.name: PLOTLY_JS}


@cache
def version() -> str:
    """Changes with every file served, so that browsers may keep them for good."""
    digest = hashlib.sha256(metadata.version("plotly").encode())
    for name, path in sorted(FILES.items()):
        if path != PLOTLY_JS:
            digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def loader() -> str:
    """What fetches the player, from below the app's own address."""
    return (STATIC / "loader.js").read_text(encoding="utf-8").replace("VERSION", version(), 1)


def courier() -> str:
    """What hands a run's progress to the player."""
    return (STATIC / "courier.js").read_text(encoding="utf-8")


def chosen_courier() -> str:
    """What hands the chosen sample to the player."""
    return (STATIC / "chosen.js").read_text(encoding="utf-8")


def lab_loader() -> str:
    """What fetches what draws one sample, from below the app's own address."""
    return (STATIC / "lab_loader.js").read_text(encoding="utf-8").replace("VERSION", version(), 1)


def tour_loader() -> str:
    """What fetches the tour's bar, from below the app's own address."""
    return (STATIC / "tour_loader.js").read_text(encoding="utf-8").replace("VERSION", version(), 1)


def tour_styles() -> str:
    """The style sheet of the tour's bar, and of what it points at."""
    return (STATIC / "tour.css").read_text(encoding="utf-8")


def lab_styles() -> str:
    """The style sheet of one sample."""
    return (STATIC / "lab.css").read_text(encoding="utf-8")


def styles() -> str:
    """The player's style sheets, as one."""
    names = ("player", "views", "stage", "ribbon", "room", "groups", "wall", "lab", "drawer")
    return "".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names)


@cache
def compressed(name: str) -> bytes:
    """A file, gzipped once: the server would do it anew for every visitor."""
    return gzip.compress(FILES[name].read_bytes(), compresslevel=6)


async def serve(request: Request) -> Response:
    """Answer with one of `FILES`."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response("no such file", status_code=404)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if request.path_params["version"] != version():  # a page from before an update
        headers["Cache-Control"] = "no-store"
    here = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    if here or "gzip" not in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "identity"  # or the server would compress it once more
        return Response(FILES[name].read_bytes(), headers=headers, media_type="text/javascript")
    headers["Content-Encoding"] = "gzip"
    return Response(compressed(name), headers=headers, media_type="text/javascript")


# Whatever stands before: with server.baseUrlPath, pages and what they ask for are below that path.
ROUTES = [Route("/{before:path}assets/{version}/{name}", serve)]
