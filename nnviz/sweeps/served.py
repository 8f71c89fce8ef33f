"""Served: what everybody has had of what is shared, so that who had least comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

FORGOTTEN_BY_HALF = 5.0
"""Seconds in which half of what somebody was served is forgotten."""

MOST_REMEMBERED = 1_000
"""Of those of whom it is known what they were served."""

MOST_WAITED = 0.7
"""Seconds after which whoever has waited longest comes next, at every `THIRD` turn at least."""

THIRD = 3
"""With more who wait too long than there is time for, all would wait alike, and what is new with
them."""

URGENCY = 1.0
"""Seconds of computing that somebody may have had more than others, and still be before them with
something new."""


class Served:
    """Seconds of computing that each of many has had lately."""

    def __init__(self) -> None:
        self._had: dict[str, tuple[float, float]] = {}

    def of(self, whose: str, now: float) -> float:
        """Tell what somebody has had, of which half is forgotten every few seconds."""
        seconds, at = self._had.get(whose, (0.0, now))
        return float(seconds * 0.5 ** ((now - at) / FORGOTTEN_BY_HALF))

    def add(self, whose: str, seconds: float, now: float) -> None:
        """Note a turn."""
        seconds += self.of(whose, now)
        self._had.pop(whose, None)
        self._had[whose] = (seconds, now)
        while len(self._had) > MOST_REMEMBERED:
            del self._had[next(iter(self._had))]


class Waiting(Protocol):
    """Somebody who waits for a share, or something of theirs that does.

    Attributes
    ----------
    owner : str
        Whose it is.
    urgent : bool
        Whether they see nothing new until then.
    since : float
        Since when it waits, in seconds.
    """

    owner: str
    urgent: bool
    since: float


One = TypeVar("One", bound=Waiting)


def next_of(
    waiting: Sequence[One], served: Served, now: float, turn: int, only_urgent: bool = False
) -> One:
    """Choose who comes next.

    That is who has been served least, where who sees nothing new until then is `URGENCY` ahead; but
    at every `THIRD` turn it is who has waited longest, if that is longer than `MOST_WAITED`.

    Parameters
    ----------
    waiting : sequence of Waiting
        Who waits, at least one.
    served : Served
        What everybody has had.
    now : float
        The time, in seconds.
    turn : int
        Number of the turn.
    only_urgent : bool
        Whether to wait long counts only for who sees nothing new until then.
    """
    long = [one for one in waiting if one.urgent or not only_urgent]
    first = min(long, key=lambda one: one.since, default=None)
    if first is not None and turn % THIRD == 0 and now - first.since >= MOST_WAITED:
        return first

    def had(one: One) -> float:
        return served.of(one.owner, now) - URGENCY * one.urgent

    return min(waiting, key=lambda one: (had(one), one.since))
