"""What names a picture stays short, however much decides it, and is found once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from node import unpack
from streamlit.testing.v1 import AppTest

from nnviz.approximation.holding import Criterion
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import Parameters
from nnviz.player.messages.article import term_figure
from nnviz.player.messages.compare import compare_message
from nnviz.player.wire import without_head
from nnviz.runs.config import Config
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.ui.shared.approximation import ApproximationView, train_and_pack
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.views.differences import run_id

LONGEST = 200

DRAWN = RunSpec("digits", (), Config(hidden_units=128, epochs=2))


def edited(nudge: float = 0.0) -> StartingParameters:
    """Parameters of the largest network on digits, as a visitor may have edited them."""
    rng = np.random.default_rng(1)
    shapes = ((128, 64), (128, 1), (10, 128), (10, 1))
    arrays = [rng.random(shape) - 0.5 for shape in shapes]
    arrays[0][3, 5] += nudge
    return StartingParameters.of(Parameters(*arrays), "epoch 20 with 1 parameter edited")


def all_sent(page: str, spec: RunSpec, **state: Any) -> list[Any]:
    """What a page sends its players that is drawn alone, with this in the session."""
    script = AppTest.from_string(
        f"import streamlit as st\nfrom nnviz.ui.views.{page} import {page}_page\n"
        f"{page}_page(st.session_state['spec'], {{'train': None}})",
        default_timeout=60,
    )
    for key, value in {"spec": spec, **state}.items():
        script.session_state[key] = value
    script.run()
    assert not script.exception, script.exception
    return [unpack(without_head(one.proto.bytes)) for one in script.get("bidi_component")]


def sent(page: str, spec: RunSpec, **state: Any) -> Any:
    """The last of it: on the Step page, the matrices."""
    return all_sent(page, spec, **state)[-1]


def messages(spec: RunSpec) -> dict[str, Any]:
    """What every page sends of a run."""
    store = RunStore()
    view = ApproximationView(spec, "matched", Criterion())
    together = {"1": spec, "2": DRAWN}
    return {
        "train": unpack(store.message(spec, 10)[1]),
        "approximation": unpack(train_and_pack(store, view, 10)),
        "compare": unpack(
            compare_message(
                {n: store.recording(s, 10) for n, s in together.items()}, run_id(together)
            )
        ),
        **dict(zip(("network", "step"), all_sent("step", spec), strict=True)),
        "explore": sent("explore", spec),
        "learn": unpack(term_figure(store.recording(spec, 10), spec.run_id)),
    }


@pytest.fixture(scope="module")
def from_edited() -> dict[str, Any]:
    return messages(replace(DRAWN, start=edited()))


def test_what_names_a_picture_is_short(from_edited: dict[str, Any]) -> None:
    for page, message in from_edited.items():
        for name in ("run", "version"):
            length = len(message[name])
            assert length <= LONGEST, f"{name} of {page}: {length:,} characters"


def test_the_smallest_edit_is_another_version(from_edited: dict[str, Any]) -> None:
    others = messages(replace(DRAWN, start=edited(nudge=1e-15)))
    for page, message in from_edited.items():
        if page != "explore":  # whose runs start where their seeds draw
            assert message["version"] != others[page]["version"], page


def test_another_rate_of_one_step_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_kwargs: None)  # one page alone
    rate = f"rate {DRAWN.run_id} {DRAWN.config.epochs}"
    versions = {
        sent("step", DRAWN, stage="update", at=DRAWN.config.epochs, **{rate: value})["version"]
        for value in (0.1, 0.2, 0.3)
    }
    assert len(versions) == 3, "the parameters after the step are others"


def test_megabytes_are_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []

    def counting(data: bytes = b"") -> Any:
        hashed.append(len(data))
        return hashlib.sha256(data)

    monkeypatch.setattr("nnviz.runs.spec.hashlib", SimpleNamespace(sha256=counting))
    start, store = edited(), RunStore()
    for rule in GRADIENT_RULES:
        config = replace(DRAWN.config, gradient=rule)
        for _ in range(5):
            spec = replace(DRAWN, config=config, start=start)
            store.message(spec, seconds=10)
            assert len(spec.run_id) <= LONGEST
    assert len(start.numbers) <= sum(hashed) < 2 * len(start.numbers)


def test_starts_are_equal_if_all_their_numbers_are() -> None:
    assert edited() == edited()
    assert hash(edited()) == hash(edited())
    assert edited() != edited(nudge=1e-15)
    flat = replace(edited(), shapes=((64, 128), (128, 1), (10, 128), (10, 1)))
    assert flat != edited(), "the same numbers in other shapes"
