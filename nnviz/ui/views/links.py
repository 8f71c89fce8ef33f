"""Ways from page to page."""

from __future__ import annotations

from collections.abc import Mapping
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
from nnviz.ui.state import OPENED


def preset_link(name: str, title: str, pages: dict[str, Any]) -> None:
    """Draw a link to what a preset opens."""
    page = LINKED[name].page
    st.page_link(pages[page], label=title, query_params={"preset": name})


def open_run(values: Mapping[str, Any], pages: dict[str, Any]) -> NoReturn:
    """Go to the Train page, with the controls at these values, and to the end of that run.

    What the Explore page says of a run is of its end.

    They are put there by `nnviz.ui.address` when that page comes: here they are drawn already.
    (Without a parameter of its own, `st.switch_page` would want to empty an address that widgets
    are bound to, and raise.)
    """
    st.session_state[OPENED] = values
    settle(END, at_end=True)
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
