"""The address that a visitor comes by, once at first and then at every link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from nnviz.checks import SettingError, value_text
from nnviz.ui.controls import CONTROLS, Control, markdown_text, move_controls, set_controls
from nnviz.ui.player import start_at
from nnviz.ui.presets import LINKED
from nnviz.ui.state import (
    ADDRESS_COMPLAINTS,
    EDITED,
    OPENED,
    OPENED_RUN,
    PRESENTING,
    SHOWN_EPOCH,
    START_FROM,
)

LINKS = {
    "preset": Control("Preset", "", "", tuple(LINKED)),
    "epoch": Control("Epoch", 0, "", None, 0, 1_000_000),
    "start": Control("Start", "", "", ("edited",)),
    "open": Control("Open", "", "", ("chosen",)),
    "present": Control("Presenter view", "", "", ("1",)),
}
"""What only a link says; it is taken out of the address when it has been followed."""


def complaints(address: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is wrong with an address, by the parameter's name.

    Parameters
    ----------
    address : mapping of str to sequence of str
        The query parameters, each with all its values.
    """
    wrong: dict[str, str] = {}
    for key, values in address.items():
        control = CONTROLS.get(key) or LINKS.get(key)
        if control is None:
            wrong[key] = f"{_shown(key)} is not a setting and was ignored"
            continue
        if control.several:
            otherwise = "left out"
        elif key in CONTROLS:
            otherwise = f"using {value_text(control.default)}"
        else:
            otherwise = "ignored"
        if len(values) != 1 and not control.several:
            wrong[key] = f"{key} is given {len(values)} times; {otherwise}"
            continue
        try:
            for value in values:
                control.check(key, value)
        except SettingError as error:
            wrong[key] = f"{error}; {otherwise}"
    return wrong


def follow_address() -> None:
    """Do what a link says, and show what is wrong with the address a visitor came by."""
    first_visit = ADDRESS_COMPLAINTS not in st.session_state
    if first_visit:
        st.session_state[ADDRESS_COMPLAINTS] = _drop_wrong(tuple(st.query_params))
    elif links := [key for key in LINKS if key in st.query_params]:
        st.session_state[ADDRESS_COMPLAINTS] = _drop_wrong(links)
    preset = LINKED.get(st.query_params.pop("preset", ""))
    epoch = st.query_params.pop("epoch", preset.epoch if preset else None)
    if preset:
        set_controls(preset.values)
        if first_visit:  # later on, Streamlit itself writes the controls' values there
            st.query_params.update({k: value_text(v) for k, v in preset.values.items()})
    if st.query_params.pop("present", None):
        st.session_state[PRESENTING] = True
    chosen = st.query_params.pop("open", None) and st.session_state.pop(OPENED, None)
    if chosen:
        move_controls(chosen)
    edited = st.query_params.pop("start", None) and st.session_state.get(EDITED)
    if preset or chosen or edited:  # the run that it opens, and no other, is to be seen
        for other in (START_FROM, OPENED_RUN):
            st.session_state.pop(other, None)
    if edited:
        st.session_state[START_FROM] = edited
        epoch = 0
    if epoch is not None:
        start_at(int(epoch))
        st.session_state[SHOWN_EPOCH] = {"epoch": int(epoch)}
    if wrong := st.session_state[ADDRESS_COMPLAINTS]:
        lines = "".join(f"\n- {markdown_text(complaint)}" for complaint in wrong)
        st.sidebar.warning(f"In the address:\n{lines}")


def _drop_wrong(keys: Sequence[str]) -> list[str]:
    """Take out of the address what it should not say; return what to say about it."""
    wrong = complaints({key: st.query_params.get_all(key) for key in keys})
    for key in wrong:
        # Of several values, Streamlit itself leaves out those that are no options.
        if key not in CONTROLS or not CONTROLS[key].several:
            del st.query_params[key]
    return list(wrong.values())


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
