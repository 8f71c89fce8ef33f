"""The Train page: the player, showing the run that the controls ask for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from nnviz.player.messages.train import train_message
from nnviz.runs.spec import RunSpec
from nnviz.ui.chosen import follow_choice
from nnviz.ui.component import (
    MEASURED,
    asks_for_more,
    bring_progress,
    is_stopped,
    player,
    seconds_to_train,
)
from nnviz.ui.parts import around, draw_part
from nnviz.ui.private import runs_of
from nnviz.ui.state import OPENED_RUN, PROGRESS, TRAIN
from nnviz.ui.views.answers import answer_player
from nnviz.ui.views.links import back_to_wall, run_link
from nnviz.ui.views.no_data import no_data
from nnviz.ui.views.opened import OpenedRun, opener, show_opened
from nnviz.ui.views.take_home import home, take_run_home


def train_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    follow_choice()
    opened: OpenedRun | None = st.session_state.get(OPENED_RUN)
    if opened is not None:
        show_opened(opened)
    elif spec.lacks_data:
        no_data(pages)
        opener()  # a recording holds the data that were forgotten
        return
    else:
        with st.container():  # always there, so that the player stays in its place
            back_to_wall(spec, pages)
        draw_part(_panel, spec, pages["step"])
    with around("below"), home() as is_open:
        if not is_open:
            return
        if opened is None:
            # As far as it has come when a file is asked for.
            take_run_home(spec.run_id, partial(runs_of(spec).recording, spec, 0))
            run_link(spec)
        else:
            take_run_home(opened.name, lambda: opened.run)
        st.caption("A picture is saved as PNG or SVG by the buttons that appear in its corner.")
        opener()


def _panel(spec: RunSpec, step: Any) -> None:
    """Show the run; on its own when the player asks for more of it."""
    run_id, store = spec.run_id, runs_of(spec)
    seconds = MEASURED if asks_for_more(run_id, TRAIN) else 0.0
    run, packed = store.message(spec, seconds_to_train(run_id, TRAIN))
    growing = run.status == "running" and not is_stopped(run_id)
    if run.status == "running" and not growing:
        packed = train_message(replace(run, status="stopped"), run_id)
    player(packed, key=TRAIN)
    bring_progress(store.progress(spec, seconds, growing), key=PROGRESS)
    answer_player(run, run_id, step)
