"""What the files hold that the command line writes, by the option that asks for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import metrics_csv, save_recording
from nnviz.sweeps.files import save_sweep, sweep_csv
from nnviz.sweeps.grid import Outcome

Contents = dict[str, Callable[[], bytes]]


def run_contents(run: Recording) -> Contents:
    """The files of a run."""
    return {
        "csv": lambda: metrics_csv(run).encode(),
        "npz": lambda: _packed(partial(save_recording, run)),
        "html": lambda: _run_page(run),
    }


def sweep_contents(
    axes: Mapping[str, Sequence[Any]], specs: Sequence[RunSpec], outcomes: Mapping[int, Outcome]
) -> Contents:
    """The files of a sweep."""
    return {
        "csv": lambda: sweep_csv(specs, outcomes).encode(),
        "npz": lambda: _packed(partial(save_sweep, specs, outcomes)),
        "html": lambda: _sweep_page(axes, specs, outcomes),
    }


def _packed(save: Callable[[BinaryIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def _run_page(run: Recording) -> bytes:
    from nnviz.player.offline import offline_run  # the page's packages, for those who ask for it

    return offline_run(run).encode()


def _sweep_page(
    axes: Mapping[str, Sequence[Any]], specs: Sequence[RunSpec], outcomes: Mapping[int, Outcome]
) -> bytes:
    # The page's packages, for those who ask for it.
    from nnviz.figures.run_grid import RunGrid
    from nnviz.player.offline import offline_sweep

    named = {name.replace("_", " "): values for name, values in axes.items()}
    return offline_sweep(RunGrid.of(named, specs, outcomes)).encode()
