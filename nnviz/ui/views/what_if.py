"""What if: any parameter, or the learning rate, edited in a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnviz.by_hand.step import Step, make_step
from nnviz.checks import SettingError
from nnviz.data.datasets import Dataset
from nnviz.paper.network import Array, Parameters
from nnviz.runs.recording import check_start
from nnviz.runs.spec import SETTINGS, RunSpec, StartingParameters
from nnviz.ui.editing import edited
from nnviz.ui.markdown import markdown_text
from nnviz.ui.state import EDITED


def what_if(
    spec: RunSpec, step: Step, epoch: int, data: Dataset, pages: dict[str, Any]
) -> Step | None:
    """Let the visitor edit the parameters before a step.

    Returns
    -------
    Step or None
        The step from the edited parameters; None if nothing was edited.
    """
    p, run = step.before, f"{spec.run_id} {epoch}"
    left, right = st.columns(2)
    with left:
        st.caption("W¹ and b¹: a row for each hidden unit")
        first = _table(p.W1, p.b1, data.feature_names, f"W1 {run}")
    with right:
        st.caption("W² and b²: a row for each class")
        units = [str(unit) for unit in range(p.W1.shape[0])]
        second = _table(p.W2, p.b2, units, f"W2 {run}")
    rate = st.number_input(
        "Learning rate α of this step",
        min_value=1e-6,
        max_value=SETTINGS["learning_rate"].most,
        value=step.learning_rate,
        format="%.6g",
        key=f"rate {run}",
    )
    tables = np.hstack([first.ravel(), second.ravel()])
    if not np.isfinite(tables).all():
        st.warning("A cell is empty: every parameter needs a number. Nothing is changed.")
        return None
    parameters = Parameters(first[:, :-1], first[:, -1:], second[:, :-1], second[:, -1:])
    try:
        check_start(parameters)
    except SettingError as error:
        why = markdown_text(str(error))
        st.warning(f"No run can start from these numbers: {why}. Nothing is changed.")
        return None
    pairs = zip(vars(parameters).values(), vars(p).values(), strict=True)
    changed = sum(int((a != b).sum()) for a, b in pairs)
    if not changed and rate == step.learning_rate:
        return None
    said = f"epoch {epoch:,} with {changed} parameter{'' if changed == 1 else 's'} edited"
    if rate != step.learning_rate:
        st.caption("The learning rate is that of this step; a run takes that of the sidebar.")
    st.session_state[EDITED] = StartingParameters.of(parameters, said)
    st.page_link(
        pages["train"],
        label="Train on from here",
        icon=":material/play_arrow:",
        query_params={"start": "edited"},
    )
    return make_step(parameters, step.X, step.Y, step.rule, rate)


def _table(weights: Array, biases: Array, names: Any, key: str) -> Array:
    """Edit weights with their biases as the last column."""
    # By number: names from the data may be twice there, or be one that Streamlit keeps for itself.
    frame = pd.DataFrame(np.hstack([weights, biases]))
    frame.columns = frame.columns.astype(str)
    shown = {
        column: st.column_config.NumberColumn(f"{name}", format="%.4f")
        for column, name in zip(frame.columns, [*names, "bias"], strict=True)
    }
    changed = edited(frame, key, column_config=shown, height=260)
    found: Array = changed.to_numpy(dtype=float)
    return found
