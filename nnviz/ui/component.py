"""The player as a Streamlit component."""

from __future__ import annotations

import streamlit as st

from nnviz.player.assets import courier, loader, styles
from nnviz.player.wire import with_head
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.standing import criterion
from nnviz.ui.shown_epoch import settle, start
from nnviz.ui.state import MOVED_THRESHOLD, PRESENTING, STOPPED

_component = st.components.v2.component(
    "nnviz_player",
    html="<div data-nnviz></div>",
    css=styles(),
    js=loader(),
    isolate_styles=False,  # in a shadow root Plotly's own styles would be missing
)

_courier = st.components.v2.component(
    "nnviz_progress",
    html="<div data-nnviz-progress hidden></div>",
    js=courier(),
    isolate_styles=False,  # the player looks for it
)


FIRST_SLICE = 0.45
"""Seconds of training before a page is answered; a longer run grows on screen."""

MEASURED = 0.12
"""Seconds of measuring progress, each time that the player asks for more."""

SLICE = 0.5
"""Seconds of training at each later time that the player asks for more."""


def player(message: bytes, *, key: str) -> None:
    """Show a run.

    Parameters
    ----------
    message : bytes
        From `nnviz.player.messages.pictures.pack_pictures`.
    key : str
        The same in every script run, so that the player stays the same. Under it, the session
        state holds what the player told last: the ``epoch`` settled on, the run of which it asks
        for ``more``, the one to ``stop`` or to ``resume``, the ``point`` to open, the
        ``threshold`` from which an approximation holds, and the epoch at which to
        ``check`` the gradient.
    """
    _component(
        key=key,
        data=with_head(message, criterion(), *start(), is_presenting()),
        on_threshold_change=lambda: _move_threshold(key),
        on_check_change=lambda: None,
        on_epoch_change=lambda: _note_epoch(key),
        on_more_change=lambda: None,
        on_stop_change=lambda: _stop(key),
        on_resume_change=_resume,
        on_point_change=lambda: None,
    )


def bring_progress(message: bytes, *, key: str) -> None:
    """Send the player what is measured of the run it shows, apart from the run's long message."""
    _courier(key=key, data=message)


def is_presenting() -> bool:
    """Whether the visitor came by a link to the presenter view."""
    return PRESENTING in st.session_state


def asked_point(run_id: str, key: str) -> tuple[int, int] | None:
    """Number and epoch of the point that the visitor wants to open, if it is of this run."""
    asked = st.session_state.get(key, {}).get("point")
    return (asked["point"], asked["epoch"]) if asked and asked["run"] == run_id else None


def is_stopped(run_id: str) -> bool:
    """Whether the visitor stopped this run."""
    return bool(st.session_state.get(STOPPED) == run_id)


def asks_for_more(run_id: str, key: str) -> bool:
    """Whether the player asked for more of this run, and that is why the script runs."""
    return bool(st.session_state.get(key, {}).get("more") == run_id)


def asked_check(run_id: str, key: str) -> int | None:
    """The epoch at which the visitor wants the gradient checked, if it is of this run."""
    asked = st.session_state.get(key, {}).get("check")
    return asked["epoch"] if asked and asked["run"] == run_id else None


def follow_threshold() -> None:
    """Have the whole page know that the visitor dragged the threshold."""
    if st.session_state.pop(MOVED_THRESHOLD, False):
        st.rerun()  # the control stands outside of the fragment


def seconds_to_train(run_id: str, key: str) -> float:
    """How long to train a run in this script run: not at all if the visitor stopped it."""
    if is_stopped(run_id):
        return 0.0
    return SLICE if asks_for_more(run_id, key) else FIRST_SLICE


def _note_epoch(key: str) -> None:
    told = st.session_state[key]["epoch"]
    settle(told["epoch"], told["end"])


def _move_threshold(key: str) -> None:
    """Move the control to where the visitor dragged the line in the picture."""
    control = CONTROLS["threshold"]
    wanted = float(st.session_state[key]["threshold"])
    st.session_state["threshold"] = min(max(wanted, control.low), control.high)
    st.session_state[MOVED_THRESHOLD] = True


def _stop(key: str) -> None:
    st.session_state[STOPPED] = st.session_state[key]["stop"]


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
