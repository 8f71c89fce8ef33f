"""The border: what a page sends is looked at before Streamlit takes it, and only that goes through.

Whoever speaks Streamlit's protocol can send any value for any widget. What no page sends is left
out: the script then runs, if it does, with what was there before.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from nnviz.ui.widget_states import is_possible

MOST_BYTES = 3_000_000
"""Of a message."""

MOST_WIDGETS = 300
"""Of which a message may send the state; a page has about forty."""

MOST_ADDRESS, MOST_PARAMETERS = 100_000, 900
"""Characters and parameters of an address that are read; what goes beyond is cut off."""

KINDS = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request")
"""Messages of which a page needs an answer. Others clear the cache of all visitors, ask for the
state of a repository, or are for those who develop Streamlit."""

MOST_FILES = 10
"""For which a message may ask where to send them; each gets an answer."""

REQUESTS = ("deferred_file", "dataframe_chunk")
"""What a page asks the server for beside them."""

DIGEST = re.compile("|[0-9a-f]{32,64}")
REQUEST, SESSION = re.compile("[0-9A-Za-z_-]{1,64}"), re.compile("[0-9a-f-]{36}")


def admitted(packed: bytes) -> bytes | None:
    """What of a page's message may go through; None if nothing."""
    if len(packed) > MOST_BYTES:
        return None
    message = BackMsg()
    try:
        message.ParseFromString(packed)
    except Exception:  # protobuf's own: that is Streamlit's library, not ours
        return None
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        request = message.backend_operation_request
        known = request.WhichOneof("payload") in REQUESTS
        named = REQUEST.fullmatch(request.request_id) and SESSION.fullmatch(request.session_id)
        return packed if known and named else None
    if kind not in KINDS:
        return None
    if kind == "file_urls_request" and len(message.file_urls_request.file_names) > MOST_FILES:
        return None
    if kind == "rerun_script":
        state = message.rerun_script
        if not (DIGEST.fullmatch(state.fragment_id) and DIGEST.fullmatch(state.page_script_hash)):
            return None
        if _tidied(state):
            return message.SerializeToString()
    return packed


def _tidied(state: ClientState) -> bool:
    """Take out what no page sends; whether there was anything."""
    query = "&".join(state.query_string[:MOST_ADDRESS].split("&")[:MOST_PARAMETERS])
    widgets = state.widget_states.widgets
    possible = [one for one in widgets[:MOST_WIDGETS] if is_possible(one)]
    if len(possible) == len(widgets) and query == state.query_string:
        return False
    state.query_string = query
    del widgets[:]
    widgets.extend(possible)
    return True


class Border:
    """What stands before the app: nothing but the messages of a page reaches Streamlit.

    Parameters
    ----------
    app : ASGI application
        What stands behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def receive_admitted() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if packed := admitted(message.get("bytes") or b""):
                    return {**message, "bytes": packed}

        await self._app(scope, receive_admitted, send)
