"""The Approximation page: where the error term may be neglected, and what that costs."""

from __future__ import annotations

import streamlit as st

from nnviz.ui.comparing import Compared, compared_message
from nnviz.ui.controls import selectbox, slider
from nnviz.ui.player import player
from nnviz.ui.runs import RUNS, Settings
from nnviz.ui.state import COMPARISON, STOPPED
from nnviz.ui.views.train import FIRST_SLICE, SLICE, note_epoch


def approximation_page(settings: Settings) -> None:
    """Draw the page."""
    left, middle, _ = st.columns([2, 2, 3])
    step_length = selectbox("step_length", left)
    tolerance = slider("tolerance", middle)
    _panel(Compared(settings, step_length, tolerance))


@st.fragment
def _panel(compared: Compared) -> None:
    """Show the runs; on its own when the player asks for more of them."""
    asked = st.session_state.get(COMPARISON, {}).get("more")
    stopped = st.session_state.get(STOPPED) == compared.run_id
    seconds = 0.0 if stopped else (SLICE if asked == compared.run_id else FIRST_SLICE) / 3
    player(
        compared_message(RUNS, compared, seconds, stopped),
        key=COMPARISON,
        on_epoch=lambda: note_epoch(COMPARISON),
        on_stop=_stop,
        on_resume=_resume,
    )


def _stop() -> None:
    st.session_state[STOPPED] = st.session_state[COMPARISON]["stop"]


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
