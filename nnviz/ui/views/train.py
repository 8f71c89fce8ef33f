"""The Train page: the player, showing the run that the controls ask for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nnviz.ui.message import message
from nnviz.ui.player import asked_sample, is_stopped, player, seconds_to_train
from nnviz.ui.private import runs_of
from nnviz.ui.runs import Settings
from nnviz.ui.state import PLAYER
from nnviz.ui.views.sample import open_sample
from nnviz.ui.views.take_home import take_home


def train_page(settings: Settings) -> None:
    """Draw the page."""
    _panel(settings)
    take_home(settings)


@st.fragment
def _panel(settings: Settings) -> None:
    """Show the run; on its own when the player asks for more of it."""
    run_id = settings.run_id
    run, packed = runs_of(settings).message(settings, seconds_to_train(run_id, PLAYER))
    if is_stopped(run_id) and run.status == "running":
        packed = message(replace(run, status="stopped"), run_id)
    player(packed, key=PLAYER)
    if asked := asked_sample(run_id, PLAYER):
        open_sample(run, *asked)
