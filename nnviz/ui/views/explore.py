"""The Explore page: many runs over a grid of settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from nnviz.data.datasets import OPTIONS_TAKEN
from nnviz.figures.pages.explore import explore_pictures
from nnviz.figures.run_grid import RunGrid
from nnviz.player.messages.still import still_message
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cost import seconds_of
from nnviz.sweeps.grid import Outcome, grid
from nnviz.ui.component import asked_point, player
from nnviz.ui.controls.catalogue import CONTROLS, NOTHING_ELSE
from nnviz.ui.controls.drawing import multiselect, selectbox, slider
from nnviz.ui.controls.translation import values_of
from nnviz.ui.controls.varied import VARIED
from nnviz.ui.markdown import markdown_text
from nnviz.ui.parts import draw_part
from nnviz.ui.private import outcomes_of
from nnviz.ui.shared.sweeps import Outcomes, Sweep
from nnviz.ui.state import EXPLORE, SWEEP
from nnviz.ui.views.links import open_run
from nnviz.ui.views.shown_preset import show_preset
from nnviz.ui.views.take_home import home, take_sweep_home
from nnviz.ui.visitor import visitor

MOST_RUNS = 2_000
"""Of a grid: minutes on a laptop, and more than eyes can take in."""

MOST_SECONDS = 1_800
"""Computing that a grid may ask for, in seconds of one processor: others want some, too."""

AT_FIRST, EVERY = 0.4, 1.0
"""Seconds between two looks at a sweep that runs: until something is there, and then."""


def explore_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    places = st.columns(5)
    chosen = [selectbox(key, places[n]) for n, key in enumerate(("across", "down", "third"))]
    names = [name for name in chosen if name != NOTHING_ELSE]
    shown, seeds = selectbox("outcome", places[3]), slider("seeds", places[4])
    if len(set(names)) < len(names):
        st.info("Choose different settings to vary.")
        return
    if "noise" in names and "noise" not in OPTIONS_TAKEN[spec.dataset]:
        st.info(f"{spec.dataset} has no noise to vary: choose another setting.")
        return
    axes = {
        name: multiselect(VARIED[name].key, place)
        for name, place in zip(names, st.columns(len(names)), strict=True)
    }
    if not all(axes.values()):
        st.info("Choose at least one value of each setting.")
        return
    others = {
        **{key: st.session_state[key] for key in ("across", "down", "third", "seeds")},
        **{VARIED[name].key: tuple(values) for name, values in axes.items()},
    }
    with st.container():  # always there, so that the player stays in its place
        show_preset(spec, others, "explore", pages)
    specs = grid(_first(spec, seeds), {VARIED[n].setting: v for n, v in axes.items()}, seeds)
    if len(specs) > MOST_RUNS:
        st.info(f"That makes {len(specs):,} runs; choose at most {MOST_RUNS:,}.")
        return
    if (seconds := seconds_of(specs)) > MOST_SECONDS:
        st.info(
            f"That is {_in_words(seconds)} of computing; at most {_in_words(MOST_SECONDS)} can be "
            "asked for here. Choose fewer runs, epochs, hidden units or samples. The command line "
            "(`nnviz sweep`) has no such bound."
        )
        return
    kept = outcomes_of(spec)
    pace = _pace(kept.of(specs))
    draw_part(_panel, spec, specs, axes, shown, pace, pages, every=pace)
    with home() as is_open:
        if not is_open:
            return
        take_sweep_home(lambda: RunGrid.of(axes, specs, kept.of(specs)))
        st.caption(
            "The address of this page is a link to this grid. A picture is saved as PNG or SVG by "
            "the buttons that appear in its corner."
        )


def _first(spec: RunSpec, seeds: int) -> RunSpec:
    """The run with the first seed of each place: the controls' own, if all its seeds are theirs."""
    seed = min(spec.config.seed, int(CONTROLS["seed"].high) + 1 - seeds)
    return replace(spec, config=replace(spec.config, seed=seed))


def _pace(outcomes: dict[int, Outcome]) -> float | None:
    """Seconds until the page looks again; None if nothing runs."""
    sweep: Sweep | None = st.session_state.get(SWEEP)
    if sweep is None or not sweep.running:
        return None
    return EVERY if outcomes else AT_FIRST


def _in_words(seconds: float) -> str:
    """A duration, as far as it is known: about."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"about {minutes} minutes" if minutes < 120 else f"about {round(seconds / 3600)} hours"


def _panel(
    spec: RunSpec,
    specs: list[RunSpec],
    axes: dict[str, list[Any]],
    shown: str,
    pace: float | None,
    pages: dict[str, Any],
) -> None:
    """Progress and pictures; on its own while a sweep runs."""
    sweep: Sweep | None = st.session_state.get(SWEEP)
    if sweep is not None:
        sweep.look()
    kept = outcomes_of(spec)
    outcomes = kept.of(specs)
    if pace != _pace(outcomes):
        st.rerun()  # the whole page: how often it looks is said where it begins
    run = f"{hash(tuple(specs))}"
    if asked := asked_point(run, EXPLORE, len(specs), last_epoch=0):
        open_run(values_of(specs[asked[0]]), pages)
    _progress(sweep, specs, kept, outcomes)
    pictures = explore_pictures(RunGrid.of(axes, specs, outcomes), [shown])
    player(still_message(pictures, run, f"{run} {shown} {len(outcomes)}"), key=EXPLORE)


def _progress(
    sweep: Sweep | None, specs: list[RunSpec], kept: Outcomes, outcomes: dict[int, Outcome]
) -> None:
    """How far it is, what it costs, and the buttons to go on and to stop."""
    missing = [spec for number, spec in enumerate(specs) if number not in outcomes]
    left, done = len(missing), len(outcomes)
    with st.container(horizontal=True, vertical_alignment="center"):
        if sweep is not None and sweep.running:
            st.button("Cancel", on_click=sweep.cancel, help="Finished runs are kept.")
            soon = sweep.seconds_left
            said = f"{done} of {len(specs)} runs" + (f", {soon:.0f} s left" if soon else "")
            said += ": waiting for other visitors' sweeps" if sweep.waiting else ""
            st.progress(done / len(specs), said)
            return
        if left:
            runs = "1 run" if left == 1 else f"{left} runs"
            st.button(f"Train {runs}", type="primary", on_click=_start, args=(specs, kept))
        said = f"{done} of {len(specs)} runs are trained."
        if left:
            which = "The rest takes" if done else "All together take"
            said += f" {which} {_in_words(seconds_of(missing))} of computing."
        st.caption(said)
    if sweep is not None and sweep.unwatched and left:
        st.info("The sweep was cancelled when this page was away; finished runs are kept.")
    if sweep is not None and sweep.error:
        st.error(f"The sweep stopped; finished runs are kept. {markdown_text(sweep.error)}")


def _start(specs: list[RunSpec], kept: Outcomes) -> None:
    st.session_state[SWEEP] = Sweep(specs, kept, visitor())
