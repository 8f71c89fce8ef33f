"""The figures in the article of the Learn page, each a message: a scrubber, numbers, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.course import longest, network_angles
from nnviz.figures.metrics import metric_at, metrics_of
from nnviz.figures.pages.article import leaking, learning, term
from nnviz.figures.picture import Picture
from nnviz.figures.rules import RULE_LABELS
from nnviz.player.messages.header import readout
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.recording import Recording


def learning_figure(run: Recording, run_id: str) -> bytes:
    """Pack how a run on data in the plane learns."""
    epochs = metrics_of(run).epochs
    shown = [
        _metric(run, "loss", epochs, "Loss", "number"),
        _metric(run, "accuracy", epochs, "Train accuracy", "percent"),
        _metric(run, "test_accuracy", epochs, "Test accuracy", "percent"),
    ]
    return _pack(run, run_id, learning(run), shown)


def term_figure(run: Recording, run_id: str) -> bytes:
    """Pack how E shrinks along a run, and what dropping it does to the gradient meanwhile."""
    epochs = metrics_of(run).epochs
    before = np.searchsorted([k.epoch for k in run.keyframes], epochs, "right") - 1
    angles = network_angles(run)
    shown = [
        _metric(run, "error_term_mean_abs", epochs, "Mean |E|", "number"),
        *(
            readout(
                f"{RULE_LABELS[rule]} to exact (14)",
                angles[rule][before].astype(np.float32),
                "Angle between the network's gradient by this rule and the exact one",
                "degrees",
            )
            for rule in ("drop_error_term", "difference")
        ),
    ]
    return _pack(run, run_id, term(run), shown)


def leak_figure(runs: Mapping[str, Recording], run_id: str) -> bytes:
    """Pack what leaks without E, beside runs by the other rules.

    Parameters
    ----------
    runs : mapping of str to Recording
        By rule.
    run_id : str
        By which the player names what it shows.
    """
    run = longest(runs)
    epochs = metrics_of(run).epochs
    shown = [
        _metric(of, "accuracy", epochs, f"Accuracy, {RULE_LABELS[rule]}", "percent")
        for rule, of in runs.items()
    ]
    return _pack(run, run_id, leaking(runs), shown)


def _metric(
    run: Recording, name: str, epochs: NDArray[np.uint32], label: str, shown_as: str
) -> dict[str, Any]:
    return readout(label, metric_at(run, name, epochs), f"{label} at the epoch shown", shown_as)


def _pack(
    run: Recording, run_id: str, pictures: list[Picture], shown: Sequence[dict[str, Any]]
) -> bytes:
    """Pack a run as it is: a figure in a text has nothing to wait for, and asks for nothing."""
    epochs = metrics_of(run).epochs
    of = int(epochs[-1])
    moves = any(picture.updates for picture in pictures)  # or all of them are of every epoch
    return pack_pictures(
        pictures,
        keyframes=[k.epoch for k in run.keyframes] if moves else epochs.tolist(),
        header={
            "run": run_id,
            "version": f"{run_id} {of}",
            "status": "finished",
            "figure": True,
            "progress": 1.0,
            "notice": "",
            "epochs": epochs,
            "metrics": [
                readout("Epoch", epochs, "Updates made so far", "count", of=of),
                *shown,
            ],
        },
    )
