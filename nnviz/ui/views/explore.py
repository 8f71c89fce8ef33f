"""The Explore page: many runs over a grid of settings."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from nnviz.datasets import OPTIONS_TAKEN
from nnviz.figures.explore import Plane, explore_pictures
from nnviz.gradients import GRADIENT_RULES
from nnviz.sweep import Cell, Outcome, grid
from nnviz.ui.controls import NONE, option_text, selectbox, slider, values_of
from nnviz.ui.message import still_message
from nnviz.ui.player import asked_sample, player
from nnviz.ui.private import outcomes_of
from nnviz.ui.runs import Settings
from nnviz.ui.state import EXPLORER, OPENED, SWEEP
from nnviz.ui.sweeps import Outcomes, Sweep

VALUES: dict[str, tuple[Any, ...]] = {
    "learning_rate": (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    "hidden_units": (1, 2, 4, 8, 16, 32, 64),
    "gradient": tuple(GRADIENT_RULES),
    "init_scale": (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
    "noise": (0.0, 0.2, 0.5, 1.0, 1.5, 2.0),
}
"""What each setting can be tried at; all are values of its control."""

FIRST: dict[str, tuple[Any, ...]] = {
    "learning_rate": (0.05, 0.1, 0.5, 1.0, 2.0),
    "hidden_units": (2, 4, 8, 16, 32),
    "gradient": VALUES["gradient"],
    "init_scale": (0.1, 0.5, 1.0, 2.0, 5.0, 10.0),
    "noise": (0.0, 0.5, 1.0, 2.0),
}
"""What each setting is tried at, at first."""

MOST_RUNS = 2_000
"""Of a grid: minutes on a laptop, and more than eyes can take in."""

EVERY = 1.0
"""Seconds between two looks at a sweep that runs."""


def explore_page(settings: Settings, pages: dict[str, Any]) -> None:
    """Draw the page."""
    places = st.columns(5)
    chosen = [selectbox(key, places[n]) for n, key in enumerate(("across", "down", "third"))]
    names = [name for name in chosen if name != NONE]
    shown, seeds = selectbox("outcome", places[3]), slider("seeds", places[4])
    if len(set(names)) < len(names):
        st.info("Choose different settings to vary.")
        return
    if "noise" in names and "noise" not in OPTIONS_TAKEN[settings.dataset]:
        st.info(f"{settings.dataset} has no noise to vary: choose another setting.")
        return
    axes = {
        name: place.multiselect(
            f"Values of {name}",
            VALUES[name],
            FIRST[name],
            format_func=option_text,
            key=f"values of {name}",
        )
        for name, place in zip(names, st.columns(len(names)), strict=True)
    }
    if not all(axes.values()):
        st.info("Choose at least one value of each setting.")
        return
    axes = {name: sorted(values, key=VALUES[name].index) for name, values in axes.items()}
    cells = grid(settings, axes, seeds)
    if len(cells) > MOST_RUNS:
        st.info(f"That makes {len(cells):,} runs; choose at most {MOST_RUNS:,}.")
        return
    sweep = st.session_state.get(SWEEP)
    running = sweep is not None and sweep.running
    st.fragment(_panel, run_every=EVERY if running else None)(
        settings, cells, axes, shown, running, pages
    )


def _panel(
    settings: Settings,
    cells: list[Cell],
    axes: dict[str, list[Any]],
    shown: str,
    was_running: bool,
    pages: dict[str, Any],
) -> None:
    """Progress and pictures; on its own while a sweep runs."""
    sweep: Sweep | None = st.session_state.get(SWEEP)
    running = sweep is not None and sweep.running
    if was_running != running:
        st.rerun()  # the whole page: whether it looks every second is said where it begins
    kept = outcomes_of(settings)
    outcomes = kept.of(cells)
    _progress(sweep, cells, kept, len(outcomes))
    plane = _plane(axes, cells, outcomes)
    run = f"{hash(tuple(cells))}"
    # Before the pictures, so that what a click opens is seen at once.
    if asked := asked_sample(run, EXPLORER):
        place = plane.place(asked[0])
        _open(settings, {n: axes[n][at] for n, at in zip(axes, place, strict=False)}, pages)
    version = f"{run} {shown} {len(outcomes)}"
    player(still_message(explore_pictures(plane, shown), run, version), key=EXPLORER)


def _progress(sweep: Sweep | None, cells: list[Cell], kept: Outcomes, done: int) -> None:
    """How far it is, and the buttons to go on and to stop."""
    left = len(cells) - done
    with st.container(horizontal=True, vertical_alignment="center"):
        if sweep is not None and sweep.running:
            st.button("Cancel", on_click=sweep.cancel, help="What has finished stays.")
            soon = sweep.seconds_left
            said = f"{done} of {len(cells)} runs" + (f", {soon:.0f} s left" if soon else "")
            said += ": another visitor's sweep comes first" if sweep.waiting else ""
            st.progress(done / len(cells), said)
            return
        if left:
            st.button(f"Train {left} runs", type="primary", on_click=_start, args=(cells, kept))
        st.caption(f"{done} of {len(cells)} runs are trained.")
    if sweep is not None and sweep.error:
        st.error(f"The sweep stopped; what has finished stays. {sweep.error}")


def _start(cells: list[Cell], kept: Outcomes) -> None:
    st.session_state[SWEEP] = Sweep(cells, kept)


def _plane(axes: dict[str, list[Any]], cells: list[Cell], outcomes: dict[int, Outcome]) -> Plane:
    """The outcomes by their places; cells count seeds fastest, then the last setting."""
    sides = [len(values) for values in axes.values()]
    sides = [*sides, 1][:3]
    seeds = len(cells) // math.prod(sides)
    runs: dict[tuple[int, int, int], tuple[Outcome, ...]] = {}
    for number, found in sorted(outcomes.items()):
        rest, layer = divmod(number // seeds, sides[2])
        column, row = divmod(rest, sides[1])
        runs[column, row, layer] = (*runs.get((column, row, layer), ()), found)
    first, second, *third = axes
    texts = [tuple(option_text(value) for value in values) for values in axes.values()]
    return Plane(
        names=(first, second),
        across=texts[0],
        down=texts[1],
        runs=runs,
        layered=third[0] if third else "",
        layers=texts[2] if third else ("",),
    )


def _open(settings: Settings, chosen: dict[str, Any], pages: dict[str, Any]) -> None:
    """A link to the first run of a place, on the Train page."""
    st.session_state[OPENED] = {**values_of(settings), **chosen}
    said = ", ".join(f"{name} {option_text(value)}" for name, value in chosen.items())
    st.page_link(
        pages["train"],
        label=f"Open the run with {said}, seed {settings.config.seed}",
        icon=":material/open_in_new:",
        query_params={"open": "chosen"},
    )
