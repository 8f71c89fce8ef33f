"""Take it home: the run as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import streamlit as st

from nnviz.recording import Recording
from nnviz.snippets import run_program
from nnviz.storage import metrics_csv, save_recording
from nnviz.ui.offline import offline_page
from nnviz.ui.private import runs_of
from nnviz.ui.runs import Settings


def _npz(run: Recording) -> bytes:
    """A recording as the bytes of its file."""
    file = io.BytesIO()
    save_recording(run, file)
    return file.getvalue()


def _made(make: Callable[[Recording], str | bytes], settings: Settings) -> str | bytes:
    """A file of the run, as far as it has come."""
    return make(runs_of(settings).recording(settings, seconds=0))


FORMATS: dict[str, tuple[Callable[[Recording], str | bytes], str, str, str]] = {
    "Play offline": (offline_page, "html", "text/html", "One page with the player in it."),
    "Recording": (
        _npz,
        "npz",
        "application/zip",
        "Everything, to the last bit; nnviz.storage.load_recording opens it.",
    ),
    "Metrics": (metrics_csv, "csv", "text/csv", "Every epoch's metrics as a table."),
    "Program": (run_program, "py", "text/x-python", "Trains the run anew, with NumPy alone."),
}
"""What can be downloaded: how it is made, the file's suffix and type, and what it is."""


def take_home(settings: Settings) -> None:
    """Offer the run, as far as it has come, as files; each is made when it is asked for."""
    with st.expander("Take it home", icon=":material/download:"):
        places = st.columns(len(FORMATS))
        for place, (label, (make, suffix, kind, said)) in zip(places, FORMATS.items(), strict=True):
            place.download_button(
                label,
                partial(_made, make, settings),
                f"nnviz-{settings.run_id}.{suffix}",
                kind,
                help=said,
                width="stretch",
                on_click="ignore",
            )
        st.caption(
            "A picture is saved by the camera that appears in its corner. The address of this page "
            "is a link to the run."
        )
