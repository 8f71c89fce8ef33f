"""The Explore page: a wall of networks over a grid of settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from nnviz.approximation.holding import Criterion
from nnviz.data.datasets import OPTIONS_TAKEN
from nnviz.figures.outcome_map import best_in_words
from nnviz.figures.pages.explore import explore_pictures
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.run_grid import RunGrid
from nnviz.figures.tiles import MOST_TILES, Tiles
from nnviz.player.messages.still import still_message
from nnviz.player.messages.wall import Shown, strip_rule, wall_message
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cost import seconds_of
from nnviz.sweeps.grid import Outcome, grid
from nnviz.ui.component import asked_point, player
from nnviz.ui.controls.catalogue import CONTROLS, NOTHING_ELSE, VALUES
from nnviz.ui.controls.drawing import multiselect, segments, selectbox, slider
from nnviz.ui.controls.standing import criterion
from nnviz.ui.controls.translation import values_of
from nnviz.ui.controls.varied import LEARNING_RATES, VARIED
from nnviz.ui.markdown import markdown_text
from nnviz.ui.parts import around, draw_part
from nnviz.ui.private import outcomes_of
from nnviz.ui.shared.sweeps import Outcomes, Sweep, missing, nobody_sweeps
from nnviz.ui.shown_epoch import END
from nnviz.ui.state import ASKED_SWEEP, EXPLORE, SWEEP
from nnviz.ui.views.links import leave_wall, open_grid, open_run
from nnviz.ui.views.shown_preset import show_preset
from nnviz.ui.views.take_home import home, take_sweep_home
from nnviz.ui.visitor import visitor

MOST_RUNS = 2_000
"""Of a grid: minutes on a laptop, and more than eyes can take in."""

MOST_SECONDS = 1_800
"""Computing that a grid may ask for, in seconds of one processor: others want some, too."""

AT_FIRST, EVERY = 0.25, 0.5
"""Seconds between two looks at a sweep that runs: until something is there, and then."""

BY_ITSELF = 20.0
"""Seconds of computing up to which the page's own grid is trained without being asked for."""

OF_GRID = ("across", "down", "third", "seeds", *(varied.key for varied in VARIED.values()))
"""The controls that choose a grid."""


READY: dict[str, tuple[str, dict[str, Any]]] = {
    "Each rule at its own best α": (
        "Every rule at learning rates from 0.1 to 30, the best of each marked: one learning rate "
        "for all would compare how well it suits them.",
        {
            "across": "learning rate",
            "down": "gradient rule",
            "third": NOTHING_ELSE,
            "seeds": 3,
            "try_learning_rate": (0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
            "try_gradient": VARIED["gradient rule"].values,
            "outcome": "final loss",
        },
    ),
    "A film over α": (
        "One network at 21 learning rates from 0.1 to 10, under a slider.",
        {
            "across": "learning rate",
            "down": NOTHING_ELSE,
            "third": NOTHING_ELSE,
            "seeds": 1,
            "try_learning_rate": tuple(rate for rate in LEARNING_RATES if 0.1 <= rate <= 10),
        },
    ),
    "Units × α": (
        "Hidden units and learning rates: the grid that this page opens with.",
        {key: CONTROLS[key].default for key in OF_GRID},
    ),
}
"""Grids that are one click away: what is said of each, and where the controls stand then."""


@dataclass(frozen=True)
class Wall:
    """The grid that the page shows, and what it shows of it.

    Attributes
    ----------
    base : RunSpec
        The controls' own run.
    axes : mapping of str to list
        Values by the names to show.
    specs : list of RunSpec
        All runs, the seeds counting fastest.
    places : range
        Numbers of the first seed's runs, one a place.
    picture, outcome : str
        What every place shows, as the controls say it.
    criterion : Criterion
        When an approximation holds.
    """

    base: RunSpec
    axes: Mapping[str, list[Any]]
    specs: list[RunSpec]
    places: range
    picture: str
    outcome: str
    criterion: Criterion

    @property
    def drawn(self) -> range:
        """Numbers of the runs whose pictures are kept, also while values are shown."""
        return self.places if len(self.places) <= MOST_TILES else range(0)

    @property
    def run(self) -> str:
        """By which the player names it."""
        return f"{hash(tuple(self.specs))}"


def explore_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    above = around("above")
    says = above.container(gap="xxsmall")  # filled when the grid is known
    left, middle, right = above.columns([6, 3, 3], vertical_alignment="bottom")
    picture, outcome = segments("picture", left), selectbox("outcome", right)
    with middle.popover("Choose the grid", icon=":material/grid_on:", width="stretch"):
        wall = _chosen(spec, picture, outcome)
    if isinstance(wall, str):
        says.subheader("Many networks, one scrubber", anchor=False)
        st.info(wall)
        return
    count = len(wall.places)
    with says:
        _explain(wall)
    others = {
        **{key: st.session_state[key] for key in ("across", "down", "third", "seeds")},
        **{VARIED[name].key: tuple(values) for name, values in wall.axes.items()},
    }
    with around("preset"):  # always there, so that the player stays in its place
        preset = show_preset(spec, others, "explore", pages)
    asked = st.session_state.pop(ASKED_SWEEP, False)
    if len(wall.specs) > MOST_RUNS:
        st.info(f"That makes {len(wall.specs):,} runs; choose at most {MOST_RUNS:,}.")
        with st.container(horizontal=True):
            _ready(pages)
        return
    if picture != wall.picture:
        st.caption(
            f"{count:,} places are too many for pictures, of which there are at most "
            f"{MOST_TILES}: here are the values."
        )
    if (seconds := seconds_of(wall.specs)) > MOST_SECONDS:
        st.info(
            f"That is {_in_words(seconds)} of computing; at most {_in_words(MOST_SECONDS)} can be "
            "asked for here. Choose fewer runs, epochs, hidden units or samples. The command line "
            "(`nnviz sweep`) has no such bound."
        )
        return
    kept = outcomes_of(spec)
    sweep: Sweep | None = st.session_state.get(SWEEP)
    is_first = sweep is None and _stands(READY["Units × α"][1])
    is_preset_s = preset is not None and not (sweep and sweep.is_of(wall.specs))
    by_itself = (is_first or is_preset_s) and seconds <= BY_ITSELF and nobody_sweeps()
    if (asked or by_itself) and missing(wall.specs, kept, wall.drawn):
        _start(wall, kept)
    pace = _pace(kept.of(wall.specs))
    draw_part(_panel, wall, pace, pages, every=pace)
    with around("below"), home() as is_open:
        if not is_open:
            return
        take_sweep_home(
            lambda: _arranged(wall, kept.of(wall.specs)),
            lambda runs: _hung(wall, runs, kept),
        )
        st.caption(
            "The address of this page is a link to this grid. A picture is saved as PNG or SVG by "
            "the buttons that appear in its corner."
        )


def _explain(wall: Wall) -> None:
    """Say what the page is for."""
    count = len(wall.places)
    many = f"{count:,} networks" if count > 1 else "One network"
    strip = f"Strip: where {RULE_LABELS[strip_rule(wall.specs)]} does about as well as exact (14)."
    if wall.picture == VALUES:
        title = f"{many}, in numbers"
        text = "Which settings work: what came of each place's seeds. A click opens a run."
    elif len(wall.axes) == 1:
        title = f"{many}, one slider"
        text = (
            f"What the {next(iter(wall.axes))} does: move it, and every picture shows the network "
            f"trained with it, at the epoch of the scrubber. {strip}"
        )
    else:
        title = f"{many}, one scrubber"
        text = (
            "Which settings work, and why? Press Play: they learn side by side. "
            f"{strip} A click opens one."
        )
    st.subheader(title, anchor=False)
    st.caption(text)


def _chosen(spec: RunSpec, picture: str, outcome: str) -> Wall | str:
    """Let the visitor choose a grid; or why that cannot be one."""
    places = st.columns(2)
    chosen = [selectbox(key, places[n % 2]) for n, key in enumerate(("across", "down", "third"))]
    names = [name for name in chosen if name != NOTHING_ELSE]
    seeds = slider("seeds", places[1])
    if len(set(names)) < len(names):
        return "Choose different settings to vary."
    if "noise" in names and "noise" not in OPTIONS_TAKEN[spec.dataset]:
        return f"{spec.dataset} has no noise to vary: choose another setting."
    axes = {name: multiselect(VARIED[name].key) for name in names}
    if not all(axes.values()):
        return "Choose at least one value of each setting."
    specs = grid(_first(spec, seeds), {VARIED[n].setting: v for n, v in axes.items()}, seeds)
    firsts = range(0, len(specs), seeds)
    shown = VALUES if len(firsts) > MOST_TILES else picture
    return Wall(spec, axes, specs, firsts, shown, outcome, criterion())


def _stands(values: Mapping[str, Any]) -> bool:
    """Whether the controls stand at these values."""

    def is_there(key: str) -> bool:
        now = st.session_state.get(key, CONTROLS[key].default)
        return bool((tuple(now) if CONTROLS[key].several else now) == values[key])

    return all(map(is_there, values))


def _arranged(wall: Wall, outcomes: Mapping[int, Outcome]) -> RunGrid:
    return RunGrid.of(wall.axes, wall.specs, outcomes, wall.criterion)


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


def _panel(wall: Wall, pace: float | None, pages: dict[str, Any]) -> None:
    """Progress and pictures; on its own while a sweep runs."""
    sweep: Sweep | None = st.session_state.get(SWEEP)
    if sweep is not None:
        sweep.look()
    kept = outcomes_of(wall.base)
    outcomes = kept.of(wall.specs)
    if pace != _pace(outcomes):
        st.rerun()  # the whole page: how often it looks is said where it begins
    last = max((found.epochs for found in outcomes.values()), default=0)
    if asked := asked_point(wall.run, EXPLORE, len(wall.specs), last):
        _open(wall, outcomes, *asked, pages)
    runs = _arranged(wall, outcomes)
    _progress(sweep, wall, kept, best_in_words(runs, wall.outcome), pages)
    player(_message(wall, runs, kept), key=EXPLORE)


def _message(wall: Wall, runs: RunGrid, kept: Outcomes) -> bytes:
    """What the player shows of it, as far as it has come."""
    version = f"{wall.run} {wall.picture} {wall.outcome} {len(runs.outcomes)}"
    version += f" {len(kept.unmeasured(wall.specs))} {wall.criterion}"
    hung = _hung(wall, runs, kept)
    if hung is None:
        return still_message(explore_pictures(runs, [wall.outcome]), wall.run, version)
    tiles, shown = hung
    version += f" {len(tiles)} {shown.current}"
    return wall_message(runs, tiles, shown, wall.run, version)


def _hung(wall: Wall, runs: RunGrid, kept: Outcomes) -> tuple[Tiles, Shown] | None:
    """The pictures of its places so far, and what they show; None where values are shown."""
    if wall.picture == VALUES:
        return None
    shown = Shown(wall.picture, wall.outcome, runs.place_of(wall.base))
    return kept.tiles(wall.specs), shown


def _open(
    wall: Wall, outcomes: Mapping[int, Outcome], number: int, epoch: int, pages: dict[str, Any]
) -> None:
    """Open a run on the Train page, at the epoch seen; values are of its end."""
    spec = wall.specs[number]
    at_end = wall.picture == VALUES or (number in outcomes and epoch >= outcomes[number].epochs)
    leave_wall(spec)
    open_run(values_of(spec), END if at_end else epoch, pages)


def _progress(
    sweep: Sweep | None, wall: Wall, kept: Outcomes, best: str, pages: dict[str, Any]
) -> None:
    """How far it is, what is `best`, what it costs, and the buttons to go on and to stop."""
    whole = len(wall.specs)
    asked = missing(wall.specs, kept, wall.drawn)
    left, done = len(asked), whole - len(asked)
    unmeasured = len(kept.unmeasured(wall.specs))
    with st.container(horizontal=True, vertical_alignment="center"):
        if sweep is not None and sweep.running:
            st.button("Cancel", on_click=sweep.cancel, help="Finished runs are kept.")
            soon = sweep.seconds_left
            said = f"{done} of {whole} runs" + (f", {soon:.0f} s left" if soon and left else "")
            if unmeasured and not left:
                said += f"; where the rules hold is measured in {whole - unmeasured}"
            said += ": waiting for other visitors' sweeps" if sweep.waiting else ""
            st.progress(done / whole, said)
            return
        if left:
            runs = "1 run" if left == 1 else f"{left} runs"
            st.button(f"Train {runs}", type="primary", on_click=_start, args=(wall, kept))
        elif unmeasured:
            st.button("Measure where the rules hold", on_click=_start, args=(wall, kept))
        said = f"{done} of {whole} runs are trained."
        if left:
            which = "The rest takes" if done else "All together take"
            computing = seconds_of([spec for spec, _ in asked])
            said += f" {which} {_in_words(computing)} of computing."
        if best:
            said += f" **{best}**"
        st.markdown(said, width="stretch")
        _ready(pages)
    if sweep is not None and sweep.unwatched and left:
        st.info("The sweep was cancelled when this page was away; finished runs are kept.")
    if sweep is not None and sweep.error:
        st.error(f"The sweep stopped; finished runs are kept. {markdown_text(sweep.error)}")


def _ready(pages: dict[str, Any]) -> None:
    """Offer the grids that are a click away."""
    for name, (help_, values) in READY.items():
        if not _stands(values) and st.button(name, help=help_):
            st.session_state[ASKED_SWEEP] = True
            open_grid(values, pages)


def _start(wall: Wall, kept: Outcomes) -> None:
    st.session_state[SWEEP] = Sweep(wall.specs, kept, visitor(), wall.drawn)
