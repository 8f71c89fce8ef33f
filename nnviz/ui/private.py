"""What belongs to one visitor: runs on data of their own never reach what all visitors share."""

from __future__ import annotations

from weakref import WeakSet

import streamlit as st

from nnviz.runs.spec import RunSpec
from nnviz.ui.shared.runs import RUNS, RunStore
from nnviz.ui.shared.sweeps import OUTCOMES, Outcomes
from nnviz.ui.state import OWN_OUTCOMES, OWN_RUNS

OWN_RUNS_BYTES = 25_000_000
"""Memory for one visitor's own runs, in bytes."""

ALL_OWN_RUNS_BYTES = 400_000_000
"""Memory for all visitors' own runs, in bytes."""

MOST_OUTCOMES, TILE_BYTES = 2_000, 10_000_000
"""Outcomes of one visitor's sweeps, and memory for their tiles: more than the largest wall's."""

_STORES: WeakSet[RunStore] = WeakSet()
"""The stores of all sessions that hold own runs."""


def runs_of(spec: RunSpec) -> RunStore:
    """The store that a run is kept in: that of all visitors, or the session's."""
    if spec.own is None:
        return RUNS
    if OWN_RUNS not in st.session_state:
        st.session_state[OWN_RUNS] = RunStore(OWN_RUNS_BYTES)
        _STORES.add(st.session_state[OWN_RUNS])
    store: RunStore = st.session_state[OWN_RUNS]
    return store


def forget_unused(seconds: float, most_bytes: int = ALL_OWN_RUNS_BYTES) -> None:
    """Forget visitors' own runs that their visitor has not looked at for so long.

    Where all visitors' still take more than `most_bytes`, each visitor's keep an equal share of it.
    """
    stores = list(_STORES)
    for store in stores:
        store.forget_unused(seconds, keep_bytes=0)
    if sum(store.nbytes for store in stores) > most_bytes:
        for store in stores:
            store.forget_unused(0.0, keep_bytes=most_bytes // len(stores))


def outcomes_of(spec: RunSpec) -> Outcomes:
    """Where the outcomes of a sweep are kept: with those of all visitors, or in the session."""
    if spec.own is None:
        return OUTCOMES
    kept: Outcomes = st.session_state.setdefault(OWN_OUTCOMES, Outcomes(MOST_OUTCOMES, TILE_BYTES))
    return kept
