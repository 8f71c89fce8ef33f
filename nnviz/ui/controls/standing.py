"""Where the controls of a visitor stand: read, and moved before they are drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from nnviz.approximation.holding import Criterion
from nnviz.checks import value_text
from nnviz.ui.controls.catalogue import CONTROLS, FOLLOWING, default_values
from nnviz.ui.state import COUNTED_SAID


def criterion() -> Criterion:
    """When an approximation counts as holding, as the controls say."""
    threshold, horizon = (
        st.session_state.get(key, CONTROLS[key].default) for key in ("threshold", "horizon")
    )
    return Criterion(round(threshold, 9), int(horizon))


def texts_of(key: str, value: Any) -> list[str]:
    """What an address says of a control."""
    return [value_text(one) for one in (value if CONTROLS[key].several else [value])]


def set_controls(values: Mapping[str, Any], but: Collection[str] = ()) -> None:
    """Put every control where it is wanted, or back to its default, before it is drawn.

    Parameters
    ----------
    values : mapping
        What is wanted, by the controls' keys.
    but : collection of str
        Keys of controls that stay where the address has them.
    """
    wanted = {**default_values(), **values}
    move_controls({key: value for key, value in wanted.items() if key not in but})
    st.session_state.pop(COUNTED_SAID, None)  # what the address says next is new
    for key in FOLLOWING:
        if key not in values:
            st.session_state.pop(key, None)


def move_controls(values: Mapping[str, Any]) -> None:
    """Put some controls where they are wanted, before they are drawn; the others stay."""
    for key, value in values.items():
        st.session_state[key] = value
