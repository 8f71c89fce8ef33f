"""The command line: ``python -m nnviz train`` and ``python -m nnviz sweep``."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from tqdm import tqdm

from nnviz.checks import Choice, Optional, RealNumber, SettingError, WholeNumber
from nnviz.config import CONFIG_RULES, Config
from nnviz.datasets import DATASETS, OPTION_DEFAULTS, OPTION_RULES, OWN, DatasetError
from nnviz.recording import Recorder, Recording
from nnviz.samples import Samples, likely_features, likely_label, samples_of
from nnviz.storage import metrics_csv, save_recording
from nnviz.sweep import Cell, Outcome, grid, run_cells, table
from nnviz.table import TableError, read_table

NAMES = {"seed": "data-seed"}
"""Options of a data set that have another name here, since the configuration has it, too."""

SLICE = 100
"""Epochs between two looks at the progress bar."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        0, or 2 if a setting cannot be used, with a message that says why.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        commands = {"train": _train, "sweep": _sweep}
        return commands[asked.command](asked)
    except (SettingError, DatasetError, TableError, OSError) as error:
        print(f"{parser.prog} {asked.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nnviz",
        description="Train the network of nnviz without its page.",
        epilog="The page: streamlit run app.py",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    one = commands.add_parser(
        "train",
        help="train one run, and write it to files",
        description="Train one run.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    _add_settings(one)
    one.add_argument("--csv", type=Path, default=None, help="write every epoch's metrics here")
    one.add_argument("--npz", type=Path, default=None, help="write the whole recording here")
    one.add_argument(
        "--html", type=Path, default=None, help="write a page here that plays the run offline"
    )
    many = commands.add_parser(
        "sweep",
        help="train a grid of runs on all processors",
        description="Train a grid of runs; one row a run goes to --csv, or to the terminal.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        epilog="example: python -m nnviz sweep --grid learning_rate=0.1,0.5,1 "
        "--grid gradient=exact,difference --seeds 5 --csv sweep.csv",
    )
    _add_settings(many)
    many.add_argument(
        "--grid",
        action="append",
        default=[],
        metavar="NAME=VALUE,VALUE",
        help="a setting to vary, with the values to try; can be given again",
    )
    many.add_argument("--seeds", type=int, default=1, help="seeds of the weights a combination")
    many.add_argument("--jobs", type=int, default=-1, help="processes; -1 is one a processor")
    many.add_argument("--csv", type=Path, default=None, help="write the table here")
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", default="spiral", help=f"one of {', '.join(DATASETS)}")
    parser.add_argument("--data", type=Path, default=None, help="a CSV file to train on, instead")
    parser.add_argument("--label", default=None, help="its column that names the class; found out")
    for field in fields(Config):
        rule = CONFIG_RULES[field.name]
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=str,
            default=field.default,
            metavar=_metavar(rule),
            help=rule.allowed,
        )
    for name, rule in OPTION_RULES.items():
        parser.add_argument(
            f"--{NAMES.get(name, name).replace('_', '-')}",
            type=str,
            default=None,
            metavar=_metavar(rule),
            help=f"of the data set: {rule.allowed}; {OPTION_DEFAULTS[name]} if not given",
        )


def _metavar(rule: Any) -> str:
    return "NAME" if isinstance(rule, Choice) else "NUMBER"


def _value(rule: Any, name: str, text: Any) -> Any:
    """What a text on the command line means."""
    if not isinstance(text, str):
        return text
    if isinstance(rule, Optional):
        return None if text == "none" else _value(rule.rule, name, text)
    kind = {WholeNumber: int, RealNumber: float}.get(type(rule), str)
    try:
        return kind(text)
    except ValueError:
        raise SettingError(name, text, rule.allowed) from None


def _cell(asked: argparse.Namespace) -> Cell:
    given = vars(asked)
    config = Config(
        **{name: _value(rule, name, given[name]) for name, rule in CONFIG_RULES.items()}
    )
    options = {
        name: _value(rule, name, given[NAMES.get(name, name).replace("-", "_")])
        for name, rule in OPTION_RULES.items()
    }
    chosen = {name: value for name, value in options.items() if value is not None}
    if asked.data is None:
        return Cell(asked.dataset, tuple(sorted(chosen.items())), config)
    return Cell(OWN, tuple(sorted(chosen.items())), config, _samples(asked.data, asked.label))


def _samples(path: Path, label: str | None) -> Samples:
    """Read a visitor's own table, and say what was made of it."""
    own = read_table(path.read_bytes())
    label = label or likely_label(own.columns)
    Choice(own.names).check("label", label)
    samples, notes = samples_of(own, label, likely_features(own.columns, label))
    learned = f"Label: {label}; features: {', '.join(samples.feature_names)}"
    for note in (*own.notes, *notes, learned):
        print(note, file=sys.stderr)
    return samples


def _train(asked: argparse.Namespace) -> int:
    cell = _cell(asked)
    recorder = Recorder(cell.config, cell.load())
    with tqdm(total=cell.config.epochs, unit="epoch", file=sys.stderr) as bar:
        while not recorder.done:
            recorder.run(epochs=SLICE)
            bar.update(recorder.epoch - bar.n)
    run = recorder.recording()
    for path, write in (
        (asked.csv, _write_csv),
        (asked.npz, _write_npz),
        (asked.html, _write_html),
    ):
        if path is not None:
            write(run, path)
    print(
        f"{run.status} at epoch {run.last_epoch}: loss {run.loss[-1]:.6g}, "
        f"accuracy {run.accuracy[-1]:.4f}, test accuracy {run.test_accuracy[-1]:.4f}, "
        f"mean |E| {run.error_term_mean_abs[-1]:.6g}"
    )
    return 0


def _write_csv(run: Recording, path: Path) -> None:
    path.write_text(metrics_csv(run))


def _write_npz(run: Recording, path: Path) -> None:
    with path.open("wb") as file:  # np.savez would change a name without its suffix
        save_recording(run, file)


def _write_html(run: Recording, path: Path) -> None:
    from nnviz.ui.offline import offline_page  # the page's packages, for those who ask for it

    path.write_text(offline_page(run))


def _sweep(asked: argparse.Namespace) -> int:
    base = _cell(asked)
    if asked.seeds < 1:
        raise SettingError("seeds", asked.seeds, "at least 1")
    cells = grid(base, dict(_axis(text) for text in asked.grid), asked.seeds)
    outcomes: dict[int, Outcome] = {}
    with tqdm(total=len(cells), unit="run", file=sys.stderr) as bar:
        try:
            for number, found in run_cells(cells, asked.jobs):
                outcomes[number] = found
                bar.update()
        except KeyboardInterrupt:
            print("cancelled: what has finished is kept", file=sys.stderr)
    rows = table(cells, outcomes)
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    if asked.csv is not None:
        asked.csv.write_text(text.getvalue())
        print(f"{len(rows)} runs in {asked.csv}")
    else:
        print(text.getvalue(), end="")
    return 0


def _axis(text: str) -> tuple[str, list[Any]]:
    """A setting and its values: ``learning_rate=0.1,0.5``."""
    name, _, values = text.partition("=")
    name = name.strip().replace("-", "_")
    rule = CONFIG_RULES.get(name) or OPTION_RULES.get(name)
    if rule is None or not values:
        raise SettingError("grid", text, "NAME=VALUE,VALUE with the name of a setting")
    return name, [_value(rule, name, value.strip()) for value in values.split(",")]


if __name__ == "__main__":
    sys.exit(main())
