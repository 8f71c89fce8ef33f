"""Whatever an address says, it is checked, said in a few words, and harms nobody."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from aside import run_aside
from generated_addresses import KINDS, address
from serving import App

from benchmarks.generated_addresses import Found, open_addresses
from nnviz.ui.address import complaints


def test_addresses_of_every_kind_are_generated() -> None:
    """Most with something wrong, many with nothing, and all of them text that can be sent."""
    rng = random.Random(1)
    made = [address(rng) for _ in range(2_000)]
    assert Counter(made).most_common(1)[0][1] < 40, "they differ"
    faultless = sum(not complaints(asked(one)) for one in made)
    assert 0.1 < faultless / len(made) < 0.6
    assert max(map(len, made)) > 90_000
    for _, kind in KINDS:
        assert kind(rng).encode("utf-8")


def asked(one: str) -> dict[str, list[str]]:
    """What an address says, as Streamlit reads it."""
    query = one.partition("?")[2]
    return parse_qs(query, keep_blank_values=True, errors="replace")


@pytest.mark.parametrize("seed", range(4))
def test_what_is_wrong_is_said_and_the_rest_is_right(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(500):
        told = asked(address(rng))
        wrong = complaints(told)
        assert all(len(said) < 700 for said in wrong.values())
        twice = {key for key, said in wrong.items() if "more than once" in said}
        left = {key: values for key, values in told.items() if key not in wrong}
        left |= {key: sorted(set(told[key])) for key in twice}
        assert complaints(left) == {}, told


def test_addresses_leave_no_trace_in_page_and_log(tmp_path: Path) -> None:
    log, found = tmp_path / "server.log", Found()
    app = App(log)
    try:
        app.start()
        begun = log.read_text(encoding="utf-8")
        visits = open_addresses(app.address.rstrip("/"), 60, first=0.5, seed=3, found=found)
        run_aside(visits)
    finally:
        app.stop()
    said = log.read_text(encoding="utf-8").removeprefix(begun)
    assert len(found.slowest) == 60
    assert not found.wrong
    assert not re.findall(r"(?m)^\d{4}-.*|.*Traceback.*", said), said
