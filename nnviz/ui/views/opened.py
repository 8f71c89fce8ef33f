"""A recording from a file, on the Train page instead of the run that the controls ask for."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace

import streamlit as st

from nnviz.recording import Recording
from nnviz.storage import RecordingFileError, load_recording
from nnviz.ui.controls import markdown_text
from nnviz.ui.message import message
from nnviz.ui.player import asked_sample, player
from nnviz.ui.state import OPENED_RUN, PLAYER
from nnviz.ui.views.sample import open_sample

MOST_BYTES, MOST_UNPACKED = 20_000_000, 60_000_000
"""Of a file, and of the arrays in it: they are in the memory of all visitors."""


@dataclass(frozen=True, eq=False)
class OpenedRun:
    """What a visitor opened.

    Attributes
    ----------
    name : str
        A digest of the file.
    run : Recording
    """

    name: str
    run: Recording


def opener() -> None:
    """Let the visitor choose a file, and read it."""
    file = st.file_uploader(
        f"Open a recording (NPZ, up to {MOST_BYTES // 1_000_000} MB)",
        type=["npz"],
        max_upload_size=MOST_BYTES // 1_000_000,
        help="A file that **Recording** saved, here or by the command line. It stays in this "
        "session.",
    )
    if file is None:
        return
    content = file.getvalue()
    name = hashlib.sha256(content).hexdigest()[:12]
    st.button("Show it", on_click=_open, args=(name, content), type="primary")
    if name in st.session_state.get(_WRONG, {}):
        st.error(f"{markdown_text(st.session_state[_WRONG][name])}.")


_WRONG = "wrong_recordings"


def _open(name: str, content: bytes) -> None:
    try:
        run = load_recording(io.BytesIO(content), MOST_UNPACKED)
    except RecordingFileError as error:
        st.session_state[_WRONG] = {name: str(error)}
        return
    if run.status == "running":  # nobody trains it on
        run = replace(run, status="stopped")
    st.session_state[OPENED_RUN] = OpenedRun(name, run)


def show_opened(opened: OpenedRun) -> None:
    """Play it."""
    run, config = opened.run, opened.run.config
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"A recording from a file: {markdown_text(run.dataset.name)}, "
            f"{config.hidden_units} hidden units, {markdown_text(config.gradient)}, "
            f"α {config.learning_rate:g}, seed {config.seed}. The controls do not change it."
        )
        st.button("Back to the controls' run", on_click=st.session_state.pop, args=(OPENED_RUN,))
    player(message(run, opened.name), key=PLAYER)
    if asked := asked_sample(opened.name, PLAYER):
        open_sample(run, *asked)
