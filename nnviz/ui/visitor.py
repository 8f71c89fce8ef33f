"""Who the visitor is for whom a script runs."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def visitor() -> str:
    """Name the visitor's session; empty outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""
