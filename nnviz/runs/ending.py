"""How a run ended, in plain words; and where it went wrong, what to try instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nnviz.runs.costs import epoch_seconds
from nnviz.runs.recording import Recorder, Recording

MOSTLY_DEAD = 0.75
"""Share of dead hidden units from which on a run is in trouble."""

RATES = tuple(float(f"{step}e{exponent}") for exponent in (1, 0, -1, -2, -3) for step in (5, 2, 1))
"""Learning rates to try, the largest first; all are values of the page's control."""


def ending(run: Recording, effort: float = 0.0) -> str:
    """Say how a run ended, if not as planned.

    Parameters
    ----------
    run : Recording
        A run, ended or growing.
    effort : float
        How much to look for a learning rate that mends it, in seconds of computing, about (by
        what it costs, not by the clock, so that the same run is told the same everywhere). One is
        only named if the same run was trained with it, and went well.

    Returns
    -------
    str
        Sentences; empty if all went as planned.
    """
    at, epochs = f"{run.last_epoch:,}", f"{run.config.epochs:,}"
    said = []
    if run.status == "diverged":
        said.append(
            f"Training diverged after epoch {at}: the weights exploded. All epochs up to that one "
            "are shown."
        )
    if run.status == "target":
        said.append(
            f"Target reached at epoch {at}: training accuracy {run.accuracy[-1]:.1%} "
            f"(asked for: {run.config.target_accuracy:.1%})."
        )
    if run.status == "stopped":
        said.append(f"Stopped by you at epoch {at} of {epochs}.")
    if is_mostly_dead(run):
        said.append(_dead_units(run))
    if run.status != "running" and in_trouble(run):
        said.append(_advice(run, effort))
    return " ".join(said)


def in_trouble(run: Recording) -> bool:
    """Whether a run diverged, or has hardly a unit left to learn with."""
    return run.status == "diverged" or is_mostly_dead(run)


def is_mostly_dead(run: Recording) -> bool:
    """Whether most hidden units are 0 for every training sample at the end."""
    return bool(run.dead_units[-1] >= MOSTLY_DEAD * run.config.hidden_units)


def _dead_units(run: Recording) -> str:
    dead, units = int(run.dead_units[-1]), run.config.hidden_units
    since = int(np.argmax(run.dead_units >= dead))
    when = "from the start" if since == 0 else f"since epoch {since:,}"
    if units == 1:
        subject = "The only hidden unit is"
    else:
        subject = f"{'All' if dead == units else f'{dead:,} of'} {units:,} hidden units are"
    rest = (
        "Nothing but b² can move any more, and every training sample gets the same answer."
        if dead == units
        else f"Only {units - dead:,} can still learn."
    )
    return (
        f"{subject} dead {when}: 0 for every training sample, without a gradient, for good. {rest}"
    )


def _advice(run: Recording, effort: float) -> str:
    """What to try: never a learning rate with which the same run goes wrong again."""
    start = run.keyframes[0].parameters
    if not any(array.any() for array in vars(start).values()):
        return "Every weight starts at 0, where no unit learns: try a larger initial scale."
    if run.status != "diverged" and run.dead_units[0] == run.dead_units[-1]:
        return "Try other starting weights, or more hidden units."
    of_epoch = epoch_seconds(run.config, run.dataset)
    for rate in (rate for rate in RATES if rate < run.config.learning_rate):
        if effort < run.config.epochs * of_epoch:
            return "Try a smaller learning rate α."
        other = Recorder(replace(run.config, learning_rate=rate), run.dataset, start)
        other.run()
        effort -= other.epoch * of_epoch
        found = other.recording()
        if not in_trouble(found) and found.accuracy[-1] > run.accuracy[-1]:
            alive = run.config.hidden_units - int(found.dead_units[-1])
            units = "" if run.status == "diverged" else f" keeps {alive:,} alive and"
            return (
                f"Try α = {rate:g}: the same run{units} ends at a training accuracy of "
                f"{found.accuracy[-1]:.1%} there."
            )
    return "None of the smaller learning rates tried helps: try other starting weights."
