"""Drawing: the controls as Streamlit's widgets, bound to the address."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from nnviz.checks import Choice, WholeNumber, value_text
from nnviz.data.datasets import OPTIONS_TAKEN
from nnviz.data.samples import Samples
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import CONTROLS, MORE, TOY_ONLY
from nnviz.ui.controls.standing import set_controls
from nnviz.ui.controls.translation import spec_of
from nnviz.ui.refusing import refuse_here
from nnviz.ui.state import (
    ADDRESS_COMPLAINTS,
    CHOSEN_SAMPLE,
    COUNTED_SAID,
    MORE_OPEN,
    OPENED_PRESET,
)


def sidebar(own: Samples | None) -> RunSpec:
    """Draw the controls in the sidebar; the run that they ask for, on `own` data if so chosen."""
    with st.sidebar:
        values: dict[str, Any] = {"dataset": selectbox("dataset")}
        values["gradient"] = selectbox("gradient")
        values["learning_rate"] = _select_slider("learning_rate", st)
        left, right = st.columns(2, vertical_alignment="bottom")
        values["hidden_units"] = slider("hidden_units", left)
        values["seed"] = number("seed", right)
        left.button("Reset all", on_click=_reset, width="stretch", help="Reset all controls.")
        right.button("New weights", on_click=_new_seed, width="stretch", help="Draw another seed.")
        with st.expander("More", expanded=_more_is_open()):
            values |= _more(values["dataset"])
    return spec_of(values, own)


def _more(dataset: str) -> dict[str, Any]:
    """Draw what is moved more rarely."""
    real = not set(TOY_ONLY) <= set(OPTIONS_TAKEN[dataset])
    values: dict[str, Any] = {}
    left, right = st.columns(2)
    values["samples"] = slider("samples", left, disabled=real)
    values["classes"] = slider("classes", right, disabled=real)
    values["noise"] = slider("noise", left, disabled=real)
    values["test_share"] = slider("test_share", right)
    values["epochs"] = _select_slider("epochs", left)
    values["target_accuracy"] = _select_slider("target_accuracy", right)
    values["init_scale"] = _select_slider("init_scale", left)
    values["data_seed"] = number("data_seed", right)
    slider("threshold", left)
    selectbox("horizon", right)
    return values


def _more_is_open() -> bool:
    """Whether to open what is moved more rarely: once something there is not as at first."""
    moved = (
        key in st.query_params
        or st.session_state.get(key, CONTROLS[key].default) != CONTROLS[key].default
        for key in MORE
    )
    if any(moved):
        st.session_state[MORE_OPEN] = True
    return MORE_OPEN in st.session_state


def _new_seed() -> None:
    st.session_state["seed"] = random.randrange(int(CONTROLS["seed"].high) + 1)


def _reset() -> None:
    set_controls({})
    st.session_state[ADDRESS_COMPLAINTS] = []
    st.session_state.pop(OPENED_PRESET, None)


def selectbox(
    key: str,
    place: Any = st,
    options: Sequence[str] | None = None,
) -> str:
    """Draw a control as a list to choose from: all its options, or only some."""
    control = CONTROLS[key]
    options = options or control.options
    assert options is not None
    refuse_here(key, Choice(options))
    chosen: str = place.selectbox(
        control.label,
        options,
        index=options.index(control.default),
        key=key,
        help=control.help,
        bind="query-params",
    )
    return chosen


def multiselect(key: str, place: Any = st) -> list[Any]:
    """Draw a control as a list of which several can be chosen; those that are, in order."""
    control = CONTROLS[key]
    assert control.options is not None
    chosen: list[Any] = place.multiselect(
        control.label,
        control.options,
        control.default,
        format_func=value_text,
        key=key,
        bind="query-params",
    )
    return sorted(chosen, key=control.options.index)


def _select_slider(key: str, place: Any) -> Any:
    control = CONTROLS[key]
    return place.select_slider(
        control.label,
        control.options,
        value=control.default,
        format_func=value_text,
        key=key,
        help=control.help,
        bind="query-params",
    )


def slider(key: str, place: Any, disabled: bool = False) -> Any:
    """Draw a control as a slider over numbers."""
    control = CONTROLS[key]
    kind = int if control.whole else float
    value = place.slider(
        control.label,
        min_value=kind(control.low),
        max_value=kind(control.high),
        value=control.default,
        step=kind(control.step),
        key=key,
        help=control.help,
        disabled=disabled,
        bind="query-params",
    )
    return value if control.whole else round(value, 9)  # a browser adds steps up


def number(key: str, place: Any = st, most: int | None = None) -> int:
    """Draw a control as a whole number, up to the most that is possible now."""
    control = CONTROLS[key]
    high = int(control.high if most is None else most)
    refuse_here(key, WholeNumber(int(control.low), high))
    if st.session_state.get(key, 0) > high:
        st.session_state[key] = high  # of a run or data with more
    return int(
        place.number_input(
            control.label,
            min_value=int(control.low),
            max_value=high,
            value=min(control.default, high),
            key=key,
            help=control.help,
            bind="query-params",
        )
    )


def counted(key: str, place: Any, most: int) -> int:
    """Draw one of the controls that count from 1 on screen; its value counts from 0, up to `most`.

    Streamlit binds to the address what a widget shows. So this one's value is in the session under
    its key, the widget shows one more, and what the address says is read and written here.
    """
    control, state = CONTROLS[key], st.session_state
    said: dict[str, str | None] = state.setdefault(COUNTED_SAID, {})
    there = st.query_params.get(key)
    if there is not None and there != said.get(key):  # by a link, or the Back key
        refuse_here(key, WholeNumber(int(control.low), most))
        state[key] = int(there)
        _note_choice(key)
    elif there is None and said.get(key) is not None:
        state[key] = control.default  # by the Back key
    value = state[key] = min(int(state.get(key, control.default)), most)
    state[f"{key}_from_1"] = value + 1
    place.number_input(
        control.label,
        min_value=1,
        max_value=int(control.high) + 1,  # of another run it would be another widget, at its first
        key=f"{key}_from_1",
        help=control.help,
        on_change=_count,
        args=(key,),
    )
    said[key] = str(value) if value != control.default else None
    if said[key] is None:
        st.query_params.pop(key, None)
    elif there != said[key]:
        st.query_params[key] = str(value)
    return value


def _count(key: str) -> None:
    """Take over what the visitor has put into a control that counts from 1."""
    st.session_state[key] = st.session_state[f"{key}_from_1"] - 1
    _note_choice(key)


def _note_choice(key: str) -> None:
    """A sample that the visitor has asked for is chosen on the other pages, too."""
    if key == "sample":
        st.session_state[CHOSEN_SAMPLE] = st.session_state[key]


def one_of(key: str, options: Sequence[str], name: str) -> str:
    """Draw a control of whose options there are only some, as a row of buttons.

    As with `counted`, its value is in the session under its key, and the address is read and
    written here: of a bound widget whose options change, Streamlit would forget the value. What
    the options do not have is the first of them, which the address does not say.

    Parameters
    ----------
    key : str
        The control's.
    options : sequence of str
        Those that there are.
    name : str
        Differs where the options do.
    """
    state = st.session_state
    said: dict[str, str | None] = state.setdefault(COUNTED_SAID, {})
    there = st.query_params.get(key)
    if there is not None and there != said.get(key):  # by a link, or the Back key
        state[key] = there
    elif there is None and said.get(key) is not None:
        state[key] = options[0]  # by the Back key
    value: str = state.get(key, options[0])
    value = state[key] = value if value in options else options[0]
    widget = f"{key} {name}"
    state[widget] = value
    st.segmented_control(
        CONTROLS[key].label,
        options,
        required=True,
        key=widget,
        label_visibility="collapsed",
        wrap=True,
        on_change=_choose,
        args=(key, widget),
    )
    said[key] = value if value != options[0] else None
    if said[key] is None:
        st.query_params.pop(key, None)
    elif there != value:
        st.query_params[key] = value
    return value


def _choose(key: str, widget: str) -> None:
    """Take over what the visitor has chosen of some options."""
    st.session_state[key] = st.session_state[widget]


def segments(key: str, place: Any = st, wrap: bool | None = None) -> str:
    """Draw a control as a row of buttons, on several rows if there is little room and it may."""
    control = CONTROLS[key]
    chosen: str = place.segmented_control(
        control.label,
        control.options,
        default=control.default,
        required=True,
        key=key,
        label_visibility="collapsed",
        wrap=wrap,
        bind="query-params",
    )
    return chosen
