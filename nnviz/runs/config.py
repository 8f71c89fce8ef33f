"""Config: everything that, with a dataset, decides a training run."""

from __future__ import annotations

from dataclasses import dataclass, fields

from nnviz.checks import Choice, Optional, RealNumber, Rule, WholeNumber
from nnviz.paper.gradients import GRADIENT_RULES

CONFIG_RULES: dict[str, Rule] = {
    "hidden_units": WholeNumber(1, 4096),
    "learning_rate": RealNumber(0, 1e6, low_included=False),
    "gradient": Choice(tuple(GRADIENT_RULES)),
    "seed": WholeNumber(0, 2**32 - 1),
    "epochs": WholeNumber(1, 1_000_000),
    "target_accuracy": Optional(RealNumber(0, 1, low_included=False)),
    "init_scale": RealNumber(0, 1000),
    "step_length": Choice(("learning_rate", "matched")),
    "dtype": Choice(("float64", "float32")),
}
"""What each field of `Config` may be."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of one training run, checked when made.

    Attributes
    ----------
    hidden_units : int
        N1, the number of hidden ReLU units.
    learning_rate : float
        α of Eqs. (28)-(29).
    gradient : str
        The rule for ∂L/∂Z2, a key of `nnviz.paper.gradients.GRADIENT_RULES`.
    seed : int
        Seed of the starting parameters, Eqs. (26)-(27). It leaves the data alone.
    epochs : int
        How many updates to make at most; an epoch is one update on all samples.
    target_accuracy : float or None
        End the run at the first epoch whose accuracy on the training samples is at least this
        ("repeat until a certain accuracy is achieved").
    init_scale : float
        Factor on the starting parameters; 1 is the source's.
    step_length : str
        ``learning_rate``: α times the rule's gradient. ``matched``: in the rule's direction, but
        as long as the step of the exact rule from the same parameters. So the directions are
        compared: A - Y (16) is at least twice as long as (14) for every sample, and for the whole
        network usually 2 to 70 times (shorter near the cross-entropy's minimum).
    dtype : str
        ``float64``, or ``float32`` for large data.

    Raises
    ------
    SettingError
        Naming the field, its value and what is allowed.

    Examples
    --------
    >>> Config(hidden_units=8).learning_rate
    0.5
    >>> Config(learning_rate=0)
    Traceback (most recent call last):
    nnviz.checks.SettingError: learning_rate must be a number above 0, at most 1,000,000; it is 0
    """

    hidden_units: int = 16
    learning_rate: float = 0.5
    gradient: str = "difference"
    seed: int = 0
    epochs: int = 1000
    target_accuracy: float | None = None
    init_scale: float = 1.0
    step_length: str = "learning_rate"
    dtype: str = "float64"

    def __post_init__(self) -> None:
        for field in fields(self):
            checked = CONFIG_RULES[field.name].check(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, checked)
