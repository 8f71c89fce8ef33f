"""The address that a visitor comes by, once at first and then at every link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.checks import SettingError, value_text
from nnviz.ui.controls.catalogue import CONTROLS, FOLLOWING, default_values
from nnviz.ui.controls.control import Control
from nnviz.ui.controls.standing import move_controls, set_controls, texts_of
from nnviz.ui.markdown import markdown_text
from nnviz.ui.presets import LINKED, Preset
from nnviz.ui.refusing import refuse
from nnviz.ui.shown_epoch import END, open_at
from nnviz.ui.state import (
    ADDRESS_COMPLAINTS,
    EDITED,
    OPENED,
    OPENED_PRESET,
    OPENED_RUN,
    PRESENTING,
    REFUSED,
    START_FROM,
)
from nnviz.ui.tour.following import step_at, tour_in_use
from nnviz.ui.tour.steps import TourStep

LINKS = {
    "preset": Control("Preset", "", "", options=tuple(LINKED)),
    "epoch": Control("Epoch", 0, "", high=END),
    "start": Control("Start", "", "", options=("edited",)),
    "open": Control("Open", "", "", options=("chosen",)),
    "present": Control("Presenter view", "", "", options=("1",)),
}
"""What only a link says; it is taken out of the address when it has been followed, if it is not
one of `STAYING`. The step of a tour stays there, too (`nnviz.ui.tour.following`)."""

STAYING = ("present",)
"""What a link says that stays in the address: a page that is loaded anew is as it was."""

MOST_SAID = 20
"""Complaints to show; an address can hold a thousand parameters."""


def complaints(address: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is wrong with an address, by the parameter's name.

    Parameters
    ----------
    address : mapping of str to sequence of str
        The query parameters, each with all its values.
    """
    return {
        key: said for key, values in address.items() if (said := _complaint(key, values, address))
    }


def _complaint(key: str, values: Sequence[str], address: Mapping[str, Sequence[str]]) -> str | None:
    """What is wrong with one parameter, if anything."""
    if key == "tour":
        control: Control | None = Control("Tour", 1, "", low=1, high=len(tour_in_use()[0].steps))
    else:
        control = CONTROLS.get(key) or LINKS.get(key)
    if control is None:
        return f"{_shown(key)} is not a setting and was ignored"
    if len(values) != 1 and not control.several:
        return f"{key} is given {len(values)} times; {_otherwise(key, address)}"
    if control.several and list(values) == [""]:  # so it says that none is chosen
        return None
    try:
        for value in values:
            control.check(key, value)
    except SettingError as error:
        return f"{error}; {_otherwise(key, address)}"
    if key == "epoch" and int(values[0]) > _epochs(address):
        return f"epoch is {values[0]}, and the run has {_epochs(address)}; ignored"
    # What a preset does not say of them, the run does; and a grid it sets without asking.
    preset = _preset(address)
    is_left = preset is not None and key in ("sample", "unit") and key not in preset.values
    if preset and key in CONTROLS and not control.several and not is_left:
        there = value_text(_first(address)[key])
        if values[0] != there:
            return f"{key} is set by the preset; using {there}"
    twice = [value for number, value in enumerate(values) if value in values[:number]]
    return f"{key} is given {twice[0]} more than once; used once" if twice else None


def _preset(address: Mapping[str, Sequence[str]]) -> Preset | None:
    """The preset that an address names, if it does."""
    named = address.get("preset", ())
    return LINKED.get(named[0]) if len(named) == 1 else None


def _step(address: Mapping[str, Sequence[str]]) -> TourStep | None:
    """The step of the tour that an address names, if it does."""
    named = address.get("tour", ())
    return step_at(named[0]) if len(named) == 1 else None


def _first(address: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """What controls say where the address does not: defaults, or what a preset or a step has."""
    opened = _preset(address) or _step(address)
    return {**default_values(), **({**opened.values, "at": opened.epoch} if opened else {})}


def _epochs(address: Mapping[str, Sequence[str]]) -> int:
    """How many epochs the run has that an address opens."""
    if "epochs" in address and not _complaint("epochs", address["epochs"], address):
        return int(address["epochs"][0])
    return int(_first(address)["epochs"])


def _instead(key: str, address: Mapping[str, Sequence[str]]) -> Any:
    """Where a control stands whose values in the address cannot all be used."""
    control = CONTROLS[key]
    if control.several and control.options is not None:
        left = [option for option in control.options if value_text(option) in address[key]]
        return left or control.default
    return _first(address)[key]


def _otherwise(key: str, address: Mapping[str, Sequence[str]]) -> str:
    """The same in words."""
    if key not in CONTROLS or (key in FOLLOWING and not _preset(address)):
        return "ignored"
    value = _instead(key, address)
    if isinstance(value, list):
        return "left out"
    return f"using {', '.join(map(value_text, value if CONTROLS[key].several else [value]))}"


def follow_address() -> None:
    """Do what a link says, and show what is wrong with the address a visitor came by."""
    address = {key: st.query_params.get_all(key) for key in st.query_params}
    if _preset(address):  # to another page, Streamlit carries along what the controls say
        address = {key: values for key, values in address.items() if not _drawn(key, values)}
    linked = any(key in LINKS and key not in STAYING for key in address)
    wrong = complaints(address)
    known = ADDRESS_COMPLAINTS in st.session_state
    if (linked or wrong or not known) and not st.session_state.get(REFUSED):
        st.session_state[ADDRESS_COMPLAINTS] = []
    if wrong:
        moved = (key for key in wrong if key in CONTROLS and key not in FOLLOWING)
        refuse(wrong, {key: _instead(key, address) for key in moved})
    st.session_state[REFUSED] = False
    _follow_link()
    if said := st.session_state[ADDRESS_COMPLAINTS]:
        lines = [markdown_text(one) for one in said[:MOST_SAID]]
        if len(said) > MOST_SAID:
            lines.append(f"and {len(said) - MOST_SAID} more")
        st.sidebar.warning("In the address:\n" + "".join(f"\n- {line}" for line in lines))


def _drawn(key: str, values: Sequence[str]) -> bool:
    """Whether an address only repeats what a control says."""
    if key not in CONTROLS or key not in st.session_state:
        return False
    return list(values) == texts_of(key, st.session_state[key])


def _follow_link() -> None:
    """Do what a link says, and take it out of the address."""
    drawn = "dataset" in st.session_state
    name = st.query_params.pop("preset", "")
    preset = LINKED.get(name)
    epoch = st.query_params.pop("epoch", preset.epoch if preset else None)
    if preset:
        set_controls(preset.values)
        st.session_state[OPENED_PRESET] = name
        if not drawn:  # later on, Streamlit itself writes the controls' values there
            st.query_params.update({k: texts_of(k, v) for k, v in preset.values.items()})
    if "present" in st.query_params:
        st.session_state[PRESENTING] = True
    elif PRESENTING in st.session_state:  # by a link from page to page
        st.query_params["present"] = "1"
    chosen = st.query_params.pop("open", None) and st.session_state.pop(OPENED, None)
    if chosen:
        move_controls(chosen)
    edited = st.query_params.pop("start", None) and st.session_state.get(EDITED)
    if preset or chosen or edited:  # the run that it opens, and no other, is to be seen
        for other in (START_FROM, OPENED_RUN):
            st.session_state.pop(other, None)
    if chosen or edited:
        st.session_state.pop(OPENED_PRESET, None)
    if edited:
        st.session_state[START_FROM] = edited
        epoch = 0
    if epoch is not None:
        open_at(int(epoch))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
