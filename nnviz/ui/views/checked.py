"""The gradient taken, checked against finite differences of two losses."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from nnviz.by_hand.gradient_check import (
    CANNOT_TELL,
    DIFFERS,
    LOSSES,
    MATCHES,
    check_gradient,
    verdict_of,
)
from nnviz.by_hand.step import Step, make_step
from nnviz.paper.gradients import RULE_NAMES
from nnviz.runs.recording import Recording, epoch_in_reach
from nnviz.ui.shared.parameters import parameters_in_turns

REACH = 1.0
"""Seconds of training at most to come to an epoch, about; otherwise its keyframe is checked."""

BADGES: dict[str, tuple[str, Literal["green", "gray", "orange"]]] = {
    MATCHES: (":material/check:", "green"),
    DIFFERS: (":material/close:", "gray"),
    CANNOT_TELL: (":material/question_mark:", "orange"),
}
"""Icon and colour of an answer of the gradient check."""


@st.dialog("Gradient check", width="large")
def open_check(run: Recording, epoch: int) -> None:
    """Check the gradient by A − Y, of which two losses it is, at an epoch of a run."""
    data = run.dataset
    epoch = epoch_in_reach(run, epoch, REACH)
    parameters = parameters_in_turns(run, epoch)
    step = make_step(parameters, data.X, data.Y, "difference", run.config.learning_rate)
    st.markdown(f"At epoch **{epoch:,}**, by central differences of the loss itself:")
    gradient_check(step)


def gradient_check(step: Step) -> None:
    """The gradient taken, beside central differences of two losses."""
    found = check_gradient(step)
    verdicts = {name: verdict_of(checks) for name, checks in found.items()}
    with st.container(horizontal=True):
        st.markdown(f"Is the gradient by {RULE_NAMES[step.rule]} that of …")
        for name, (says, _) in verdicts.items():
            icon, color = BADGES[says]
            st.badge(f"{name}: {says}", icon=icon, color=color)
    st.caption(_in_words(step.rule, *verdicts.values()))
    rows = [
        {
            "array": array,
            "loss": name,
            "says": check.says,
            "largest difference": check.absolute,
            "relative": check.relative,
            "accuracy": check.noise,
            "entries": check.checked,
            "on a corner": check.skipped,
        }
        for array in found[next(iter(LOSSES))]
        for name, check in ((name, found[name][array]) for name in LOSSES)
    ]
    shown = st.column_config.NumberColumn(format="%.2e")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=dict.fromkeys(("largest difference", "relative", "accuracy"), shown),
    )
    st.caption(
        "Central differences of the loss over one parameter at a time, at most 100 entries an "
        "array, in steps of a ten-thousandth of the weight; *accuracy* is the error of the "
        "differences themselves, from rounding and curvature. Where a ReLU switches in between, "
        "the loss has a corner and no derivative: such entries are left out."
    )


def _in_words(rule: str, squared: tuple[str, str], entropy: tuple[str, str]) -> str:
    """What the two answers mean."""
    match rule, squared[0], entropy[0]:
        case "exact", "matches", _:
            return "Of the mean squared error, as it should be."
        case "difference", _, "matches":
            return "Of the cross-entropy: that is why training with it works."
        case "drop_error_term", "does not match", "does not match":
            return "Of neither: it is the gradient of no loss."
        case "centred", "does not match", "does not match":
            return (
                "Of neither. With two classes it is half the gradient of the cross-entropy, with "
                "more that of no loss."
            )
        case "drop_error_term" | "centred", "matches", _:
            return "Here it comes to the exact gradient. Elsewhere it does not."
    why = squared[1] or entropy[1]
    return f"Not everything can be told here: {why}." if why else ""
