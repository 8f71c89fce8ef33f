"""Take it home: the run as files."""

from __future__ import annotations

import io
from collections.abc import Callable

import streamlit as st

from nnviz.recording import Recording
from nnviz.snippets import run_program
from nnviz.storage import metrics_csv, save_recording
from nnviz.ui.offline import offline_page


def _npz(run: Recording) -> bytes:
    """A recording as the bytes of its file."""
    file = io.BytesIO()
    save_recording(run, file)
    return file.getvalue()


FORMATS: dict[str, tuple[Callable[[Recording], str | bytes], str, str, str]] = {
    "Play offline": (offline_page, "html", "text/html", "One page with the player in it."),
    "Recording": (
        _npz,
        "npz",
        "application/zip",
        "Everything, to the last bit; it can be opened again below, or by "
        "nnviz.storage.load_recording.",
    ),
    "Metrics": (metrics_csv, "csv", "text/csv", "Every epoch's metrics as a table."),
    "Program": (run_program, "py", "text/x-python", "Trains the run anew, with NumPy alone."),
}
"""What can be downloaded: how it is made, the file's suffix and type, and what it is."""


def take_home(name: str, recording: Callable[[], Recording]) -> None:
    """Offer a run as files, each made when it is asked for.

    Parameters
    ----------
    name : str
        Of the files.
    recording : callable
        Gives the run.
    """
    places = st.columns(len(FORMATS))
    for place, (label, (make, suffix, kind, said)) in zip(places, FORMATS.items(), strict=True):
        place.download_button(
            label,
            _maker(make, recording),
            f"nnviz-{name}.{suffix}",
            kind,
            help=said,
            width="stretch",
            on_click="ignore",
        )
    st.caption(
        "A picture is saved as PNG or SVG by the buttons that appear in its corner. The address "
        "of this page is a link to the run."
    )


def _maker(
    make: Callable[[Recording], str | bytes], recording: Callable[[], Recording]
) -> Callable[[], str | bytes]:
    """What makes a file of the run as it is then."""
    return lambda: make(recording())
