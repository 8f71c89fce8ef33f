"""Parts of a page: drawn with it, and on their own whenever their player asks for something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import streamlit as st

from nnviz.ui.controls.catalogue import CONTROLS, FOLLOWING
from nnviz.ui.state import TOUR_ASKED


def around(name: str) -> Any:
    """A container for what stands around the pictures, which a presenter's one picture hides.

    Parameters
    ----------
    name : str
        Another one for each on a page.
    """
    return st.container(key=f"around_{name}")


def draw_part(draw: Callable[..., None], *args: Any, every: float | None = None) -> None:
    """Draw a part of a page.

    Where a control is moved just when the player asks for something, Streamlit's page sends both
    in one message, which names the part alone. Then the controls do not stand as they did when the
    part was given its arguments, and the whole page is drawn. So it is
    where the tour's bar was used.

    Parameters
    ----------
    draw : callable
        Draws it.
    *args
        What it is called with, now and whenever it is drawn on its own.
    every : float or None
        Seconds after which it is drawn on its own, again and again.
    """

    @wraps(draw)
    def drawn(stood: Mapping[str, Any]) -> None:
        moved = any(st.session_state.get(key, value) != value for key, value in stood.items())
        if moved or TOUR_ASKED in st.session_state:
            st.rerun()
        draw(*args)

    # Those that follow the run are no widgets of a page with parts: a click there moves `sample`.
    kept = (key for key in CONTROLS if key in st.session_state and key not in FOLLOWING)
    stand = {key: st.session_state[key] for key in kept}
    st.fragment(drawn, run_every=every)(stand)
