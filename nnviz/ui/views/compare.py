"""The Compare page: runs that a visitor pinned, and the one that the controls ask for."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from nnviz.figures.style import RUN_COLOURS
from nnviz.paper.gradients import RULE_NAMES
from nnviz.player.messages.compare import compare_message
from nnviz.runs.spec import RunSpec
from nnviz.ui.component import is_stopped, player, seconds_to_train
from nnviz.ui.controls.standing import move_controls
from nnviz.ui.controls.translation import values_of
from nnviz.ui.parts import draw_part
from nnviz.ui.private import runs_of
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.shared.turns import TURNS
from nnviz.ui.state import COMPARE, PINNED, START_FROM
from nnviz.ui.views.differences import differences, run_id
from nnviz.ui.views.take_home import home, take_page_home

MOST_PINNED = len(RUN_COLOURS) - 1
"""One more is shown: the run that the controls ask for."""

NUMBERS = "1234"


def pin_button(spec: RunSpec) -> None:
    """Let the visitor pin the run that the controls ask for."""
    pinned: list[RunSpec] = st.session_state.get(PINNED, [])
    st.sidebar.button(
        "Pinned" if spec in pinned else "Pin to compare",
        icon=":material/keep:",
        on_click=_pin,
        args=(spec,),
        disabled=spec.lacks_data or spec in pinned or len(pinned) >= MOST_PINNED,
        width="stretch",
        help=f"Keep this run for the Compare page: up to {MOST_PINNED}, next to the current run.",
    )


def compare_page(now: RunSpec) -> None:
    """Draw the page."""
    pinned: list[RunSpec] = st.session_state.get(PINNED, [])
    shown = pinned if now in pinned else [*pinned, now]
    of_number = dict(zip(NUMBERS, shown, strict=False))
    if not pinned:
        st.info(
            "Pin this run (in the sidebar), then move a control: the new run appears next to it."
        )
    columns = st.columns(len(shown))
    for column, (number, spec) in zip(columns, of_number.items(), strict=True):
        _card(column, number, spec, now, spec in pinned)
    if len(shown) > 1:
        rows = differences(of_number)
        table = {
            "Differs in": list(rows),
            **{number: [row[number] for row in rows.values()] for number in of_number},
        }
        st.dataframe(table, hide_index=True, height="content")
    draw_part(_panel, of_number)
    with home() as is_open:
        if not is_open:
            return
        said = "; ".join(f"{number} {_in_words(spec)}" for number, spec in of_number.items())
        packed = partial(_packed, of_number, _stores(of_number), 0.0, stopped=True)
        take_page_home("compare", f"nnviz: {said}", packed)


def _panel(of_number: dict[str, RunSpec]) -> None:
    """Show the runs; on its own when the player asks for more of them."""
    run = run_id(of_number)
    seconds = seconds_to_train(run, COMPARE) / len(of_number)
    player(_packed(of_number, _stores(of_number), seconds, is_stopped(run)), key=COMPARE)


def _stores(of_number: dict[str, RunSpec]) -> dict[str, RunStore]:
    """Where each run is kept; found here, since a download is made outside of the session."""
    return {number: runs_of(spec) for number, spec in of_number.items()}


def _packed(
    of_number: dict[str, RunSpec], stores: dict[str, RunStore], seconds: float, stopped: bool
) -> bytes:
    """The runs, each trained on for so long if it is not finished, for the player."""
    runs = {number: stores[number].recording(spec, seconds) for number, spec in of_number.items()}
    with TURNS.turn():
        return compare_message(runs, run_id(of_number), stopped)


def _in_words(spec: RunSpec) -> str:
    config = spec.config
    return (
        f"{spec.dataset}, {RULE_NAMES[config.gradient]}, α {config.learning_rate:g}, "
        f"{config.hidden_units} units, seed {config.seed}"
    )


def _card(place: Any, number: str, spec: RunSpec, now: RunSpec, pinned: bool) -> None:
    """A run's name, and what can be done with it."""
    with place.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{number}** {'now' if spec == now else 'pinned'}: {_in_words(spec)}")
        if pinned:
            st.button(
                "Unpin", key=f"unpin {number}", on_click=_unpin, args=(spec,), type="tertiary"
            )
        if spec != now:
            gone = spec.own is not None and spec.own != now.own
            st.button(
                "Load into the controls",
                key=f"load {number}",
                on_click=_load,
                args=(spec,),
                type="tertiary",
                disabled=gone,
                help="Its table is no longer on the Data page." if gone else None,
            )


def _pin(spec: RunSpec) -> None:
    pinned = [*st.session_state.get(PINNED, []), spec]
    st.session_state[PINNED] = pinned[:MOST_PINNED]  # also of who clicks where no button is


def _unpin(spec: RunSpec) -> None:
    st.session_state[PINNED] = [other for other in st.session_state[PINNED] if other != spec]


def _load(spec: RunSpec) -> None:
    """Put the controls where they ask for this run."""
    move_controls(values_of(spec))
    if spec.start is not None:
        st.session_state[START_FROM] = spec.start
    else:
        st.session_state.pop(START_FROM, None)
