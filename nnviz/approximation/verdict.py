"""Where the approximations hold in a run, in sentences with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.course import Course, course
from nnviz.approximation.holding import Criterion, Stretch, below_from, share, stretches
from nnviz.approximation.milestones import progress as along_run
from nnviz.approximation.progress import DEFINED, HORIZONS, NOT_MEASURED, WHY, Progress
from nnviz.paper.gradients import RULE_NAMES
from nnviz.runs.recording import Recording

SMALL_E = 0.05
"""Mean |E| below which the verdict calls E small."""

MOST_NAMED = 3
"""Stretches that are named; where there are more, the longest."""

TOO_LARGE = "The network is too large for measuring where the approximations hold."


def verdict(run: Recording, along: Course, progress: Progress, criterion: Criterion) -> list[str]:
    """Say where each approximation holds; then, apart from it, how large E is.

    (16) differs from (14) by more than E: what is said of E is no reason for or against it.

    Parameters
    ----------
    run : Recording
        The run to speak of.
    along : Course
        Of that run; its angles are known at all keyframes.
    progress : Progress
        Of that run, from some of its keyframes.
    criterion : Criterion
        When an approximation counts as holding.

    Returns
    -------
    list of str
        Sentences.
    """
    measured = progress.over(criterion.horizon)
    said = [_of_rule(rule, run, along, measured, criterion) for rule in APPROXIMATIONS]
    if not len(progress.epochs):
        said.append(TOO_LARGE)
    elif not len(measured.epochs):
        said.append(f"Over {_steps(criterion)}: {WHY[NOT_MEASURED]}.")
    else:
        said += [*_undefined(measured, criterion), _how(run, measured, criterion)]
    return [*said, f"{_size_of_error_term(run, along)}; {_neglected(along)}."]


def verdict_of(run: Recording, criterion: Criterion) -> list[str]:
    """Measure a run for its `verdict`; only say so where that would take too long."""
    progress = along_run(run)
    return verdict(run, course(run), progress, criterion) if len(progress.epochs) else [TOO_LARGE]


def _of_rule(
    rule: str, run: Recording, along: Course, measured: Progress, criterion: Criterion
) -> str:
    """Where a rule holds over the horizon, and where its next step points nearly as (14)."""
    name = f"{RULE_NAMES[rule][0].upper()}{RULE_NAMES[rule][1:]}"
    angle = along.angle[rule][:, -1]
    close = stretches(along.epochs, angle <= criterion.degrees)
    if np.isnan(angle).all():
        step = "its next step has no angle to exact (14): a gradient is zero"
    elif close:
        step = f"its next step is within {criterion.degrees:.0f}° of exact (14) {_where(close)}"
    else:
        step = f"its next step is nowhere within {criterion.degrees:.0f}° of exact (14)"
    if np.isnan(measured.at(criterion.horizon, rule)).all():
        return f"{name}: {step}."
    held = stretches(measured.epochs, measured.holds(criterion, rule))
    if not held:
        return f"{name} holds nowhere over {_steps(criterion)}; {step}."
    last = measured.epochs[-1]
    whole = "the run" if last == run.last_epoch else f"the epochs up to {last:,}"
    part = f"{_percent(share(measured.epochs, measured.holds(criterion, rule)))} of {whole}"
    return f"{name} holds over {_steps(criterion)} {_where(held)}, {part}; {step}."


def _undefined(measured: Progress, criterion: Criterion) -> list[str]:
    """Where nothing can be compared, one sentence per reason."""
    why = measured.why[:, HORIZONS.index(criterion.horizon)]
    return [
        f"Over {_steps(criterion)} nothing can be compared "
        f"{_where(stretches(measured.epochs, why == reason))}, since {WHY[reason]}."
        for reason in np.unique(why[why != DEFINED]).tolist()
    ]


def _how(run: Recording, measured: Progress, criterion: Criterion) -> str:
    count, last = len(measured.epochs), measured.epochs[-1]
    until = "" if last == run.last_epoch else f" up to {last:,}"
    between = ", so a stretch may be longer than stated" if count > 1 else ""
    return (
        f"Measured from {count} epoch{'s' * (count > 1)}{until}{between}; holding means at least "
        f"{criterion.threshold:g} times the progress of exact (14) with steps of the same length."
    )


def _size_of_error_term(run: Recording, along: Course) -> str:
    small = below_from(np.arange(run.last_epoch + 1), run.error_term_mean_abs, SMALL_E)
    if small is None:
        return f"Mean |E| ends at {run.error_term_mean_abs[-1]:.2f}"
    said = f"Mean |E| is below {SMALL_E:g} from epoch {small:,}"
    keyframe = np.searchsorted(along.epochs, small)
    angle, epoch = along.angle["drop_error_term"][keyframe, -1], along.epochs[keyframe]
    if np.isnan(angle):
        return said
    # Or a small E would be read as a reason to neglect it: it usually goes with the opposite.
    where = "where" if epoch == small else f"and in epoch {epoch:,}"
    return f"{said}, {where} {RULE_NAMES['drop_error_term']} is at {angle:.0f}°"


def _neglected(along: Course) -> str:
    last = along.neglected[-1]
    if np.isnan(last):
        return "at the end the exact gradient is zero, and the neglected term has no ratio to it"
    larger = below_from(along.epochs, -along.neglected, -1.0)
    if larger is None:
        return f"at the end the neglected term A·E is {last:.2g} times what is left"
    return (
        f"from epoch {larger:,} the neglected term A·E is larger than what is left, "
        f"{last:.1f} times at the end"
    )


def _where(found: Sequence[Stretch]) -> str:
    """Stretches by their epochs, in order."""
    by_length = sorted(found, key=lambda stretch: stretch.first - stretch.last)
    named = sorted(by_length[:MOST_NAMED], key=lambda stretch: stretch.first)
    parts = [
        f"{one.first:,}" if one.first == one.last else f"{one.first:,}–{one.last:,}"
        for one in named
    ]
    if len(found) > MOST_NAMED:
        parts.append(f"{len(found) - MOST_NAMED} more")
    one_epoch = len(found) == 1 and found[0].first == found[0].last
    *before, last = parts
    together = f"{', '.join(before)} and {last}" if before else last
    return f"in epoch{'s' * (not one_epoch)} {together}"


def _percent(share: float) -> str:
    """A share in whole percents, of which 0 and 100 mean just that."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def _steps(criterion: Criterion) -> str:
    return f"{criterion.horizon} step{'s' * (criterion.horizon > 1)}"
