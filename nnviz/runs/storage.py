"""Recordings as files: metrics as CSV, everything as NPZ, which can be opened again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnviz.checks import SettingError
from nnviz.data.datasets import Dataset
from nnviz.data.samples import MOST_CLASSES
from nnviz.paper.error_term import QUANTILE_LEVELS
from nnviz.paper.network import Array, Parameters
from nnviz.runs.config import Config
from nnviz.runs.recording import Keyframe, Recording

FORMAT = "nnviz recording 1"
"""Written into every file, and asked for when one is opened."""

MOST_RECORDING_BYTES = 500_000_000
"""Size of a file's arrays, unpacked, at most: a small file may unpack to a huge one."""

METRICS = (
    "loss", "accuracy", "test_loss", "test_accuracy", "error_term_mean", "error_term_mean_abs",
    "error_term_rms", "dead_units",
)  # fmt: skip
SAMPLES = ("X", "Y", "y", "X_test", "Y_test", "y_test", "mean", "scale")
PARAMETERS = ("W1", "b1", "W2", "b2")
STATUSES = ("running", "finished", "target", "stopped", "diverged")


class RecordingFileError(ValueError):
    """A file is not a recording, or not a whole one; the message says what is wrong with it."""


def metrics_csv(run: Recording) -> str:
    """Every epoch's metrics as CSV: one row per epoch, numbers to the last bit."""
    names = [*METRICS, *(f"error_term_q{level:g}" for level in QUANTILE_LEVELS)]
    columns = [*(getattr(run, name) for name in METRICS), *run.error_term_quantiles]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["epoch", *names])
    writer.writerows(
        [epoch, *(repr(value.item()) for value in row)]
        for epoch, row in enumerate(zip(*columns, strict=True))
    )
    return text.getvalue()


def save_recording(run: Recording, file: str | Path | BinaryIO) -> None:
    """Write a recording with its data as NPZ, without pickle.

    Parameters
    ----------
    run : Recording
        The run to write.
    file : path or binary file
        Where to; an existing file is overwritten.

    Examples
    --------
    >>> import io
    >>> from nnviz import Config, load_dataset, train
    >>> run, file = train(Config(epochs=10), load_dataset("blobs")), io.BytesIO()
    >>> save_recording(run, file)
    >>> _ = file.seek(0)
    >>> bool((load_recording(file).loss == run.loss).all())
    True
    """
    data = run.dataset
    said = {
        "format": FORMAT,
        "config": asdict(run.config),
        "status": run.status,
        "dataset": {
            "name": data.name,
            "feature_names": data.feature_names,
            "class_names": data.class_names,
            "image_shape": data.image_shape,
        },
    }
    np.savez_compressed(
        file,
        allow_pickle=False,
        about=np.frombuffer(json.dumps(said).encode(), np.uint8),
        keyframe_epochs=np.array([keyframe.epoch for keyframe in run.keyframes]),
        error_term_quantiles=run.error_term_quantiles,
        **{name: getattr(run, name) for name in METRICS},
        **{f"data_{name}": getattr(data, name) for name in SAMPLES},
        **{
            f"keyframes_{name}": np.stack([getattr(k.parameters, name) for k in run.keyframes])
            for name in PARAMETERS
        },
    )


def load_recording(
    file: str | Path | BinaryIO, most_bytes: int = MOST_RECORDING_BYTES
) -> Recording:
    """Open what `save_recording` has written.

    Parameters
    ----------
    file : path or binary file
        What `save_recording` wrote.
    most_bytes : int
        Size of its arrays, unpacked, at most.

    Returns
    -------
    Recording
        The same numbers, to the last bit.

    Raises
    ------
    RecordingFileError
        If the file is anything else. Nothing in a file is ever executed.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > most_bytes:
                raise RecordingFileError(f"the file unpacks to more than {most_bytes:,} bytes")
        if not isinstance(file, (str, Path)):
            file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except RecordingFileError:
        raise
    except Exception as error:  # whatever zipfile and NumPy make of arbitrary bytes
        raise RecordingFileError(f"the file is not a recording: {error}") from error
    return _recording(found)


def _recording(found: dict[str, NDArray[Any]]) -> Recording:
    """Check what a file holds, once and for all, and make a recording of it."""
    said = _about(found)
    try:
        config = Config(**said["config"])
        described = said["dataset"]
        feature_names = _texts(described["feature_names"])
        class_names = _texts(described["class_names"])
        image = described["image_shape"]
        name, status = str(described["name"]), str(said["status"])
    except (SettingError, KeyError, TypeError) as error:
        raise RecordingFileError(f"the description is not of a run: {error}") from error
    if status not in STATUSES:
        raise RecordingFileError(f"status must be one of {', '.join(STATUSES)}; it is {status!r}")
    if image is not None:
        image = _sides(image, len(feature_names))
    if not (feature_names and 2 <= len(class_names) <= MOST_CLASSES):
        raise RecordingFileError(f"there must be features, and 2 to {MOST_CLASSES} classes")
    n0, n1, n2 = len(feature_names), config.hidden_units, len(class_names)
    rows = _array(found, "loss", (None,)).shape[0]
    shapes = {"X": (n0, None), "Y": (n2, None), "y": (None,), "mean": (n0, 1), "scale": (n0, 1)}
    samples: dict[str, Any] = {}
    for key in SAMPLES:
        samples[key] = _array(found, f"data_{key}", shapes[key.removesuffix("_test")])
    for part in ("", "_test"):
        counts = {samples[f"{key}{part}"].shape[-1] for key in ("X", "Y", "y")}
        if len(counts) != 1:
            raise RecordingFileError(f"X{part}, Y{part} and y{part} differ in their samples")
        labels = samples[f"y{part}"]
        if labels.size and not (labels.min() >= 0 and labels.max() < n2):
            raise RecordingFileError(f"y{part} must be from 0 to {n2 - 1}")
        samples[f"y{part}"] = labels.astype(np.intp)
    epochs = _array(found, "keyframe_epochs", (None,)).astype(np.int64)
    frames = len(epochs)
    if not (rows and frames and epochs[0] == 0 and epochs[-1] == rows - 1 <= config.epochs):
        raise RecordingFileError("the keyframes must be from epoch 0 to the last")
    if (np.diff(epochs) <= 0).any():
        raise RecordingFileError("the keyframes' epochs must rise")
    if not samples["y"].size:
        raise RecordingFileError("there are no training samples")
    sizes = {"W1": (n1, n0), "b1": (n1, 1), "W2": (n2, n1), "b2": (n2, 1)}
    metrics: dict[str, Any] = {key: _array(found, key, (rows,)) for key in METRICS}
    stacks = {key: _array(found, f"keyframes_{key}", (frames, *sizes[key])) for key in PARAMETERS}
    for key, array in {**samples, **stacks}.items():
        if not np.isfinite(array).all():
            raise RecordingFileError(f"{key} has entries that are not finite numbers")
    return Recording(
        config=config,
        dataset=Dataset(
            name=name,
            **samples,
            feature_names=feature_names,
            class_names=class_names,
            image_shape=image,
        ),
        **metrics,
        error_term_quantiles=_array(found, "error_term_quantiles", (len(QUANTILE_LEVELS), rows)),
        keyframes=tuple(
            Keyframe(int(epoch), Parameters(*(stacks[key][i] for key in PARAMETERS)))
            for i, epoch in enumerate(epochs)
        ),
        status=status,
    )


def _about(found: dict[str, NDArray[Any]]) -> dict[str, Any]:
    try:
        said = json.loads(_array(found, "about", (None,)).astype(np.uint8).tobytes())
    except ValueError as error:
        raise RecordingFileError(f"the description cannot be read: {error}") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise RecordingFileError(f"the file does not say that it is a {FORMAT!r}")
    return said


def _sides(image: Any, pixels: int) -> tuple[int, int]:
    """Rows and columns of samples that are pictures."""
    if not (isinstance(image, list) and all(isinstance(side, int) for side in image)):
        raise RecordingFileError("image_shape must be two whole numbers")
    if len(image) != 2 or min(image) < 1 or image[0] * image[1] != pixels:
        raise RecordingFileError(f"image_shape must be two numbers that make {pixels} pixels")
    return image[0], image[1]


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("names must be a list of texts")
    return tuple(values)


def _array(found: dict[str, NDArray[Any]], name: str, shape: tuple[int | None, ...]) -> Array:
    """An array of numbers of the shape wanted, where None stands for any length."""
    if name not in found:
        raise RecordingFileError(f"{name} is missing")
    array = found[name]
    fits = array.ndim == len(shape) and all(
        wanted in (None, side) for wanted, side in zip(shape, array.shape, strict=False)
    )
    if not fits:
        wanted = "×".join("any" if side is None else str(side) for side in shape)
        raise RecordingFileError(f"{name} must be [{wanted}]; it is {list(array.shape)}")
    if array.dtype.kind not in "fiu":
        raise RecordingFileError(f"{name} must be numbers; it is {array.dtype}")
    return array
