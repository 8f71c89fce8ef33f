"""Visitors without a browser: they speak Streamlit's own protocol, as its page does."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from nnviz.player.wire import json_of, without_head

OWN = "own"

PAGES = ("train", "approximation", "step", "explore", "compare", "data", "learn")

Value = tuple[str, Any]
"""Kind of a widget's state, and the value."""


@dataclass
class Answer:
    """What came back of an action.

    Attributes
    ----------
    seconds : float
        Until the script had finished.
    shown : float or None
        Until the player had been sent something new.
    wrong : tuple of str
        Exceptions shown on the page.
    """

    seconds: float
    shown: float | None
    wrong: tuple[str, ...]


@dataclass
class Visitor:
    """One window of a browser.

    Attributes
    ----------
    address : str
        Of the app, as ``http://127.0.0.1:8501``.
    rng : random.Random
    """

    address: str
    rng: random.Random
    socket: ClientConnection | None = None
    widgets: dict[str, Value] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    limits: dict[str, tuple[float, float]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    page: str = ""
    player: str = ""
    fragment: str = ""
    header: dict[str, Any] = field(default_factory=dict)
    hashes: list[str] = field(default_factory=list)
    measuring: bool = False
    measured: str = ""
    stored: bool = False
    session: str = ""
    names: set[str] = field(default_factory=set)
    received: int = 0

    async def arrive(self, address: str = "") -> Answer:
        """Open a page by its address below the app's: its name, and what is asked of it."""
        await self.connect()
        return await self.follow(address)

    async def follow(self, address: str) -> Answer:
        """Come by an address, as by a link or the browser's *Back*."""
        message = BackMsg()
        state = message.rerun_script
        state.page_name, _, state.query_string = address.partition("?")
        state.context_info.url = f"{self.address}/{state.page_name}"
        state.widget_states.SetInParent()
        return await self.answer(message)

    async def connect(self) -> None:
        """Open the connection that a page has, and ask for nothing."""
        self.socket = await connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.address,  # type: ignore[arg-type]
            max_size=None,
            compression=None,
        )

    async def leave(self) -> None:
        """Close the window."""
        if self.socket is not None:
            await self.socket.close()

    async def move(self, key: str) -> Answer:
        """Put a control somewhere else."""
        kind, before = self.widgets[self.name_of(key)]
        if key in self.choices:
            # Who asks for a table of their own has none here, and would see nothing from then on.
            others = [choice for choice in self.choices[key] if choice not in (*before, OWN)]
            value: Any = self.rng.choice(others)
            value = [value] if kind == "string_array_value" else value
        else:
            low, high = self.limits[key]
            number = self.rng.uniform(low, high)
            value = [round(number)] if kind == "double_array_value" else round(number)
        self.widgets[self.name_of(key)] = (kind, value)
        return await self._ask()

    async def choose(self, key: str, value: str) -> Answer:
        """Choose an option of a list."""
        kind, _ = self.widgets[self.name_of(key)]
        self.widgets[self.name_of(key)] = (kind, [value] if kind == "string_array_value" else value)
        return await self._ask()

    async def press(self, label: str) -> Answer:
        """Press the first button whose label begins so."""
        button = next(name for said, name in self.buttons.items() if said.startswith(label))
        return await self._ask(pressed=button)

    def offers(self, label: str) -> bool:
        """Whether there was a button whose label begins so."""
        return any(said.startswith(label) for said in self.buttons)

    async def bring(self, key: str, content: bytes) -> Answer:
        """Put a file into an uploader."""
        file = str(uuid.uuid4())
        status = await asyncio.to_thread(upload, self.address, self.session, file, content)
        self.stored = status < 300
        name = next(name for name in self.names if name.endswith(f"-{key}"))
        message = self.request()
        state = message.rerun_script.widget_states.widgets.add(id=name)
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id=file, name="brought", size=len(content)
        )
        return await self.answer(message)

    async def open_up(self, key: str) -> Answer:
        """Open what is folded."""
        name = next(name for name in self.names if name.endswith(f"-{key}"))
        self.widgets[name] = ("bool_value", True)
        return await self._ask()

    async def scrub(self) -> Answer:
        """Let go of the scrubber somewhere."""
        run, at = self.header.get("run", ""), self.rng.randrange(11)
        epoch = {"run": run, "epoch": at, "end": False}
        self.widgets[self.player] = ("json_value", json.dumps({"epoch": epoch}))
        return await self._ask(fragment=self.fragment)

    async def visit(self, page: str) -> Answer:
        """Go to another page."""
        self.page = self.pages[page]
        self.player = self.fragment = ""
        self.header = {}
        return await self._ask()

    async def train_on(self) -> Answer:
        """Ask for more of a growing run, as the player does."""
        return await self._ask(fragment=self.fragment, more=self.header["run"])

    async def look(self) -> Answer:
        """Have the part of the page with the player drawn anew, as it does once a second itself."""
        return await self._ask(fragment=self.fragment)

    @property
    def growing(self) -> bool:
        """Whether there is more to come: of the run itself, or of what is measured of it."""
        in_part = self.header.get("version", "").endswith(" True")  # of the Approximation page
        growing = self.header.get("status") == "running" or self.measuring or in_part
        return bool(self.fragment) and growing

    @property
    def known(self) -> tuple[str, str]:
        """What there is to see, of the run and of what is measured of it."""
        return self.header.get("version", ""), self.measured

    def name_of(self, key: str) -> str:
        """The name of a control's widget."""
        return next(name for name in self.widgets if name.endswith(f"-{key}"))

    async def _ask(self, fragment: str = "", more: str = "", pressed: str = "") -> Answer:
        """Have the script run, and wait until it has finished."""
        return await self.answer(self.request(fragment, more, pressed))

    def request(self, fragment: str = "", more: str = "", pressed: str = "") -> BackMsg:
        """What the page sends to have the script run."""
        message = BackMsg()
        state = message.rerun_script
        state.page_script_hash = self.page
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self.hashes)
        state.context_info.url = f"{self.address}/"
        for name, (kind, value) in self.widgets.items():
            widget: WidgetState = state.widget_states.widgets.add(id=name)
            if kind.endswith("array_value"):
                getattr(widget, kind).data.extend(value)
            else:
                setattr(widget, kind, value)
        if more:
            events = json.dumps([{"event": "more", "value": more}])
            told = f"$$STREAMLIT_INTERNAL_KEY_{self.player}__events"
            state.widget_states.widgets.add(id=told, json_trigger_value=events)
        if pressed:
            state.widget_states.widgets.add(id=pressed, trigger_value=True)
        return message

    async def answer(self, message: BackMsg) -> Answer:
        """Send a message that has the script run, and wait until it has finished."""
        assert self.socket is not None
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        shown = None
        wrong: list[str] = []
        before = (self.player, self.fragment)
        if not message.rerun_script.fragment_id:  # a whole page: perhaps without a player
            self.player = self.fragment = ""
            self.measuring = False
        while True:
            packed = await asyncio.wait_for(self.socket.recv(decode=False), timeout=60)
            self.received += len(packed)
            answer = ForwardMsg.FromString(packed)
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id
            elif kind == "ref_hash" and answer.ref_hash in self.hashes:  # the player, as it was
                self.player, self.fragment = before
            elif kind == "navigation":
                self._learn_pages(answer)
            elif kind == "delta":
                if self._see(answer, wrong.append):
                    shown = time.perf_counter() - begun
            elif kind == "script_finished":
                if answer.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return Answer(time.perf_counter() - begun, shown, tuple(wrong))

    def _learn_pages(self, answer: ForwardMsg) -> None:
        for page in answer.navigation.app_pages:
            self.pages[page.url_pathname or "train"] = page.page_script_hash

    def _see(self, answer: ForwardMsg, complain: Callable[[str], None]) -> bool:
        """Take in one element; whether it is something new for the player."""
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        self._note_name(answer)
        if kind == "exception":
            complain(f"{element.exception.type}: {element.exception.message}")
        if kind == "slider":
            one = element.slider
            if one.options:
                self.choices[_key(one.id)] = list(one.options)
                default: Value = ("string_array_value", [one.options[int(one.default[0])]])
            else:
                self.limits[_key(one.id)] = (one.min, one.max)
                default = ("double_array_value", list(one.default))
            self.widgets.setdefault(one.id, default)
        elif kind == "selectbox":
            one = element.selectbox
            self.choices[_key(one.id)] = list(one.options)
            self.widgets.setdefault(one.id, ("string_value", one.options[one.default]))
        elif kind == "number_input":
            one = element.number_input
            self.limits[_key(one.id)] = (one.min, one.max)
            self.widgets.setdefault(one.id, ("int_value", int(one.default)))
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind == "bidi_component":
            return self._receive(answer)
        return False

    def _note_name(self, answer: ForwardMsg) -> None:
        """Note the name of a widget, of whatever kind."""
        delta = answer.delta
        held = delta.new_element if delta.WhichOneof("type") == "new_element" else delta.add_block
        kind = held.WhichOneof("type")
        if kind and (name := getattr(getattr(held, kind), "id", "")):
            self.names.add(name)

    def _receive(self, answer: ForwardMsg) -> bool:
        component = answer.delta.new_element.bidi_component
        if component.id.endswith("-progress"):  # what brings the player a run's progress
            said = json_of(component.bytes)[:600]
            self.measuring = b'"complete":false' in said
            self.measured = said.decode(errors="replace").partition('"version":"')[2][:60]
            return False
        # In a text, where it tells and asks for nothing; and the chosen sample.
        if "-figure_" in component.id or component.id.endswith("-chosen"):
            return False
        if not component.bytes:  # of no player: the tour's bar, a sample
            return False
        if answer.hash:
            self.hashes = [answer.hash]
        self.player = component.id
        self.fragment = answer.delta.fragment_id
        before = self.header.get("version")
        # Of the JSON, which is long, only its first entries.
        text = json_of(without_head(component.bytes))[:600].decode(errors="replace")
        self.header = {
            key: text.split(f'"{key}":"', 1)[1].split('"', 1)[0]
            for key in ("run", "version", "status")
            if f'"{key}":"' in text
        }
        return self.header.get("version") != before


def upload(address: str, session: str, file: str, content: bytes) -> int:
    """Send a file as a page does; status of the answer."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    connection.request("GET", "/_stcore/health")
    with connection.getresponse() as answer:
        answer.read()
        cookie = str(answer.getheader("set-cookie")).split(";")[0]
    head = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    said = {
        "Content-Type": "multipart/form-data; boundary=x",
        "X-Xsrftoken": cookie.split("=", 1)[1],
        "Cookie": cookie,
    }
    path = f"/_stcore/upload_file/{session}/{file}"
    connection.request("PUT", path, head + content + b"\r\n--x--\r\n", said)
    with connection.getresponse() as answer:
        answer.read()
    connection.close()
    return answer.status


def _key(name: str) -> str:
    return name.rsplit("-", 1)[-1]
