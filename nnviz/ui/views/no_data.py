"""What stands in the pictures' place where own data are asked for, and there are none."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnviz.ui.state import OWN_DATA


def no_data(pages: dict[str, Any]) -> None:
    """Say that there is nothing to draw, why, and what to do."""
    if OWN_DATA in st.session_state:
        why = "the table on the Data page cannot be trained on as it stands there"
    else:
        why = "this session has none: they are forgotten when the page is reloaded"
    with st.container(border=True):
        st.markdown(
            f"**No data, no pictures.** The data set is *own*, your own data, but {why}. Bring a "
            "table, or choose another data set in the sidebar."
        )
        st.page_link(pages["data"], label="To the Data page", icon=":material/table:")
