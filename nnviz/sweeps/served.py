"""Served: what everybody has had of what is shared, so that who had least comes next."""

from __future__ import annotations

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
