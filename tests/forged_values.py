"""What a hostile page may send: values of every kind for every widget, and what is no message."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from nnviz.ui.widget_states import kind_of

STATES = ("epoch", "threshold")
EVENTS = ("more", "stop", "resume", "point", "cell", "check", "step", "go")
"""What the player, and the tour's bar, report: kept, and told once."""

FIELDS = ("run", "epoch", "end", "point", "picture", "row", "column", "x", "__class__", "value")

NUMBERS = (
    0, 1, -1, 2, 99, 100, 101, 10**6, 10**9, -(10**9), 2**31, 2**53, 2**63 - 1, -(2**63), 2**64,
    10**40, 10**400, 0.5, -0.5, 1e-320, 1e24, 1e300, -1e300, float("nan"), float("inf"),
    float("-inf"), True, False,
)  # fmt: skip

TEXTS = (
    "", " ", "0", "-1", "1e2", "nan", "inf", "null", "true", "spiral", "own", "nonsense", "\0",
    "\n", "\r\n", "'\"`\\", "<a href=x>", "https://a.example.invalid", "١٢", "ﬀ", "é\u0301",
    "🦜" * 40, "x" * 5_000, "../../etc/passwd", "%s%n", "${x}", "{0}", "__events", "$$ID-x-y",
)  # fmt: skip

PLACES = ("0", "1", "5", "11", "12", "1000000000", "-1", "1e2", "x", "", "9" * 5_000, "_index")
"""Rows and columns that a table's edits may name."""


def junk(rng: random.Random, depth: int = 0) -> Any:
    """Anything that JSON can say."""
    what = rng.random()
    if what < 0.4 or depth > 3:
        return rng.choice(NUMBERS)
    if what < 0.6:
        return rng.choice(TEXTS)
    if what < 0.7:
        return None
    if what < 0.85:
        return [junk(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(FIELDS): junk(rng, depth + 1) for _ in range(rng.randrange(4))}


def report(rng: random.Random, run: str) -> Any:
    """What may stand where the player reports something of its run, or something like it."""
    if rng.random() < 0.3:
        told = {"run": run, "epoch": rng.choice((0, 5, 99, 10**5, 10**9)), "point": 3, "end": True}
        left = rng.choice((("run", "epoch", "end"), ("run", "epoch", "point"), ("run", "epoch")))
        return {key: told[key] for key in left}
    what = rng.random()
    if what < 0.2:
        return junk(rng)
    if what < 0.4:
        return rng.choice((run, run + "x", run[:-1], ""))
    if what < 0.5:  # a step of the tour
        return rng.choice((0, 1, 3, 8, 9, 40, 41, -1))
    told = {
        "run": rng.choice((run, "nonsense", junk(rng))),
        "epoch": rng.choice((0, 5, 10**9, junk(rng))),
        "end": rng.choice((True, False, junk(rng))),
        "point": rng.choice((0, 3, 10**9, -1, junk(rng))),
    }
    if rng.random() < 0.3:
        told = {
            "run": told["run"],
            "picture": rng.choice(("Z1", "path", "W2 after", "nonsense", junk(rng))),
            "row": rng.choice((0, 3, 10**9, -1, junk(rng))),
            "column": rng.choice((0, 3, 10**5, 10**9, -1, junk(rng))),
        }
    if rng.random() < 0.3:
        del told[rng.choice(list(told))]
    if rng.random() < 0.2:
        told[rng.choice(FIELDS)] = junk(rng)
    return told


def as_json(rng: random.Random, value: Any) -> str:
    """A value as JSON; now and then as text that is none, is cut short, or is nested deep."""
    what = rng.random()
    text = json.dumps(value)
    if what < 0.06:
        return text[: rng.randrange(len(text))]
    if what < 0.12:
        deep = rng.choice((30, 2_000, 50_000))
        return "[" * deep + "]" * deep
    return '{"epoch":' * 40_000 + "0" + "}" * 40_000 if what < 0.14 else text


def edits(rng: random.Random) -> Any:
    """What may stand where a table's editor reports its changes."""
    if rng.random() < 0.2:
        return junk(rng)

    def cells() -> Any:
        if rng.random() < 0.2:
            return junk(rng)
        return {rng.choice(PLACES): junk(rng) for _ in range(rng.randrange(3))}

    changed = {rng.choice(PLACES): cells() for _ in range(rng.randrange(3))}
    added = [cells() for _ in range(rng.randrange(3))]
    deleted = [rng.choice((0, 1, 10**9, -1, 0.5, junk(rng))) for _ in range(rng.randrange(3))]
    told = {"edited_rows": changed, "added_rows": added, "deleted_rows": deleted}
    if rng.random() < 0.3:
        told[rng.choice(list(told))] = junk(rng)
    return told


FIELDS_OF_STATES = (
    "trigger_value", "bool_value", "double_value", "int_value", "string_value",
    "double_array_value", "int_array_value", "string_array_value", "json_value",
    "json_trigger_value", "bytes_value", "arrow_value", "file_uploader_state_value",
    "string_trigger_value", "chat_input_value",
)  # fmt: skip


def forged_state(rng: random.Random, name: str, run: str = "") -> WidgetState:
    """A state that a widget cannot have, or hardly; every other of the kind that it has."""
    state = WidgetState(id=name)
    kind = kind_of(name)
    field = kind.field if kind and rng.random() < 0.5 else rng.choice(FIELDS_OF_STATES)
    number, text = rng.choice(NUMBERS), rng.choice(TEXTS)
    whole = (
        int(number) if isinstance(number, int) and abs(number) < 2**63 else rng.randrange(-9, 10**6)
    )
    real = float(number) if abs(number) < 10**300 or isinstance(number, float) else 1e308
    events = [
        {"event": rng.choice((*EVENTS, *STATES, "x", junk(rng))), "value": report(rng, run)}
        for _ in range(rng.randrange(1, 3))
    ]
    match field:
        case "trigger_value" | "bool_value":
            setattr(state, field, rng.random() < 0.5)
        case "double_value":
            state.double_value = real
        case "int_value":
            state.int_value = whole
        case "string_value":
            state.string_value = rng.choice((text, as_json(rng, edits(rng))))
        case "double_array_value":
            state.double_array_value.data.extend([real] * rng.choice((0, 1, 1, 1, 2, 1_000)))
        case "int_array_value":
            state.int_array_value.data.extend([whole] * rng.choice((0, 1, 2)))
        case "string_array_value":
            state.string_array_value.data.extend([text] * rng.choice((0, 1, 1, 2, 300)))
        case "json_value" if rng.random() < 0.5:
            told = {key: report(rng, run) for key in STATES if rng.random() < 0.7}
            state.json_value = as_json(rng, rng.choice((told, told, told, junk(rng))))
        case "json_value" | "json_trigger_value":
            state.json_trigger_value = as_json(rng, rng.choice((events, events, junk(rng))))
            if rng.random() < 0.8:
                state.id = f"$$STREAMLIT_INTERNAL_KEY_{name}__events"
        case "file_uploader_state_value":
            file = state.file_uploader_state_value.uploaded_file_info.add()
            file.file_id, file.name, file.size = text, text, abs(whole) % 2**31
        case "bytes_value":
            state.bytes_value = text.encode()
        case "arrow_value":
            state.arrow_value.data = text.encode()
        case _:
            getattr(state, field).data = text
    return state


def forged_name(rng: random.Random, names: Sequence[str]) -> str:
    """A widget's name; most often one that there is."""
    if rng.random() < 0.9 and names:
        return rng.choice(names)
    made = ("$$ID-0-seed", "$$ID-0-None", "train", "own_data", "shown_epoch", "$$ID", "")
    return rng.choice((*made, *TEXTS))


def forge(rng: random.Random, message: BackMsg, names: Sequence[str], run: str) -> None:
    """Put something forged into a page's message that has the script run."""
    state = message.rerun_script
    what = rng.random()
    if what < 0.85:
        new = forged_state(rng, forged_name(rng, names), run)
        kept = [one for one in state.widget_states.widgets if one.id != new.id]
        del state.widget_states.widgets[:]
        state.widget_states.widgets.extend([*kept, new])
    elif what < 0.88:
        state.query_string = rng.choice((*TEXTS, "x=1&" * 999, "a" * 600_000, "&" * 20_000))
    elif what < 0.91:
        state.page_script_hash = rng.choice(TEXTS)
        state.page_name = rng.choice(TEXTS)
    elif what < 0.94:
        state.fragment_id = rng.choice(TEXTS)
    elif what < 0.97:
        state.cached_message_hashes.extend([rng.choice(TEXTS)] * rng.choice((1, 5_000)))
    else:
        state.context_info.url = rng.choice(TEXTS)
        state.context_info.timezone = rng.choice(TEXTS)
        state.context_info.locale = rng.choice(TEXTS)
        state.context_info.timezone_offset = rng.choice((0, 2**31 - 1, -(2**31)))


def forged_frame(rng: random.Random) -> bytes | str:
    """What is no message of a page's, or of another kind than a page ever sends."""
    message = BackMsg()
    match rng.randrange(10):
        case 0:
            return rng.choice(TEXTS)  # as text
        case 1:
            return rng.randbytes(rng.choice((0, 1, 20, 5_000)))
        case 2:
            return b"\x5a\xff\xff\xff\xff\x0f" + bytes(9)
        case 3:
            message.clear_cache = True
        case 4:
            message.set_run_on_save = True
        case 5:
            message.load_git_info = True
        case 6:
            message.debug_shutdown_runtime = True
        case 7:
            message.file_urls_request.request_id = rng.choice(TEXTS)
            message.file_urls_request.file_names.extend([rng.choice(TEXTS)] * 3)
        case 8:
            request = message.backend_operation_request
            request.request_id = request.session_id = rng.choice(TEXTS)
            match rng.randrange(4):
                case 0:
                    request.deferred_file.file_id = rng.choice(TEXTS)
                case 1:
                    request.dataframe_chunk.source_id = rng.choice(TEXTS)
                    request.dataframe_chunk.limit = 2**31 - 1
                case 2:
                    request.install_skills.SetInParent()
                case 3:
                    request.dismiss_skills_nudge.SetInParent()
        case 9:
            message.debug_disconnect_websocket = True
    return message.SerializeToString()
