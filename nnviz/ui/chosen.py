"""The chosen sample: the same in every picture and on every page, until another one is.

Its number has one home, the control `sample`, which stands in the address. The Step page puts that
control on a sample worth looking at by itself; such a one is not chosen.
"""

from __future__ import annotations

import streamlit as st

from nnviz.ui.state import CHOSEN_SAMPLE, COUNTED_SAID

CONTROL = "sample"


def choose(sample: int | None) -> None:
    """Choose a training sample, counted from 0, or none, and write it into the address."""
    if sample is None:
        for key in (CHOSEN_SAMPLE, CONTROL):
            st.session_state.pop(key, None)
    else:
        st.session_state[CHOSEN_SAMPLE] = st.session_state[CONTROL] = sample
    _write()


def chosen_sample() -> int | None:
    """The training sample that is chosen, from 0, if one is. The run need not have it."""
    chosen: int | None = st.session_state.get(CHOSEN_SAMPLE)
    return chosen if chosen == st.session_state.get(CONTROL) else None


def follow_choice() -> None:
    """Choose what the address says of a page that shows the chosen sample, by a link or *Back*."""
    said = st.session_state.setdefault(COUNTED_SAID, {}).get(CONTROL)
    there = st.query_params.get(CONTROL)
    if there is None and said is not None:
        choose(None)
    elif there not in (None, said) and int(there) != st.session_state.get(CONTROL):
        choose(int(there))
    else:  # also what the address still says of the page before
        _write()


def _write() -> None:
    chosen = chosen_sample()
    said = None if chosen is None else str(chosen)
    if said is None:
        st.query_params.pop(CONTROL, None)
    elif st.query_params.get(CONTROL) != said:
        st.query_params[CONTROL] = said
    st.session_state.setdefault(COUNTED_SAID, {})[CONTROL] = said
