"""The preset that a page shows: what is to be seen, and the way back where a control was moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.checks import value_text
from nnviz.runs.spec import RunSpec
from nnviz.ui.component import is_presenting
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.translation import values_of
from nnviz.ui.presets import PRESETS, moved, preset_of
from nnviz.ui.state import OPENED_PRESET
from nnviz.ui.views.links import preset_link

MOST_NAMED = 3
"""Controls that were moved and are named."""


def show_preset(
    spec: RunSpec, others: Mapping[str, Any], page: str, pages: dict[str, Any]
) -> str | None:
    """Say what is to be seen in the preset that is open, or how it was left; its name if open.

    Parameters
    ----------
    spec : RunSpec
        The run that the controls ask for.
    others : mapping
        What the controls say that do not decide the run, by their keys.
    page : str
        Its name in the address.
    pages : dict
        The pages by name, to link to.
    """
    if spec.own is not None or spec.start is not None:
        return None  # no preset's run, whatever the controls say
    now = {**values_of(spec), **others}
    opened = st.session_state.get(OPENED_PRESET)
    shown = preset_of(now, page, opened)
    if shown is not None:
        _explain(shown, pages)
    elif opened in PRESETS and PRESETS[opened].page == page:
        _way_back(opened, moved(PRESETS[opened], now), pages)
    return shown


def _explain(name: str, pages: dict[str, Any]) -> None:
    """Say what is to be seen, and lead on to the next."""
    names = list(PRESETS)
    with st.container(border=True, gap="xsmall"):
        if is_presenting():
            st.markdown(f"## {PRESETS[name].title}\n#### {PRESETS[name].text}")
        else:
            st.markdown(f"**{PRESETS[name].title}**  \n{PRESETS[name].text}")
        following = names[(names.index(name) + 1) % len(names)]
        preset_link(following, f"Next: {PRESETS[following].title}", pages)


def _way_back(name: str, by: Mapping[str, tuple[Any, Any]], pages: dict[str, Any]) -> None:
    said = [
        f"{CONTROLS[key].label}: {_text(was)} → {_text(now)}"
        for key, (was, now) in list(by.items())[:MOST_NAMED]
    ]
    if len(by) > MOST_NAMED:
        said.append(f"and {len(by) - MOST_NAMED} more")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"You moved {', '.join(said)}.", width="content")
        preset_link(name, f"Back to {PRESETS[name].title}", pages)


def _text(value: Any) -> str:
    several = value if isinstance(value, (tuple, list)) else [value]
    return ", ".join(map(value_text, several)) or "none"
