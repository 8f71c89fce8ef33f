"""The player as a Streamlit component."""

from __future__ import annotations

import streamlit as st

from nnviz.ui.assets import STATIC, player_url
from nnviz.ui.state import SHOWN_EPOCH, STOPPED

# This travels with every message, so it only fetches the player, which the browser keeps.
_LOADER = """
export default async function (component) {
  const { default: mount } = await import(new URL("URL", document.baseURI).href);
  return mount(component);
}
""".replace('URL"', player_url() + '"', 1)

_component = st.components.v2.component(
    "nnviz_player",
    html="<div data-nnviz></div>",
    css=(STATIC / "player.css").read_text(),
    js=_LOADER,
    isolate_styles=False,  # in a shadow root Plotly's own styles would be missing
)


FIRST_SLICE = 0.45
"""Seconds of training before a page is answered; a longer run grows on screen."""

SLICE = 0.5
"""Seconds of training at each later time that the player asks for more."""


def player(message: bytes, *, key: str) -> None:
    """Show a run.

    Parameters
    ----------
    message : bytes
        From `nnviz.ui.message.pack_pictures`.
    key : str
        The same in every script run, so that the player stays the same. Under it, the session
        state holds what the player told last: the ``epoch`` settled on, the run of which it asks
        for ``more``, the one to ``stop`` or to ``resume``.
    """
    _component(
        key=key,
        data=message,
        on_epoch_change=lambda: _note_epoch(key),
        on_more_change=lambda: None,
        on_stop_change=lambda: _stop(key),
        on_resume_change=_resume,
    )


def is_stopped(run_id: str) -> bool:
    """Whether the visitor stopped this run."""
    return bool(st.session_state.get(STOPPED) == run_id)


def seconds_to_train(run_id: str, key: str) -> float:
    """How long to train a run in this script run: not at all if the visitor stopped it."""
    if is_stopped(run_id):
        return 0.0
    asked = st.session_state.get(key, {}).get("more")
    return SLICE if asked == run_id else FIRST_SLICE


def _note_epoch(key: str) -> None:
    st.session_state[SHOWN_EPOCH] = dict(st.session_state[key]["epoch"])


def _stop(key: str) -> None:
    st.session_state[STOPPED] = st.session_state[key]["stop"]


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
