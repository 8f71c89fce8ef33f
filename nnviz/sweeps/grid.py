"""Sweeps: many runs over a grid of settings, on all processors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from nnviz.approximation.agreement import ARRAYS, compare_rules
from nnviz.approximation.holding import Criterion
from nnviz.approximation.milestones import matched_parts, matched_progress, milestone_keyframes
from nnviz.approximation.progress import Progress, joined
from nnviz.checks import SettingError, value_text
from nnviz.data.datasets import OPTIONS_TAKEN
from nnviz.runs.config import Config
from nnviz.runs.keyframes import thinned_epochs
from nnviz.runs.pausing import SLICE
from nnviz.runs.recording import Keyframe, Recording
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.pool import Work, last
from nnviz.sweeps.workers import distribute

MOST_RUNS = 100_000
"""Of a grid."""

CURVE = 60
"""Points of a run's loss curve at most."""

TARGET = 0.95
"""Training accuracy that `Outcome.epochs_to_target` counts to where none is asked for."""

HOLDS = Criterion()
"""When an approximation counts as holding in `Outcome`."""

RULES = ("difference", "drop_error_term")
"""The approximations that are measured."""

NOTHING = joined([])
"""Measured of a run."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run, in numbers.

    Attributes
    ----------
    status : str
        As of `nnviz.runs.recording.Recording`.
    epochs : int
        The last epoch reached.
    loss, accuracy, test_accuracy : float
        At the end; NaN for a test part that is not there.
    best_accuracy : float
        The highest training accuracy of any epoch.
    epochs_to_target : int or None
        First epoch with the accuracy asked for, `TARGET` if the configuration asks for none.
    dead_units : int
        At the end.
    mean_abs_error_term : float
        Mean |E| at the end.
    angle, angle_without_E : float
        Degrees between the loss's exact gradient (14) and that by (16), and by (15), at the end;
        NaN where one of them is zero.
    holds, holds_without_E : float
        Share of the run in which (16), and (15), hold as `HOLDS` has it; NaN where that is not
        measured, or undefined from everywhere.
    curve : tuple of (int, float)
        Loss at some epochs, the first and the last among them.
    along : Progress
        What is measured of `RULES` along the run; from no epoch while nothing is.
    """

    status: str
    epochs: int
    loss: float
    accuracy: float
    test_accuracy: float
    best_accuracy: float
    epochs_to_target: int | None
    dead_units: int
    mean_abs_error_term: float
    angle: float
    angle_without_E: float
    holds: float
    holds_without_E: float
    curve: tuple[tuple[int, float], ...]
    along: Progress = field(default=NOTHING, compare=False, repr=False)

    def held(self, criterion: Criterion, rule: str) -> float:
        """Share of the run in which one of `RULES` holds; NaN where that is not known."""
        if criterion == HOLDS:
            return self.holds if rule == RULES[0] else self.holds_without_E
        return self.along.held(criterion, rule)


def outcome(run: Recording) -> Outcome:
    """Sum a run up."""
    return with_progress(summed_up(run), matched_progress(run, RULES))


def summed_up(run: Recording) -> Outcome:
    """Sum a run up, but for where the rules hold, which is not measured."""
    target = run.config.target_accuracy or TARGET
    with np.errstate(all="ignore"):  # of a run that diverged
        at_end = compare_rules(run.keyframes[-1].parameters, run.dataset.X, run.dataset.Y)
    angles = [at_end.agreement[rule].angle[ARRAYS.index("all")] for rule in RULES]
    reached = np.flatnonzero(run.accuracy >= target)
    return Outcome(
        status=run.status,
        epochs=run.last_epoch,
        loss=float(run.loss[-1]),
        accuracy=float(run.accuracy[-1]),
        test_accuracy=float(run.test_accuracy[-1]),
        best_accuracy=float(run.accuracy.max()),
        epochs_to_target=int(reached[0]) if reached.size else None,
        dead_units=int(run.dead_units[-1]),
        mean_abs_error_term=float(run.error_term_mean_abs[-1]),
        angle=float(angles[0]),
        angle_without_E=float(angles[1]),
        holds=math.nan,
        holds_without_E=math.nan,
        curve=tuple((int(t), float(run.loss[t])) for t in thinned_epochs(run.last_epoch, CURVE)),
    )


def with_progress(found: Outcome, along: Progress) -> Outcome:
    """An outcome with where the rules hold, as the progress of `RULES` along the run has it."""
    return replace(
        found,
        holds=along.held(HOLDS, "difference"),
        holds_without_E=along.held(HOLDS, "drop_error_term"),
        along=along,
    )


def grid(base: RunSpec, axes: Mapping[str, Sequence[Any]], seeds: int) -> list[RunSpec]:
    """All combinations of some settings, each with several seeds of the weights.

    Parameters
    ----------
    base : RunSpec
        What is not on an axis; where it starts is left to the seeds.
    axes : mapping of str to sequence
        Values by the setting's name: a field of `Config`, or an option of the data set.
    seeds : int
        Runs of each combination; their seeds count up from that of `base`.

    Raises
    ------
    SettingError
        For a setting that does not exist, for a value that it may not have or that is there
        twice, and for too many runs.
    """
    names = {field.name for field in fields(Config)} - {"seed"}
    options = set(OPTIONS_TAKEN[base.dataset])
    for name in axes:
        if name not in names | options:
            allowed = f"one of {', '.join(sorted(names | options))}"
            raise SettingError("setting to vary", name, allowed)
    for name, values in axes.items():
        if not values or len(set(values)) < len(values):
            said = ", ".join(map(value_text, values))
            raise SettingError(name, said, "tried at different values")
    runs = seeds * math.prod(map(len, axes.values()))
    if not 1 <= runs <= MOST_RUNS:
        raise SettingError("number of runs", runs, f"from 1 to {MOST_RUNS:,}")
    specs = []
    for combination in itertools.product(*axes.values()):
        chosen = dict(zip(axes, combination, strict=True))
        of_config = {name: value for name, value in chosen.items() if name in names}
        of_data = {name: value for name, value in chosen.items() if name not in names}
        options_here = tuple({**dict(base.options), **of_data}.items())
        for seed in range(base.config.seed, base.config.seed + seeds):
            config = replace(base.config, **of_config, seed=seed)
            specs.append(replace(base, options=options_here, config=config, start=None))
    return specs


def in_slices(spec: RunSpec) -> Iterator[Outcome | None]:
    """Train one run of a sweep and sum it up, pausing every tenth of a second or so.

    Yields
    ------
    Outcome or None
        None at every pause, and the outcome at the end.
    """
    for run in trained_in_slices(spec):
        if run is None:
            yield None
    assert run is not None
    for along in measured_in_slices((spec, milestone_keyframes(run))):
        yield None if along is None else with_progress(summed_up(run), along)


def trained_in_slices(spec: RunSpec) -> Iterator[Recording | None]:
    """Train one run of a sweep; None at every pause, and the run at the end.

    Of test samples, E and dead units only the keyframes are known: the others take a quarter of a
    default run's time, and nothing of a sweep shows them.
    """
    recorder = spec.recorder(every_epoch=False)
    while not recorder.done:
        recorder.run(seconds=SLICE)
        yield None
    yield recorder.recording()


Milestones = tuple[RunSpec, Sequence[Keyframe]]
"""A run, and its `nnviz.approximation.milestones.milestone_keyframes`."""


def measured_in_slices(asked: Milestones) -> Iterator[Progress | None]:
    """Measure the progress of `RULES` along a run; None at every pause, and at the end it."""
    spec, there = asked
    parts = []
    for part in matched_parts(spec.config, spec.load(), there, RULES):
        parts.append(part)
        yield None
    yield joined(parts)


def run_one(spec: RunSpec) -> Outcome:
    """Train one run of a sweep and sum it up."""
    return last(in_slices, spec)


def run_all(
    specs: Sequence[RunSpec],
    jobs: int = -1,
    work: Work[RunSpec, Outcome] = in_slices,
) -> Iterator[tuple[int, Outcome]]:
    """Train all runs of a sweep; see `nnviz.sweeps.workers.distribute`."""
    yield from distribute(work, specs, jobs)
