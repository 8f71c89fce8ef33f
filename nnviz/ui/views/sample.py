"""One sample, opened: its output, and the terms of its gradient by each rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from nnviz.figures.rules import RULE_LABELS
from nnviz.paper.error_term import error_term, error_term_bounds
from nnviz.paper.gradients import RULE_NAMES, output_gradient
from nnviz.paper.network import Array, forward, residual
from nnviz.player.messages.sample import sample_message
from nnviz.runs.recording import Recording, epoch_in_reach
from nnviz.ui.component import lab
from nnviz.ui.markdown import markdown_text
from nnviz.ui.shared.parameters import parameters_in_turns
from nnviz.ui.state import SAMPLE

REACH = 1.0
"""Seconds of training at most to come to an epoch, about; otherwise its keyframe is shown."""


@st.dialog("One sample", width="large")
def open_sample(run: Recording, sample: int, epoch: int) -> None:
    """Show the terms of a training sample at an epoch.

    Parameters
    ----------
    run : Recording
        The run that the sample is trained in.
    sample : int
        Its number, from 0.
    epoch : int
        That of the pictures in which it was chosen.
    """
    data = run.dataset
    epoch = epoch_in_reach(run, epoch, REACH)
    parameters = parameters_in_turns(run, epoch)
    columns = slice(sample, sample + 1)
    X, Y = data.X[:, columns], data.Y[:, columns]
    A2 = forward(parameters, X).A2
    E = float(error_term(A2, Y)[0])
    low, high = error_term_bounds(len(data.class_names))
    true, taken_for = (
        markdown_text(data.class_names[label]) for label in (data.y[sample], int(A2.argmax()))
    )
    st.markdown(
        f"Training sample **{sample + 1}** at epoch **{epoch:,}** of the run by "
        f"{RULE_NAMES[run.config.gradient]}: of class **{true}**, predicted as **{taken_for}**."
    )
    shown = f"{run.config} {sample} {epoch}"
    lab(sample_message(A2[:, 0], data.y[sample], data.class_names, shown), key=SAMPLE)
    st.caption(
        "Arrows: a step against each rule's ∂L/∂Z², all at one scale. Drag the point, or move it "
        "with the arrow keys: all is computed anew. Thin bars: what (15) keeps of exact (14), "
        "A²∘D, and what it drops, −A²·E."
    )
    terms_table(A2, Y, E, data.class_names)
    st.caption(
        f"E = Σ A²D is the sum of the column A²∘D, between {low:.3f} and {high:g} for so many "
        "classes. Exact (14) is A²∘D − A²·E, without E "
        "(15) is A²∘D, A − Y (16) is D; centred (ours) is A²∘D less its mean over the classes."
    )
    if data.image_shape is not None:
        image = data.X[:, sample].reshape(data.image_shape)
        grey = (image - data.X.min()) / (data.X.max() - data.X.min())
        # Enlarged here, so that its pixels stay squares.
        st.image(1 - np.kron(grey.clip(0, 1), np.ones((15, 15))), width=120)
    else:
        features = zip(data.feature_names, data.X[:, sample], strict=True)
        st.caption(
            "Standardized: "
            + ", ".join(f"{markdown_text(name)} {value:.2f}" for name, value in features)
        )


def terms_table(A2: Array, Y: Array, E: float, class_names: Sequence[str]) -> None:
    """The terms of one sample's output gradient ``[N2×1]``, by every rule."""
    columns_shown = {
        "class": list(class_names),
        "Y": Y[:, 0],
        "A²": A2[:, 0],
        "D = A² − Y": residual(A2, Y)[:, 0],
        "A²∘D": A2[:, 0] * residual(A2, Y)[:, 0],
        "A²·E": A2[:, 0] * E,
        **{
            f"G, {label}": output_gradient(A2, Y, rule)[:, 0] for rule, label in RULE_LABELS.items()
        },
    }
    numbers = {
        name: st.column_config.NumberColumn(format="%.4g")
        for name in columns_shown
        if name != "class"
    }
    st.dataframe(columns_shown, column_config=numbers, hide_index=True)
