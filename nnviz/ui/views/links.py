"""Ways from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

from nnviz.ui.presets import LINKED
from nnviz.ui.state import OPENED


def preset_link(name: str, title: str, pages: dict[str, Any]) -> None:
    """Draw a link to what a preset opens."""
    page = LINKED[name].page
    st.page_link(pages[page], label=title, query_params={"preset": name})


def open_run(values: Mapping[str, Any], pages: dict[str, Any]) -> NoReturn:
    """Go to the Train page, with the controls at these values.

    They are put there by `nnviz.ui.address` when that page comes: here they are drawn already.
    (Without a parameter of its own, `st.switch_page` would want to empty an address that widgets
    are bound to, and raise.)
    """
    st.session_state[OPENED] = values
    st.switch_page(pages["train"], query_params={"open": "chosen"})
