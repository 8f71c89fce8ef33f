"""Translation: what the controls say as a run, and a run as what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nnviz.data.datasets import OPTIONS_TAKEN, OWN
from nnviz.data.samples import Samples
from nnviz.runs.config import CONFIG_SETTINGS, Config
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import CONTROLS, default_values

_OF_CONFIG = [name for name in CONFIG_SETTINGS if name in CONTROLS and name != "step_length"]
"""The fields of a `Config` that a visitor chooses; the step length is that of a comparison."""


def default_spec() -> RunSpec:
    """The run that the page opens with."""
    return spec_of(default_values())


def spec_of(values: Mapping[str, Any], own: Samples | None = None) -> RunSpec:
    """The run that the controls' values, by their keys, ask for; on `own` data if they say so."""
    dataset = values["dataset"]
    return RunSpec(
        dataset=dataset,
        options=tuple((name, values[name]) for name in OPTIONS_TAKEN[dataset]),
        config=Config(**{name: values[name] for name in _OF_CONFIG}),
        own=own if dataset == OWN else None,
    )


def values_of(spec: RunSpec) -> dict[str, Any]:
    """What the controls say when they ask for this run: the way back from `spec_of`."""
    of_config = {name: value for name, value in asdict(spec.config).items() if name in CONTROLS}
    return {"dataset": spec.dataset, **dict(spec.options), **of_config}
