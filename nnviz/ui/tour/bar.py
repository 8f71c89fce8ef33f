"""The bar at the foot of every page: where the tour is, what to look at, what to predict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from nnviz.player.assets import tour_loader, tour_styles
from nnviz.ui.component import is_presenting
from nnviz.ui.markdown import markdown_text
from nnviz.ui.reported import reported
from nnviz.ui.state import TOUR, TOUR_ASKED
from nnviz.ui.tour.following import own_address, tour_in_use, touring

_bar = st.components.v2.component(
    "nnviz_tour",
    html="<div data-nnviz-tour></div>",
    css=tour_styles(),
    js=tour_loader(),
    isolate_styles=False,  # as the player, which it points at
)


def show_bar(pages: Mapping[str, Any], here: Any) -> None:
    """Draw the bar, if the visitor is on a tour, or presents: then it goes from picture to picture.

    Parameters
    ----------
    pages : mapping
        By their names.
    here : page
        The one that is shown.
    """
    now = touring()
    tour, wrong = tour_in_use()
    if now is None and not is_presenting():
        return
    step = tour.steps[now.number - 1] if now else None
    with st.bottom:
        if wrong:
            st.warning(f"{markdown_text(wrong)}. The built-in tour is used.")
        _bar(
            key=TOUR,
            data={
                "number": now.number if now else 0,
                "steps": len(tour.steps),
                "title": step.title if step else tour.title,
                "look": step.look if step else "",
                "question": asdict(step.question) if step and step.question else None,
                "page": step.page.title() if step else here.title,
                "here": step is None or pages[step.page] is here,
                "pictures": list(step.pictures) if step else [],
                "large": is_presenting(),
                "own": own_address(now.own) if now else "",
            },
            on_go_change=_go,
        )


def _go() -> None:
    told = reported(st.session_state.get(TOUR), "go")
    if told is not None and told.step <= len(tour_in_use()[0].steps):
        st.session_state[TOUR_ASKED] = told.step
