"""The Approximation page: how far the approximations are from the exact gradient, and where."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import streamlit as st

from nnviz.figures.triangle import Triple
from nnviz.paper.gradients import GRADIENT_RULES, RULE_NAMES
from nnviz.runs.spec import RunSpec
from nnviz.ui.chosen import follow_choice
from nnviz.ui.component import (
    MEASURED,
    asks_for_more,
    is_presenting,
    is_stopped,
    player,
    seconds_to_train,
)
from nnviz.ui.controls.drawing import selectbox
from nnviz.ui.controls.standing import criterion
from nnviz.ui.parts import around, draw_part
from nnviz.ui.presets import PRESETS
from nnviz.ui.private import runs_of
from nnviz.ui.shared.approximation import ApproximationView, train_and_pack
from nnviz.ui.shared.runs import data_of
from nnviz.ui.state import APPROXIMATION
from nnviz.ui.tour.following import pictures_first
from nnviz.ui.views.links import preset_link, tour_link
from nnviz.ui.views.sample import show_chosen
from nnviz.ui.views.shown_preset import show_preset
from nnviz.ui.views.take_home import home, take_page_home


def approximation_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    follow_choice()
    said = (
        "**Where may the error term be dropped, and why does A − Y work?** Four runs from the same "
        "weights, one rule each, measured along one of them: "
        f"{RULE_NAMES[spec.config.gradient]}."
    )
    classes = len(data_of(spec).class_names)
    widths = [4.4, 1.8, 1.5] if classes <= 3 else [3.4, 1.5, 1.5, 1.5]
    above = around("above")
    place = above.expander("Controls") if is_presenting() else above
    about, *places, last = place.columns(widths, vertical_alignment="bottom")
    (above if is_presenting() else about).markdown(said)
    step_length = selectbox("step_length", places[0])
    triple = _triple(classes, places[1]) if classes > 3 else (0, 1, 2)
    with last.popover("What to see", icon=":material/explore:", width="stretch"):
        tour_link(pages)
        for name, preset in PRESETS.items():
            preset_link(name, preset.title, pages)
    others = {"step_length": step_length}
    with around("preset"):  # always there, so that the player stays in its place, and the same
        shown = show_preset(spec, others, "approximation", pages)
    wanted = (*pictures_first(), *(PRESETS[shown].first if shown is not None else ()))
    first = tuple(dict.fromkeys(wanted))
    view = ApproximationView(spec, step_length, criterion(), triple, first)
    draw_part(_panel, view, pages["step"])
    with around("below"), home() as is_open:
        if not is_open:
            return
        config = spec.config
        store = runs_of(spec)  # here, since a download is made outside of the session
        take_page_home(
            "approximation",
            f"nnviz: the rules on {spec.dataset}, {config.hidden_units} hidden units, "
            f"learning rate {config.learning_rate:g}, seed {config.seed}",
            lambda: train_and_pack(store, view, seconds=0.0, stopped=True),
        )


def _panel(view: ApproximationView, step: Any) -> None:
    """Show the runs; on its own when the player asks for more of them."""
    run_id = view.run_id
    store = runs_of(view.spec)
    seconds = seconds_to_train(run_id, APPROXIMATION) / len(GRADIENT_RULES)  # for each run
    patience = MEASURED if asks_for_more(run_id, APPROXIMATION) else 0.0
    player(
        train_and_pack(store, view, seconds, is_stopped(run_id), patience),
        key=APPROXIMATION,
    )
    # The run whose steps may be matched; then it is not the one of the Step page.
    chosen = view.of_rule(view.spec.config.gradient)
    same = chosen.config == view.spec.config
    show_chosen(store.recording(chosen, 0), run_id, APPROXIMATION, step if same else None)


def _triple(classes: int, place: Any) -> Triple:
    """Let the visitor choose which three classes the triangle shows."""
    options = tuple(" ".join(map(str, three)) for three in combinations(range(classes), 3))
    if st.session_state.get("triple", options[0]) not in options:
        st.session_state["triple"] = options[0]  # of a data set with more classes
    first, second, third = map(int, selectbox("triple", place, options).split())
    return first, second, third
