"""Progress: what the next steps by each rule do, beside those by exact (14)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.holding import Criterion
from nnviz.approximation.progress import DEFINED, HORIZONS, NOT_MEASURED, WHY, Progress
from nnviz.figures.moving import Moving
from nnviz.figures.over_epochs import MARGIN_FOR_NAMES, level_line, over_epochs
from nnviz.figures.picture import Picture
from nnviz.figures.rules import RULE_SHORT, rule_line
from nnviz.figures.style import axis


def progress_lines(progress: Progress, criterion: Criterion, end: int) -> Picture:
    """Progress ρ of each approximation, from where it was measured; at every horizon.

    The player gives it the line of the threshold, which can be dragged, and the limits of ρ: they
    are not the same at every horizon.
    """
    horizons = (criterion.horizon, *(h for h in HORIZONS if h != criterion.horizon))
    epochs = np.stack([_measured(progress, horizon)[0] for horizon in horizons for _ in range(2)])
    x = Moving(epochs[np.newaxis].astype(np.uint32), by_choice=True)
    traces = []
    for rule in APPROXIMATIONS:
        lines = [
            kind[rule][_measured(progress, horizon)[1], HORIZONS.index(horizon)]
            for horizon in horizons
            for kind in (progress.matched, progress.one_rate)
        ]
        finite = np.where(np.isfinite(lines), lines, np.nan)[np.newaxis]
        y = Moving(finite.astype(np.float32), by_choice=True)
        line = rule_line(rule, x, y, "%{y:.2f} times exact (14)", width=2.5)
        line |= {
            "mode": "lines+markers",
            "marker": {"size": 5},
            "meta": {"label": RULE_SHORT[rule]},
        }
        traces.append(line)
    return over_epochs(
        name="progress",
        title="Progress ρ",
        how_to_read="How much the next steps lower the loss, divided by what as many steps by "
        "exact (14) do. Equal steps: as long as (14)'s.",
        alt="Line chart of the progress of each approximation beside the exact gradient's.",
        traces=traces,
        end=end,
        yaxis=axis("ρ", zeroline=True, range=[-1, 2]),
        margin=MARGIN_FOR_NAMES,
        shapes=[level_line(1.0, "solid")],
        choices=(
            tuple(f"next {horizon}" for horizon in horizons),
            ("equal steps", "one α"),
        ),
        note=_gaps(progress),
        place="claim",
    )


def _measured(progress: Progress, horizon: int) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Epochs from which a horizon is measured, and their rows, the last again where others are."""
    there = np.flatnonzero(progress.why[:, HORIZONS.index(horizon)] != NOT_MEASURED)
    if not there.size:
        there = np.arange(len(progress.epochs))
    rows = (
        np.pad(there, (0, len(progress.epochs) - there.size), mode="edge") if there.size else there
    )
    return progress.epochs[rows], rows


def _gaps(progress: Progress) -> str:
    """Why a line has gaps, if one has."""
    if not len(progress.epochs):
        return "Not measured: while a run grows, or where the network is too large."
    why = [WHY[r] for r in np.unique(progress.why).tolist() if r not in (DEFINED, NOT_MEASURED)]
    if any(np.isneginf(rho).any() for rho in progress.matched.values()):
        why.append("the rule's own steps explode")
    return f"Gaps: {'; or '.join(why)}." if why else ""
