"""What the ribbon and the sentence are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.figures.metrics import last_of_axis
from nnviz.figures.style import RULE_COLOURS
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import Array
from nnviz.runs.recording import Recording


def claim_of(run: Recording, angles: Mapping[str, Array]) -> dict[str, Any]:
    """What the ribbon and the sentence are made of, beside the metrics and the progress.

    Parameters
    ----------
    run : Recording
        The run that the ribbon shows.
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
