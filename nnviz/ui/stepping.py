"""The matrices of a step as a message for the player."""

from __future__ import annotations

import numpy as np

from nnviz.figures.matrices import stage_matrices
from nnviz.step import Step
from nnviz.ui.message import pack_pictures
from nnviz.worked import Place


def matrices_message(step: Step, place: Place, stage: str, epoch: int, version: str) -> bytes:
    """Pack the matrices of a stage; there is one epoch, and nothing to play.

    Parameters
    ----------
    step : Step
    place : Place
    stage : str
    epoch : int
    version : str
        Differs when anything shown does.
    """
    return pack_pictures(
        stage_matrices(step, place, stage),
        keyframes=[epoch],
        header={
            "run": version,
            "version": version,
            "status": "still",
            "still": True,
            "progress": 1.0,
            "notice": "",
            "epochs": np.array([epoch], np.uint32),
            "metrics": [],
        },
    )
