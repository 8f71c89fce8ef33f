"""The command line: ``nnviz app``, ``nnviz train`` and ``nnviz sweep``."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from nnviz import __version__
from nnviz.approximation.holding import Criterion
from nnviz.approximation.verdict import verdict_of
from nnviz.checks import Choice, Setting, SettingError, value_text
from nnviz.cli.app import add_app, start_app
from nnviz.cli.arguments import (
    Once,
    axes_of,
    check_files,
    config_of,
    dataset_of,
    flag,
    jobs_of,
    options_of,
    seeds_of,
)
from nnviz.cli.contents import Contents, run_contents, sweep_contents
from nnviz.cli.log import lenient
from nnviz.cli.writing import write_all
from nnviz.data.datasets import DATASET, DATASETS, OPTIONS, DatasetError
from nnviz.data.numerals import MARKS
from nnviz.data.samples import Samples, likely_features, likely_label, samples_of
from nnviz.data.table import TableError, read_table
from nnviz.runs.config import CONFIG_SETTINGS
from nnviz.runs.ending import ending, in_trouble
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec
from nnviz.runs.threads import one_thread
from nnviz.sweeps.files import sweep_csv
from nnviz.sweeps.grid import grid, run_all
from nnviz.sweeps.journal import Journal, Kept
from nnviz.sweeps.pool import WorkersLostError

ADVICE = 2.0
"""Seconds of computing, about, to look for a learning rate with which a run does not go wrong."""

SLICE = 0.2
"""Seconds of training between two looks at the progress bar; Ctrl-C loses the last of them."""

LOST, UNUSABLE, UNREAD = 1, 2, 141
"""Exit codes when workers were lost, when a setting or a file cannot be used, and when nobody reads
what is printed, as a shell has it."""


class StoppedError(KeyboardInterrupt):
    """Ctrl-C or ``kill``; `code` is the exit code that a shell has for it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        0; 2 if a setting cannot be used or a file cannot be written, with a message that says why;
        130 after Ctrl-C, 143 after ``kill``, and 1 if workers are lost, when what has been trained
        until then is written all the same.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no α in the locale: no traceback
    parser = _parser()
    asked, others = parser.parse_known_args(arguments)
    if others and asked.command != "app":
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    if asked.command in ("app", None):
        start_app(others, getattr(asked, "tour", None))
        return 0
    with lenient(sys.stderr):
        return _run(asked, parser.prog)


def _run(asked: argparse.Namespace, program: str) -> int:
    """Train or sweep; the exit code, when all that went wrong is said."""
    try:
        with _stoppable(), one_thread():
            check_files(asked)
            commands = {"train": _train, "sweep": _sweep}
            ended = commands[asked.command](asked)
            sys.stdout.flush()
            return ended
    except StoppedError as stop:  # before there was anything to keep, or once more
        return stop.code
    except BrokenPipeError:  # as after "| head"
        _print_no_more()
        return UNREAD
    except (SettingError, DatasetError, TableError) as error:
        print(f"{program} {asked.command}: {error}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        # Only what is printed has no name.
        nameless = error.errno is not None and error.filename is None
        said = f"standard output could not be written: {error.strerror}" if nameless else error
        print(f"{program} {asked.command}: {said}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            _print_no_more()
        return UNUSABLE


def _print_no_more() -> None:
    """Let what is still to be printed go nowhere: the interpreter is not to complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _stoppable() -> Iterator[None]:
    """Have Ctrl-C and ``kill`` raise `StoppedError`, whatever they did before.

    A shell script starts what it puts in the background with SIGINT ignored: that, too, is to be
    stopped by it, and to keep what has been trained.
    """

    def stop(number: int, _: object) -> None:
        raise StoppedError(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nnviz" if Path(sys.argv[0]).stem == "nnviz" else "python -m nnviz",
        allow_abbrev=False,
        description="Start the page of nnviz, or train its network without it.",
    )
    parser.add_argument("--version", action="version", version=f"nnviz {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    add_app(commands)
    one = commands.add_parser(
        "train",
        allow_abbrev=False,
        help="train one run, and write it to files",
        description="Train one run, say where the approximations hold, and write it to files.",
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
        allow_abbrev=False,
        help="train a grid of runs on all processors",
        description="Train a grid of runs. One row per run goes to the files, or to the terminal.",
        epilog="example: nnviz sweep --grid learning_rate=0.1,0.5,1 "
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
        "--seeds",
        action=Once,
        metavar="NUMBER",
        help="seeds of the weights per combination; 1 if not given",
    )
    many.add_argument(
        "--jobs",
        action=Once,
        metavar="NUMBER",
        help="processes; one per processor if not given",
    )
    many.add_argument(
        "--journal",
        action=Once,
        type=Path,
        metavar="FILE",
        help="keep every finished run here, and train only those that are not there yet",
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
        files.add_argument(f"--{suffix}", action=Once, type=Path, metavar="FILE", help=said)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("data")
    data.add_argument(
        "--dataset",
        action=Once,
        metavar="NAME",
        help=f"one of {', '.join(DATASETS)}{_otherwise(DATASET)}",
    )
    data.add_argument(
        "--data",
        action=Once,
        type=Path,
        metavar="FILE",
        help="a table of your own (CSV) to train on instead",
    )
    data.add_argument(
        "--label",
        action=Once,
        metavar="COLUMN",
        help="for --data: the column that names the class; guessed if not given",
    )
    data.add_argument(
        "--feature",
        action="append",
        metavar="COLUMN",
        help="for --data: a column to learn from; can be given again; all numeric ones if "
        "not given. A column of words becomes one of zeros and ones per word",
    )
    data.add_argument(
        "--decimal",
        action=Once,
        choices=tuple(MARKS.values()),
        help="for --data: the decimal mark, where 1,200 or 1.200 is ambiguous",
    )
    data.add_argument(
        "--header",
        action=Once,
        choices=("yes", "no"),
        help="for --data: whether the first row holds column names; guessed if not given",
    )
    training = parser.add_argument_group("training")
    for name, setting in CONFIG_SETTINGS.items():
        _add_setting(training, name, setting)
    for name, setting in OPTIONS.items():
        _add_setting(data, name, setting, "for the data set: ")


def _add_setting(group: argparse._ArgumentGroup, name: str, setting: Setting, of: str = "") -> None:
    group.add_argument(
        flag(name),
        action=Once,
        metavar="NAME" if isinstance(setting.rule, Choice) else "NUMBER",
        help=f"{of}{setting.rule.allowed}{_otherwise(setting)}",
    )


def _otherwise(setting: Setting) -> str:
    return f"; {value_text(setting.default)} if not given"


def _spec(asked: argparse.Namespace) -> RunSpec:
    dataset = dataset_of(asked)
    options, config = options_of(asked, dataset), config_of(asked)
    return RunSpec(dataset, options, config, None if asked.data is None else _samples(asked))


def _samples(asked: argparse.Namespace) -> Samples:
    """Read a table of one's own, and say what was made of it."""
    header = None if asked.header is None else asked.header == "yes"
    own = read_table(asked.data.read_bytes(), header)
    for mark, name in MARKS.items():
        if name == asked.decimal:
            own = own.with_decimal(mark, own.names)
    label = likely_label(own.columns) if asked.label is None else asked.label
    features = asked.feature or likely_features(own.columns, label)
    for option, columns in (("label", [label]), ("feature", features)):
        for column in columns:
            Choice(own.names).check(option, column)
            if columns.count(column) > 1:
                raise SettingError(option, column, "given once for each column")
    print(*own.notes, sep="\n", end="\n" * bool(own.notes), file=sys.stderr)
    samples, notes = samples_of(own, label, features)
    for note in (*notes, f"Label: {label}; features: {', '.join(samples.feature_names)}"):
        print(note, file=sys.stderr)
    return samples


def _train(asked: argparse.Namespace) -> int:
    spec = _spec(asked)
    recorder = spec.recorder()
    run: Recording | None = None
    ended = 0
    try:
        with tqdm(total=spec.config.epochs, unit="epoch", file=sys.stderr) as bar:
            while not recorder.done:
                recorder.run(seconds=SLICE)
                run = recorder.recording()  # what comes after it is not whole if it is stopped
                bar.update(run.last_epoch - bar.n)
    except StoppedError as stop:
        if run is None:
            raise
        run = replace(run, status="stopped")
        ended = stop.code
    assert run is not None
    _, failed = _write(asked, run_contents(run))
    tested = run.test_accuracy[-1]
    print(
        f"{run.status} at epoch {run.last_epoch}: loss {run.loss[-1]:.6g}, "
        f"accuracy {run.accuracy[-1]:.4f}, "
        f"{'no test part' if np.isnan(tested) else f'test accuracy {tested:.4f}'}, "
        f"mean |E| {run.error_term_mean_abs[-1]:.6g}"
    )
    if not ended:
        print(*verdict_of(run, Criterion()), sep="\n")
    if in_trouble(run):
        print(ending(run, ADVICE), file=sys.stderr)
    return ended or failed


def _write(asked: argparse.Namespace, contents: Contents) -> tuple[list[Path], int]:
    """Write the files that are asked for; those that are written, and the exit code."""
    paths = {name: getattr(asked, name) for name in contents}
    given = {path: contents[name] for name, path in paths.items() if path is not None}
    written, failed = write_all(given)
    for said in failed:
        print(said, file=sys.stderr)
    return written, UNUSABLE if failed else 0


def _sweep(asked: argparse.Namespace) -> int:
    seeds, jobs, axes = seeds_of(asked), jobs_of(asked), axes_of(asked)
    specs = grid(_spec(asked), axes, seeds)
    with Journal(asked.journal, specs) if asked.journal else Kept() as kept:
        ended = _train_all(specs, kept, jobs)
        if ended and not kept:  # files of an earlier sweep stay as they are
            return ended
        written, failed = _write(asked, sweep_contents(axes, specs, kept))
        if written:
            print(f"{len(kept)} runs in {', '.join(map(str, written))}")
        elif not asked.journal:  # also where no file could be written: no run is lost
            print(sweep_csv(specs, kept), end="")
    return ended or failed


def _train_all(specs: Sequence[RunSpec], kept: Journal | Kept, jobs: int) -> int:
    """Train what is missing; the exit code, when it is said what went wrong."""
    missing = [number for number in range(len(specs)) if number not in kept]
    before = len(kept)
    with tqdm(total=len(specs), initial=before, unit="run", file=sys.stderr) as bar:
        try:
            for place, found in run_all([specs[number] for number in missing], jobs):
                kept.add(missing[place], found)
                bar.update()
        except StoppedError as stop:
            ended, why = stop.code, "cancelled"
        except WorkersLostError as error:
            if len(kept) == before:
                raise
            ended, why = LOST, str(error)
        else:
            return 0
    print(f"{why}: finished runs are kept", file=sys.stderr)
    return ended
