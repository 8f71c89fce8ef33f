"""Pictures of which there is nothing to play, as a message."""

from __future__ import annotations

import numpy as np

from nnviz.figures.picture import Picture
from nnviz.player.messages.pictures import pack_pictures


def still_message(pictures: list[Picture], run: str, version: str, epoch: int = 0) -> bytes:
    """Pack pictures of one epoch, of which there is nothing to play.

    Parameters
    ----------
    pictures : list of Picture
        In the order of the page.
    run : str
        By which the player names what it shows.
    version : str
        Differs when anything shown does.
    epoch : int
        The epoch that they show.
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
