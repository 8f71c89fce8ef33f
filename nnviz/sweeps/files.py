"""Sweeps as files: one row per run as CSV, the same and the loss curves as NPZ."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnviz.paper.network import Array
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import Outcome


def table(specs: Sequence[RunSpec], outcomes: Mapping[int, Outcome]) -> Iterator[dict[str, Any]]:
    """Rows of settings and outcomes, in the order of the runs."""
    for number in sorted(outcomes):
        yield {
            "dataset": specs[number].dataset,
            **dict(specs[number].options),
            **asdict(specs[number].config),
            **{
                "final_epochs" if name == "epochs" else name: value
                for name, value in vars(outcomes[number]).items()
                if name not in ("curve", "along")
            },
        }


def sweep_csv(specs: Sequence[RunSpec], outcomes: Mapping[int, Outcome]) -> str:
    """The outcomes as CSV: one row per run, numbers to the last bit; empty without runs."""
    text = io.StringIO()
    for row in table(specs, outcomes):
        writer = csv.DictWriter(text, list(row), lineterminator="\n")
        if not text.tell():
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue()


def save_sweep(
    specs: Sequence[RunSpec], outcomes: Mapping[int, Outcome], file: str | Path | BinaryIO
) -> None:
    """Write what came of the runs as NPZ, without pickle.

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs of the grid, also those without an outcome.
    outcomes : mapping of int to Outcome
        By the run's number.
    file : path or binary file
        An array ``[runs]`` for each column of `sweep_csv`, where NaN stands for what is not
        there; and the loss curves as ``curve_epochs`` and ``curve_loss`` ``[runs×points]``, the
        shorter ones filled up with NaN.
    """
    rows = list(table(specs, outcomes))
    curves = [outcomes[number].curve for number in sorted(outcomes)]
    points = max(map(len, curves), default=0)
    filled = np.full((2, len(curves), points), np.nan)
    for run, curve in enumerate(curves):
        filled[:, run, : len(curve)] = np.transpose(curve)
    np.savez_compressed(
        file,
        allow_pickle=False,
        curve_epochs=filled[0],
        curve_loss=filled[1],
        **{name: _column([row[name] for row in rows]) for name in (rows[0] if rows else ())},
    )


def _column(values: Sequence[Any]) -> Array | NDArray[np.str_]:
    """Numbers or names; None is no number."""
    return np.array([np.nan if value is None else value for value in values])
