"""The epoch shown: where in a run the visitor is, from page to page.

While it plays, it is the player's; what is kept here is where the visitor settled last.
"""

from __future__ import annotations

import streamlit as st

from nnviz.runs.spec import SETTINGS
from nnviz.ui.state import COUNTED_SAID

END = int(SETTINGS["epochs"].most)
"""An epoch that no run goes beyond: whoever opens a run there sees its last one."""

SHOWN = "shown_epoch"
"""The epoch that the visitor last settled on, or came to by a link; `END` at a run's end."""

START = "start"
"""``(number of starts so far, epoch)``: where a page or a link has the player go, once."""

LAST_PAGE = "last_page"
"""Title of the page that the visitor saw last."""

STEP_AT = "at"
"""The Step page's control of its epoch."""


def settle(epoch: int, at_end: bool) -> None:
    """Note where the visitor rests: at a run's end it is not a number, since the run may grow."""
    st.session_state[SHOWN] = END if at_end else epoch


def open_at(epoch: int) -> None:
    """Go to an epoch, as a link says."""
    st.session_state[SHOWN] = epoch
    _start(epoch)


def start() -> tuple[int, int]:
    """How many times the player was sent to an epoch so far, and to which one last."""
    count, epoch = st.session_state.get(START, (0, 0))
    return count, epoch


def keep_on_page(title: str) -> None:
    """When the visitor comes to another page, open it at the epoch seen on the one before."""
    if st.session_state.get(LAST_PAGE) not in (None, title) and SHOWN in st.session_state:
        epoch = st.session_state[SHOWN]
        _start(epoch)
        st.session_state[STEP_AT] = epoch
    if st.session_state.get(LAST_PAGE) != title:
        st.session_state.pop(COUNTED_SAID, None)
    st.session_state[LAST_PAGE] = title


def begin_step(otherwise: int) -> None:
    """Put the Step page's control, when it is first drawn, at the epoch shown, or at another."""
    if STEP_AT not in st.session_state:
        st.session_state[STEP_AT] = st.session_state.get(SHOWN, otherwise)


def _start(epoch: int) -> None:
    """Have the player go to an epoch, once, when it is next drawn."""
    st.session_state[START] = (start()[0] + 1, epoch)
