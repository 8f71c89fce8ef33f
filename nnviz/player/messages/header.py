"""What the messages of several pages say first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nnviz.runs.recording import Recording


def trained_share(runs: Iterable[Recording]) -> float:
    """How far the slowest of some runs is, from 0 to 1."""
    return min(r.last_epoch / r.config.epochs if r.status == "running" else 1.0 for r in runs)


def readout(
    label: str,
    values: Any,
    explained: str,
    shown_as: str = "number",
    of: int | None = None,
    name: str = "",
) -> dict[str, Any]:
    """One entry of the row of figures: a value for every epoch shown, ``of`` a total if any.

    By its ``name`` the player finds it for the sentence.
    """
    return {
        "name": name,
        "label": label,
        "help": explained,
        "format": shown_as,
        "values": values,
        "of": of,
    }
