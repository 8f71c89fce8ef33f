"""Nothing cancels in what is said of one sample, however certain the network: against decimals."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from nnviz.approximation.agreement import (
    APPROXIMATIONS,
    angle,
    column_angles,
    column_lengths,
    compare_rules,
    length,
    ratio,
    scaled_exact,
)
from nnviz.approximation.pointwise import pointwise
from nnviz.data.datasets import load_dataset
from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import GRADIENT_RULES, gradients, output_gradient
from nnviz.paper.network import cross_entropy, forward, loss, residual, softmax
from nnviz.runs.config import Config
from nnviz.runs.measures import EpochMeasures
from nnviz.runs.recording import train
from nnviz.runs.training import Trainer

DIGITS = 700
"""Of the reference: (14) of a sample 700 logits from a doubt is made of terms 1e-304 in size."""

RESOLVED = 1e-280
"""What is smaller has lost digits to the smallest number that a float can be."""


class Sample:
    """One sample's output and its gradients, from the equations as the source writes them."""

    def __init__(self, logits: list[float], true: int) -> None:
        with localcontext() as context:
            context.prec = DIGITS
            exponentials = [Decimal(z).exp() for z in logits]
            total = sum(exponentials)
            self.A = [e / total for e in exponentials]
            Y = [Decimal(int(k == true)) for k in range(len(logits))]
            D = [a - y for a, y in zip(self.A, Y, strict=True)]
            self.E = sum((a * d for a, d in zip(self.A, D, strict=True)), Decimal(0))
            self.G = {
                "exact": [a * d - a * self.E for a, d in zip(self.A, D, strict=True)],
                "drop_error_term": [a * d for a, d in zip(self.A, D, strict=True)],
                "difference": D,
                "centred": [a * d - self.E / len(D) for a, d in zip(self.A, D, strict=True)],
            }
            lengths = {rule: self._dot(G, G).sqrt() for rule, G in self.G.items()}
            dots = {r: self._dot(G, self.G["exact"]) for r, G in self.G.items()}
            self.angle = {
                rule: self._angle(dots[rule], lengths[rule], lengths["exact"]) for rule in self.G
            }
            neglected = [a * self.E for a in self.A]
            self.ratio = self._dot(neglected, neglected).sqrt() / lengths["exact"]
            self.length = lengths["exact"]

    @staticmethod
    def _dot(a: list[Decimal], b: list[Decimal]) -> Decimal:
        return sum((x * y for x, y in zip(a, b, strict=True)), Decimal(0))

    @staticmethod
    def _angle(dot: Decimal, one: Decimal, other: Decimal) -> float:
        """In degrees; from the tangent, in which a small angle keeps its digits."""
        sine = max(one * one * other * other - dot * dot, Decimal(0)).sqrt()
        ratio = sine / abs(dot) if dot else Decimal("Infinity")
        found = math.degrees(math.atan(float(ratio)))
        return found if dot >= 0 else 180 - found


def drawn(classes: int, scale: float, samples: int, seed: int) -> tuple[Any, Any]:
    """Logits ``[K×M]`` of that size, and one-hot targets, right and wrong ones."""
    rng = np.random.default_rng(seed)
    y = rng.integers(classes, size=samples)
    logits = scale * rng.uniform(-0.5, 0.5, (classes, samples))
    right = rng.random(samples) < 0.5
    top = logits.argmax(axis=0)
    y = np.where(right, top, y)
    return logits, np.eye(classes)[:, y]


@pytest.mark.parametrize("scale", [1.0, 5.0, 20.0, 40.0, 80.0, 200.0, 700.0])
@pytest.mark.parametrize("classes", [2, 3, 4, 10])
def test_a_sample_is_right_to_twelve_digits(classes: int, scale: float) -> None:
    Z2, Y = drawn(classes, scale, samples=8, seed=classes)
    A2 = softmax(Z2)
    G = {rule: output_gradient(A2, Y, rule) for rule in GRADIENT_RULES}
    E = error_term(A2, Y)
    apart = {rule: column_angles(G[rule], G["exact"]) for rule in GRADIENT_RULES}
    left = ratio(column_lengths(A2 * E), column_lengths(G["exact"]))
    seen = 0
    for m in range(Y.shape[1]):
        true = Sample([float(z) for z in Z2[:, m]], int(Y[:, m].argmax()))
        for rule, expected in true.G.items():
            for k, g in enumerate(expected):
                # What crosses zero has no digits there: it is measured by its largest part.
                of = max(abs(float(g)), 1e-3 * float(max(map(abs, expected))) * float(true.A[k]))
                if of > RESOLVED:
                    seen += 1
                    assert abs(G[rule][k, m] - float(g)) <= 1e-12 * of, (rule, k, m)
        parts = sum(float(a) * abs(float(d)) for a, d in zip(true.A, true.G["difference"],
                                                             strict=True))  # fmt: skip
        if parts > RESOLVED:
            assert abs(E[m] - float(true.E)) <= 1e-12 * parts, m
        if float(true.length) > RESOLVED:
            assert left[m] == pytest.approx(float(true.ratio), rel=1e-11, abs=1e-12), m
            for rule in APPROXIMATIONS:
                expected_angle = true.angle[rule]
                assert apart[rule][m] == pytest.approx(expected_angle, rel=1e-9, abs=1e-10), m
    assert seen


def test_what_the_pictures_show_is_right_too() -> None:
    """The maps' numbers, E of a recording and the loss: of a sample certain to 1e-40 and right."""
    Z2, Y = np.array([[92.0], [0.0], [1.0]]), np.array([[1.0], [0.0], [0.0]])
    A2 = softmax(Z2)
    true = Sample([92.0, 0.0, 1.0], 0)
    shown_E, turned, error = pointwise(A2, Y)[:, 0]
    assert shown_E == pytest.approx(float(true.E), rel=1e-12)
    assert 180 * turned == pytest.approx(true.angle["difference"], rel=1e-9)
    assert error == pytest.approx(1, abs=1e-12), "e/(1+e), with e = 1e39"
    recorded = EpochMeasures(A2[None], Y, np.array([0]))
    assert recorded.error_term()[0, 0] == pytest.approx(float(true.E), rel=1e-12)
    squares = float(sum(d * d for d in true.G["difference"])) / 2
    assert recorded.loss[0] == pytest.approx(squares, rel=1e-12)
    assert loss(A2, Y) == pytest.approx(squares, rel=1e-12)
    assert residual(A2, Y).sum() == pytest.approx(0, abs=1e-55)


def test_no_sample_of_two_classes_is_turned_by_its_rounding() -> None:
    """With two classes (14) is (16) times 2·A₁A₂: 66 of these 427 samples were shown at 45°."""
    run = train(Config(), load_dataset("breast_cancer"))
    data = run.dataset
    A2 = forward(run.keyframes[-1].parameters, data.X).A2
    assert (A2 == 1.0).any(), "there are samples whose certainty rounds to 1"
    found = compare_rules(run.keyframes[-1].parameters, data.X, data.Y).agreement["difference"]
    assert np.nanmax(found.sample_angle) < 1e-12


@pytest.mark.parametrize("top", [0.0, 1.0, 30.0, 200.0, 700.0])
def test_the_cross_entropy_of_a_certain_sample(top: float) -> None:
    """Of one that is right it is 1e-13 and less, where log(1 + …) as it stands would be 0."""
    Z2 = np.array([[top, 0.0, top], [0.0, top, top], [-1.0, 2.0, top - 3.0]])
    for m, logits in enumerate(Z2.T):
        true = Sample(logits.tolist(), 0)
        with localcontext() as context:
            context.prec = DIGITS
            expected = float(-true.A[0].ln())
        found = cross_entropy(Z2[:, m : m + 1], np.array([[1.0], [0.0], [0.0]]))
        assert found == pytest.approx(expected, rel=1e-12), m


@pytest.mark.parametrize("gap", [200.0, 365.0, 372.0, 500.0, 690.0])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_direction_outlives_the_smallest_number(classes: int, gap: float) -> None:
    """(14) itself is 1e-434 at a gap of 500; a sample's angle and ratio are not: they were 39°."""
    Z2 = np.r_[gap, np.linspace(0, 2, classes - 1)][:, np.newaxis]
    A2, Y = softmax(Z2), np.eye(classes)[:, :1]
    true = Sample(Z2[:, 0].tolist(), 0)
    turned, error = pointwise(A2, Y)[1:, 0]
    assert 180 * turned == pytest.approx(true.angle["difference"], rel=1e-9, abs=1e-9)
    assert error == pytest.approx(1)
    scaled, scale = scaled_exact(A2, Y)
    found = ratio(length(A2 * error_term(A2, Y) / scale), length(scaled))
    assert float(found) == pytest.approx(float(true.ratio), rel=1e-11)


def test_angles_keep_the_digits_of_small_ones() -> None:
    for degrees in (1e-12, 1e-6, 0.5, 89.0, 90.0, 179.0):
        turn = math.radians(degrees)
        b = np.array([math.cos(turn), math.sin(turn)])
        assert angle(np.array([1e-200, 0.0]), 1e150 * b) == pytest.approx(degrees, rel=1e-9)
    assert length(np.array([3e-200, 4e-200])) == pytest.approx(5e-200, rel=1e-12)


@pytest.mark.parametrize("rule", GRADIENT_RULES)
@pytest.mark.parametrize("dataset", ["spiral", "moons", "blobs", "iris", "breast_cancer", "digits"])
def test_the_training_step_keeps_its_fast_form(dataset: str, rule: str) -> None:
    """Summed over the samples, what the fast form of (14) loses is below twelve digits."""
    data = load_dataset(dataset)
    config = Config(gradient=rule, epochs=300)
    for keyframe in train(config, data).keyframes[::12]:
        p = keyframe.parameters
        careful = gradients(p, forward(p, data.X), data.X, data.Y, rule)
        trainer = Trainer(config, data, start=p)
        trainer.evaluate()
        fast = trainer._gradient.get()  # the samples' sum
        for name, summed in vars(fast).items():
            expected = getattr(careful, f"d{name}")
            off = length(summed / data.y.size - expected)
            assert off <= 1e-12 * length(expected), (keyframe.epoch, name)
