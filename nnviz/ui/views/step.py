"""The Step page: one epoch, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from nnviz.by_hand.programs import run_program, stage_program
from nnviz.by_hand.step import Step, make_step
from nnviz.by_hand.worked import Place
from nnviz.by_hand.worth import busiest_epoch, least_certain
from nnviz.figures.pages.step import chosen_by, step_pictures
from nnviz.paper.network import accuracy, forward, loss
from nnviz.player.messages.sample import sample_message
from nnviz.player.messages.still import still_message
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.ui.component import asked_cell, is_presenting, lab, player
from nnviz.ui.controls.drawing import counted, number
from nnviz.ui.parts import around
from nnviz.ui.private import runs_of
from nnviz.ui.shared.parameters import parameters_in_turns
from nnviz.ui.shown_epoch import STEP_AT, begin_step, settle
from nnviz.ui.slips import slips_of
from nnviz.ui.state import CHECK, PROGRAM, SAMPLE, STEP, STEP_PATH
from nnviz.ui.views.checked import gradient_check
from nnviz.ui.views.equation import choose_equation, show_equation
from nnviz.ui.views.sample import terms_table
from nnviz.ui.views.what_if import what_if


def step_page(spec: RunSpec, pages: dict[str, Any]) -> None:
    """Draw the page."""
    run = runs_of(spec).recording(spec, seconds=1.0)
    data = run.dataset
    begin_step(busiest_epoch(run))
    most = {
        "sample": data.y.size,
        "unit": run.config.hidden_units,
        "output": len(data.class_names),
        "feature": len(data.feature_names),
    }
    _choose_cell(spec.run_id, most)
    above = around("controls")
    room = (above.expander("Controls") if is_presenting() else above).container(horizontal=True)
    epoch = number(STEP_AT, room, run.last_epoch)
    settle(epoch, at_end=epoch == run.last_epoch)
    before = parameters_in_turns(run, epoch)
    if "sample" not in st.session_state and "sample" not in st.query_params:
        st.session_state["sample"] = least_certain(forward(before, data.X).A2)
    sample = counted("sample", room, most["sample"] - 1)
    if (
        "unit" not in st.session_state and "unit" not in st.query_params
    ):  # one that is not silent, so that there is much to see
        st.session_state["unit"] = int(forward(before, data.X).A1[:, sample].argmax())
    place = Place(
        sample=sample,
        unit=counted("unit", room, most["unit"] - 1),
        output=counted("output", room, most["output"] - 1),
        feature=counted("feature", room, most["feature"] - 1),
    )
    with above:
        stage, equation = choose_equation()
    step = make_step(before, data.X, data.Y, run.config.gradient, run.config.learning_rate)
    shown_here = st.container()
    below = around("below")
    # What takes time is made when it is opened.
    check = below.expander("Gradient check", key=CHECK, on_change="rerun")
    edit = below.expander("What if: edit the parameters")
    program = below.expander("Check it yourself", key=PROGRAM, on_change="rerun")
    with edit:
        edited = what_if(spec, step, epoch, data, pages)
    with shown_here:
        version = f"{spec.run_id} {epoch} {place} {stage} {_mark(edited)}"
        show_equation(step, edited, place, (stage, equation), data, (version, epoch))
        if stage == "output gradient":
            column = slice(place.sample, place.sample + 1)
            A2, E = (edited or step).activations.A2[:, column], (edited or step).E[place.sample]
            label = int(data.y[place.sample])
            shown = f"{spec.run_id} {epoch} {place.sample} {_mark(edited)}"
            lab(sample_message(A2[:, 0], label, data.class_names, shown), key=SAMPLE)
            with around("table"):
                terms_table(A2, data.Y[:, column], float(E), data.class_names)
        if edited is not None:
            _outcome(step, edited, data.y)
        pictures = step_pictures(edited or step, place, stage)
        player(still_message(pictures, version, version, epoch), key=STEP)
        if slips := slips_of(stage):
            around("slips").caption(slips)
    if check.open:
        with check:
            gradient_check(edited or step)
    if program.open:
        with program:
            _programs(run, edited or step, place, stage)


def _choose_cell(run_id: str, most: dict[str, int]) -> None:
    """Put the controls where a click on a cell of a matrix, or on a node, has them.

    Parameters
    ----------
    run_id : str
        Of the run that is shown.
    most : dict of str to int
        How many samples, units, classes and inputs there are.
    """
    for key in (STEP, STEP_PATH):
        if asked := asked_cell(run_id, key):
            for control, number in chosen_by(*asked).items():
                if number < most[control]:  # of weights, the last column is the biases
                    st.session_state[control] = number


def _outcome(step: Step, edited: Step, y: Any) -> None:
    """What the edit changes, in four numbers."""
    places = st.columns(4)
    for place, label, values in (
        (places[0], "Loss (11)", [loss(s.activations.A2, s.Y) for s in (step, edited)]),
        (places[1], "Accuracy", [accuracy(s.activations.A2, y) for s in (step, edited)]),
        (places[2], "Mean |E|", [float(np.abs(s.E).mean()) for s in (step, edited)]),
        (places[3], "Loss after the step", [_loss_after(s) for s in (step, edited)]),
    ):
        place.metric(label, f"{values[1]:.4f}", f"{values[1] - values[0]:+.4f}", "off")


def _loss_after(step: Step) -> float:
    return loss(forward(step.after, step.X).A2, step.Y)


def _mark(edited: Step | None) -> str:
    """Different for every edit."""
    if edited is None:
        return ""
    return f"{StartingParameters.of(edited.before, '').digest} {edited.learning_rate!r}"


def _programs(run: Recording, step: Step, place: Place, stage: str) -> None:
    """Programs that print what is on the screen, and that train the run anew."""
    st.markdown(f"This stage ({stage}), with NumPy alone; it prints the numbers above:")
    st.code(stage_program(step, place, stage), language="python", height=320)
    st.download_button(
        "The whole run as a program",
        lambda: run_program(run),
        "run.py",
        "text/x-python",
        help="Trains the run again, with NumPy alone, and compares its loss with this one.",
    )
