"""What the runs of the Compare page differ in, and their name together."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.checks import value_text
from nnviz.ui.controls import CONTROLS, values_of
from nnviz.ui.shared.runs import Settings, short_name


def differences(settings: Mapping[str, Settings]) -> dict[str, dict[str, str]]:
    """What the runs' settings differ in: by the control's label, then by the run's name."""
    values = {name: values_of(one) for name, one in settings.items()}
    rows = {
        control.label: {
            name: value_text(of[key]) if key in of else "–" for name, of in values.items()
        }
        for key, control in CONTROLS.items()
    }
    rows["Own data"] = {
        name: f"table {one.own.digest[:6]}" if one.own else "–" for name, one in settings.items()
    }
    rows["Start"] = {
        name: one.start.said if one.start else "drawn weights" for name, one in settings.items()
    }
    return {label: row for label, row in rows.items() if len(set(row.values())) > 1}


def run_id(settings: Mapping[str, Settings]) -> str:
    """The same wherever these runs are, and while they grow."""
    said = "-".join(f"{name}{one.run_id}" for name, one in settings.items())
    return short_name(said)
