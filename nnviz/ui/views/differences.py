"""What the runs of the Compare page differ in, and their name together."""

from __future__ import annotations

from collections.abc import Mapping

from nnviz.checks import value_text
from nnviz.runs.spec import RunSpec, short_name
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.translation import values_of


def differences(specs: Mapping[str, RunSpec]) -> dict[str, dict[str, str]]:
    """What the runs differ in: by the control's label, then by the run's name."""
    values = {name: values_of(spec) for name, spec in specs.items()}
    rows = {
        control.label: {
            name: value_text(of[key]) if key in of else "–" for name, of in values.items()
        }
        for key, control in CONTROLS.items()
    }
    rows["Own data"] = {
        name: f"table {spec.own.digest[:6]}" if spec.own else "–" for name, spec in specs.items()
    }
    rows["Start"] = {
        name: spec.start.said if spec.start else "drawn weights" for name, spec in specs.items()
    }
    return {label: row for label, row in rows.items() if len(set(row.values())) > 1}


def run_id(specs: Mapping[str, RunSpec]) -> str:
    """The same wherever these runs are, and while they grow."""
    said = "-".join(f"{name}{spec.run_id}" for name, spec in specs.items())
    return short_name(said)
