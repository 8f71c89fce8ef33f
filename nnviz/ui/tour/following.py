"""A session that follows a tour: the step it is at, and what it comes back to when it leaves."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

import streamlit as st

from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.standing import set_controls, texts_of
from nnviz.ui.shown_epoch import END, LAST_PAGE, SHOWN, open_at
from nnviz.ui.state import (
    ADDRESS_COMPLAINTS,
    CHOSEN_SAMPLE,
    OPENED_PRESET,
    OPENED_RUN,
    START_FROM,
    TOUR_ASKED,
    TOURING,
)
from nnviz.ui.tour.reading import TourError, read_tour
from nnviz.ui.tour.steps import Tour, TourStep

BUILT_IN = Path(__file__).parents[1] / "content" / "tour.toml"

VARIABLE = "NNVIZ_TOUR"
"""Of the environment: a file with a tour of one's own."""

LEAVE = 0
"""What the bar asks for in place of a step's number."""

KEPT = (START_FROM, OPENED_RUN, OPENED_PRESET, CHOSEN_SAMPLE)
"""What decides, beside the controls, what a visitor sees."""


@dataclass(frozen=True)
class Own:
    """Where a visitor was before the tour: what *Leave* restores.

    Attributes
    ----------
    page : str
        Its name in the address.
    values : mapping
        Of the controls, by their keys.
    epoch : int or None
        The one seen last.
    kept : mapping
        What the session had under `KEPT`.
    """

    page: str
    values: Mapping[str, Any]
    epoch: int | None
    kept: Mapping[str, Any]


@dataclass(frozen=True)
class Touring:
    """A tour that is under way, at a step (from 1)."""

    number: int
    own: Own


@cache
def tour_in_use() -> tuple[Tour, str]:
    """The tour, and what is wrong with the file that was wanted in its place, if anything."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--tour", default=os.environ.get(VARIABLE, ""))
    wanted = parser.parse_known_args(sys.argv[1:])[0].tour
    try:
        return read_tour(Path(wanted) if wanted else BUILT_IN), ""
    except TourError as error:
        print(f"nnviz: {error}; the built-in tour is used", file=sys.stderr)
        return read_tour(BUILT_IN), str(error)


def step_at(text: str) -> TourStep | None:
    """The step that an address names, if there is one."""
    steps = tour_in_use()[0].steps
    named = text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= len(steps)
    return steps[int(text) - 1] if named else None


def touring() -> Touring | None:
    """The session's tour, if it is on one."""
    found: Touring | None = st.session_state.get(TOURING)
    return found


def on_tour() -> bool:
    """Whether a tour is under way, or begins by the address."""
    return touring() is not None or step_at(st.query_params.get("tour", "")) is not None


def follow_tour(pages: Mapping[str, Any], here: Any) -> None:
    """Go where the bar or the address says, before anything is drawn.

    Parameters
    ----------
    pages : mapping
        By their names.
    here : page
        The one that is about to be drawn.
    """
    now = touring()
    asked = st.session_state.pop(TOUR_ASKED, None)
    if asked == LEAVE and now:
        _leave(now, pages)
    if asked:
        if now:
            st.session_state[TOURING] = replace(now, number=0)  # anew, also if it is the same step
        st.switch_page(
            pages[tour_in_use()[0].steps[asked - 1].page], query_params={"tour": str(asked)}
        )
    named = st.query_params.get("tour")
    step = step_at(named or "")
    if named is None and now:
        st.query_params["tour"] = str(now.number)  # by a link from page to page
    if named is None or step is None or (now and now.number == int(named)):
        return
    first = not now and "dataset" not in st.session_state
    own = now.own if now else _own(pages, here)
    st.session_state[TOURING] = Touring(int(named), own)
    if not first:
        st.session_state[ADDRESS_COMPLAINTS] = []  # of the address before
    _stand(step, first)
    if pages[step.page] is not here:
        says = {key: st.query_params.get_all(key) for key in st.query_params} if first else {}
        st.switch_page(pages[step.page], query_params={**says, "tour": named})


def _stand(step: TourStep, first: bool) -> None:
    """Put controls and epoch where a step has them.

    The address that a session begins with may say otherwise: of a step that somebody moved.
    """
    for key in KEPT:
        st.session_state.pop(key, None)
    set_controls(step.values, but=st.query_params.keys() if first else ())
    if step.preset:
        st.session_state[OPENED_PRESET] = step.preset
    if "sample" in step.values:
        st.session_state[CHOSEN_SAMPLE] = step.values["sample"]
    open_at(step.epoch)


def _own(pages: Mapping[str, Any], here: Any) -> Own:
    state = st.session_state
    came_from = state.get(LAST_PAGE, here.title)  # a link to the tour has come to its page already
    return Own(
        page=next(name for name, page in pages.items() if page.title == came_from),
        values={key: state[key] for key in CONTROLS if key in state},
        epoch=state.get(SHOWN),
        kept={key: state[key] for key in KEPT if key in state},
    )


def own_address(own: Own) -> str:
    """Address, below the app's, of where a visitor was; empty of one who came by the tour's."""
    if not own.values:
        return ""
    moved = {
        key: texts_of(key, value)
        for key, value in own.values.items()
        if value != CONTROLS[key].default
    }
    if own.epoch not in (None, END):
        moved["epoch"] = [str(own.epoch)]
    page = "" if own.page == "train" else own.page
    return f"{page}?{urlencode(moved, doseq=True)}"


def pictures_first() -> tuple[str, ...]:
    """What the step points at, which stands first on its page wherever the controls are."""
    now = touring()
    return tour_in_use()[0].steps[now.number - 1].pictures if now and now.number else ()


def _leave(now: Touring, pages: Mapping[str, Any]) -> NoReturn:
    """Give the visitor back what was on screen before the tour."""
    del st.session_state[TOURING]
    for key in KEPT:
        st.session_state.pop(key, None)
    set_controls(now.own.values)
    st.session_state.update(now.own.kept)
    if now.own.epoch is not None:
        open_at(now.own.epoch)
    st.query_params.pop("tour", None)
    # As `nnviz.ui.views.links` has it: with a parameter of its own.
    st.switch_page(pages[now.own.page], query_params={"open": "chosen"})
