"""What belongs to one visitor: runs on data of their own never reach what all visitors share."""

from __future__ import annotations

import streamlit as st

from nnviz.runs.spec import RunSpec
from nnviz.ui.shared.runs import RUNS, RunStore
from nnviz.ui.shared.sweeps import OUTCOMES, Outcomes
from nnviz.ui.state import OWN_OUTCOMES, OWN_RUNS

OWN_RUNS_BYTES = 25_000_000
"""Memory for one visitor's own runs, in bytes."""

MOST_OUTCOMES = 2_000


def runs_of(spec: RunSpec) -> RunStore:
    """The store that a run is kept in: that of all visitors, or the session's."""
    if spec.own is None:
        return RUNS
    store: RunStore = st.session_state.setdefault(OWN_RUNS, RunStore(OWN_RUNS_BYTES))
    return store


def outcomes_of(spec: RunSpec) -> Outcomes:
    """Where the outcomes of a sweep are kept: with those of all visitors, or in the session."""
    if spec.own is None:
        return OUTCOMES
    kept: Outcomes = st.session_state.setdefault(OWN_OUTCOMES, Outcomes(MOST_OUTCOMES))
    return kept
