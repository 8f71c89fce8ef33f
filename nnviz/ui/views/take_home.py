"""Take it home: what a page shows as files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import streamlit as st

from nnviz.by_hand.programs import run_program
from nnviz.figures.run_grid import RunGrid
from nnviz.figures.tiles import Tiles
from nnviz.player.messages.wall import Shown
from nnviz.player.offline import offline_page, offline_run, offline_sweep
from nnviz.runs.recording import Recording
from nnviz.runs.storage import metrics_csv, save_recording
from nnviz.sweeps.files import save_sweep, sweep_csv
from nnviz.ui.controls.standing import criterion
from nnviz.ui.shared.turns import patient_turns
from nnviz.ui.state import HOME

HTML, NPZ, CSV, PYTHON = "text/html", "application/zip", "text/csv", "text/x-python"


@dataclass(frozen=True)
class File:
    """A file to download.

    Attributes
    ----------
    label : str
        What its button says.
    suffix, kind : str
        Of its name, and its media type.
    said : str
        What it is.
    make : callable
        Gives its contents, when it is asked for.
    """

    label: str
    suffix: str
    kind: str
    said: str
    make: Callable[[], str | bytes]


@contextmanager
def home() -> Iterator[bool]:
    """Where files are offered; whether it is open, since until then nothing of it is sent."""
    with st.expander(
        "Take it home", icon=":material/download:", key=HOME, on_change="rerun"
    ) as box:
        yield bool(box.open)


def take_run_home(name: str, recording: Callable[[], Recording]) -> None:
    """Offer a run as files; `recording` gives it as it is then."""
    holds = criterion()  # here, since a download is made outside of the session

    def in_turn(make: Callable[[Recording], str | bytes]) -> str | bytes:
        run = recording()
        with patient_turns():
            return make(run)

    def page() -> str:
        run = recording()
        return offline_run(run, holds, patient_turns)

    npz_help = "Everything, to the last bit. Open it again below, or with nnviz.load_recording."
    _offer(
        name,
        [
            File("Play offline", "html", HTML, "One page with the player in it.", page),
            File("Recording", "npz", NPZ, npz_help,
                 lambda: in_turn(lambda run: _written(partial(save_recording, run)))),
            File("Metrics", "csv", CSV, "Every epoch's metrics as a table.",
                 lambda: in_turn(metrics_csv)),
            File("Program", "py", PYTHON, "Trains the run again, with NumPy alone.",
                 lambda: in_turn(run_program)),
        ],
    )  # fmt: skip


def take_sweep_home(
    so_far: Callable[[], RunGrid], wall: Callable[[RunGrid], tuple[Tiles, Shown] | None]
) -> None:
    """Offer a sweep as files; `so_far` gives it as far as it has come then, and `wall` its wall."""
    holds = criterion()  # here, since a download is made outside of the session

    def npz(file: BinaryIO) -> None:
        grid = so_far()
        save_sweep(grid.specs, grid.outcomes, file)

    def table() -> str:
        grid = so_far()
        return sweep_csv(grid.specs, grid.outcomes)

    def page() -> str:
        grid = so_far()
        return offline_sweep(grid, wall(grid), holds)

    _offer(
        "sweep",
        [
            File("Page", "html", HTML, "The wall, and every outcome, to open offline.",
                 page),
            File("Table", "csv", CSV, "One row per run: its settings and results.", table),
            File("Arrays", "npz", NPZ, "The table's columns and the loss curves, for NumPy.",
                 lambda: _written(npz)),
        ],
        disabled=not so_far().outcomes,
    )  # fmt: skip


def take_page_home(name: str, title: str, packed: Callable[[], bytes]) -> None:
    """Offer what a page's player shows, of which `packed` gives the message, as one file."""
    said = "These pictures as one page, with the player in it."
    _offer(name, [File("Play offline", "html", HTML, said, lambda: offline_page(title, packed()))])


def _offer(name: str, files: Sequence[File], disabled: bool = False) -> None:
    for place, file in zip(st.columns(len(files)), files, strict=True):
        place.download_button(
            file.label,
            file.make,
            f"nnviz-{name}.{file.suffix}",
            file.kind,
            help=file.said,
            width="stretch",
            on_click="ignore",
            disabled=disabled,
        )


def _written(write: Callable[[BinaryIO], None]) -> bytes:
    """What is written to a file, as bytes."""
    file = io.BytesIO()
    write(file)
    return file.getvalue()
