"""The runs of a sweep, arranged by their settings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnviz.approximation.holding import Criterion
from nnviz.checks import value_text
from nnviz.figures.rules import RULE_LABELS
from nnviz.paper.network import Array
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import HOLDS as USUAL
from nnviz.sweeps.grid import Outcome

HOLDS, HOLDS_WITHOUT_E = "A − Y (16) holds, share", "without E (15) holds, share"
ANGLE, ANGLE_WITHOUT_E = "A − Y (16), final angle", "without E (15), final angle"

SHARES = {HOLDS: "difference", HOLDS_WITHOUT_E: "drop_error_term"}
"""Outcomes that are a share of the run, by the grid's criterion, and of which rule."""

OUTCOMES = {
    "final loss": "loss",
    "test accuracy": "test_accuracy",
    "training accuracy": "accuracy",
    "epochs to target": "epochs_to_target",
    "dead units": "dead_units",
    "mean |E|": "mean_abs_error_term",
    ANGLE: "angle",
    ANGLE_WITHOUT_E: "angle_without_E",
    HOLDS: "holds",
    HOLDS_WITHOUT_E: "holds_without_E",
}
"""What can be shown of a run: its name, and that in `nnviz.sweeps.grid.Outcome`."""

BEST = {
    "final loss": min,
    "test accuracy": max,
    "training accuracy": max,
    "epochs to target": min,
    "dead units": min,
}
"""What is best of an outcome, where anything is: how well an approximation does beside (14) makes a
network no better, and is best where it has died."""

AS_GOOD = 1e-9
"""Means that differ by no more of their size are as good as each other: it is rounding."""

HEADS = {
    "learning rate": "α {}",
    "hidden units": "{} units",
    "initial scale": "scale {}",
    "noise": "noise {}",
}
"""A setting's value with as little of its name as is understood."""

Place = tuple[int, int, int]
"""Column, row and layer."""


@dataclass(frozen=True)
class RunGrid:
    """A grid over up to three settings, with what came of its runs so far.

    Attributes
    ----------
    specs : sequence of RunSpec
        All runs; their seeds count fastest, then the layers, the rows, the columns.
    names : (str, str, str)
        Of the settings: across, down, and in layers. Empty where there is none.
    values : (tuple of str, tuple of str, tuple of str)
        Theirs; one empty text where there is no setting.
    outcomes : mapping of int to Outcome
        By the run's number.
    criterion : Criterion
        When an approximation holds.
    """

    specs: Sequence[RunSpec]
    names: tuple[str, str, str]
    values: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    outcomes: Mapping[int, Outcome]
    criterion: Criterion = USUAL

    @classmethod
    def of(
        cls,
        axes: Mapping[str, Sequence[Any]],
        specs: Sequence[RunSpec],
        outcomes: Mapping[int, Outcome],
        criterion: Criterion = USUAL,
    ) -> RunGrid:
        """Arrange what `nnviz.sweeps.grid.grid` made of one to three axes, by the names to show."""
        missing = 3 - len(axes)
        names = [*axes, *([""] * missing)]
        values = [*(tuple(map(_said, v)) for v in axes.values()), *([("",)] * missing)]
        return cls(
            specs=specs,
            names=(names[0], names[1], names[2]),
            values=(values[0], values[1], values[2]),
            outcomes=outcomes,
            criterion=criterion,
        )

    @property
    def sides(self) -> Place:
        """How many columns, rows and layers there are."""
        across, down, layers = self.values
        return len(across), len(down), len(layers)

    def places(self) -> Iterator[tuple[Place, range]]:
        """Every place, with the numbers of its runs."""
        seeds = len(self.specs) // math.prod(self.sides)
        every = itertools.product(*map(range, self.sides))
        for n, (column, row, layer) in enumerate(every):
            yield (column, row, layer), range(n * seeds, (n + 1) * seeds)

    def found(self, shown: str, numbers: Sequence[int]) -> Array:
        """One of `OUTCOMES` of the runs that have finished; NaN where a run has none."""
        there = [self.outcomes[number] for number in numbers if number in self.outcomes]
        if shown in SHARES:
            values = [one.held(self.criterion, SHARES[shown]) for one in there]
        else:
            values = [getattr(one, OUTCOMES[shown]) for one in there]
        return np.array([np.nan if value is None else float(value) for value in values])

    def best(self, shown: str) -> dict[Place, float]:
        """The places with the best mean of one of `OUTCOMES`, or, if rules vary, that of each rule.

        Only of places all of whose seeds have a value; none where nothing of that outcome is
        better than anything else, where all places are as good, or while runs are missing.

        Returns
        -------
        dict of (int, int, int) to float
            Their means; several places of one rule where they are as good.
        """
        rule = self.names.index("gradient rule") if "gradient rule" in self.names else None
        of_rule: dict[int | None, dict[Place, float]] = {}
        for place, numbers in self.places():
            values = self.found(shown, numbers)
            if len(values) == len(numbers) and np.isfinite(values).all():
                means = of_rule.setdefault(None if rule is None else place[rule], {})
                means[place] = float(values.mean())
        everywhere = all(number in self.outcomes for number in range(len(self.specs)))
        if shown not in BEST or not everywhere:
            return {}
        return {
            place: mean
            for means in of_rule.values()
            for place, mean in means.items()
            if _as_good(mean, BEST[shown](means.values()))
            and not all(_as_good(mean, other) for other in means.values())
        }

    @property
    def heads(self) -> list[list[str]]:
        """The settings' values, each with as little of the name as is understood."""
        pairs = zip(self.names, self.values, strict=True)
        return [[HEADS.get(name, "{}").format(value) for value in values] for name, values in pairs]

    def said(self, place: Place) -> str:
        """The settings of a place."""
        sides = zip(self.heads, place, strict=True)
        return ", ".join(filter(None, (values[at] for values, at in sides)))

    def place_of(self, spec: RunSpec) -> Place | None:
        """The place whose settings are those of a run, whatever its seed; None if none is."""
        for place, numbers in self.places():
            here = self.specs[numbers[0]]
            if spec == replace(here, config=replace(here.config, seed=spec.config.seed)):
                return place
        return None


def _as_good(mean: float, other: float) -> bool:
    return math.isclose(mean, other, rel_tol=AS_GOOD)


def _said(value: Any) -> str:
    """A setting's value as people say it."""
    return RULE_LABELS.get(value, value_text(value))
