"""Pausing: how long computations let others have their turn, where several share a processor."""

from __future__ import annotations

from collections.abc import Callable

SLICE = 0.1
"""Seconds of training before others have their turn."""

Pause = Callable[[], None]
"""Called between two parts of a computation; it returns when that may go on."""


def no_pause() -> None:
    """Go on at once."""
