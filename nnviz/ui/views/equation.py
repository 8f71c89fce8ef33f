"""The equation in view on the Step page: the network with its path, the symbols, the numbers."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from nnviz.by_hand.latex import coloured
from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import EQUATIONS, STAGES, Line, Place, worked
from nnviz.data.datasets import Dataset
from nnviz.figures.path import path_picture
from nnviz.figures.style import LAYER_COLOURS
from nnviz.paper.gradients import RULE_NAMES
from nnviz.player.messages.still import still_message
from nnviz.ui.component import player
from nnviz.ui.controls.drawing import one_of, segments
from nnviz.ui.state import STEP_PATH
from nnviz.ui.tour.following import touring

STYLES = Path(__file__).parent.parent / "content" / "step.css"

IN_ORDER = [(stage, equation) for stage in STAGES for equation in EQUATIONS[stage]]

CHOSEN = {"m": "sample", "j": "unit", "k": "output", "i": "feature"}
"""What the letters of `Line.of` are in a `Place`."""

CANCELLING = ("(12)", "exact (14)")
"""Equations the terms of which can cancel."""

NOUNS = {"m": "sample", "j": "hidden unit", "k": "class", "i": "input"}


def choose_equation() -> tuple[str, str]:
    """Let the visitor choose a stage and one of its equations, or go from one to the next."""
    keys = touring() is None  # on a tour, the arrow keys turn its pages
    with st.container(horizontal=True, vertical_alignment="center"):
        stage = segments("stage", wrap=True)
        with st.container(horizontal=True, width="content"):  # two that stay together
            back, onward = st.empty(), st.empty()  # filled when the equation is known
    equation = one_of("equation", EQUATIONS[stage], stage)
    at = IN_ORDER.index((stage, equation))
    last = len(IN_ORDER) - 1
    back.button(
        "Back",
        on_click=_go,
        args=(max(at - 1, 0),),
        disabled=at == 0,
        shortcut="Left" if keys else None,
    )
    onward.button(
        "Next",
        on_click=_go,
        args=(min(at + 1, last),),
        disabled=at == last,
        shortcut="Right" if keys else None,
    )
    return stage, equation


def _go(number: int) -> None:
    st.session_state["stage"], st.session_state["equation"] = IN_ORDER[number]


def show_equation(
    step: Step,
    edited: Step | None,
    place: Place,
    chosen: tuple[str, str],
    data: Dataset,
    shown: tuple[str, int],
) -> None:
    """Draw the network beside the equation.

    Parameters
    ----------
    step, edited : Step, Step or None
        That of the run; and the same with parameters that the visitor has edited.
    place : Place
        The component that is worked out.
    chosen : tuple of str
        Stage and equation.
    data : Dataset
        What the step is made on.
    shown : tuple of str and int
        What differs whenever a number does, and the epoch.
    """
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(STYLES)
    with st.container(key="equations"):  # what a tour rings
        left, right = st.columns([9, 11], gap="medium")
    with left:
        picture = path_picture(
            edited or step, place, chosen[1], (data.feature_names, data.class_names), theme
        )
        version = f"{shown[0]} {chosen[1]} {theme}"
        player(still_message([picture], version, version, shown[1]), key=STEP_PATH)
    with right, st.container(key="equation", border=True, gap="small"):
        line = _line(step, place, chosen)
        st.markdown(f"**{line.equation}**{_said(line, place)}")
        _math(line.symbols, theme)
        _numbers(line, theme)
        if edited is not None:
            st.caption("as edited")
            _numbers(_line(edited, place, chosen), theme)
        if chosen[0] == "back-propagation":
            st.caption(f"G is by the rule in use, {RULE_NAMES[step.rule]}.")
        if line.equation in CANCELLING:
            st.caption(
                "Where a probability is close to 1, these terms all but cancel. G is then computed "
                "in a form that does not (see Learn), and is right where the sum of the printed "
                "terms is only rounding."
            )


def _line(step: Step, place: Place, chosen: tuple[str, str]) -> Line:
    stage, equation = chosen
    return next(line for line in worked(step, place, stage) if line.equation == equation)


def _said(line: Line, place: Place) -> str:
    """Which component it is, counted from 1."""
    parts = [f"{NOUNS[n]} *{n}* = {getattr(place, CHOSEN[n]) + 1}" for n in line.of]
    return f" \u2002 {', '.join(parts)}" if parts else " \u2002 over all samples"


def _numbers(line: Line, theme: str) -> None:
    """The right-hand side, and what it comes to: a line of text, which ends between terms."""
    terms, result = line.numbers.rsplit(" = ", 1)
    # As no relation, the sign stays with what follows it.
    _math(terms, theme, rf"\mathord{{=}}\;{{{result}}}")


def _math(latex: str, theme: str, *more: str) -> None:
    parts = (rf"$\displaystyle {coloured(part, LAYER_COLOURS[theme])}$" for part in (latex, *more))
    st.markdown(" ".join(parts))
