"""The Approximation page: where the error term may be neglected, and what that costs."""

from __future__ import annotations

import streamlit as st

from nnviz.ui.comparing import Compared, compared_message
from nnviz.ui.controls import selectbox, slider
from nnviz.ui.player import is_stopped, player, seconds_to_train
from nnviz.ui.runs import RUNS, Settings
from nnviz.ui.state import COMPARISON


def approximation_page(settings: Settings) -> None:
    """Draw the page."""
    left, middle, _ = st.columns([2, 2, 3])
    step_length = selectbox("step_length", left)
    tolerance = slider("tolerance", middle)
    _panel(Compared(settings, step_length, tolerance))


@st.fragment
def _panel(compared: Compared) -> None:
    """Show the runs; on its own when the player asks for more of them."""
    run_id = compared.run_id
    seconds = seconds_to_train(run_id, COMPARISON) / 3  # for each of the three
    player(compared_message(RUNS, compared, seconds, is_stopped(run_id)), key=COMPARISON)
