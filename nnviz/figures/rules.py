"""The rules in pictures: their names, and the look of their lines."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from nnviz.figures.moving import Moving
from nnviz.figures.over_epochs import AT_EPOCH, line, named
from nnviz.figures.style import RULE_COLOURS, RULE_DASHES
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import Array

RULE_LABELS = RULE_NAMES | {"centred": "centred (ours)"}
"""The rules' names where there is little room."""

RULE_SHORT = {rule: label.split(" (")[0] for rule, label in RULE_LABELS.items()}
"""Without numbers, for the ends of lines."""


def rule_line(
    rule: str,
    x: NDArray[Any] | Moving,
    y: Array | Moving,
    hover: str,
    on: str = "y",
    width: float = 2,
) -> dict[str, Any]:
    """A line in its rule's colour and dash; gaps where it is undefined."""
    found = line(x, y, RULE_COLOURS[rule], f"{AT_EPOCH}{RULE_LABELS[rule]}: {hover}", on, width)
    found["line"]["dash"] = RULE_DASHES[rule]
    return found


def named_line(rule: str, *of_line: Any, **how: Any) -> dict[str, Any]:
    """The same with the rule's name above the chart: one of its lines in each."""
    return named(rule_line(rule, *of_line, **how), RULE_LABELS[rule])
