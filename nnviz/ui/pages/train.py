"""The Train page: controls, and the player that shows the run they ask for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nnviz.datasets import DatasetError
from nnviz.ui.controls import check_address, controls, default_settings, markdown_text
from nnviz.ui.message import message
from nnviz.ui.player import player
from nnviz.ui.runs import RunStore, Settings
from nnviz.ui.state import LAST_SETTINGS, PLAYER, SHOWN_EPOCH, STOPPED

FIRST_SLICE = 0.45
"""Seconds of training before a page is answered; a longer run grows on screen."""

SLICE = 0.5
"""Seconds of training at each later time that the player asks for more."""


RUNS = RunStore()
"""All visitors' runs."""


def train_page() -> None:
    """Draw the page."""
    check_address()
    settings = controls()
    try:
        settings.load()
    except DatasetError as error:
        st.sidebar.error(
            f"{markdown_text(str(error))}. The last run that could be trained is shown."
        )
        settings = st.session_state.get(LAST_SETTINGS, default_settings())
    st.session_state[LAST_SETTINGS] = settings
    _panel(settings)


@st.fragment
def _panel(settings: Settings) -> None:
    """Show the run; on its own when the player asks for more of it."""
    asked = st.session_state.get(PLAYER, {}).get("more")
    stopped = st.session_state.get(STOPPED) == settings.run_id
    seconds = 0.0 if stopped else SLICE if asked == settings.run_id else FIRST_SLICE
    run, packed = RUNS.get(settings, seconds)
    if stopped and run.status == "running":
        packed = message(replace(run, status="stopped"), settings.run_id)
    player(packed, key=PLAYER, on_epoch=_note_epoch, on_stop=_stop, on_resume=_resume)


def _note_epoch() -> None:
    st.session_state[SHOWN_EPOCH] = dict(st.session_state[PLAYER]["epoch"])


def _stop() -> None:
    st.session_state[STOPPED] = st.session_state[PLAYER]["stop"]


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
