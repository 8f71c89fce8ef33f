"""The message of the Train page: a run."""

from __future__ import annotations

from typing import Any

from nnviz.approximation.course import network_angles
from nnviz.figures.metrics import Metrics, metrics_of
from nnviz.figures.pages.train import train_pictures
from nnviz.player.affordable import affordable
from nnviz.player.messages.claim import claim_of
from nnviz.player.messages.header import readout, trained_share
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording

ADVICE = 0.2
"""Seconds of computing, about, to look for a learning rate with which a run does not go wrong."""

METRICS = (
    # metric of the recording, label, format, help
    ("loss", "Loss", "number", "Mean squared error of the training samples, Eq. (11)"),
    ("accuracy", "Train accuracy", "percent", "Share of training samples predicted correctly"),
    ("test_accuracy", "Test accuracy", "percent", "Share of test samples predicted correctly"),
    ("error_term_mean_abs", "Mean |E|", "number", "Mean size of E; small is not negligible"),
    ("error_term_rms", "RMS E", "number", "Root mean square of E; small is not negligible"),
    ("dead_units", "Dead ReLU units", "count", "Hidden units that are 0 for all training samples"),
)


def train_message(run: Recording, run_id: str) -> bytes:
    """Pack a run for the player of the Train page.

    Parameters
    ----------
    run : Recording
        Finished, or as far as it has come.
    run_id : str
        Stays the same while the run grows.
    """
    metrics, shown = metrics_of(run), affordable(run)
    return pack_pictures(
        train_pictures(shown, metrics),
        keyframes=[keyframe.epoch for keyframe in shown.keyframes],
        header={
            "run": run_id,
            "version": f"{run_id} {run.last_epoch} {run.status}",
            "status": run.status,
            "progress": trained_share([run]),
            "notice": ending(run, ADVICE),
            "epochs": metrics.epochs,
            "metrics": _readouts(run, metrics),
            "claim": claim_of(shown, network_angles(shown)),
        },
    )


def _readouts(run: Recording, metrics: Metrics) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch."""
    of = {"dead_units": run.config.hidden_units}
    return [
        readout("Epoch", metrics.epochs, "Updates made so far", "count", of=run.last_epoch),
        *(
            readout(label, metrics.of(name), explained, shown_as, of.get(name), name)
            for name, label, shown_as, explained in METRICS
        ),
    ]
