"""A recording from a file, on the Train page instead of the run that the controls ask for."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from nnviz.player.affordable import too_large
from nnviz.player.messages.train import train_message
from nnviz.runs.recording import Recording
from nnviz.runs.storage import RecordingFileError, load_recording
from nnviz.ui.component import MEASURED, asks_for_more, bring_progress, player
from nnviz.ui.markdown import markdown_text
from nnviz.ui.parts import draw_part
from nnviz.ui.shared.measuring import SharedMeasuring
from nnviz.ui.shared.room import BROUGHT, NoRoomError
from nnviz.ui.shared.turns import TURNS, patient_turns
from nnviz.ui.state import OPENED_RUN, PROGRESS, RECORDING_FILE, TRAIN, WRONG_RECORDING
from nnviz.ui.views.answers import answer_player

MOST_UPLOAD_BYTES, MOST_UNPACKED = 20_000_000, 60_000_000
"""Of a file, and of the arrays in it: they are in the memory of all visitors. The largest run that
the controls offer takes 25 MB."""


@dataclass(frozen=True, eq=False)
class OpenedRun:
    """What a visitor opened.

    Attributes
    ----------
    name : str
        A digest of the file.
    run : Recording
        What the file held.
    message : bytes
        For the player.
    measuring : SharedMeasuring
        Of its progress.
    """

    name: str
    run: Recording
    message: bytes
    measuring: SharedMeasuring


def opener() -> None:
    """Let the visitor choose a file, of whatever name, and read it."""
    file = st.file_uploader(
        f"Open a recording (NPZ, up to {MOST_UPLOAD_BYTES // 1_000_000} MB)",
        max_upload_size=MOST_UPLOAD_BYTES // 1_000_000,
        key=RECORDING_FILE,
        help="A file that **Recording** saved, here or by the command line. It stays in this "
        "session.",
    )
    if not isinstance(file, UploadedFile):  # none, or one that is not there any more
        return
    st.button("Show it", on_click=_open, args=(file,), type="primary")
    which, wrong = st.session_state.get(WRONG_RECORDING, ("", ""))
    if which == file.file_id:
        st.error(f"{markdown_text(wrong)}.")


def _open(file: UploadedFile) -> None:
    """Show a file's recording; or say what is wrong with the file."""
    try:
        opened = opened_run(file.getvalue())
        run = opened.run
        BROUGHT.take(opened, run.nbytes + run.dataset.nbytes + len(opened.message))
    except (RecordingFileError, NoRoomError) as error:
        st.session_state[WRONG_RECORDING] = (file.file_id, str(error))
        return
    st.session_state[OPENED_RUN] = opened


def opened_run(content: bytes) -> OpenedRun:
    """Open a file and pack its run for the player, each in its turn.

    Raises
    ------
    RecordingFileError
        Also if the run is a recording, but too large to be shown.
    """
    with TURNS.turn():
        run = load_recording(io.BytesIO(content), MOST_UNPACKED)
    if why := too_large(run):
        raise RecordingFileError(f"the recording cannot be shown here: {why}")
    if run.status == "running":  # nobody trains it on
        run = replace(run, status="stopped")
    name = hashlib.sha256(content).hexdigest()[:12]
    with TURNS.turn():
        return OpenedRun(name, run, train_message(run, name), SharedMeasuring(run))


def show_opened(opened: OpenedRun) -> None:
    """Say what it is, and play it."""
    run, config = opened.run, opened.run.config
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"A recording from a file: {markdown_text(run.dataset.name)}, "
            f"{config.hidden_units} hidden units, {markdown_text(config.gradient)}, "
            f"α {config.learning_rate:g}, seed {config.seed}. The controls do not change it."
        )
        st.button("Back to the current run", on_click=st.session_state.pop, args=(OPENED_RUN,))
    draw_part(_play, opened)


def _play(opened: OpenedRun) -> None:
    player(opened.message, key=TRAIN)
    if asks_for_more(opened.name, TRAIN):
        opened.measuring.go_on(opened.run, MEASURED, patient_turns)
    complete = opened.measuring.is_complete(opened.run, growing=False)
    bring_progress(opened.measuring.packed(opened.name, complete), key=PROGRESS)
    answer_player(opened.run, opened.name)
