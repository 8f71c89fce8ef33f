"""The message of the Approximation page: a run by each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.along import Along
from nnviz.approximation.course import longest
from nnviz.approximation.holding import Criterion
from nnviz.approximation.verdict import verdict
from nnviz.figures.metrics import metric_at, metrics_of
from nnviz.figures.pages.approximation import approximation_pictures, last_of_axes
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.triangle import Triple
from nnviz.paper.gradients import RULE_NAMES
from nnviz.player.messages.claim import claim_of
from nnviz.player.messages.header import readout, trained_share
from nnviz.player.messages.measured import measured
from nnviz.player.messages.pictures import pack_pictures
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording


def approximation_message(
    runs: Mapping[str, Recording],
    chosen: str,
    along: Along,
    criterion: Criterion,
    *,
    run_id: str,
    version: str,
    growing: bool = False,
    triple: Triple = (0, 1, 2),
    first: Sequence[str] = (),
) -> bytes:
    """Pack runs, finished or as far as they have come, for the player.

    Parameters
    ----------
    runs : mapping of str to Recording
        By rule.
    chosen : str
        The rule along whose run the rules are compared.
    along : Along
        Of that run.
    criterion : Criterion
        When an approximation holds.
    run_id : str
        Stays the same while the runs grow.
    version : str
        Differs when anything shown does, but for how far the runs have come, and what is found.
    growing : bool
        Whether the runs are trained on.
    triple : three class numbers
        Those of the probability triangle.
    first : sequence of str
        Names of the pictures to show first.
    """
    run = runs[chosen]
    epochs = metrics_of(longest(runs)).epochs
    ended = all(one.status != "running" for one in runs.values())
    status = "finished" if ended else "running" if growing else "stopped"
    reached = "-".join(f"{one.last_epoch}" for one in runs.values())
    return pack_pictures(
        approximation_pictures(runs, chosen, along, criterion, triple, first),
        keyframes=[keyframe.epoch for keyframe in run.keyframes],
        header={
            "run": run_id,
            "version": f"{version} {status} {reached} {along.partial}",
            "status": status,
            "progress": trained_share(runs.values()),
            "notice": "" if along.partial else _notice(runs, chosen, along, criterion),
            "epochs": epochs,
            "metrics": _readouts(runs, run, epochs),
            "claim": {
                **claim_of(run, {rule: of[:, -1] for rule, of in along.course.angle.items()}),
                "stage": False,
                "told": bool(first),  # a preset's own text is what one reads first
                "end": last_of_axes(runs),
            },
            "measured": measured(
                along.progress, along.progress.epochs.tolist(), run_id, not along.partial
            ),
        },
    )


def _notice(runs: Mapping[str, Recording], chosen: str, along: Along, criterion: Criterion) -> str:
    """Where the approximations hold, and which runs ended otherwise than planned."""
    ended = (f"{RULE_NAMES[r]}: {said}" for r, run in runs.items() if (said := ending(run)))
    held = verdict(runs[chosen], along.course, along.progress, criterion)
    return "\n".join([*held, *ended])


def _readouts(
    runs: Mapping[str, Recording], chosen: Recording, epochs: NDArray[np.uint32]
) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch; NaN after a run's end."""
    return [
        readout("Epoch", epochs, "Updates made so far", "count", of=int(epochs[-1])),
        *(
            readout(
                f"Loss, {RULE_LABELS[rule]}",
                metric_at(run, "loss", epochs),
                f"Loss of the run by {RULE_NAMES[rule]}",
            )
            for rule, run in runs.items()
        ),
        readout(
            "Accuracy",
            metric_at(chosen, "accuracy", epochs),
            "Share of the training samples that the chosen rule's run predicts correctly",
            "percent",
            name="accuracy",
        ),
        readout(
            "Mean |E|",
            metric_at(chosen, "error_term_mean_abs", epochs),
            "Of the chosen rule's run; small is not negligible",
            name="error_term_mean_abs",
        ),
    ]
