"""What the Train page answers its player: a point, the gradient check."""

from __future__ import annotations

from nnviz.runs.recording import Recording
from nnviz.ui.component import asked_check, asked_sample
from nnviz.ui.state import TRAIN
from nnviz.ui.views.checked import open_check
from nnviz.ui.views.sample import open_sample


def answer_player(run: Recording, run_id: str) -> None:
    """Do what the visitor asked for in the Train page's player, if it is of this run."""
    if asked := asked_sample(run_id, TRAIN, run.dataset.y.size, run.last_epoch):
        open_sample(run, *asked)
    elif (epoch := asked_check(run_id, TRAIN, run.last_epoch)) is not None:
        open_check(run, epoch)
