"""The three rules from the same parameters on the same data, and their agreement on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnviz.agreement import APPROXIMATIONS, column_angles, compare_rules
from nnviz.network import Array, Parameters, cross_entropy, forward
from nnviz.recording import Recording
from nnviz.stacked import Stack, stacked
from nnviz.threads import one_thread

TOGETHER = 100_000
"""Hidden activations of the keyframes compared at once, at most: they stay in a cache."""


@dataclass(frozen=True, eq=False)
class Course:
    """How the rules agree along one run, at its keyframes.

    Attributes
    ----------
    epochs : int array ``[F]``
    angle : dict of str to array ``[F×5]``
        Degrees between the gradient by each of `APPROXIMATIONS` and the exact one, for each of
        `nnviz.agreement.ARRAYS`.
    length_ratio : dict of str to array ``[F×5]``
    sample_angle : dict of str to array ``[F×len(QUANTILE_LEVELS)]``
        Quantiles over the samples of the angle between the output gradients, in degrees.
    neglected, neglected_size : array ``[F]``
        As in `nnviz.agreement.Comparison`.
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
    return np.vstack([gradient.reshape(len(gradient), -1).T for gradient in gradients])


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
    """What a run's logits do, at its keyframes.

    Attributes
    ----------
    epochs : int array ``[F]``
    mean_logit : array ``[F]``
        Mean of Z2 over classes and samples. Softmax cannot see it: only a gradient that leaks
        (that does not sum to zero over the classes) moves it from where the weights alone would.
    cross_entropy : array ``[F]``
        As `nnviz.network.cross_entropy`: the loss that rule (16) descends.
    """

    epochs: NDArray[np.integer]
    mean_logit: Array
    cross_entropy: Array


def output_course(run: Recording) -> OutputCourse:
    """Follow a run's logits."""
    data = run.dataset
    Z2 = [forward(keyframe.parameters, data.X).Z2 for keyframe in run.keyframes]
    return OutputCourse(
        epochs=np.array([keyframe.epoch for keyframe in run.keyframes]),
        mean_logit=np.array([logits.mean() for logits in Z2]),
        cross_entropy=np.array([cross_entropy(logits, data.Y) for logits in Z2]),
    )


def longest(runs: Mapping[str, Recording]) -> Recording:
    """The run with the most epochs; the first of them in the order given."""
    return max(runs.values(), key=lambda run: run.last_epoch)


def _distance(a: Parameters, b: Parameters) -> float:
    pairs = zip(vars(a).values(), vars(b).values(), strict=True)
    return float(np.sqrt(sum(np.square(x - y).sum() for x, y in pairs)))
