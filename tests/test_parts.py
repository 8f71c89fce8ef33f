"""Parts of a page that are drawn on their own follow the controls, which stand outside of them."""

from __future__ import annotations

import random

import pytest
from aside import run_aside

from benchmarks.visitors import Visitor


async def runs(app: str, page: str) -> tuple[str, str, str]:
    """The runs that a page's player shows: at first, when it asks once more, and with another seed.

    The new seed is sent as Streamlit's page sends it if a control is moved in the same moment: the
    message names the part with the player alone.
    """
    one = Visitor(app.rstrip("/"), random.Random(0))
    await one.arrive()
    if page != "train":
        await one.visit(page)
    first = one.header["run"]
    await one.look()
    again = one.header["run"]
    seed = one.name_of("seed")
    one.widgets[seed] = ("int_value", 7)
    answer = await one.look()
    await one.leave()
    assert not answer.wrong
    return first, again, one.header["run"]


@pytest.mark.parametrize("page", ["train", "approximation", "compare", "explore"])
def test_a_control_moved_while_the_player_asks_is_followed(app: str, page: str) -> None:
    first, again, moved = run_aside(runs(app, page))
    assert first == again
    assert moved != first
