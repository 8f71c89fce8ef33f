"""Progress: what a rule's next steps do for the loss, beside those of the exact gradient.

From the same parameters θ, H steps by a rule lower the loss ρ times as much as H steps by (14):

    ρ(H) = [L(θ) - L(θ after H steps by the rule)] / [L(θ) - L(θ after H steps by (14))]

with L the mean squared error (11), at one learning rate or with steps matched in length: as long
as the one that (14) would make from where the rule has come to, as `Config.step_length` has it.
Where a rule's steps are unstable, the loss after many of them hangs on the last bits of the first,
and so does ρ. Steps are made in float32 (what is walked is added up apart): of 12,312 values on six
data sets 57 differ by more than 0.01 from those in float64, nearly all of them by (15) at a large
learning rate.

The angle between two gradients speaks of the first step alone: its cosine is ρ(1), matched, but
for the loss's curvature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.holding import Criterion, share_above
from nnviz.data.datasets import Dataset
from nnviz.paper.network import Array
from nnviz.runs.config import Config
from nnviz.runs.pausing import Pause, no_pause
from nnviz.runs.recording import Keyframe
from nnviz.runs.stacked import Stack, stacked
from nnviz.runs.threads import one_thread

HORIZONS = (1, 10, 50, 200)
"""Numbers of steps H after which progress is compared."""

NO_GAIN = 1e-10
"""Progress by (14), in parts of the loss, below which it counts as none."""

WITHIN = (-1.0, 3.0)
"""What a ρ counts as at least and at most where its course between two epochs is judged."""

DEFINED, ZERO, RISES, NOT_MEASURED = range(4)

WHY = {
    ZERO: "the exact gradient (14) makes no progress",
    RISES: "the exact gradient (14) itself raises the loss: α is too large for it",
    NOT_MEASURED: "not measured",
}
"""Why a ρ is undefined."""


@dataclass(frozen=True, eq=False)
class Progress:
    """Progress of the approximations from some epochs of a run.

    Attributes
    ----------
    epochs : int array ``[P]``
        Rising.
    matched : dict of str to array ``[P×len(HORIZONS)]``
        ρ by rule, with steps as long as those of (14). -inf where the rule's own steps explode;
        NaN where `why` is not `DEFINED`.
    one_rate : dict of str to array ``[P×len(HORIZONS)]``
        The same at the run's learning rate.
    why : int array ``[P×len(HORIZONS)]``
        `DEFINED`, or why there is no ρ: a key of `WHY`.
    """

    epochs: NDArray[np.integer]
    matched: Mapping[str, Array]
    one_rate: Mapping[str, Array]
    why: NDArray[np.integer]

    def at(self, horizon: int, rule: str) -> Array:
        """Matched ρ ``[P]`` of a rule at one of `HORIZONS`."""
        return self.matched[rule][:, HORIZONS.index(horizon)]

    def over(self, horizon: int) -> Progress:
        """Only the epochs from which so many steps were made."""
        there = self.why[:, HORIZONS.index(horizon)] != NOT_MEASURED
        matched, one_rate = (
            {rule: rho[there] for rule, rho in kind.items()}
            for kind in (self.matched, self.one_rate)
        )
        return Progress(self.epochs[there], matched, one_rate, self.why[there])

    def holds(self, criterion: Criterion, rule: str) -> NDArray[np.bool_]:
        """Whether a rule holds ``[P]``; where ρ is undefined it does not."""
        return self.at(criterion.horizon, rule) >= criterion.threshold

    def held(self, criterion: Criterion, rule: str) -> float:
        """Share of the run over which a rule holds; NaN where no ρ is defined.

        Judged by ρ between the epochs, too: see `nnviz.approximation.holding.share_above`. Where ρ
        is undefined the rule does not hold.
        """
        measured = self.over(criterion.horizon)
        rho = measured.at(criterion.horizon, rule)
        if np.isnan(rho).all():
            return float("nan")
        low, high = WITHIN
        within = np.clip(np.nan_to_num(rho, nan=low), low, high)
        return share_above(measured.epochs, within, criterion.threshold)


def joined(parts: Sequence[Progress]) -> Progress:
    """What was measured from different epochs, in their order."""
    epochs = np.concatenate([np.empty(0, int), *(part.epochs for part in parts)])
    order = np.argsort(epochs)
    none = np.empty((0, len(HORIZONS)))

    def of(name: str) -> dict[str, Array]:
        rules = getattr(parts[0], name) if parts else APPROXIMATIONS
        return {
            rule: np.concatenate([none, *(getattr(part, name)[rule] for part in parts)])[order]
            for rule in rules
        }

    why = np.concatenate([none.astype(int), *(part.why for part in parts)])[order]
    return Progress(epochs[order], of("matched"), of("one_rate"), why)


def measure(
    config: Config,
    dataset: Dataset,
    keyframes: Sequence[Keyframe],
    steps: int,
    rules: Sequence[str] = APPROXIMATIONS,
    one_rate: bool = True,
    pause: Pause = no_pause,
) -> Progress:
    """Measure progress from some epochs of a run.

    Parameters
    ----------
    config : Config
        Of the run: its learning rate is that of the steps.
    dataset : Dataset
        What the run is trained on.
    keyframes : sequence of Keyframe
        Where to begin.
    steps : int
        How many steps to make, at least 1: horizons beyond are not measured.
    rules : sequence of str
        Keys of `nnviz.paper.gradients.GRADIENT_RULES`.
    one_rate : bool
        Whether to measure at one learning rate, too, beside matched steps.
    pause : callable
        Called between two steps.

    Returns
    -------
    Progress

    Examples
    --------
    >>> from nnviz import load_dataset, train
    >>> run = train(Config(epochs=100), load_dataset("spiral"))
    >>> found = measure(run.config, run.dataset, run.keyframes[-1:], steps=50)
    >>> found.at(50, "difference").round(1)  # A - Y, fifty steps, each as long as (14)'s
    array([1.8])
    """
    kinds, count = 1 + one_rate, len(keyframes)
    with one_thread(), np.errstate(all="ignore"):  # steps that explode are met, and said
        losses = _losses(config, dataset, keyframes, steps, rules, kinds, pause)
    gain = losses[0] - losses[1:]
    gain[~np.isfinite(losses[1:])] = -np.inf
    exact, least = gain[:, -1], NO_GAIN * losses[0, -1]
    why = np.full((len(HORIZONS), count), NOT_MEASURED)
    why[: len(gain)] = np.where(exact > least, DEFINED, np.where(exact < -least, RISES, ZERO))
    rho = np.full((len(HORIZONS), kinds * len(rules), count), np.nan)
    rho[: len(gain)] = gain[:, :-1] / np.where(exact > least, exact, np.nan)[:, np.newaxis]
    rho = np.moveaxis(rho, 0, 2)
    epochs = np.array([keyframe.epoch for keyframe in keyframes], int)
    of_kinds = [dict(zip(rules, rho[kind * len(rules) :], strict=False)) for kind in range(kinds)]
    return Progress(epochs, of_kinds[0], of_kinds[1] if one_rate else {}, why.T)


def _losses(
    config: Config,
    dataset: Dataset,
    keyframes: Sequence[Keyframe],
    steps: int,
    rules: Sequence[str],
    kinds: int,
    pause: Pause,
) -> Array:
    """Losses ``[1+horizons×parts×k]`` at the start and after so many steps.

    The parts are those by each rule with matched steps, at one rate if there are two kinds, and
    by (14).
    """
    by_rule = [*rules] * kinds + ["exact"]
    size = (len(by_rule), len(keyframes))
    walk = Stack(dataset, config.hidden_units, *size, "float32")
    look = Stack(dataset, config.hidden_units, *size, "float64")
    starts = stacked([keyframe.parameters for keyframe in keyframes], np.float64)
    home = [np.tile(part, (len(by_rule), 1, 1)) for part in starts]
    # What is walked is added up by itself: beside the weights, small steps would round away.
    gone = [np.zeros(part.shape, np.float32) for part in home]
    rough = [part.astype(np.float32) for part in home]
    rate = np.full((len(gone[0]), 1, 1), config.learning_rate, np.float32)
    matched = slice(len(rules) * len(keyframes))
    found = []
    for step in range(steps + 1):
        if step == 0 or step in HORIZONS:
            look.W1b1[:], look.W2b2[:] = home[0] + gone[0], home[1] + gone[1]
            look.forward()
            found.append(look.loss())
        if step == steps:
            break
        np.add(rough[0], gone[0], walk.W1b1)
        np.add(rough[1], gone[1], walk.W2b2)
        walk.forward()
        wanted = _lengths(walk.gradients(["exact"] * len(rules)))
        gradients = walk.gradients(by_rule)
        own = _lengths([gradient[matched] for gradient in gradients])
        ratio = np.divide(wanted, own, out=np.zeros_like(own), where=own > 0)
        np.multiply(ratio, np.float32(config.learning_rate), rate[matched])
        for walked, gradient in zip(gone, gradients, strict=True):
            gradient *= rate
            walked -= gradient
        pause()
    return np.stack(found).reshape(len(found), *size)


def _lengths(gradients: Sequence[Array]) -> Array:
    """Lengths ``[b×1×1]`` of some networks' gradients."""
    squares = sum(np.einsum("bij,bij->b", gradient, gradient) for gradient in gradients)
    return np.asarray(np.sqrt(squares))[:, np.newaxis, np.newaxis]
