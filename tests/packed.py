"""Messages for the player's decoder to read, and the numbers that it must find: packed.py FOLDER.

`tests/javascript/packed.js` reads what is written here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import angle
from nnviz.approximation.holding import Criterion
from nnviz.data.datasets import load_dataset
from nnviz.figures.moving import Moving, Update, in_bytes, in_words
from nnviz.figures.picture import Picture
from nnviz.figures.style import layout, plot
from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import GRADIENT_RULES, output_gradient
from nnviz.player.measuring import Measuring
from nnviz.player.messages.measured import progress_message
from nnviz.player.messages.pictures import pack_pictures
from nnviz.player.messages.train import train_message
from nnviz.player.wire import DTYPES, pack, with_head
from nnviz.runs.config import Config
from nnviz.runs.recording import train

COLOURS = ("red", "green", "blue")
KEYFRAMES, CHOICES, NUMBERS = 4, 3, 6


def write_all(folder: Path) -> None:
    """Write every message as a file of its own, and one file of what is in them."""
    expected = {}
    for name, (packed, meant) in {
        "kinds": _kinds(),
        "updates": _updates(),
        "run": _run(),
        "progress": _progress(),
        "samples": _samples(),
    }.items():
        (folder / f"{name}.bin").write_bytes(packed)
        expected[name] = meant
    text = json.dumps(expected, default=_plain)
    (folder / "expected.json").write_text(text, encoding="utf-8")


def _plain(array: NDArray[Any]) -> Any:
    """An array as lists, in which what is undefined is null."""
    if array.ndim > 1:
        return [_plain(row) for row in array]
    return [None if value != value else value for value in array.tolist()]


def _samples() -> tuple[bytes, Any]:
    """Probabilities, from even ones to nearly certain ones, and their terms by the core."""
    rng, cases = np.random.default_rng(5), []
    for classes in (2, 3, 10):
        for spread in (0.0, 1.0, 5.0, 40.0):
            A2 = np.exp(spread * rng.standard_normal((classes, 1)))
            A2 /= A2.sum()
            for label in (0, int(A2.argmax())):
                Y = np.eye(classes)[:, [label]]
                cases.append(
                    {
                        "A2": A2[:, 0].tolist(),
                        "label": label,
                        "E": float(error_term(A2, Y)[0]),
                        "G": {
                            rule: output_gradient(A2, Y, rule)[:, 0].tolist()
                            for rule in GRADIENT_RULES
                        },
                        "angle": angle(
                            output_gradient(A2, Y, "difference"), output_gradient(A2, Y, "exact")
                        ),
                    }
                )
    return b"", cases


def _kinds() -> tuple[bytes, Any]:
    """Arrays of every type, of sizes after which the next one would not be aligned."""
    rng = np.random.default_rng(0)
    arrays = {
        f"{dtype} {'x'.join(map(str, shape))}": (200 * rng.random(shape)).astype(dtype)
        for dtype in DTYPES
        for shape in ((1,), (3,), (2, 3), (3, 1, 5), (0,), (2, 0))
    }
    arrays["signed"] = np.array([-32767, -1, 0, 32767], np.int16)
    text = "≤ 80 % of “E”\n"  # three bytes a sign: no length in characters
    header = {"text": text, "arrays": arrays, "twice": [arrays["signed"]], "none": None}
    packed = with_head(pack(header), Criterion(threshold=0.85, horizon=200), 7, 70_000, True)
    return packed, {"text": text, "arrays": arrays}


def _updates() -> tuple[bytes, Any]:
    """A picture with an update of every kind, and what each means at every keyframe."""
    rng = np.random.default_rng(1)
    numbers = 10 * rng.random((KEYFRAMES, NUMBERS)) - 5
    numbers[1, 2] = numbers[3, 0] = np.nan
    words = rng.standard_normal((KEYFRAMES, 2, 3))
    codes = rng.integers(len(COLOURS), size=(KEYFRAMES, NUMBERS))
    flags = np.eye(NUMBERS, dtype=np.uint8)[None, :CHOICES]  # the same at all keyframes
    chosen = rng.random((KEYFRAMES, CHOICES, 2)).astype(np.float32)
    walks = rng.random((KEYFRAMES, 2)).astype(np.float32)
    lines = tuple(range(NUMBERS))
    moving: dict[str, tuple[str, tuple[int, ...], Moving]] = {
        "bytes": ("x", (0,), in_bytes(numbers, -5, 5)),
        "words": ("z", (1,), in_words(words)),
        "lookup": ("line.color", lines, Moving(codes[..., None], lookup=COLOURS)),
        "flags": ("visible", lines, Moving(flags, lookup=(False, True), by_choice=True)),
        "choice": ("y", (2,), Moving(chosen, by_choice=True)),
        "rows": ("y", (3, 4), Moving(words)),
        "trail": ("x", (5,), Moving(walks, trail=2)),
    }
    updates = tuple(
        Update(**vars(values), attribute=attribute, traces=traces)
        for attribute, traces, values in moving.values()
    )
    figure = plot([{"type": "scatter"}] * NUMBERS, layout("updates"))
    picture = Picture("updates", "", "", "", figure, updates=updates)
    header = {"run": "", "version": "", "epochs": np.arange(KEYFRAMES)}
    packed = pack_pictures([picture], keyframes=range(KEYFRAMES), header=header)
    meant = {
        "names": list(moving),
        "bytes": numbers,
        "words": words,
        "lookup": [[COLOURS[code] for code in row] for row in codes],
        "flags": flags[0].astype(bool),
        "choice": chosen,
        "rows": words,
        # Through two keyframes before, as far as there are so many, and a gap.
        "trail": [
            [[*walks[max(0, last - 2) : last + 1, i].tolist(), None] for i in range(2)]
            for last in range(KEYFRAMES)
        ],
    }
    return with_head(packed, Criterion()), meant


def _run() -> tuple[bytes, Any]:
    run = train(Config(epochs=80, hidden_units=4), load_dataset("spiral", samples=60))
    weights = {
        name: [getattr(keyframe.parameters, name) for keyframe in run.keyframes]
        for name in ("W1", "b1", "W2", "b2")
    }
    meant = {
        "loss": run.loss,
        "accuracy": run.accuracy,
        "keyframes": [keyframe.epoch for keyframe in run.keyframes],
        **weights,
    }
    return with_head(train_message(run, "id"), Criterion(), 1, 40), meant


def _progress() -> tuple[bytes, Any]:
    run = train(Config(epochs=80, hidden_units=4), load_dataset("spiral", samples=60))
    measuring = Measuring(run)
    measuring.go_on(run, 60)
    found = measuring.found
    packed = progress_message(found, measuring.planned, "id", complete=True)
    return packed, {"epochs": found.epochs, "why": found.why, **found.matched}


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
