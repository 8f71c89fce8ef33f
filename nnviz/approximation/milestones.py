"""Milestones: the epochs of a run from which progress is measured, within a bound of computing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.holding import Criterion
from nnviz.approximation.progress import HORIZONS, Progress, joined, measure
from nnviz.data.datasets import Dataset
from nnviz.runs.config import Config
from nnviz.runs.keyframes import keyframe_epochs
from nnviz.runs.pausing import Pause, no_pause
from nnviz.runs.recording import Keyframe, Recording

USUAL = Criterion.horizon
"""The horizon up to which most milestones are measured; every fifth is up to the last."""

FEW = 6
"""Of less milestones none is measured farther: they would cost more than all others."""

MOST = 19
"""Milestones of a run at most."""

MOST_MATCHED = 9
"""Of those, so many are measured of a run among many: every second one, about."""

SECONDS = 1.6
"""Of computing at most, about: a large network gets fewer milestones, a very large one none."""

OF_ELEMENT, OF_PRODUCT = 3e-10, 1.2e-11
"""Seconds for an operation on one number of a layer, and for a multiplication in a product."""

TOGETHER = 110_000
"""Hidden activations of the networks measured at once, at most: they stay in a cache."""


@dataclass(frozen=True)
class Group:
    """Milestones that are measured at once.

    Attributes
    ----------
    epochs : tuple of int
        Keyframes of the run, rising.
    steps : int
        How far to go from them: one of `nnviz.approximation.progress.HORIZONS`.
    """

    epochs: tuple[int, ...]
    steps: int


def milestone_epochs(config: Config, dataset: Dataset) -> NDArray[np.integer]:
    """Choose keyframes of a run, even in log(epoch), by what they cost and not by the clock.

    Returns
    -------
    int array
        Rising; the first 0 and the last that of the run; empty for a very large network.
    """
    features, samples = dataset.X.shape
    units, classes = config.hidden_units, len(dataset.class_names)
    elements, products = 4 * units + 20 * classes, 3 * units * (features + classes)
    step = samples * (elements * OF_ELEMENT + products * OF_PRODUCT)
    most = SECONDS / (step * (3 * len(APPROXIMATIONS) + 1))
    fitting = [count for count in range(2, MOST + 1) if _steps_from(count) <= most]
    if not fitting:
        return np.empty(0, int)
    kept = keyframe_epochs(config.epochs, 8 * (units * (features + 1) + classes * (units + 1)))
    wanted = np.expm1(np.linspace(0, np.log1p(config.epochs), fitting[-1]))
    return np.unique(kept[np.abs(kept[:, np.newaxis] - wanted).argmin(axis=0)])


def milestones(config: Config, dataset: Dataset) -> list[Group]:
    """Put the milestones of a run in groups that are measured at once.

    Returns
    -------
    list of Group
        In the order of their first epochs. The same while a run grows and when it has ended, so
        that nothing is measured twice.
    """
    chosen = milestone_epochs(config, dataset)
    is_far = np.zeros(len(chosen), bool)
    is_far[np.linspace(0, len(chosen) - 1, _far(len(chosen))).round().astype(int)] = True
    at_once = min(4, _together(config, dataset, 2 * len(APPROXIMATIONS) + 1))
    groups = [
        Group(tuple(of_kind[at : at + at_once].tolist()), steps)
        for of_kind, steps in ((chosen[~is_far], USUAL), (chosen[is_far], HORIZONS[-1]))
        for at in range(0, len(of_kind), at_once)
    ]
    return sorted(groups, key=lambda group: group.epochs)


def _far(count: int) -> int:
    """How many of some milestones are measured up to the last horizon, from end to end."""
    return max(2, count // 5) if count >= FEW else 0


def _steps_from(count: int) -> int:
    """How many steps are made from so many milestones."""
    return count * USUAL + _far(count) * (HORIZONS[-1] - USUAL)


def _together(config: Config, dataset: Dataset, networks: int) -> int:
    """How many milestones to measure at once, with so many networks each."""
    return max(1, TOGETHER // (networks * config.hidden_units * dataset.y.size))


Asked = tuple[Config, Dataset, Sequence[Keyframe], int]
"""What `nnviz.approximation.progress.measure` needs of a run to measure a group."""


def ask_of(run: Recording, group: Group) -> Asked | None:
    """What to measure of a group: from those of its epochs that the run has; None if from none."""
    there = [keyframe for keyframe in run.keyframes if keyframe.epoch in group.epochs]
    return (run.config, run.dataset, there, group.steps) if there else None


def measure_group(run: Recording, group: Group, pause: Pause = no_pause) -> Progress | None:
    """Measure from those epochs of a group that the run has reached; None if from none."""
    asked = ask_of(run, group)
    return None if asked is None else measure(*asked, pause=pause)


def measured(asked: Asked) -> Iterator[Progress]:
    """Measure a group elsewhere; as `nnviz.sweeps.pool.Work` has it."""
    yield measure(*asked)


def progress(run: Recording) -> Progress:
    """Measure progress along a run, from its milestones."""
    found = (measure_group(run, group) for group in milestones(run.config, run.dataset))
    return joined([part for part in found if part is not None])


def milestone_keyframes(run: Recording) -> tuple[Keyframe, ...]:
    """The keyframes that progress is measured from where a run is one of many.

    They are evenly chosen from its `milestone_epochs`, so that what is measured there is part of
    what `progress` measures; and the last, also of a run that ended early.
    """
    epochs = milestone_epochs(run.config, run.dataset)
    if not len(epochs):
        return ()
    reached = epochs[epochs < run.last_epoch]
    some = np.linspace(0, len(reached) - 1, min(len(reached), MOST_MATCHED - 1)).round().astype(int)
    chosen = {*reached[some].tolist(), run.last_epoch}
    return tuple(keyframe for keyframe in run.keyframes if keyframe.epoch in chosen)


def matched_parts(
    config: Config, dataset: Dataset, there: Sequence[Keyframe], rules: Sequence[str]
) -> Iterator[Progress]:
    """Measure less, and faster: some rules with matched steps, up to `USUAL` of them.

    Parameters
    ----------
    config : Config
        Of the run.
    dataset : Dataset
        What it is trained on.
    there : sequence of Keyframe
        Its `milestone_keyframes`.
    rules : sequence of str
        What to measure.

    Yields
    ------
    Progress
        From so many milestones as are measured at once: some tenths of a second each.
    """
    at_once = _together(config, dataset, len(rules) + 1)
    for at in range(0, len(there), at_once):
        yield measure(config, dataset, there[at : at + at_once], USUAL, rules, one_rate=False)


def matched_progress(run: Recording, rules: Sequence[str]) -> Progress:
    """Put together what `matched_parts` measures."""
    there = milestone_keyframes(run)
    return joined(list(matched_parts(run.config, run.dataset, there, rules)))
