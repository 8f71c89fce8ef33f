"""Ways from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from nnviz.checks import value_text
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.standing import criterion
from nnviz.ui.controls.translation import values_of
from nnviz.ui.presets import LINKED
from nnviz.ui.shown_epoch import END, settle
from nnviz.ui.state import LEFT_WALL, OPENED


def preset_link(name: str, title: str, pages: dict[str, Any]) -> None:
    """Draw a link to what a preset opens."""
    page = LINKED[name].page
    st.page_link(pages[page], label=title, query_params={"preset": name})


@dataclass(frozen=True)
class LeftWall:
    """A grid that the visitor opened a run of.

    Attributes
    ----------
    spec : RunSpec
        The run.
    address : mapping of str to str or list of str
        What the address of the grid said.
    """

    spec: RunSpec
    address: Mapping[str, str | list[str]]


def back_to_wall(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw a link back to the grid that this run was opened from, if it was."""
    left: LeftWall | None = st.session_state.get(LEFT_WALL)
    if left is not None and left.spec == spec:
        st.page_link(
            pages["explore"],
            label="Back to the wall",
            icon=":material/arrow_back:",
            query_params=left.address,
        )


def open_run(values: Mapping[str, Any], epoch: int, pages: dict[str, Any]) -> NoReturn:
    """Go to the Train page, with the controls at these values, and to an epoch of that run.

    They are put there by `nnviz.ui.address` when that page comes: here they are drawn already.
    (Without a parameter of its own, `st.switch_page` would want to empty an address that widgets
    are bound to, and raise.)
    """
    st.session_state[OPENED] = values
    settle(epoch, at_end=epoch == END)
    st.switch_page(pages["train"], query_params={"open": "chosen"})


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
