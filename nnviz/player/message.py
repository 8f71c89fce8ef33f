"""A recording as the message that the player shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.course import network_angles
from nnviz.approximation.progress import HORIZONS, NOT_MEASURED, WHY, Progress
from nnviz.figures.metrics import Metrics, last_of_axis, metrics_of
from nnviz.figures.pages.train import train_pictures
from nnviz.figures.picture import Picture, spread
from nnviz.figures.style import RULE_COLOURS, theme_layouts
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import Array
from nnviz.player.wire import pack
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording

MOST_BYTES = 990_000
"""Size of a message at most: a run of large pictures is shown in fewer keyframes."""

ADVICE = 0.2
"""Seconds of computing, about, to look for a learning rate with which a run does not go wrong."""

METRICS = (
    # metric of the recording, label, format, help
    ("loss", "Loss", "number", "Mean squared error of the training samples, Eq. (11)"),
    ("accuracy", "Train accuracy", "percent", "Share of training samples predicted right"),
    ("test_accuracy", "Test accuracy", "percent", "Share of test samples predicted right"),
    ("error_term_mean_abs", "Mean |E|", "number", "Mean size of E; small is not negligible"),
    ("error_term_rms", "RMS E", "number", "Root mean square of E; small is not negligible"),
    ("dead_units", "Dead ReLU units", "count", "Hidden units that are 0 for all training samples"),
)


def message(run: Recording, run_id: str) -> bytes:
    """Pack a run for the player of the Train page.

    Parameters
    ----------
    run : Recording
        Finished, or as far as it has come.
    run_id : str
        Stays the same while the run grows.
    """
    metrics = metrics_of(run)
    return pack_pictures(
        train_pictures(run, metrics),
        keyframes=[keyframe.epoch for keyframe in run.keyframes],
        header={
            "run": run_id,
            "version": f"{run_id} {run.last_epoch} {run.status}",
            "status": run.status,
            "progress": progress([run]),
            "notice": ending(run, ADVICE),
            "epochs": metrics.epochs,
            "metrics": _numbers(run, metrics),
            "claim": claim_of(run, network_angles(run)),
        },
    )


def claim_of(run: Recording, angles: Mapping[str, Array]) -> dict[str, Any]:
    """What the ribbon and the sentence are made of, beside the metrics and the progress.

    Parameters
    ----------
    run : Recording
    angles : mapping of str to array ``[F]``
        As `nnviz.approximation.course.network_angles` finds them.
    """
    return {
        "stage": True,
        "epochs": np.array([keyframe.epoch for keyframe in run.keyframes], np.uint32),
        "end": last_of_axis(run),
        "reached": run.last_epoch,
        "inUse": run.config.gradient,
        "rules": [
            {
                "rule": rule,
                "label": RULE_NAMES[rule],
                "colour": RULE_COLOURS[rule],
                "angle": angles[rule],
            }
            for rule in APPROXIMATIONS
        ],
    }


def progress_message(found: Progress, planned: Sequence[int], run_id: str, complete: bool) -> bytes:
    """Pack `measured`, to be sent apart from a run's long message."""
    return pack(measured(found, planned, run_id, complete))


def measured(
    found: Progress, planned: Sequence[int], run_id: str, complete: bool
) -> dict[str, Any]:
    """What is measured of a run's progress so far.

    Parameters
    ----------
    found : Progress
    planned : sequence of int
        All epochs that are measured from, or will be.
    run_id : str
        That of `message`.
    complete : bool
        Whether nothing is left to be measured.
    """
    return {
        "run": run_id,
        "version": f"{run_id} {len(found.epochs)} {complete}",
        "complete": complete,
        "epochs": found.epochs.astype(np.uint32),
        "planned": np.array(planned, np.uint32),
        "horizons": HORIZONS,
        "matched": dict(found.matched),
        "why": found.why.astype(np.uint8),
        "reasons": [[why, said] for why, said in WHY.items() if why != NOT_MEASURED],
    }


def pack_pictures(
    pictures: list[Picture], keyframes: Sequence[int], header: dict[str, Any]
) -> bytes:
    """Pack pictures for the player, in as many of the keyframes as `MOST_BYTES` allow.

    Parameters
    ----------
    pictures : list of Picture
    keyframes : sequence of int
        Their epochs.
    header : dict
        What else the player is to know: run, version, status, progress, notice, epochs, metrics.
    """
    values = {id(u.values): u.values for picture in pictures for u in picture.updates}
    moving = [array for array in values.values() if len(array) > 1]

    def with_frames(most: int) -> bytes:
        # By the array: what two updates share is cut, and sent, once.
        cut = {key: array[spread(len(array), most)] for key, array in values.items()}
        return pack(
            {
                **header,
                "keyframes": np.array(keyframes, np.uint32)[spread(len(keyframes), most)],
                "pictures": [_picture(picture, cut, most) for picture in pictures],
                "themes": theme_layouts(),
            }
        )

    if sum(array.nbytes for array in moving) < MOST_BYTES / 2:
        return with_frames(max([len(keyframes), *map(len, moving)]))
    rest = MOST_BYTES - len(with_frames(1))
    return with_frames(max(2, rest // sum(array[:1].nbytes for array in moving)))


def still_message(pictures: list[Picture], run: str, version: str, epoch: int = 0) -> bytes:
    """Pack pictures of one epoch, of which there is nothing to play.

    Parameters
    ----------
    pictures : list of Picture
    run : str
        By which the player names what it shows.
    version : str
        Differs when anything shown does.
    epoch : int
    """
    return pack_pictures(
        pictures,
        keyframes=[epoch],
        header={
            "run": run,
            "version": version,
            "status": "still",
            "still": True,
            "progress": 1.0,
            "notice": "",
            "epochs": np.array([epoch], np.uint32),
            "metrics": [],
        },
    )


def progress(runs: Iterable[Recording]) -> float:
    """How far the slowest of some runs is, from 0 to 1."""
    return min(r.last_epoch / r.config.epochs if r.status == "running" else 1.0 for r in runs)


def number(
    label: str,
    values: Any,
    explained: str,
    shown_as: str = "number",
    of: int | None = None,
    name: str = "",
) -> dict[str, Any]:
    """One entry of the row of figures: a value for every epoch shown, ``of`` a total if any.

    By its ``name`` the player finds it for the sentence.
    """
    return {
        "name": name,
        "label": label,
        "help": explained,
        "format": shown_as,
        "values": values,
        "of": of,
    }


def _numbers(run: Recording, metrics: Metrics) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch."""
    of = {"dead_units": run.config.hidden_units}
    return [
        number("Epoch", metrics.epochs, "Updates made so far", "count", of=run.last_epoch),
        *(
            number(label, metrics.of(name), explained, shown_as, of.get(name), name)
            for name, label, shown_as, explained in METRICS
        ),
    ]


def _picture(picture: Picture, values: dict[int, NDArray[Any]], most: int) -> dict[str, Any]:
    """A picture with the names that the player uses, and the values of its updates by their id."""
    own = picture.keyframes
    return {
        "keyframes": None if own is None else own[spread(len(own), most)].astype(np.uint32),
        "name": picture.name,
        "title": picture.title,
        "howToRead": picture.how_to_read,
        "alt": picture.alt,
        "note": picture.note,
        "cursor": picture.cursor,
        "place": picture.place,
        "lags": picture.lags,
        "group": picture.group,
        "choices": picture.choices,
        "legend": [asdict(mark) for mark in picture.legend],
        "scale": picture.scale,
        "opens": picture.opens,
        "toggles": [asdict(toggle) for toggle in picture.toggles],
        "data": picture.figure["data"],
        "layout": picture.figure["layout"],
        "updates": [
            {
                "attribute": update.attribute,
                "traces": update.traces,
                "values": values[id(update.values)],
                "scale": update.scale,
                "offset": update.offset,
                "lookup": update.lookup,
                "byChoice": update.by_choice,
                "trail": update.trail,
            }
            for update in picture.updates
        ],
    }
