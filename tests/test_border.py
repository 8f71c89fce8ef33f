"""What a page sends is looked at before Streamlit takes it; what no page sends does nothing."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest
from aside import run_aside
from forged_values import forged_frame, forged_state
from hypothesis import given
from hypothesis import strategies as st
from serving import App
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.forged_values import Found, forge_values
from benchmarks.visitors import PAGES, Visitor
from nnviz.checks import value_text
from nnviz.ui.border import MOST_BYTES, MOST_FILES, MOST_WIDGETS, admitted
from nnviz.ui.controls.catalogue import CONTROLS, COUNTED
from nnviz.ui.editing import fits, with_many_rows
from nnviz.ui.reported import EVENTS, STATES, Report, are_events, is_state, reported
from nnviz.ui.widget_states import KINDS, are_edits, is_possible, kind_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["run", "epoch", "end", "point", "x"]), inner)
    ),
    max_leaves=8,
)
SETTLED = {"run": "abc", "epoch": 3, "end": False}
DIGEST = "0" * 32


def name(key: str) -> str:
    return f"$$ID-{DIGEST}-{key}"


@pytest.mark.parametrize(
    ("told", "of", "report"),
    [
        ({"epoch": SETTLED}, "epoch", Report("abc", 3)),
        ({"epoch": {**SETTLED, "end": True}}, "epoch", Report("abc", 3, end=True)),
        ({"threshold": 0.85}, "threshold", Report(threshold=0.85)),
        ({"threshold": 1}, "threshold", Report(threshold=1.0)),
        ({"more": "abc"}, "more", Report("abc")),
        ({"point": {"run": "abc", "epoch": 0, "point": 7}}, "point", Report("abc", 0, point=7)),
        (
            {"cell": {"run": "abc", "picture": "Z1", "row": 2, "column": 7}},
            "cell",
            Report("abc", picture="Z1", row=2, column=7),
        ),
        ({"check": {"run": "abc", "epoch": 9}}, "check", Report("abc", 9)),
        (None, "more", None),
        ({}, "more", None),
        ([], "epoch", None),
        ({"more": None}, "more", None),
        ({"more": ["abc"]}, "more", None),
        ({"more": "a" * 1000}, "more", None),
        ({"epoch": {**SETTLED, "epoch": True}}, "epoch", None),
        ({"epoch": {**SETTLED, "epoch": -1}}, "epoch", None),
        ({"epoch": {**SETTLED, "epoch": 3.5}}, "epoch", None),
        ({"epoch": {**SETTLED, "epoch": 10**40}}, "epoch", None),
        ({"epoch": {**SETTLED, "epoch": "3"}}, "epoch", None),
        ({"epoch": {**SETTLED, "end": 1}}, "epoch", None),
        ({"epoch": {**SETTLED, "more": 1}}, "epoch", None),
        ({"epoch": {"run": "abc", "epoch": 3}}, "epoch", None),
        ({"threshold": float("nan")}, "threshold", None),
        ({"threshold": float("inf")}, "threshold", None),
        ({"threshold": "0.8"}, "threshold", None),
        ({"threshold": 10**400}, "threshold", None),
        ({"point": {"run": "abc", "epoch": 0, "point": 10**9}}, "point", None),
        ({"cell": {"run": "abc", "picture": "Z1", "row": -1, "column": 7}}, "cell", None),
        ({"cell": {"run": "abc", "picture": "Z" * 99, "row": 2, "column": 7}}, "cell", None),
        ({"cell": {"run": "abc", "picture": 1, "row": 2, "column": 7}}, "cell", None),
        ({"cell": {"run": "abc", "picture": "Z1", "row": 2, "column": 10**9}}, "cell", None),
        ({"cell": {"run": "abc", "picture": "Z1", "row": 2}}, "cell", None),
    ],
)
def test_a_report_is_what_the_player_can_report_or_nothing(
    told: Any, of: str, report: Report | None
) -> None:
    assert reported(told, of) == report


@given(JSON, st.sampled_from([*STATES, *EVENTS]))
def test_whatever_stands_for_a_report_is_one_or_nothing(value: Any, of: str) -> None:
    for told in (value, {of: value}):
        found = reported(told, of)
        assert found is None or found.epoch >= 0


@given(JSON | st.text(), st.sampled_from([*STATES, *EVENTS]))
def test_the_border_lets_through_just_what_is_a_report(value: Any, of: str) -> None:
    is_one = reported({of: value}, of) is not None
    assert is_state(json.dumps({of: value})) == (is_one and of in STATES)
    assert are_events(json.dumps([{"event": of, "value": value}])) == (is_one and of in EVENTS)


@pytest.mark.parametrize("text", ["", "[", "[" * 3000, "null", "3", "{}" * 2, " " * 5000 + "{}"])
def test_what_is_no_json_or_too_long_is_no_report(text: str) -> None:
    assert not is_state(text)
    assert not are_events(text)


def test_every_control_may_say_what_its_address_may() -> None:
    for key, control in CONTROLS.items():
        values = control.options or (control.low, control.high, control.default)
        for value in values:
            assert is_possible(control_state(key, value)), f"{key}={value!r}"


@pytest.mark.parametrize("key", CONTROLS)
def test_no_control_may_say_anything_else(key: str) -> None:
    rng = random.Random(key)
    for _ in range(400):
        state = forged_state(rng, name(key))
        if state.id != name(key) or not is_possible(state) or state.WhichOneof("value") is None:
            continue
        value = getattr(state, str(state.WhichOneof("value")))
        for one in value.data if hasattr(value, "data") else [value]:
            CONTROLS[key].check(key, value_text(one))


def control_state(key: str, value: Any) -> WidgetState:
    """What a page sends when a control is moved there."""
    if key in COUNTED:  # from 1 on screen
        return WidgetState(id=name(f"{key}_from_1"), int_value=int(value) + 1)
    state = WidgetState(id=name(key))
    field = KINDS[key].field
    if field.endswith("array_value"):
        number = field == "double_array_value"
        getattr(state, field).data.append(float(value) if number else value_text(value))
    else:
        setattr(state, field, int(value) if field == "int_value" else value)
    return state


@pytest.mark.parametrize(
    "name",
    [
        "",
        "seed",
        "own_data",
        "$$ID",
        "$$ID-0-seed",
        name("nonsense"),
        f"$$STREAMLIT_INTERNAL_KEY_{name('seed')}__events",
    ],
)
def test_what_is_no_widget_has_no_state(name: str) -> None:
    assert kind_of(name) is None
    assert not is_possible(WidgetState(id=name))


@pytest.mark.parametrize(
    ("text", "are"),
    [
        ('{"edited_rows": {"3": {"1": "x"}}, "added_rows": [{}], "deleted_rows": [0]}', True),
        ("{}", True),
        ("[]", False),
        ('{"edited_rows": {"1e5": {}}}', False),
        ('{"edited_rows": {"-1": {}}}', False),
        ('{"edited_rows": {"1": []}}', False),
        ('{"edited_rows": []}', False),
        (json.dumps({"edited_rows": {"9" * 5000: {}}}), False),
        ('{"added_rows": {}}', False),
        ('{"added_rows": [3]}', False),
        ('{"added_rows": null}', False),
        ('{"deleted_rows": [0.5]}', False),
        ('{"deleted_rows": [true]}', False),
        (json.dumps({"added_rows": [{}] * 3000}), False),
    ],
)
def test_changes_to_a_table_have_their_form(text: str, are: bool) -> None:
    assert are_edits(text) == are


@pytest.mark.parametrize(
    ("changes", "do"),
    [
        ({}, True),
        ({"edited_rows": {2: {"0": 1.5, "1": "x"}}}, True),
        ({"edited_rows": {2: {"0": None, "1": None}}}, True),
        ({"edited_rows": {3: {"0": 1.5}}}, False),
        ({"edited_rows": {0: {"2": 1.5}}}, False),
        ({"edited_rows": {0: {"_index": 1}}}, False),
        ({"edited_rows": {0: {"0": "1.5"}}}, False),
        ({"edited_rows": {0: {"0": True}}}, False),
        ({"edited_rows": {0: {"0": float("nan")}}}, False),
        ({"edited_rows": {0: {"0": 10**400}}}, False),
        ({"edited_rows": {0: {"1": 3}}}, False),
        ({"edited_rows": {0: {"1": "x" * 2000}}}, False),
        ({"added_rows": [{"_index": 9, "0": 2}]}, True),
        ({"added_rows": [{"x": 2}]}, False),
        ({"deleted_rows": [0, 2]}, True),
        ({"deleted_rows": [3]}, False),
        ({"deleted_rows": [-1]}, False),
    ],
)
def test_changes_that_a_table_cannot_have_do_not_fit(changes: dict[str, Any], do: bool) -> None:
    frame = pd.DataFrame({"0": [1.0, 2.0, 3.0], "1": pd.Series(list("abc"), dtype="string")})
    assert fits(changes, frame, grows=True) == do
    several = bool(changes.get("added_rows") or changes.get("deleted_rows"))
    assert fits(changes, frame, grows=False) == (do and not several)


def test_many_added_rows_are_not_left_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take a second for 500 rows of three cells, and more with every column."""
    frame = pd.DataFrame({"0": ["a", "b"], "1": ["c", "d"]}, dtype="string")
    changes = {
        "edited_rows": {1: {"0": "x", "1": None}},
        "deleted_rows": [0],
        "added_rows": [{"_index": 3, "1": "y"}] * 10,
    }
    state = {"few": changes, "many": {**changes, "added_rows": [{"1": "y"}] * 500}}
    state["wrong"] = {**state["many"], "deleted_rows": [9]}
    monkeypatch.setattr("streamlit.session_state", state)
    assert with_many_rows(frame, "none") is None
    assert with_many_rows(frame, "few") is None
    assert with_many_rows(frame, "wrong") is None
    assert with_many_rows(frame, "many") == [["x", ""], *[["", "y"]] * 500]


def rerun(**fields: Any) -> BackMsg:
    message = BackMsg()
    for key, value in fields.items():
        setattr(message.rerun_script, key, value)
    message.rerun_script.widget_states.SetInParent()
    return message


def test_a_message_without_fault_goes_through_as_it_is() -> None:
    message = rerun(query_string="seed=3", page_script_hash=DIGEST, fragment_id=DIGEST)
    message.rerun_script.widget_states.widgets.append(control_state("seed", 3))
    assert admitted(message.SerializeToString()) == message.SerializeToString()


def test_of_a_message_only_what_is_possible_goes_through() -> None:
    message = rerun(query_string="x=1&" * 5_000 + "seed=3")
    widgets = message.rerun_script.widget_states.widgets
    widgets.extend([WidgetState(id=name("seed"), string_value="3"), control_state("seed", 4)])
    widgets.extend([control_state("seed", 5)] * 2 * MOST_WIDGETS)
    found = BackMsg.FromString(admitted(message.SerializeToString()) or b"")
    kept = found.rerun_script.widget_states.widgets
    assert [one.int_value for one in kept[:2]] == [4, 5]
    assert len(kept) < MOST_WIDGETS
    assert len(found.rerun_script.query_string) < 4_000


@pytest.mark.parametrize(
    "message",
    [
        rerun(fragment_id="nonsense\n"),
        rerun(page_script_hash="../x"),
        BackMsg(),
        BackMsg(clear_cache=True),
        BackMsg(load_git_info=True),
        BackMsg(set_run_on_save=True),
        BackMsg(debug_shutdown_runtime=True),
    ],
    ids=str,
)
def test_what_no_page_sends_does_not_go_through(message: BackMsg) -> None:
    assert admitted(message.SerializeToString()) is None


def test_a_message_that_is_none_or_too_large_does_not_go_through() -> None:
    assert admitted(b"\xff" * 10) is None
    assert admitted(rerun(query_string="x" * MOST_BYTES).SerializeToString()) is None


def test_a_message_asks_where_to_send_a_few_files_and_no_more() -> None:
    def asking(count: int) -> bytes:
        message = BackMsg()
        message.file_urls_request.file_names.extend(["a"] * count)
        return message.SerializeToString()

    assert admitted(asking(MOST_FILES)) == asking(MOST_FILES)
    assert admitted(asking(MOST_FILES + 1)) is None


def test_of_forged_frames_nothing_goes_through_but_what_a_page_could_send() -> None:
    rng = random.Random(0)
    for _ in range(500):
        frame = forged_frame(rng)
        if isinstance(frame, bytes) and (packed := admitted(frame)):
            assert BackMsg.FromString(packed).WhichOneof("type") == "file_urls_request"


def test_every_widget_of_every_page_is_known(app: str) -> None:
    """And forged values for all of them, on a running server, leave no trace in its log."""

    async def names() -> set[str]:
        one = Visitor(app.rstrip("/"), random.Random(0))
        await one.arrive()
        for page in PAGES:
            await one.visit(page)
        await one.leave()
        return one.names

    found = run_aside(names())
    assert {name for name in found if kind_of(name) is None} <= {
        name
        for name in found
        if name.endswith(("-progress", "-chosen")) or "-figure_" in name  # which only receive
    }
    keys = {name.split("-", 2)[2].split(" ")[0] for name in found}
    shown = {f"{key}_from_1" if key in COUNTED else key for key in CONTROLS}
    assert keys >= shown - {"triple", "third"} - {k for k in CONTROLS if k.startswith("try_")}


def test_forged_values_leave_no_trace_in_page_and_log(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    app, found = App(log), Found()
    try:
        app.start()
        begun = log.read_text(encoding="utf-8")
        run_aside(forge_values(app.address.rstrip("/"), 220, seed=17, found=found))
    finally:
        app.stop()
    said = log.read_text(encoding="utf-8").removeprefix(begun)
    assert found.sent == 220
    assert found.closed == 0, "a connection was lost"
    assert found.unanswered <= 2
    assert not found.wrong
    assert not re.findall(r"(?m)^\d{4}-.*|.*Traceback.*", said), said


@pytest.mark.parametrize("file", ["names.csv", "names.exe", "names", "a\0.csv"])
def test_a_file_of_any_name_is_answered(app: str, file: str) -> None:
    """Streamlit raises where it reads a page's widgets, if it is told which names there may be."""

    async def bring() -> tuple[str, ...]:
        one = Visitor(app.rstrip("/"), random.Random(0))
        await one.connect()
        await one.follow("data")
        await asyncio.to_thread(upload, app, one.session, file)
        message = one.request()
        (place,) = (name for name in one.names if name.endswith("-own_file"))
        state = message.rerun_script.widget_states.widgets.add(id=place)
        state.file_uploader_state_value.uploaded_file_info.add(file_id="0", name="x", size=9)
        answer = await one.answer(message)
        await one.leave()
        return answer.wrong

    assert run_aside(bring()) == ()


def upload(app: str, session: str, file: str) -> None:
    """Bring the server a table as a file."""
    parts = urlsplit(app)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", "/_stcore/health")
    asked = connection.getresponse()
    asked.read()
    token = re.findall(r"_streamlit_xsrf=([^;]+)", asked.getheader("set-cookie") or "")[0]
    lines = (
        "--b",
        f'Content-Disposition: form-data; name="file"; filename="{file}"',
        "Content-Type: text/csv",
        "",
        "a,b,kind\n1,2,x\n2,3,y\n3,1,x\n",
        "--b--",
        "",
    )
    connection.request(
        "PUT",
        f"/_stcore/upload_file/{session}/0",
        "\r\n".join(lines).encode(),
        {
            "Content-Type": "multipart/form-data; boundary=b",
            "X-Xsrftoken": token,
            "Cookie": f"_streamlit_xsrf={token}",
        },
    )
    assert connection.getresponse().status == 204
    connection.close()
