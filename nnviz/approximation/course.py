"""The rules from the same parameters on the same data, and their agreement on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import (
    APPROXIMATIONS,
    NOISE,
    column_angles,
    column_lengths,
    compare_rules,
)
from nnviz.paper.network import Array, Parameters, cross_entropy, forward
from nnviz.runs.recording import Recording
from nnviz.runs.stacked import Stack, stacked
from nnviz.runs.threads import one_thread

TOGETHER = 100_000
"""Hidden activations of the keyframes compared at once, at most: they stay in a cache."""


@dataclass(frozen=True, eq=False)
class Course:
    """How the rules agree along one run, at its keyframes.

    Attributes
    ----------
    epochs : int array ``[F]``
        Epochs of the F keyframes, rising.
    angle : dict of str to array ``[F×5]``
        Degrees between the gradient by each of `APPROXIMATIONS` and the exact one, for each of
        `nnviz.approximation.agreement.ARRAYS`.
    length_ratio : dict of str to array ``[F×5]``
        Length of the gradient by each rule, by that of the exact one.
    sample_angle : dict of str to array ``[F×len(QUANTILE_LEVELS)]``
        Quantiles over the samples of the angle between the output gradients, in degrees.
    neglected, neglected_size : array ``[F]``
        As in `nnviz.approximation.agreement.Comparison`.
    """

    epochs: NDArray[np.integer]
    angle: dict[str, Array]
    length_ratio: dict[str, Array]
    sample_angle: dict[str, Array]
    neglected: Array
    neglected_size: Array


def course(run: Recording) -> Course:
    """Compare the rules at every keyframe of a run."""
    X, Y = run.dataset.X, run.dataset.Y
    found = [compare_rules(keyframe.parameters, X, Y) for keyframe in run.keyframes]
    return Course(
        epochs=np.array([keyframe.epoch for keyframe in run.keyframes]),
        angle={rule: np.stack([c.agreement[rule].angle for c in found]) for rule in APPROXIMATIONS},
        length_ratio={
            rule: np.stack([c.agreement[rule].length_ratio for c in found])
            for rule in APPROXIMATIONS
        },
        sample_angle={
            rule: np.stack([c.agreement[rule].sample_angle_quantiles() for c in found])
            for rule in APPROXIMATIONS
        },
        neglected=np.array([c.neglected for c in found]),
        neglected_size=np.array([c.neglected_size for c in found]),
    )


def network_angles(run: Recording) -> dict[str, Array]:
    """Only the angles of the whole network's gradients, and so much faster than `course`.

    Returns
    -------
    dict of str to array ``[F]``
        Degrees between the gradient by each of `APPROXIMATIONS` and the exact one, at every
        keyframe; NaN where one of them is zero.

    Examples
    --------
    >>> from nnviz import Config, load_dataset, train
    >>> run = train(Config(epochs=1000), load_dataset("spiral"))
    >>> network_angles(run)["drop_error_term"][-1].round()  # without E, at the last epoch
    np.float64(106.0)
    """
    keyframes, units = run.keyframes, run.config.hidden_units
    count = min(len(keyframes), max(1, TOGETHER // (units * run.dataset.y.size)))
    found: dict[str, Array] = {rule: np.empty(len(keyframes)) for rule in APPROXIMATIONS}
    with one_thread(), np.errstate(all="ignore"):  # of exploded weights
        stack = Stack(run.dataset, units, 1, count, "float64")
        for at in range(0, len(keyframes), count):
            first = min(at, len(keyframes) - count)  # the last of them begin before
            some = slice(first, first + count)
            parameters = [keyframe.parameters for keyframe in keyframes[some]]
            stack.W1b1[:], stack.W2b2[:] = stacked(parameters, np.float64)
            stack.forward()
            exact = _columns(stack, "exact")
            for rule in APPROXIMATIONS:
                found[rule][some] = column_angles(_columns(stack, rule), exact)
    return found


def _columns(stack: Stack, rule: str) -> Array:
    """Gradients of all networks by a rule, each as a column."""
    gradients = stack.gradients([rule])
    columns = np.vstack([gradient.reshape(len(gradient), -1).T for gradient in gradients])
    columns[:, column_lengths(columns) <= NOISE * stack.mean_length()] = 0
    return columns


def distances(run: Recording, other: Recording) -> tuple[NDArray[np.integer], Array]:
    """Distance between the parameters of two runs.

    Returns
    -------
    epochs : int array
        Of the keyframes that both runs have.
    distance : array
        Length of the difference of all parameters as one vector.
    """
    theirs = {keyframe.epoch: keyframe.parameters for keyframe in other.keyframes}
    shared = [keyframe for keyframe in run.keyframes if keyframe.epoch in theirs]
    apart = [_distance(k.parameters, theirs[k.epoch]) for k in shared]
    return np.array([k.epoch for k in shared]), np.array(apart)


@dataclass(frozen=True, eq=False)
class OutputCourse:
    """What a run's output layer does, at its keyframes.

    Attributes
    ----------
    epochs : int array ``[F]``
        Epochs of the F keyframes, rising.
    column_sum_drift : array ``[F]``
        How far the column sums of [W2 b2] (over the classes: one a hidden unit, and one of the
        bias) are from those at the start: the largest of these distances. A gradient that sums
        to zero over the classes leaves every one as it is, to rounding; one that leaks does not.
        On xor at α = 1, 600 epochs by (15) move one by about 10.
    cross_entropy : array ``[F]``
        As `nnviz.paper.network.cross_entropy`: the loss that rule (16) descends.
    """

    epochs: NDArray[np.integer]
    column_sum_drift: Array
    cross_entropy: Array


def output_course(run: Recording) -> OutputCourse:
    """Follow a run's output layer."""
    data = run.dataset
    sums = np.stack([_column_sums(keyframe.parameters) for keyframe in run.keyframes])
    Z2 = [forward(keyframe.parameters, data.X).Z2 for keyframe in run.keyframes]
    return OutputCourse(
        epochs=np.array([keyframe.epoch for keyframe in run.keyframes]),
        column_sum_drift=np.abs(sums - sums[0]).max(axis=1),
        cross_entropy=np.array([cross_entropy(logits, data.Y) for logits in Z2]),
    )


def longest(runs: Mapping[str, Recording]) -> Recording:
    """The run with the most epochs; the first of them in the order given."""
    return max(runs.values(), key=lambda run: run.last_epoch)


def _column_sums(parameters: Parameters) -> Array:
    """Sums over the classes of W2 and of b2 ``[N1+1]``."""
    return np.hstack([parameters.W2, parameters.b2]).sum(axis=0, dtype=float)


def _distance(a: Parameters, b: Parameters) -> float:
    pairs = zip(vars(a).values(), vars(b).values(), strict=True)
    return float(np.sqrt(sum(np.square(x - y).sum() for x, y in pairs)))
