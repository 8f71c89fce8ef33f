"""What a setting may be, said once: the checks behind every value that comes from outside."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 60
"""A choice of more is not listed in a message."""


class SettingError(ValueError):
    """A setting has a value that it may not have.

    Attributes
    ----------
    field : str
        Name of the setting; the message names it too, with the value and what is allowed.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        shown = repr(value) if isinstance(value, str) else str(value)
        shown = shown if len(shown) <= 40 else shown[:40] + "…"
        super().__init__(f"{field} must be {allowed}; it is {shown}")
        self.field = field
        self._said = field, value, allowed

    def __reduce__(self) -> tuple[type[SettingError], tuple[str, object, str]]:
        """As it is sent from one process to another."""
        return type(self), self._said


def value_text(value: Any) -> str:
    """A setting's value as pages and addresses say it: 0.5, 1000, digits, none."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else f"{value:.10g}"


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _read(rule: Any, field: str, text: str, kind: type, pattern: str) -> Any:
    """What a text says as a number, checked; the message repeats the text.

    ``int`` and ``float`` alone would take 1_0, blanks, and the digits of every script.
    """
    try:
        if re.fullmatch(pattern, text):
            return rule.check(field, kind(text))
    except ValueError:  # a SettingError, or thousands of digits
        pass
    raise SettingError(field, text, rule.allowed) from None


@dataclass(frozen=True)
class WholeNumber:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"a whole number from {_number(self.low)} to {_number(self.high)}"

    def check(self, field: str, value: Any) -> int:
        """Return `value` as an ``int``, or raise `SettingError`."""
        try:
            number = operator.index(value)
        except TypeError:
            raise SettingError(field, value, self.allowed) from None
        if isinstance(value, bool) or not self.low <= number <= self.high:
            raise SettingError(field, value, self.allowed)
        return number

    def read(self, field: str, text: str) -> int:
        """Return what a text of a command line or an address says, checked."""
        return _read(self, field, text, int, "[+-]?[0-9]+")


@dataclass(frozen=True)
class RealNumber:
    """A finite number from `low` to `high`; `low` itself only with `low_included`."""

    low: float
    high: float
    low_included: bool = True

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.low_included:
            return f"a number from {_number(self.low)} to {_number(self.high)}"
        return f"a number above {_number(self.low)}, at most {_number(self.high)}"

    def check(self, field: str, value: Any) -> float:
        """Return `value` as a ``float``, or raise `SettingError`."""
        try:
            number = float(value) if not isinstance(value, (bool, str, bytes)) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        above = number >= self.low if self.low_included else number > self.low
        if not (above and number <= self.high):  # NaN fails both
            raise SettingError(field, value, self.allowed)
        return number

    def read(self, field: str, text: str) -> float:
        """Return what a text of a command line or an address says, checked."""
        return _read(self, field, text, float, r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Choice:
    """One of a few names."""

    names: Collection[str]

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        names = list(self.names)
        if len(names) > MOST_NAMED:
            names = [*names[:3], "…", names[-1]]
        return f"one of {', '.join(names)}"

    def check(self, field: str, value: Any) -> str:
        """Return `value`, or raise `SettingError`."""
        if not isinstance(value, str) or value not in self.names:
            raise SettingError(field, value, self.allowed)
        return value

    def read(self, field: str, text: str) -> str:
        """Return a text that is one of the names."""
        return self.check(field, text)


@dataclass(frozen=True)
class Optional:
    """What `rule` allows, or None."""

    rule: WholeNumber | RealNumber | Choice

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"{self.rule.allowed}, or {value_text(None)}"

    def check(self, field: str, value: Any) -> Any:
        """Return `value` as its rule does, or None."""
        try:
            return None if value is None else self.rule.check(field, value)
        except SettingError:
            raise SettingError(field, value, self.allowed) from None

    def read(self, field: str, text: str) -> Any:
        """Return what a text says; None for ``none``."""
        try:
            return None if text.lower() == value_text(None) else self.rule.read(field, text)
        except SettingError:
            raise SettingError(field, text, self.allowed) from None


Rule = WholeNumber | RealNumber | Choice | Optional


@dataclass(frozen=True)
class Setting:
    """What a setting may be, and what it is if nothing is said.

    Both are stated here alone: a page's control, an address and the command line read them.
    """

    rule: Rule
    default: Any

    @property
    def most(self) -> float:
        """The highest number that it may be."""
        assert isinstance(self.rule, (WholeNumber, RealNumber))
        return self.rule.high


SEED = WholeNumber(0, 2**32 - 1)
"""What a seed may be."""
