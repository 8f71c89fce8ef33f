"""Recordings as files: metrics as CSV, everything as NPZ, which can be opened again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnviz.data.datasets import Dataset
from nnviz.paper.error_term import QUANTILE_LEVELS
from nnviz.paper.network import Parameters
from nnviz.runs.description import MOST_ABOUT_BYTES, Description
from nnviz.runs.fields import (
    ABOUT,
    FIELDS,
    METRICS,
    PARAMETERS,
    SAMPLES,
    Sizes,
    check_forms,
    known_sizes,
)
from nnviz.runs.keyframes import most_keyframes
from nnviz.runs.members import RecordingFileError as RecordingFileError
from nnviz.runs.members import opened
from nnviz.runs.recording import EXPLODED, Keyframe, Recording

MOST_RECORDING_BYTES = 160_000_000
"""Size of a file's arrays, unpacked, at most: a million epochs of metrics are 116 MB, and the
largest data and keyframes 40 MB."""

REACHED = 1e-6
"""How far below its target the accuracy of a run that reached it may be, by rounding."""


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

    Raises
    ------
    RecordingFileError
        If `load_recording` would not open it: `train` takes data with more features or classes, or
        longer names, than a file may have. Nothing is written then.

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
    data, description = run.dataset, Description.of(run)
    arrays: dict[str, NDArray[Any]] = {
        "keyframe_epochs": np.array([keyframe.epoch for keyframe in run.keyframes]),
        "error_term_quantiles": run.error_term_quantiles,
        **{name: getattr(run, name) for name in METRICS},
        **{f"data_{name}": getattr(data, name) for name in SAMPLES},
        **{
            f"keyframes_{name}": np.stack([getattr(k.parameters, name) for k in run.keyframes])
            for name in PARAMETERS
        },
    }
    sizes = _sizes_of(description)
    check_forms({name: (array.dtype, array.shape) for name, array in arrays.items()}, sizes)
    _check(description, arrays, sizes)
    np.savez_compressed(
        file,
        allow_pickle=False,
        about=np.frombuffer(description.as_json(), np.uint8),
        **arrays,
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
        The same numbers, to the last bit; but data and parameters that are denormal become 0,
        since one product with many of them takes ten times as long.

    Raises
    ------
    RecordingFileError
        If the file is anything else. Nothing in a file is ever executed, and none costs more to
        refuse than the largest recording costs to open.
    """
    if isinstance(file, (str, Path)):
        try:
            with Path(file).open("rb") as content:
                return load_recording(content, most_bytes)
        except OSError as error:
            raise RecordingFileError(f"the file cannot be opened: {error}") from error
    names = [ABOUT.name, *(field.name for field in FIELDS)]
    with opened(file, names, most_bytes) as members:
        about = members.pop(ABOUT.name)
        ABOUT.check_form(about.dtype, about.shape, {})
        if about.nbytes > MOST_ABOUT_BYTES:
            raise RecordingFileError(f"the description has more than {MOST_ABOUT_BYTES:,} bytes")
        description = Description.from_json(about.read().tobytes())
        sizes = _sizes_of(description)
        check_forms({name: (one.dtype, one.shape) for name, one in members.items()}, sizes)
        _check_sizes(description, sizes)
        arrays = {name: member.read() for name, member in members.items()}
    _check(description, arrays, sizes)
    return _recording(description, arrays)


def _sizes_of(description: Description) -> Sizes:
    features, classes = len(description.feature_names), len(description.class_names)
    return known_sizes(features, description.config.hidden_units, classes)


def _check_sizes(description: Description, sizes: Sizes) -> None:
    """Check how many epochs, keyframes and samples there are, before they are read."""
    config, last, keyframes = description.config, sizes["last epoch"], sizes["keyframes"]
    if not 0 <= last <= config.epochs:
        raise RecordingFileError(f"there must be metrics of epoch 0 to {config.epochs:,} at most")
    first, second = sizes["N1"] * (sizes["N0"] + 1), sizes["N2"] * (sizes["N1"] + 1)
    parameter_bytes = (first + second) * np.dtype(config.dtype).itemsize
    most = most_keyframes(parameter_bytes) + 1  # where it ended, or has come to
    if not 1 <= keyframes <= min(most, last + 1):
        raise RecordingFileError(
            f"there must be 1 to {min(most, last + 1):,} keyframes; there are {keyframes:,}"
        )
    if not sizes["M"]:
        raise RecordingFileError("there are no training samples")


def _check(description: Description, arrays: Mapping[str, NDArray[Any]], sizes: Sizes) -> None:
    """Check that the numbers are within their bounds, and agree with each other."""
    _check_sizes(description, sizes)
    with np.errstate(all="ignore"):  # some are NaN
        for field in FIELDS:
            field.check_values(arrays[field.name], sizes)
    for part in ("", "_test"):
        Y, y = arrays[f"data_Y{part}"], arrays[f"data_y{part}"]
        if not all((of_class == (y == label)).all() for label, of_class in enumerate(Y)):
            raise RecordingFileError(f"data_Y{part} must be 1 at the class of data_y{part}, else 0")
    _check_keyframes(description, arrays, sizes["last epoch"])
    _check_status(description, float(arrays["accuracy"][-1]), sizes["last epoch"])


def _check_keyframes(
    description: Description, arrays: Mapping[str, NDArray[Any]], last: int
) -> None:
    epochs = arrays["keyframe_epochs"]
    if not (epochs[0] == 0 and epochs[-1] == last):
        raise RecordingFileError("the keyframes must be from epoch 0 to the last")
    if (np.diff(epochs) <= 0).any():
        raise RecordingFileError("the keyframes' epochs must rise")
    stacks = [arrays[f"keyframes_{name}"] for name in PARAMETERS]
    dtype = description.config.dtype
    if any(stack.dtype.name != dtype for stack in stacks):
        raise RecordingFileError(f"the parameters must be numbers in {dtype}, as the run was")
    squared = sum(np.einsum("fij,fij->f", stack, stack) for stack in stacks)
    if not (squared < EXPLODED).all():
        raise RecordingFileError(f"the parameters of a keyframe are longer than {EXPLODED**0.5:g}")


def _check_status(description: Description, accuracy: float, last: int) -> None:
    config, status = description.config, description.status
    ends = {"finished": last == config.epochs}
    goes_on = dict.fromkeys(("running", "diverged"), last < config.epochs)
    if not {**ends, **goes_on}.get(status, True):
        raise RecordingFileError(f"it cannot be {status} at epoch {last:,} of {config.epochs:,}")
    if status == "target" and accuracy < (config.target_accuracy or 0) - REACHED:
        raise RecordingFileError(
            f"it cannot have reached a target of {config.target_accuracy} at {accuracy:g}"
        )


def _recording(description: Description, arrays: Mapping[str, NDArray[Any]]) -> Recording:
    """Make a recording of what has been checked."""
    for name in ("data_X", "data_X_test", *(f"keyframes_{name}" for name in PARAMETERS)):
        array = arrays[name]
        array[np.abs(array) < np.finfo(array.dtype).smallest_normal] = 0
    for field in FIELDS:
        if field.may_be_nan:  # one kind of NaN: others are a warning wherever they are used
            np.copyto(arrays[field.name], np.nan, where=np.isnan(arrays[field.name]))
    samples: dict[str, Any] = {name: arrays[f"data_{name}"] for name in SAMPLES}
    labels = {name: samples[name].astype(np.intp) for name in ("y", "y_test")}
    metrics: dict[str, Any] = {name: arrays[name] for name in METRICS}
    return Recording(
        config=description.config,
        dataset=Dataset(
            name=description.name,
            **{**samples, **labels},
            feature_names=description.feature_names,
            class_names=description.class_names,
            image_shape=description.image_shape,
        ),
        **metrics,
        error_term_quantiles=arrays["error_term_quantiles"],
        keyframes=tuple(
            Keyframe(int(epoch), Parameters(*(arrays[f"keyframes_{p}"][i] for p in PARAMETERS)))
            for i, epoch in enumerate(arrays["keyframe_epochs"])
        ),
        status=description.status,
    )
