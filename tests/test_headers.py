"""What every answer of the server says to the browser, and that the app works under it."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aside import run_aside
from browsing import PLAYER, Visit, settle, visits
from playwright.sync_api import Browser, expect
from serving import AS_README, ROOT, free_port, serve
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import Message

from nnviz.player.assets import version
from nnviz.ui.headers import EMBEDDING, SaidWithAll, frame_ancestors, headers, inline_scripts

ALWAYS = {name.decode(): value.decode() for name, value in headers("")}


def asked(app: str, path: str, method: str = "GET") -> tuple[http.client.HTTPResponse, str]:
    """What the server answers below the app's address, without following redirections."""
    place = urlsplit(app)
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    connection.request(method, place.path + path)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer, text


@pytest.fixture(scope="module", params=["", "a/b"])
def anywhere(
    request: pytest.FixtureRequest, app: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app's address: at the root, and below a path."""
    if not request.param:
        yield app
        return
    with serve(tmp_path_factory.mktemp("below") / "log", base=request.param) as address:
        yield address


KINDS = {
    "the page": ("", "GET", 200),
    "a deep link": ("step", "GET", 200),
    "a file of Streamlit's": ("SCRIPT", "GET", 200),
    "a file of the player's": (f"assets/{version()}/player.js", "GET", 200),
    "a file of the player's that is not there": ("assets/1/no.js", "GET", 404),
    "whether it is well": ("_stcore/health", "GET", 200),
    "what it allows": ("_stcore/host-config", "GET", 200),
    "what is not there": ("_stcore/agent/none", "GET", 404),
    "a download that is not there": ("media/0123.csv", "GET", 404),
    "another address": ("step/", "GET", 301),
    "an address that is refused": ("media/..%2f..%2fetc", "GET", 400),
    "a method that is refused": ("", "POST", 405),
    "a method that nobody knows": ("", "BREW", 405),
    "an upload by a stranger": ("_stcore/upload_file/nobody/1", "DELETE", 403),
    "an upload without a length": ("_stcore/upload_file/nobody/1", "PUT", 403),
    "what is asked before an upload": ("_stcore/upload_file/nobody/1", "OPTIONS", 204),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_says_it_all(anywhere: str, kind: str) -> None:
    path, method, status = KINDS[kind]
    if path == "SCRIPT":
        found = re.search(r'src="\./(static/js/[^"]+)"', asked(anywhere, "")[1])
        assert found
        path = found[1]
    answer, _ = asked(anywhere, path, method)
    assert answer.status == status
    for name, value in ALWAYS.items():
        assert answer.headers.get_all(name) == [value], name
    kept = answer.headers.get_all("cache-control") or []
    assert len(kept) == 1
    if not path.startswith(("static", "assets")):
        assert kept[0] in ("no-store", "no-cache")


def test_what_it_says() -> None:
    assert ALWAYS["x-content-type-options"] == "nosniff"
    assert ALWAYS["referrer-policy"] == "same-origin", "an address holds what a visitor chose"
    assert ALWAYS["x-frame-options"] == "DENY"
    assert ALWAYS["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
    policy = dict(part.split(" ", 1) for part in ALWAYS["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'", "and so of connections, frames, media"
    for what in ("object-src", "frame-ancestors"):
        assert policy[what] == "'none'"
    for what in ("base-uri", "form-action"):
        assert policy[what] == "'self'"
    allowed = policy["script-src"].split()
    assert allowed[:3] == ["'self'", "blob:", "'unsafe-eval'"]
    assert all(one.startswith("'sha256-") for one in allowed[3:]), "no script that is inserted"
    for sources in policy.values():
        assert "http" not in sources
        assert "*" not in sources


def answers(app: Starlette) -> list[Message]:
    """What an application sends when its page is asked for, until it fails or ends."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    with pytest.raises(RuntimeError, match="broken"):
        run_aside(app(scope, receive, send))
    return sent


def test_an_error_of_the_server_says_it_all_too() -> None:
    async def broken(_request: object) -> None:
        raise RuntimeError("broken")

    app = Starlette(
        routes=[Route("/", broken)], middleware=[Middleware(SaidWithAll, added=headers(""))]
    )
    begin, body = answers(app)
    assert begin["status"] == 500
    assert body["body"] == b"Internal Server Error"
    said = dict(begin["headers"])
    assert said[b"cache-control"] == b"no-store"
    assert {name: said[name.encode()].decode() for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "'none'"),
        ("  ", "'none'"),
        ("'self'", "'self'"),
        ("https://School.example", "https://School.example"),
        ("https://school.example", "https://school.example"),
        ("https://*.school.example\thttp://a:80", "https://*.school.example http://a:80"),
        ("http://127.0.0.1:*", "http://127.0.0.1:*"),
    ],
)
def test_sites_that_may_embed_the_app(said: str, meant: str) -> None:
    assert frame_ancestors(said) == meant
    names = [name for name, _ in headers(said)]
    assert (b"x-frame-options" in names) == (meant == "'none'"), "it would refuse all sites"


@pytest.mark.parametrize(
    "said",
    ["*", "school.example", "https://a;script-src", "https:", "https://a/b", "'none'", "a\nb"],
)
def test_what_is_no_site_is_named(said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{EMBEDDING}: ")) as refused:
        frame_ancestors(said)
    assert "https://school.example" in str(refused.value)


def test_the_server_does_not_start_with_what_is_no_site() -> None:
    ended = subprocess.run(
        [*AS_README, "--server.headless=true", "--server.address=127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, EMBEDDING: "*", "STREAMLIT_SERVER_PORT": str(free_port())},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert ended.returncode != 0
    assert f"{EMBEDDING}: '*' is no site" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_script_of_the_page_is_known_by_its_digest() -> None:
    # As in https://www.w3.org/TR/CSP3/#external-hash
    page = "<script>alert('Hello, world.');</script><script src='a.js'></script>"
    assert inline_scripts(page) == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


@pytest.mark.browser
def test_every_page_works_under_the_policy(browser: Browser, anywhere: str) -> None:
    # What the policy refuses is said in the console, and there `visits` finds it.
    with visits(anywhere, browser) as visit:
        page = visit("?epochs=20")
        answered: list[dict[str, str]] = []
        page.on("response", lambda said: answered.append({"url": said.url, **said.headers}))
        for name in ("Approximation", "Step", "Compare", "Train", "Data", "Learn"):
            page.get_by_role("link", name=name, exact=True).click()
            settle(page)
            for picture in page.locator(".nnviz-picture:visible").all():
                picture.scroll_into_view_if_needed()
                expect(picture.locator(".main-svg").first).to_be_visible()
        page.get_by_role("link", name="Train", exact=True).click()
        page.get_by_text("Take it home").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Metrics", exact=True).click()
        assert download.value.path().stat().st_size > 1000
        settle(page)
        sent = [said for said in answered if "attachment" in said.get("content-disposition", "")]
        assert [said["cache-control"] for said in sent] == ["no-store"]


@pytest.mark.browser
def test_a_sweep_draws_its_parallel_coordinates_under_the_policy(visit: Visit) -> None:
    page = visit("explore?epochs=5&across=learning_rate&down=hidden_units&seeds=1")
    settle(page)
    button = page.get_by_role("button", name=re.compile("^Train")).first
    if button.count():  # another visitor may have trained them
        button.click()
    page.locator("[data-picture=parallel]").scroll_into_view_if_needed(timeout=30_000)
    expect(page.locator(f"{PLAYER} .parcoords").first).to_be_visible()
    settle(page)


@contextmanager
def framing(app: str) -> Iterator[str]:
    """Another site, which shows the app in a frame; its address."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<iframe src='{app}' width=1200 height=800></iframe>".encode())

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://localhost:{server.server_address[1]}/"
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.browser
@pytest.mark.parametrize("allowed", [False, True])
def test_other_sites_embed_the_app_only_where_that_is_allowed(
    browser: Browser, tmp_path: Path, allowed: bool
) -> None:
    said = {EMBEDDING: "http://localhost:*"} if allowed else {}
    how = {**os.environ, **said}
    with serve(tmp_path / "log", environment=how) as app, framing(app) as site:
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(site)
        player = page.frame_locator("iframe").locator(PLAYER)
        if allowed:
            expect(player).to_have_attribute("data-epoch", re.compile(r"\d+"))
        else:
            page.wait_for_timeout(2_000)
            assert page.frames[1].url.startswith("chrome-error:")
            expect(player).to_have_count(0)
        page.context.close()
