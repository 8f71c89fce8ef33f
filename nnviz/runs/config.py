"""Config: everything that, with a dataset, decides a training run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from nnviz.checks import SEED, Choice, Optional, RealNumber, Rule, Setting, WholeNumber
from nnviz.paper.gradients import GRADIENT_RULES


def _setting(rule: Rule, default: Any) -> Any:
    """A field with what it may be, and its default."""
    setting = Setting(rule, default)
    return field(default=setting.default, metadata={"setting": setting})


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

    hidden_units: int = _setting(WholeNumber(1, 4096), 16)
    learning_rate: float = _setting(RealNumber(0, 1e6, low_included=False), 0.5)
    gradient: str = _setting(Choice(tuple(GRADIENT_RULES)), "difference")
    seed: int = _setting(SEED, 0)
    epochs: int = _setting(WholeNumber(1, 1_000_000), 1000)
    target_accuracy: float | None = _setting(Optional(RealNumber(0, 1, low_included=False)), None)
    init_scale: float = _setting(RealNumber(0, 1000), 1.0)
    step_length: str = _setting(Choice(("learning_rate", "matched")), "learning_rate")
    dtype: str = _setting(Choice(("float64", "float32")), "float64")

    def __post_init__(self) -> None:
        for name, setting in CONFIG_SETTINGS.items():
            object.__setattr__(self, name, setting.rule.check(name, getattr(self, name)))


CONFIG_SETTINGS: dict[str, Setting] = {f.name: f.metadata["setting"] for f in fields(Config)}
"""The fields of `Config`, as settings."""
