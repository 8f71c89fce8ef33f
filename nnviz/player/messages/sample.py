"""What is sent of one sample: its probabilities, and how the rules are named and coloured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.style import RULE_COLOURS, RULE_DASHES
from nnviz.paper.network import Array


def sample_message(
    A2: Array, label: int, class_names: Sequence[str], sample_id: str
) -> dict[str, Any]:
    """What `static/lab.js` draws; numbers to the last bit, since it computes with them.

    Parameters
    ----------
    A2 : array ``[N2]``
        Predictions of the sample.
    label : int
        Its true class.
    class_names : sequence of str
        Of all classes.
    sample_id : str
        Another one for another sample or epoch.
    """
    return {
        "id": sample_id,
        "classes": list(class_names),
        "label": int(label),
        "A2": [float(a) for a in A2],
        "rules": [
            [rule, name, RULE_COLOURS[rule], RULE_DASHES[rule] != "solid"]
            for rule, name in RULE_LABELS.items()
        ],
    }
