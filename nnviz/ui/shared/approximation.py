"""A run by each rule, as the message that the player of the Approximation page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.course import longest
from nnviz.approximation.holding import Criterion
from nnviz.approximation.verdict import verdict
from nnviz.figures.compared import RULE_LABELS
from nnviz.figures.metrics import metric_at, metrics_of
from nnviz.figures.pages.approximation import Along, approximation_pictures, last_of_axes
from nnviz.figures.triangle import Triple
from nnviz.paper.gradients import GRADIENT_RULES, RULE_NAMES
from nnviz.player.message import claim_of, measured, number, pack_pictures, progress
from nnviz.runs.ending import ending
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec, short_name
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.shared.turns import turns_of


@dataclass(frozen=True)
class Compared:
    """What the Approximation page shows.

    Attributes
    ----------
    spec : RunSpec
        Of the run along which the rules are compared; the others differ in the rule alone.
    step_length : str
        As in `nnviz.runs.config.Config`, for all rules.
    criterion : Criterion
        When an approximation holds.
    triple : three class numbers
        Those of the probability triangle.
    first : tuple of str
        Names of the pictures to show first.
    """

    spec: RunSpec
    step_length: str
    criterion: Criterion
    triple: Triple = (0, 1, 2)
    first: tuple[str, ...] = ()

    def of_rule(self, rule: str) -> RunSpec:
        """One of the runs."""
        # Matching leaves the exact rule as it is: the run is then shared with the other choice.
        step_length = "learning_rate" if rule == "exact" else self.step_length
        config = replace(self.spec.config, gradient=rule, step_length=step_length)
        return replace(self.spec, config=config)

    @property
    def run_id(self) -> str:
        """The same for equal specs, and while the runs grow."""
        return f"{self.spec.run_id}-{self.step_length}"


_ALONG: WeakKeyDictionary[Recording, Along] = WeakKeyDictionary()
"""Kept while the run is kept: the pictures change with the threshold and other controls, too."""


def _along(run: Recording, growing: bool) -> Along:
    if run not in _ALONG or _ALONG[run].growing != growing:
        _ALONG[run] = Along.of(run, growing)
    return _ALONG[run]


def compared_message(
    store: RunStore, compared: Compared, seconds: float, stopped: bool = False
) -> bytes:
    """Train on what is not finished, for `seconds` a run, and pack all of them for the player."""
    runs = {rule: store.recording(compared.of_rule(rule), seconds) for rule in GRADIENT_RULES}
    chosen = runs[compared.spec.config.gradient]
    asked = (compared, stopped, *(run.last_epoch for run in runs.values()))
    known = _PACKED.get(chosen)
    if known is None or known[0] != asked:
        with turns_of(chosen.config, chosen.dataset).turn():
            known = _PACKED[chosen] = (asked, _packed(compared, runs, stopped))
    return known[1]


_PACKED: WeakKeyDictionary[Recording, tuple[object, bytes]] = WeakKeyDictionary()
"""The message sent last along each run, kept while the run is kept."""


def _packed(compared: Compared, runs: dict[str, Recording], stopped: bool) -> bytes:
    chosen, whole = runs[compared.spec.config.gradient], longest(runs)
    epochs = metrics_of(whole).epochs
    running = any(run.status == "running" for run in runs.values()) and not stopped
    along = _along(chosen, running)
    ended = all(run.status != "running" for run in runs.values())
    status = "compared" if ended else "running" if running else "stopped"
    reached = "-".join(f"{run.last_epoch}" for run in runs.values())
    return pack_pictures(
        approximation_pictures(
            runs,
            compared.spec.config.gradient,
            along,
            compared.criterion,
            compared.triple,
            compared.first,
        ),
        keyframes=[keyframe.epoch for keyframe in chosen.keyframes],
        header={
            "run": compared.run_id,
            "version": f"{short_name(repr(compared))} {status} {reached}",
            "status": status,
            "progress": progress(runs.values()),
            "notice": "" if running else _notice(compared, runs, along),
            "epochs": epochs,
            "metrics": _numbers(runs, chosen, epochs),
            "claim": {
                **claim_of(chosen, {rule: of[:, -1] for rule, of in along.course.angle.items()}),
                "stage": False,
                "told": bool(compared.first),  # a preset's own text is what one reads first
                "end": last_of_axes(runs),
            },
            "measured": measured(
                along.progress, along.progress.epochs.tolist(), compared.run_id, not running
            ),
        },
    )


def _notice(compared: Compared, runs: dict[str, Recording], along: Along) -> str:
    """Where the approximations hold, and which runs ended otherwise than planned."""
    chosen = runs[compared.spec.config.gradient]
    ended = (f"{RULE_NAMES[r]}: {said}" for r, run in runs.items() if (said := ending(run)))
    held = verdict(chosen, along.course, along.progress, compared.criterion)
    return "\n".join([*held, *ended])


def _numbers(
    runs: dict[str, Recording], chosen: Recording, epochs: NDArray[np.uint32]
) -> list[dict[str, Any]]:
    """The row of figures of the shown epoch; NaN after a run's end."""
    return [
        number("Epoch", epochs, "Updates made so far", "count", of=int(epochs[-1])),
        *(
            number(
                f"Loss, {RULE_LABELS[rule]}",
                metric_at(run, "loss", epochs),
                f"Loss of the run by {RULE_NAMES[rule]}",
            )
            for rule, run in runs.items()
        ),
        number(
            "Accuracy",
            metric_at(chosen, "accuracy", epochs),
            "Share of the training samples that the chosen rule's run predicts right",
            "percent",
            name="accuracy",
        ),
        number(
            "Mean |E|",
            metric_at(chosen, "error_term_mean_abs", epochs),
            "Of the chosen rule's run; small is not negligible",
            name="error_term_mean_abs",
        ),
    ]
