"""What an address may not say is said, and not used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from nnviz.checks import Rule, SettingError, value_text
from nnviz.ui.state import ADDRESS_COMPLAINTS, REFUSED


def refuse(wrong: Mapping[str, str], instead: Mapping[str, Any]) -> None:
    """Take parameters out of the address, remember what to say of them, and begin anew.

    Streamlit puts a control where the address at the *beginning* of the script run has it, whatever
    the script does to the address or to the session before it draws it.

    Parameters
    ----------
    wrong : mapping of str to str
        What to say of each parameter.
    instead : mapping of str to value
        Where their controls are to stand, if not where they do; a list is what can stay in the
        address.
    """
    for key in wrong:
        value = instead.get(key)
        try:
            if isinstance(value, list):
                st.query_params[key] = map(value_text, value)
            else:
                del st.query_params[key]
        except StreamlitAPIException:  # by the browser's *Back*, to a control that is drawn already
            st.session_state[key] = value if key in instead else st.session_state[key]
    if not st.session_state.get(REFUSED):
        _begin_anew(wrong.values())


def refuse_here(key: str, rule: Rule) -> None:
    """Refuse what an address may say, but not of the run that is shown.

    A control that is drawn already is left alone: it follows the run by itself.
    """
    try:
        rule.read(key, st.query_params[key])
    except KeyError:
        return
    except SettingError as error:
        try:
            del st.query_params[key]
        except StreamlitAPIException:
            return
        _begin_anew([f"in this run {error}; ignored"])


def _begin_anew(said: Iterable[str]) -> NoReturn:
    st.session_state[ADDRESS_COMPLAINTS] = [*st.session_state[ADDRESS_COMPLAINTS], *said]
    st.session_state[REFUSED] = True
    st.rerun()
