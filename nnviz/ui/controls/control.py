"""Control: what one control of the page may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnviz.checks import Choice, RealNumber, Setting, SettingError, WholeNumber, value_text


@dataclass(frozen=True)
class Control:
    """One control; its key is its name in the address.

    Attributes
    ----------
    label, help : str
        What stands beside it, and what its question mark says.
    default : value
        Where it stands at first.
    options : sequence or None
        What can be chosen; otherwise the value is a number from `low` to `high`.
    low, high, step : number
        The ends of that range, and from one value to the next.
    several : bool
        Whether any number of the options can be chosen; the default is a tuple then.
    """

    label: str
    default: Any
    help: str
    options: Sequence[Any] | None = None
    low: float = 0
    high: float = 0
    step: float = 1
    several: bool = False

    @classmethod
    def of(
        cls,
        setting: Setting,
        label: str,
        help_: str,
        *,
        options: Sequence[Any] | None = None,
        low: float | None = None,
        high: float | None = None,
        step: float = 1,
    ) -> Control:
        """The control of a setting: at its default at first, and within its bounds.

        Parameters
        ----------
        setting : Setting
            What the control is of.
        label, help_ : str
            As of the class.
        options : sequence or None
            Of all that the setting may be, what can be chosen; of a choice, all of it.
        low, high : number or None
            What to offer of its range, if not all.
        step : number
            From one value to the next.
        """
        rule = setting.rule
        if options is None and isinstance(rule, Choice):
            options = tuple(rule.names)
        if options is not None:
            return cls(label, setting.default, help_, options)
        assert isinstance(rule, (WholeNumber, RealNumber))
        low = rule.low if low is None else low
        high = rule.high if high is None else high
        return cls(label, setting.default, help_, None, low, high, step)

    @property
    def whole(self) -> bool:
        """Whether the value is a whole number."""
        return isinstance(self.default, int)

    def check(self, key: str, text: str) -> None:
        """Raise `SettingError` unless the address may say `text`.

        What it may say is what the widget takes as it stands: Streamlit would make 100 of 1e2, 20
        of 20.7, and put a slider between two of its steps.
        """
        if self.options is not None:
            Choice([value_text(option) for option in self.options]).check(key, text)
            return
        kind = "a whole number" if self.whole else "a number"
        allowed = f"{kind} from {value_text(self.low)} to {value_text(self.high)}"
        rule: RealNumber | WholeNumber = RealNumber(self.low, self.high)
        if self.whole:
            rule = WholeNumber(int(self.low), int(self.high))
        try:
            steps = (rule.read(key, text) - self.low) / self.step
        except SettingError:
            raise SettingError(key, text, allowed) from None
        if abs(steps - round(steps)) > 1e-9:
            raise SettingError(key, text, f"{allowed}, in steps of {value_text(self.step)}")
