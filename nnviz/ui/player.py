"""The player as a Streamlit component."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from nnviz.ui.assets import STATIC, player_url

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


def player(
    message: bytes,
    *,
    key: str,
    on_epoch: Callable[[], None],
    on_resume: Callable[[], None],
    on_stop: Callable[[], None],
) -> Any:
    """Show a run.

    Parameters
    ----------
    message : bytes
        From `nnviz.ui.message.message`.
    key : str
        The same in every script run, so that the player stays the same.
    on_epoch, on_stop, on_resume
        Called, before the script runs, when the visitor settles on an epoch, stops a growing
        run, or lets a stopped one go on.

    Returns
    -------
    The component's state: ``epoch`` is ``{"run": …, "epoch": …}``, ``more`` the run that the
    player has shown as far as it goes.
    """
    return _component(
        key=key,
        data=message,
        on_epoch_change=on_epoch,
        on_more_change=lambda: None,
        on_stop_change=on_stop,
        on_resume_change=on_resume,
    )
