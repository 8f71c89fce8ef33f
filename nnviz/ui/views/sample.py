"""The chosen sample: brought to the player, and the terms of its gradient by each rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from nnviz.figures.rules import RULE_LABELS
from nnviz.paper.gradients import output_gradient
from nnviz.paper.network import Array, residual
from nnviz.player.messages.sample import chosen_message
from nnviz.runs.recording import Recording
from nnviz.ui.chosen import choose, chosen_sample
from nnviz.ui.component import asked_sample, asked_step, bring_sample
from nnviz.ui.state import CHOSEN
from nnviz.ui.views.links import open_step


def show_chosen(run: Recording, run_id: str, key: str, step: Any = None) -> None:
    """Bring a player the sample that is chosen, also by a click in it just now.

    Parameters
    ----------
    run : Recording
        That of its pictures.
    run_id : str
        By which it knows the run.
    key : str
        The player's.
    step : page or None
        The Step page, where it shows the same run.
    """
    samples = run.dataset.y.size
    asked = asked_sample(run_id, key, samples)
    if asked is not None:
        choose(asked if asked >= 0 else None)
    sample = chosen_sample()
    bring_sample(chosen_message(run, run_id, sample, by_hand=step is not None), key=CHOSEN)
    epoch = asked_step(run_id, key, run.last_epoch)
    if step is not None and epoch is not None and sample is not None and sample < samples:
        open_step(run, sample, epoch, step)


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
