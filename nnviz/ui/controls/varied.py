"""Varied: what the Explore page can vary, and the values to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnviz.paper.gradients import GRADIENT_RULES


@dataclass(frozen=True)
class Varied:
    """A setting that can be on an axis of a grid.

    Attributes
    ----------
    setting : str
        Its name in `nnviz.runs.config.Config`, or among the options of a data set.
    values : tuple
        What it can be tried at, in order; all are values of its control.
    first : tuple
        What it is tried at, at first.
    """

    setting: str
    values: tuple[Any, ...]
    first: tuple[Any, ...]

    @property
    def key(self) -> str:
        """Of the control that chooses the values."""
        return f"try_{self.setting}"


_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)

LEARNING_RATES = (*(float(f"{m * 10.0**e:.2g}") for e in range(-3, 2) for m in _ROUND), 100.0)
"""Those that are offered: ten from one power of ten to the next."""

VARIED = {
    "learning rate": Varied(
        "learning_rate",
        tuple(rate for rate in LEARNING_RATES if 0.01 <= rate <= 30),
        (0.05, 0.1, 0.5, 1.0, 2.0),
    ),
    "hidden units": Varied("hidden_units", (1, 2, 4, 8, 16, 32, 64), (2, 4, 8, 16, 32)),
    "gradient rule": Varied("gradient", tuple(GRADIENT_RULES), tuple(GRADIENT_RULES)),
    "initial scale": Varied(
        "init_scale",
        (0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0),
        (0.1, 0.5, 1.0, 2.0, 5.0, 10.0),
    ),
    "noise": Varied("noise", (0.0, 0.2, 0.5, 1.0, 1.5, 2.0), (0.0, 0.5, 1.0, 2.0)),
}
"""By the name that the page and its address say."""
