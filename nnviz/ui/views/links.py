"""Links from page to page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnviz.ui.presets import LINKED


def preset_link(name: str, title: str, pages: dict[str, Any]) -> None:
    """Draw a link to what a preset opens."""
    page = LINKED[name].page
    st.page_link(pages[page], label=title, query_params={"preset": name})
