"""Several runs beside each other, as the message that the player of the Compare page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.course import longest
from nnviz.checks import value_text
from nnviz.figures.metrics import last_of_axis, metric_at, metrics_of
from nnviz.figures.pages.compare import pictures_beside
from nnviz.player.message import number, pack_pictures, progress
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec, short_name
from nnviz.ui.controls import CONTROLS, values_of

SHOWN = (
    ("loss", "Loss", "number"),
    ("accuracy", "Train", "percent"),
    ("test_accuracy", "Test", "percent"),
    ("error_term_rms", "RMS E", "number"),
)


def differences(specs: Mapping[str, RunSpec]) -> dict[str, dict[str, str]]:
    """What the runs differ in: by the control's label, then by the run's name."""
    values = {name: values_of(spec) for name, spec in specs.items()}
    rows = {
        control.label: {
            name: value_text(of[key]) if key in of else "–" for name, of in values.items()
        }
        for key, control in CONTROLS.items()
    }
    rows["Own data"] = {
        name: f"table {spec.own.digest[:6]}" if spec.own else "–" for name, spec in specs.items()
    }
    rows["Start"] = {
        name: spec.start.said if spec.start else "drawn weights" for name, spec in specs.items()
    }
    return {label: row for label, row in rows.items() if len(set(row.values())) > 1}


def run_id(specs: Mapping[str, RunSpec]) -> str:
    """The same wherever these runs are, and while they grow."""
    said = "-".join(f"{name}{spec.run_id}" for name, spec in specs.items())
    return short_name(said)


def beside_message(
    specs: Mapping[str, RunSpec], runs: Mapping[str, Recording], stopped: bool = False
) -> bytes:
    """Pack runs, finished or as far as they have come, for the player."""
    whole = longest(runs)
    running = any(run.status == "running" for run in runs.values())
    status = "finished" if not running else "stopped" if stopped else "running"
    end = max(map(last_of_axis, runs.values()))
    epochs = metrics_of(whole).epochs
    reached = "-".join(f"{run.last_epoch}" for run in runs.values())
    run_name = run_id(specs)
    return pack_pictures(
        pictures_beside(runs, end),
        keyframes=[keyframe.epoch for keyframe in whole.keyframes],
        header={
            "run": run_name,
            "version": f"{run_name} {status} {reached}",
            "columns": len(runs),
            "status": status,
            "progress": progress(runs.values()),
            "notice": _notice(runs),
            "epochs": epochs,
            "metrics": _numbers(runs, epochs),
        },
    )


def _notice(runs: Mapping[str, Recording]) -> str:
    """Which runs ended otherwise than planned."""
    return " ".join(f"{name}: {said}" for name, run in runs.items() if (said := ending(run)))


def _numbers(runs: Mapping[str, Recording], epochs: NDArray[np.uint32]) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch; NaN after a run's end."""
    found = [number("Epoch", epochs, "Updates made so far", "count", of=int(epochs[-1]))]
    for metric, label, shown_as in SHOWN:
        for name, run in runs.items():
            at = metric_at(run, metric, epochs)
            found.append(number(f"{label} {name}", at, f"{label} of run {name}", shown_as))
    return found
