"""What is sent of one sample: its probabilities, and how the rules are named and coloured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnviz.data.datasets import Dataset
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.style import RULE_COLOURS, RULE_DASHES
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import Array, forward
from nnviz.runs.recording import Recording

MOST_INPUTS = 64
"""Inputs that are listed; an image has all of its pixels."""


def sample_message(
    A2: Array, label: int, class_names: Sequence[str], sample_id: str
) -> dict[str, Any]:
    """What `static/lab.js` draws; numbers to the last bit, since it computes with them.

    Parameters
    ----------
    A2 : array ``[N2]``
        Predictions of the sample.
    label : int
        Its true class.
    class_names : sequence of str
        Of all classes.
    sample_id : str
        Another one for another sample or epoch.
    """
    return {
        "id": sample_id,
        **_fixed(label, class_names),
        "A2": [float(a) for a in A2],
    }


def chosen_message(
    run: Recording, run_id: str, sample: int | None, by_hand: bool = True
) -> dict[str, Any]:
    """What `static/drawer.js` shows beside the pictures: a sample at all keyframes.

    Parameters
    ----------
    run : Recording
        That of the pictures.
    run_id : str
        By which the player knows it.
    sample : int or None
        Number of a training sample, from 0; it may be more than there are. None if none is chosen.
    by_hand : bool
        Whether its step can be worked out on the Step page.
    """
    data = run.dataset
    if sample is None:
        return {"run": run_id, "number": 0}
    if sample >= data.y.size:
        wrong = (
            f"{data.name} has {data.y.size:,} training samples here, and no sample {sample + 1:,}. "
            "Choose another one by a click on a point of a picture."
        )
        return {"run": run_id, "number": sample + 1, "wrong": wrong}
    label = int(data.y[sample])
    x = data.X[:, sample : sample + 1]
    # In float64: the bars and the angles are computed of them.
    passes = [forward(keyframe.parameters, x) for keyframe in run.keyframes]
    return {
        "run": run_id,
        "number": sample + 1,
        "rule": RULE_NAMES[run.config.gradient],
        "sample": _fixed(label, data.class_names),
        "epochs": [keyframe.epoch for keyframe in run.keyframes],
        "A2": [p.A2[:, 0].tolist() for p in passes],
        "by_hand": by_hand,
        **_inputs(data, sample),
    }


def _fixed(label: int, class_names: Sequence[str]) -> dict[str, Any]:
    """What of a sample is the same at every epoch."""
    return {
        "classes": list(class_names),
        "label": int(label),
        "rules": [
            [rule, name, RULE_COLOURS[rule], RULE_DASHES[rule] != "solid"]
            for rule, name in RULE_LABELS.items()
        ],
    }


def _inputs(data: Dataset, sample: int) -> dict[str, Any]:
    """A sample's inputs: names and values, or an image in bytes, 0 the lowest value of the data."""
    x = data.X[:, sample]
    if data.image_shape is not None:
        low, high = float(data.X.min()), float(data.X.max())
        grey = np.rint(255 * (x - low) / ((high - low) or 1.0)).astype(int)
        return {"inputs": [], "left_out": 0, "image": [*data.image_shape, grey.tolist()]}
    shown = list(zip(data.feature_names, x.tolist(), strict=True))[:MOST_INPUTS]
    return {
        "inputs": [list(pair) for pair in shown],
        "left_out": x.size - len(shown),
        "image": None,
    }
