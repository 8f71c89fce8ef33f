"""The command line: ``python -m nnviz train`` and ``python -m nnviz sweep``."""

from __future__ import annotations

import argparse
import io
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from threading import Event
from typing import Any

from tqdm import tqdm

from nnviz.checks import Choice, Optional, RealNumber, SettingError, WholeNumber, value_text
from nnviz.config import CONFIG_RULES, Config
from nnviz.datasets import DATASETS, OPTION_DEFAULTS, OPTION_RULES, OWN, DatasetError
from nnviz.numerals import MARKS
from nnviz.recording import Recorder, Recording
from nnviz.samples import Samples, likely_features, likely_label, samples_of
from nnviz.storage import metrics_csv, save_recording
from nnviz.sweep import Cell, Outcome, grid, run_cells
from nnviz.sweep_files import save_sweep, sweep_csv
from nnviz.table import TableError, read_table
from nnviz.workers import WorkersLostError

NAMES = {"seed": "data-seed"}
"""Options of a data set that have another name here, since the configuration has it, too."""

SLICE = 0.2
"""Seconds between two looks at the progress bar, and at Ctrl-C."""

CANCELLED, LOST = 130, 1
"""Exit codes after Ctrl-C, as a shell has it, and when workers were lost."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        0; 2 if a setting cannot be used, with a message that says why; 130 after Ctrl-C, and 1 if
        workers are lost, when what has been trained until then is written all the same.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no α in the locale: no traceback
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        _check_folders(asked)
        commands = {"train": _train, "sweep": _sweep}
        return commands[asked.command](asked)
    except (SettingError, DatasetError, TableError, OSError) as error:
        print(f"{parser.prog} {asked.command}: {error}", file=sys.stderr)
        return 2


def _check_folders(asked: argparse.Namespace) -> None:
    """Find out before the work whether its results can be written."""
    for name in ("csv", "npz", "html"):
        path: Path | None = getattr(asked, name)
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            raise SettingError(name, str(path), "a file in a folder that exists")


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
        description="Train one run, and write it to files.",
    )
    _add_settings(one)
    _add_files(
        one,
        csv="write every epoch's metrics here",
        npz="write the whole recording here",
        html="write a page here that plays the run offline",
    )
    many = commands.add_parser(
        "sweep",
        help="train a grid of runs on all processors",
        description="Train a grid of runs; one row a run goes to the files, or to the terminal.",
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
    many.add_argument(
        "--seeds", type=int, default=1, help="of the weights, a combination; 1 if not given"
    )
    many.add_argument(
        "--jobs", type=int, default=-1, help="processes; one a processor if not given"
    )
    _add_files(
        many,
        csv="write the table here",
        npz="write the table's columns and the loss curves here",
        html="write a page here that shows the sweep offline; for one to three settings",
    )
    return parser


def _add_files(parser: argparse.ArgumentParser, **what: str) -> None:
    files = parser.add_argument_group("files")
    for suffix, said in what.items():
        files.add_argument(f"--{suffix}", type=Path, metavar="FILE", help=said)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("data")
    data.add_argument(
        "--dataset",
        default="spiral",
        metavar="NAME",
        help=f"one of {', '.join(DATASETS)}; spiral if not given",
    )
    data.add_argument(
        "--data", type=Path, metavar="FILE", help="a table of your own (CSV) to train on, instead"
    )
    data.add_argument(
        "--label", metavar="COLUMN", help="of --data: names the class; found out if not given"
    )
    data.add_argument(
        "--feature",
        action="append",
        metavar="COLUMN",
        help="of --data: to learn from; can be given again; all of numbers if not given. One of "
        "words becomes a column of zeros and ones a word",
    )
    data.add_argument(
        "--decimal",
        choices=tuple(MARKS.values()),
        help="of --data: the decimal mark, where 1,200 or 1.200 can be read in two ways",
    )
    data.add_argument(
        "--header",
        choices=("yes", "no"),
        help="of --data: whether the first row holds the columns' names; found out if not given",
    )
    training = parser.add_argument_group("training")
    for field in fields(Config):
        rule = CONFIG_RULES[field.name]
        training.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=str,
            default=field.default,
            metavar=_metavar(rule),
            help=rule.allowed + _otherwise(field.default),
        )
    for name, rule in OPTION_RULES.items():
        data.add_argument(
            f"--{NAMES.get(name, name).replace('_', '-')}",
            type=str,
            default=None,
            metavar=_metavar(rule),
            help=f"of a data set: {rule.allowed}{_otherwise(OPTION_DEFAULTS[name])}",
        )


def _otherwise(default: Any) -> str:
    return "" if default is None else f"; {value_text(default)} if not given"


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
    return Cell(OWN, tuple(sorted(chosen.items())), config, _samples(asked))


def _samples(asked: argparse.Namespace) -> Samples:
    """Read a table of one's own, and say what was made of it."""
    header = None if asked.header is None else asked.header == "yes"
    own = read_table(asked.data.read_bytes(), header)
    for mark, name in MARKS.items():
        if name == asked.decimal:
            own = own.with_decimal(mark, own.names)
    label = asked.label or likely_label(own.columns)
    features = asked.feature or likely_features(own.columns, label)
    for option, columns in (("label", [label]), ("feature", features)):
        for column in columns:
            Choice(own.names).check(option, column)
    print(*own.notes, sep="\n", end="\n" * bool(own.notes), file=sys.stderr)
    samples, notes = samples_of(own, label, features)
    for note in (*notes, f"Label: {label}; features: {', '.join(samples.feature_names)}"):
        print(note, file=sys.stderr)
    return samples


def _train(asked: argparse.Namespace) -> int:
    cell = _cell(asked)
    recorder = Recorder(cell.config, cell.load())
    with (
        _cancelled() as cancelled,
        tqdm(total=cell.config.epochs, unit="epoch", file=sys.stderr) as bar,
    ):
        while not (recorder.done or cancelled.is_set()):
            recorder.run(seconds=SLICE)
            bar.update(recorder.epoch - bar.n)
    run = recorder.recording()
    if cancelled.is_set():
        run = replace(run, status="stopped")
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
    return CANCELLED if cancelled.is_set() else 0


@contextmanager
def _cancelled() -> Iterator[Event]:
    """Ctrl-C as something to look at: what has been trained is to be kept."""
    seen = Event()
    before = signal.signal(signal.SIGINT, lambda *_: seen.set())
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


def _write_csv(run: Recording, path: Path) -> None:
    path.write_text(metrics_csv(run), encoding="utf-8")


def _write_npz(run: Recording, path: Path) -> None:
    with path.open("wb") as file:  # np.savez would change a name without its suffix
        save_recording(run, file)


def _write_html(run: Recording, path: Path) -> None:
    from nnviz.ui.offline import offline_run  # the page's packages, for those who ask for it

    path.write_text(offline_run(run), encoding="utf-8")


def _sweep(asked: argparse.Namespace) -> int:
    base = _cell(asked)
    if asked.seeds < 1:
        raise SettingError("seeds", asked.seeds, "at least 1")
    axes: dict[str, list[Any]] = {}
    for text in asked.grid:
        name, values = _axis(text)
        if name in axes:
            raise SettingError("grid", text, "given once for each setting")
        axes[name] = values
    if asked.html is not None and not 1 <= len(axes) <= 3:
        raise SettingError("grid", len(axes), "given for one to three settings, for --html")
    cells = grid(base, axes, asked.seeds)
    outcomes: dict[int, Outcome] = {}
    ended = 0
    with tqdm(total=len(cells), unit="run", file=sys.stderr) as bar:
        try:
            for number, found in run_cells(cells, asked.jobs):
                outcomes[number] = found
                bar.update()
        except KeyboardInterrupt:
            ended, why = CANCELLED, "cancelled"
        except WorkersLostError as error:
            if not outcomes:
                raise
            ended, why = LOST, str(error)
    if ended:
        print(f"{why}: what has finished is kept", file=sys.stderr)
    _write_sweep(asked, axes, cells, outcomes)
    return ended


def _write_sweep(
    asked: argparse.Namespace,
    axes: dict[str, list[Any]],
    cells: list[Cell],
    outcomes: dict[int, Outcome],
) -> None:
    written = [path for path in (asked.csv, asked.npz, asked.html) if path is not None]
    if asked.csv is not None:
        asked.csv.write_text(sweep_csv(cells, outcomes), encoding="utf-8")
    if asked.npz is not None:
        with asked.npz.open("wb") as file:
            save_sweep(cells, outcomes, file)
    if asked.html is not None:
        # The page's packages, for those who ask for it.
        from nnviz.figures.plane_of_runs import Plane
        from nnviz.ui.offline import offline_sweep

        named = {name.replace("_", " "): values for name, values in axes.items()}
        asked.html.write_text(offline_sweep(Plane.of(named, cells, outcomes)), encoding="utf-8")
    if written:
        print(f"{len(outcomes)} runs in {', '.join(map(str, written))}")
    else:
        print(sweep_csv(cells, outcomes), end="")


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
