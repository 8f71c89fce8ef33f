"""What the command line is given, checked before the work: settings, a grid, files."""

from __future__ import annotations

import argparse
import importlib.util
import os
from pathlib import Path
from typing import Any

from nnviz.checks import Choice, SettingError, WholeNumber
from nnviz.data.datasets import DATASET, DATASETS, OPTIONS, OPTIONS_TAKEN, OWN
from nnviz.runs.config import CONFIG_SETTINGS, Config
from nnviz.runs.spec import SETTINGS
from nnviz.sweeps.cluster import SCHEDULER
from nnviz.sweeps.grid import MOST_RUNS

SEEDS, JOBS = WholeNumber(1, MOST_RUNS), WholeNumber(1, 1000)


class Once(argparse.Action):
    """An option that is refused a second time, instead of the first being forgotten in silence."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _said: str | None = None,
    ) -> None:
        """Keep the value."""
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "given twice")
        setattr(namespace, self.dest, values)


def flag(name: str) -> str:
    """How the command line says the name of a setting."""
    return f"--{name.replace('_', '-')}"


def check_files(asked: argparse.Namespace) -> None:
    """Find out whether the table can be read, and whether the results can be written."""
    used: dict[Path, str] = {}
    if asked.data is not None:
        if asked.data.is_dir() or not asked.data.exists():
            raise SettingError("data", str(asked.data), "a file that exists")
        used[asked.data.resolve()] = "data"
    for name in ("csv", "npz", "html", "journal"):
        path: Path | None = getattr(asked, name, None)  # only a sweep has a journal
        if path is None:
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise SettingError(name, str(path), "a file in a folder that exists")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise SettingError(name, str(path), "a file that can be written")
        other = used.setdefault(path.resolve(), name)
        if other != name:
            raise SettingError(name, str(path), f"another file than that of --{other}")
    if asked.html is not None and not all(map(importlib.util.find_spec, ("streamlit", "plotly"))):
        needed = "left out while requirements.txt is not installed"
        raise SettingError("html", str(asked.html), needed)


def dataset_of(asked: argparse.Namespace) -> str:
    """Name of the data set; a table of one's own has options that no other has."""
    if asked.data is not None:
        if asked.dataset is not None:
            raise SettingError("dataset", asked.dataset, "left out with --data")
        return OWN
    for name in ("label", "feature", "decimal", "header"):
        if (given := getattr(asked, name)) is not None:
            first = given[0] if isinstance(given, list) else given
            raise SettingError(name, first, "left out without --data")
    return Choice(tuple(DATASETS)).check("dataset", asked.dataset or DATASET.default)


def options_of(asked: argparse.Namespace, dataset: str) -> tuple[tuple[str, Any], ...]:
    """Those options of the data set that are given."""
    found = []
    taken = OPTIONS_TAKEN[dataset]
    for name, setting in OPTIONS.items():
        text = getattr(asked, name)
        if text is None:
            continue
        if name not in taken:
            others = ", ".join(taken)
            raise SettingError(name, text, f"left out for {dataset}, which takes {others}")
        found.append((name, setting.rule.read(name, text)))
    return tuple(sorted(found))


def config_of(asked: argparse.Namespace) -> Config:
    """The settings that are given, the others at their defaults."""
    given: dict[str, Any] = {
        name: setting.rule.read(name, getattr(asked, name))
        for name, setting in CONFIG_SETTINGS.items()
        if getattr(asked, name) is not None
    }
    return Config(**given)


def axes_of(asked: argparse.Namespace) -> dict[str, list[Any]]:
    """The settings to vary, with their values."""
    axes: dict[str, list[Any]] = {}
    for text in asked.grid:
        name, values = _axis(text)
        if name in axes:
            raise SettingError("grid", text, "given once for each setting")
        axes[name] = values
    if "seed" in axes:
        allowed = "of other settings: --seeds says how many seeds each combination has"
        raise SettingError("grid", "seed", allowed)
    for name in axes:
        if getattr(asked, name) is not None:
            raise SettingError("grid", name, f"of settings that {flag(name)} does not fix")
    if asked.html is not None and not 1 <= len(axes) <= 3:
        raise SettingError("grid", len(axes), "given for one to three settings, for --html")
    return axes


def _axis(text: str) -> tuple[str, list[Any]]:
    """A setting and its values: ``learning_rate=0.1,0.5``."""
    name, _, values = text.partition("=")
    name = name.strip().replace("-", "_")
    setting = SETTINGS.get(name)
    if setting is None or not values:
        raise SettingError("grid", text, "NAME=VALUE,VALUE with the name of a setting")
    return name, [setting.rule.read(name, value.strip()) for value in values.split(",")]


def seeds_of(asked: argparse.Namespace) -> int:
    """How many seeds of the weights a combination has."""
    return 1 if asked.seeds is None else SEEDS.read("seeds", asked.seeds)


def jobs_of(asked: argparse.Namespace) -> int:
    """How many processes to take; -1 for one a processor."""
    if asked.jobs is None:
        return -1
    if os.environ.get(SCHEDULER):
        raise SettingError("jobs", asked.jobs, f"left out while {SCHEDULER} names a cluster")
    return JOBS.read("jobs", asked.jobs)
