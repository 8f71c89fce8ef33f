"""The Train page: the player, showing the run that the controls ask for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nnviz.ui.message import message
from nnviz.ui.player import player
from nnviz.ui.runs import RUNS, Settings
from nnviz.ui.state import PLAYER, SHOWN_EPOCH, STOPPED

FIRST_SLICE = 0.45
"""Seconds of training before a page is answered; a longer run grows on screen."""

SLICE = 0.5
"""Seconds of training at each later time that the player asks for more."""


@st.fragment
def train_page(settings: Settings) -> None:
    """Show the run; as a fragment, on its own when the player asks for more of it."""
    asked = st.session_state.get(PLAYER, {}).get("more")
    stopped = st.session_state.get(STOPPED) == settings.run_id
    seconds = 0.0 if stopped else SLICE if asked == settings.run_id else FIRST_SLICE
    run, packed = RUNS.message(settings, seconds)
    if stopped and run.status == "running":
        packed = message(replace(run, status="stopped"), settings.run_id)
    player(
        packed, key=PLAYER, on_epoch=lambda: note_epoch(PLAYER), on_stop=_stop, on_resume=_resume
    )


def note_epoch(key: str) -> None:
    """Keep the epoch that the visitor settled on in the player with this key, for other pages."""
    st.session_state[SHOWN_EPOCH] = dict(st.session_state[key]["epoch"])


def _stop() -> None:
    st.session_state[STOPPED] = st.session_state[PLAYER]["stop"]


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
