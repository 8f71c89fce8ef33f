"""Ways from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from nnviz.checks import value_text
from nnviz.paper.network import forward
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.standing import criterion
from nnviz.ui.controls.translation import values_of
from nnviz.ui.presets import LINKED
from nnviz.ui.shared.parameters import parameters_in_turns
from nnviz.ui.shown_epoch import END, settle
from nnviz.ui.state import LEFT_WALL, OPENED
from nnviz.ui.tour.following import tour_in_use


def preset_link(name: str, title: str, pages: dict[str, Any]) -> None:
    """Draw a link to what a preset opens."""
    page = LINKED[name].page
    st.page_link(pages[page], label=title, query_params={"preset": name})


TAKES = ("a minute", "two minutes", "three minutes", "four minutes", "five minutes")
"""How long a tour takes, in words; a longer one has no estimate."""


def tour_link(pages: dict[str, Any]) -> None:
    """Draw a link to the tour: to its first step, on the page where that is."""
    steps = tour_in_use()[0].steps
    minutes = max(1, round(0.6 * len(steps)))
    said = [f"{len(steps)} step{'s' * (len(steps) > 1)}", *TAKES[minutes - 1 : minutes]]
    st.page_link(
        pages[steps[0].page],
        label=f"Take the tour ({', '.join(said)})",
        icon=":material/tour:",
        query_params={"tour": "1"},
    )


@dataclass(frozen=True)
class LeftWall:
    """A wall that the visitor opened a run of.

    Attributes
    ----------
    spec : RunSpec
        The run.
    values : mapping of str to value
        Where the controls stood, by their keys.
    """

    spec: RunSpec
    values: Mapping[str, Any]


def leave_wall(spec: RunSpec) -> None:
    """Note where the controls stand, for the way back from this run."""
    st.session_state[LEFT_WALL] = LeftWall(spec, _standing())


def _standing() -> dict[str, Any]:
    """Where the controls stand, by their keys."""
    return {key: st.session_state[key] for key in CONTROLS if key in st.session_state}


def back_to_wall(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw a button back to the wall that this run was opened from, if it was."""
    left: LeftWall | None = st.session_state.get(LEFT_WALL)
    if left is None or left.spec != spec:
        return
    if st.button("Back to the wall", icon=":material/arrow_back:"):
        _open(left.values, pages["explore"])


def open_grid(values: Mapping[str, Any], pages: dict[str, Any]) -> NoReturn:
    """Go to the Explore page, with some controls at these values and the others as they stand."""
    _open({**_standing(), **values}, pages["explore"])


def open_run(values: Mapping[str, Any], epoch: int, pages: dict[str, Any]) -> NoReturn:
    """Go to the Train page, with the controls at these values, and to an epoch of that run."""
    settle(epoch, at_end=epoch == END)
    _open(values, pages["train"])


def _open(values: Mapping[str, Any], page: Any) -> NoReturn:
    """Go to a page, with the controls at these values.

    They are put there by `nnviz.ui.address` when that page comes: here they are drawn already.
    (Without a parameter of its own, `st.switch_page` would want to empty an address that widgets
    are bound to, and raise.)
    """
    st.session_state[OPENED] = values
    st.switch_page(page, query_params={"open": "chosen"})


def open_step(run: Recording, sample: int, epoch: int, page: Any) -> NoReturn:
    """Go to the Step page: to an epoch of the same run, and the sample's most active unit there."""
    settle(epoch, at_end=epoch == run.last_epoch)
    column = run.dataset.X[:, sample : sample + 1]
    A1 = forward(parameters_in_turns(run, epoch), column).A1
    st.session_state["unit"] = int(A1.argmax())
    st.switch_page(page, query_params={"open": "chosen"})  # as in `_open`


def run_link(spec: RunSpec) -> None:
    """Show a link to a run, to be copied; or say that there is none."""
    if spec.own is not None or spec.start is not None:
        st.caption(
            "No link holds your own data or edited parameters: the recording does, and can be "
            "opened below."
        )
        return
    holds = criterion()
    says = {
        **values_of(spec),
        "threshold": holds.threshold,
        "horizon": str(holds.horizon),
    }
    moved = {
        key: value_text(value) for key, value in says.items() if value != CONTROLS[key].default
    }
    st.caption("A link to this run, with all its settings:")
    address = (st.context.url or "").rstrip("/") + "/"
    st.code("?".join(filter(None, (address, urlencode(moved)))), language=None)
