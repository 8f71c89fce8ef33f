"""A setting's default and bounds are stated once: what reads them follows when they change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nnviz.checks import Choice, Optional, RealNumber, WholeNumber
from nnviz.cli.main import main
from nnviz.runs.spec import SETTINGS
from nnviz.ui.controls.catalogue import CONTROLS

ROOT = Path(__file__).parent.parent

SHIFTED = """
import dataclasses
import sys
import types

package = types.ModuleType("nnviz")  # without what its __init__ imports
package.__path__ = ["nnviz"]
package.__version__ = ""
sys.modules["nnviz"] = package

import nnviz.checks as checks

real = checks.Setting


def shifted(rule, default):
    if default == "spiral":
        return real(rule, "moons")
    if isinstance(rule, checks.Choice):
        rule = checks.Choice(tuple(f"other {name}" for name in rule.names))
        return real(rule, f"other {default}")
    if isinstance(rule, checks.Optional):
        return real(rule, 0.987)
    by = 1 if isinstance(rule, checks.WholeNumber) else 0.0625
    return real(dataclasses.replace(rule, low=rule.low + by, high=rule.high + by), default + by)


checks.Setting = shifted

import nnviz.approximation.holding as holding


@dataclasses.dataclass(frozen=True)
class Other(holding.Criterion):
    threshold: float = 0.75
    horizon: int = 10


holding.Criterion = Other

import argparse

from nnviz.approximation.milestones import USUAL
from nnviz.cli.arguments import dataset_of
from nnviz.cli.main import main
from nnviz.data.datasets import check_options
from nnviz.runs.config import Config
from nnviz.runs.spec import SETTINGS
from nnviz.sweeps.grid import HOLDS
from nnviz.ui.shown_epoch import END
from nnviz.ui.controls.catalogue import CONTROLS, default_values

assert SETTINGS["epochs"].default == 1001
stated = {name: setting.default for name, setting in SETTINGS.items()}
config = dataclasses.asdict(Config())
assert config == {name: stated[name] for name in config}
taken = check_options("moons", {})
assert taken == {name: stated[name] for name in taken}
nothing = dict.fromkeys(("data", "dataset", "label", "feature", "decimal", "header"))
assert dataset_of(argparse.Namespace(**nothing)) == stated["dataset"] == "moons"
said = default_values()
for name in stated.keys() & said.keys():
    assert said[name] == stated[name], f"the default of {name} is written again: {said[name]}"
OFFERED = {
    "samples": "low high", "hidden_units": "high", "seed": "high", "data_seed": "high",
}
for name in stated.keys() & CONTROLS.keys():
    control, rule = CONTROLS[name], SETTINGS[name].rule
    if isinstance(rule, checks.Choice):
        assert list(control.options) == list(rule.names), f"the choice of {name} is written again"
    elif control.options is None:
        for end in {"low", "high"} - set(OFFERED.get(name, "").split()):
            found, wanted = getattr(control, end), getattr(rule, end)
            assert found == wanted, f"{end} of {name} is written again: {found}"
assert END == CONTROLS["at"].high == 1_000_001
assert CONTROLS["unit"].high == 4096
assert HOLDS == Other()
assert USUAL == 10
assert (said["threshold"], said["horizon"]) == (0.75, "10")
main(["train", "--help"])
"""


def test_no_default_and_no_bound_is_written_twice() -> None:
    """In a program of its own, in which every setting is another."""
    done = subprocess.run(
        [sys.executable, "-c", SHIFTED],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = " ".join(done.stdout.split())
    for flag, said in {
        "--dataset": "moons if not given",
        "--samples": "from 3 to 10,001; 301 if not given",
        "--noise": "from 0.0625 to 2.0625; 0.3625 if not given",
        "--data-seed": "from 1 to 4,294,967,296; 1 if not given",
        "--hidden-units": "from 2 to 4,097; 17 if not given",
        "--learning-rate": "above 0.0625, at most 1,000,000.062; 0.5625 if not given",
        "--target-accuracy": "0.987 if not given",
        "--gradient": "other difference if not given",
        "--epochs": "from 2 to 1,000,001; 1001 if not given",
    }.items():
        of_flag = printed.split(f"{flag} N")[-1].split(" --")[0]
        assert of_flag.endswith(said), of_flag


def test_what_a_control_offers_is_less_than_what_is_allowed_or_not_stated() -> None:
    """A bound that is the setting's own would be written twice."""
    for name in SETTINGS.keys() & CONTROLS.keys():
        control, rule = CONTROLS[name], SETTINGS[name].rule
        if control.options is not None:
            assert control.default in control.options
            continue
        assert isinstance(rule, (WholeNumber, RealNumber))
        assert rule.low <= control.low <= control.default <= control.high <= rule.high


def test_every_default_is_allowed() -> None:
    for name, setting in SETTINGS.items():
        assert isinstance(setting.rule, (Choice, Optional, RealNumber, WholeNumber))
        assert setting.rule.check(name, setting.default) == setting.default


def test_the_most_that_a_number_may_be() -> None:
    assert SETTINGS["epochs"].most == 1_000_000
    assert SETTINGS["learning_rate"].most == 1e6


def test_seeds_of_the_weights_and_of_the_data_have_a_name_each(tmp_path: Path) -> None:
    """On the command line and in its files."""
    file = tmp_path / "sweep.csv"
    asked = ["--dataset=blobs", "--samples=30", "--epochs=2", "--seed=3", "--data-seed=4"]
    assert main(["sweep", "--jobs=1", "--grid=noise=0.1", *asked, f"--csv={file}"]) == 0
    names, values = (line.split(",") for line in file.read_text(encoding="utf-8").splitlines())
    row = dict(zip(names, values, strict=True))
    assert len(row) == len(names), "no column twice"
    assert (row["seed"], row["data_seed"], row["samples"], row["noise"]) == ("3", "4", "30", "0.1")
    assert set(SETTINGS) <= set(names)
