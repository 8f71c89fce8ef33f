"""What Python packs, beside the types that the player is checked with."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from node import STATIC, unpack
from test_versions import messages

from nnviz.data.datasets import load_dataset
from nnviz.player.measuring import Measuring
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.runs.spec import RunSpec
from nnviz.ui import component

PROTOCOL = (STATIC / "protocol.js").read_text(encoding="utf-8")

TYPEDEF = re.compile(r"/\*\*\n(?:(?!\*/).)*?@typedef \{object\} (\w+)\n.*?\*/", re.S)
PROPERTY = re.compile(r"(?m)^ \* @property \{(.+)\} ([\w\[\]]+)(?:  |$)")

TYPES = {
    typedef[1]: {
        name.strip("[]"): (kind, name.startswith("["))
        for kind, name in PROPERTY.findall(typedef[0])
    }
    for typedef in TYPEDEF.finditer(PROTOCOL)
}
"""Of each type its properties: the type of each, and whether it may be missing."""

PLAIN: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "Shaped": np.ndarray,
    "Attributes": dict,
}


def wrong(value: Any, kind: str, at: str) -> list[str]:
    """Where a value is not of a type."""
    options = re.split(r" \| (?![^(]*\))", kind)
    if len(options) > 1:
        return [] if any(not wrong(value, one, at) for one in options) else [f"{at}: {kind}"]
    if kind.startswith('"'):
        return [] if value == kind.strip('"') else [at]
    if kind in PLAIN:
        is_other = kind == "number" and isinstance(value, bool)
        return [] if isinstance(value, PLAIN[kind]) and not is_other else [f"{at}: {kind}"]
    if kind.endswith("[]"):
        if not isinstance(value, list):
            return [f"{at}: {kind}"]
        inner = kind.removesuffix("[]").removeprefix("(").removesuffix(")")
        return [said for i, one in enumerate(value) for said in wrong(one, inner, f"{at}.{i}")]
    if kind.startswith("["):
        pairs = zip(value, kind.strip("[]").split(", "), strict=True)
        return [said for i, (one, its) in enumerate(pairs) for said in wrong(one, its, f"{at}.{i}")]
    if of := re.fullmatch(r"Record<string, (\w+)>", kind):
        return [said for key, one in value.items() for said in wrong(one, of[1], f"{at}.{key}")]
    properties = TYPES[kind]
    unknown = [f"{at}.{key} is not in {kind}" for key in value if key not in properties]
    missing = [
        f"{at}.{key} is missing"
        for key, (_, optional) in properties.items()
        if key not in value and not optional
    ]
    inside = [
        said
        for key, (its, _) in properties.items()
        if key in value
        for said in wrong(value[key], its, f"{at}.{key}")
    ]
    return unknown + missing + inside


@pytest.fixture(scope="module")
def sent() -> dict[str, Any]:
    """A message of every kind, read by the player's decoder."""
    return messages(RunSpec("iris", (), Config(epochs=20, hidden_units=3)))


def test_types_are_found() -> None:
    assert {"Message", "Picture", "Update", "Measured", "ClaimOfRun", "Host", "Head"} <= set(TYPES)
    assert all(TYPES.values())
    assert TYPES["Update"]["lookup"] == ("(string | boolean)[] | null", False)
    assert TYPES["Message"]["claim"] == ("ClaimOfRun", True)


def test_what_is_wrong_is_seen() -> None:
    mark = {"label": "a", "colour": "red", "shape": "line"}
    assert wrong(mark, "Mark", "m") == []
    assert wrong({**mark, "shape": "star"}, "Mark", "m")
    assert wrong({**mark, "other": 1}, "Mark", "m") == ["m.other is not in Mark"]
    assert wrong({"label": "a", "colour": 3}, "Mark", "m") == [
        "m.shape is missing",
        "m.colour: string",
    ]
    assert wrong([[1, "a"], [2, 3]], "[number, string][]", "r") == ["r.1.1: string"]
    assert wrong({"a": [1]}, "Record<string, Shaped>", "r") == ["r.a: Shaped"]


@pytest.mark.parametrize("page", ["train", "approximation", "compare", "step", "explore", "learn"])
def test_messages_are_of_their_type(page: str, sent: dict[str, Any]) -> None:
    assert wrong(sent[page], "Message", page) == []


def test_what_is_measured_is_of_its_type() -> None:
    run = train(Config(epochs=20, hidden_units=3), load_dataset("iris"))
    measuring = Measuring(run)
    for complete in (False, True):
        measured = unpack(measuring.packed("id", complete))
        assert wrong(measured, "Measured", "measured") == []
        measuring.go_on(run, 60)


def test_no_field_is_without_use(sent: dict[str, Any]) -> None:
    """What may be missing is there on the pages that the types name, and nowhere else."""
    pages = {
        "claim": {"train", "approximation"},
        "measured": {"approximation"},
        "columns": {"compare"},
        "still": {"network", "step"},
        "figure": {"learn"},
        "wall": {"explore"},
    }
    assert pages == {
        key: {page for page, message in sent.items() if key in message}
        for key, (_, optional) in TYPES["Message"].items()
        if optional
    }


def test_what_the_player_tells_is_listened_to() -> None:
    told = {name for name, (kind, _) in TYPES["Host"].items() if "=>" in kind}
    mount = (STATIC / "mount.js").read_text(encoding="utf-8")
    assert set(re.findall(r'set(?:State|Trigger)Value\("(\w+)"', mount)) == told
    with open(component.__file__, encoding="utf-8") as file:
        assert set(re.findall(r"on_(\w+)_change=", file.read())) == told
