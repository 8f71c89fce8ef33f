"""What the Train page answers its player: a chosen sample, the gradient check."""

from __future__ import annotations

from typing import Any

from nnviz.runs.recording import Recording
from nnviz.ui.component import asked_check
from nnviz.ui.state import TRAIN
from nnviz.ui.views.checked import open_check
from nnviz.ui.views.sample import show_chosen


def answer_player(run: Recording, run_id: str, step: Any = None) -> None:
    """Do what the visitor asked for in the Train page's player, if it is of this run.

    Parameters
    ----------
    run : Recording
        The run that it shows.
    run_id : str
        By which it knows the run.
    step : page or None
        The Step page, where it shows the same run.
    """
    show_chosen(run, run_id, TRAIN, step)
    if (epoch := asked_check(run_id, TRAIN, run.last_epoch)) is not None:
        open_check(run, epoch)
