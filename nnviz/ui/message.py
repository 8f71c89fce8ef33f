"""A recording as the message that the player shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from nnviz.figures.metrics import Metrics, metrics_of
from nnviz.figures.picture import Picture
from nnviz.figures.style import theme_layouts
from nnviz.figures.train_page import train_pictures
from nnviz.recording import Recording
from nnviz.ui.wire import pack

MOST_FRAME_BYTES = 880_000
"""What the frames of a run's pictures may take: with the rest, a run stays under 1 MB."""

METRICS = (
    # metric of the recording, label, format, help
    ("loss", "Loss", "number", "Mean squared error of the training samples, Eq. (11)"),
    ("accuracy", "Train accuracy", "percent", "Share of training samples predicted right"),
    ("test_accuracy", "Test accuracy", "percent", "Share of test samples predicted right"),
    ("error_term_mean_abs", "Mean |E|", "number", "Mean size of the neglected term E"),
    ("error_term_rms", "RMS E", "number", "Root mean square of the neglected term E"),
    ("dead_units", "Dead ReLU units", "count", "Hidden units that are 0 for all training samples"),
)


def message(run: Recording, run_id: str) -> bytes:
    """Pack a run for the player.

    Parameters
    ----------
    run : Recording
        Finished, or as far as it has come.
    run_id : str
        Stays the same while the run grows.
    """
    metrics = metrics_of(run)
    pictures = train_pictures(run, metrics)
    kept = _frames_within(pictures, len(run.keyframes))
    keyframes = np.array([keyframe.epoch for keyframe in run.keyframes], np.uint32)[kept]
    return pack(
        {
            "run": run_id,
            "version": f"{run_id} {run.last_epoch} {run.status}",
            "status": run.status,
            "progress": run.last_epoch / run.config.epochs,
            "notice": notice(run),
            "epochs": metrics.epochs,
            "keyframes": keyframes,
            "metrics": _numbers(run, metrics),
            "pictures": [_picture(picture, kept) for picture in pictures],
            "themes": theme_layouts(),
        }
    )


def notice(run: Recording) -> str:
    """What has to be said about how the run went; empty if all went as planned."""
    at, epochs = f"{run.last_epoch:,}", f"{run.config.epochs:,}"
    if run.status == "diverged":
        return (
            f"Training diverged after epoch {at}: the weights exploded. All epochs up to it are "
            f"shown. Try a learning rate below {run.config.learning_rate:g}"
            + (", or another gradient rule." if run.config.gradient == "drop_error_term" else ".")
        )
    if run.status == "target":
        accuracy, target = run.accuracy[-1], run.config.target_accuracy
        return f"Target reached: training accuracy {accuracy:.1%} (asked for: {target:.1%}) at epoch {at}."
    if run.status == "stopped":
        return f"Stopped by you at epoch {at} of {epochs}."
    return ""


def _numbers(run: Recording, metrics: Metrics) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch."""
    numbers = [
        {
            "label": "Epoch",
            "help": "Updates made so far",
            "format": "count",
            "values": metrics.epochs,
            "of": run.last_epoch,
        }
    ]
    for name, label, shown_as, explained in METRICS:
        numbers.append(
            {
                "label": label,
                "help": explained,
                "format": shown_as,
                "values": metrics.of(name),
                "of": run.config.hidden_units if name == "dead_units" else None,
            }
        )
    return numbers


def _frames_within(pictures: list[Picture], frames: int) -> Any:
    """The keyframes to send, so that all pictures' frames fit; the first and last always."""
    of_one = sum(update.values[:1].nbytes for picture in pictures for update in picture.updates)
    count = min(frames, max(2, MOST_FRAME_BYTES // of_one))
    return np.unique(np.linspace(0, frames - 1, count).round().astype(int))


def _picture(picture: Picture, kept: Any) -> dict[str, Any]:
    """A picture with the names that the player uses."""
    return {
        "name": picture.name,
        "title": picture.title,
        "howToRead": picture.how_to_read,
        "alt": picture.alt,
        "note": picture.note,
        "tab": picture.tab,
        "cursor": picture.cursor,
        "choices": picture.choices,
        "legend": [asdict(mark) for mark in picture.legend],
        "scale": picture.scale,
        "toggles": [asdict(toggle) for toggle in picture.toggles],
        "data": picture.figure["data"],
        "layout": picture.figure["layout"],
        "updates": [
            {
                "attribute": update.attribute,
                "traces": update.traces,
                "values": update.values[kept],
                "scale": update.scale,
                "offset": update.offset,
                "lookup": update.lookup,
                "byChoice": update.by_choice,
            }
            for update in picture.updates
        ],
    }
