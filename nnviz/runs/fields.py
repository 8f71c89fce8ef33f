"""Fields: the arrays of a recording's file, described once.

What is written and what is opened are held against this table, and nothing else is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.data.datasets import LARGEST_FEATURE
from nnviz.paper.error_term import QUANTILE_LEVELS
from nnviz.runs.members import RecordingFileError

BYTES, WHOLE, FLOATS, EITHER_FLOAT = ("u1",), ("i4", "i8"), ("f8",), ("f8", "f4")
"""NumPy's short names of the types that a field may have."""

ROUNDED = 1.01
"""What is at most 1, as it may be computed."""

LARGEST_WEIGHT = 1e12
"""Size of a weight at most: the length of all parameters at which they count as exploded."""

ANY = float(np.finfo(float).max)
"""The largest number that is finite."""


@dataclass(frozen=True)
class Field:
    """An array of the file.

    Attributes
    ----------
    name : str
        Its name there.
    types : tuple of str
        Those that it may have.
    shape : tuple of str
        Names of its sizes. One that is not known yet becomes known by the first field that has it.
    low, high : float or str
        Its numbers are from `low` to `high`, both included; a str is the name of a size.
    may_be_nan : bool
        Whether they may be undefined, too.
    """

    name: str
    types: tuple[str, ...]
    shape: tuple[str, ...]
    low: float
    high: float | str
    may_be_nan: bool = False

    def check_form(self, dtype: np.dtype[Any], shape: tuple[int, ...], sizes: Sizes) -> None:
        """Check type and shape; sizes that become known are added to `sizes`."""
        wanted = [sizes.get(side) for side in self.shape]
        fits = len(shape) == len(wanted) and all(
            side in (None, found) for side, found in zip(wanted, shape, strict=True)
        )
        if not fits:
            said = "×".join("any" if side is None else str(side) for side in wanted)
            raise RecordingFileError(f"{self.name} must be [{said}]; it is {list(shape)}")
        if dtype.str[1:] not in self.types:
            raise RecordingFileError(f"{self.name} must be {self._numbers}; it is {dtype}")
        sizes.update(zip(self.shape, shape, strict=True))

    def check_values(self, array: NDArray[Any], sizes: Sizes) -> None:
        """Check that all numbers are within the bounds."""
        if not array.size:
            return
        least, most = (np.fmin, np.fmax) if self.may_be_nan else (np.minimum, np.maximum)
        low, high = (bound.reduce(array, axis=None).item() for bound in (least, most))
        top = self.high if isinstance(self.high, float) else sizes[self.high]
        undefined = self.may_be_nan and low != low
        if not (undefined or (self.low <= low and high <= top)):  # NaN is not
            wrong = f"{low:g}" if not self.low <= low else f"{high:g}"
            raise RecordingFileError(
                f"{self.name} must be from {self.low:g} to {top:g}; there is {wrong}"
            )

    @property
    def _numbers(self) -> str:
        return f"numbers ({' or '.join(np.dtype(one).name for one in self.types)})"


Sizes = dict[str, int]
"""Sizes by their names: N0 inputs, N1 hidden units, N2 classes, M samples, and so on."""

_SAMPLES = (
    Field("data_X", FLOATS, ("N0", "M"), -LARGEST_FEATURE, LARGEST_FEATURE),
    Field("data_Y", FLOATS, ("N2", "M"), 0.0, 1.0),
    Field("data_y", WHOLE, ("M",), 0.0, "last class"),
    Field("data_X_test", FLOATS, ("N0", "test M"), -LARGEST_FEATURE, LARGEST_FEATURE),
    Field("data_Y_test", FLOATS, ("N2", "test M"), 0.0, 1.0),
    Field("data_y_test", WHOLE, ("test M",), 0.0, "last class"),
    Field("data_mean", FLOATS, ("N0", "one"), -ANY, ANY),
    Field("data_scale", FLOATS, ("N0", "one"), float(np.finfo(float).smallest_subnormal), ANY),
)

_METRICS = (
    Field("loss", FLOATS, ("rows",), 0.0, ROUNDED),
    Field("accuracy", FLOATS, ("rows",), 0.0, 1.0),
    Field("test_loss", FLOATS, ("rows",), 0.0, ROUNDED, may_be_nan=True),
    Field("test_accuracy", FLOATS, ("rows",), 0.0, 1.0, may_be_nan=True),
    Field("error_term_mean", FLOATS, ("rows",), -ROUNDED, ROUNDED),
    Field("error_term_mean_abs", FLOATS, ("rows",), 0.0, ROUNDED),
    Field("error_term_rms", FLOATS, ("rows",), 0.0, ROUNDED),
    Field("dead_units", WHOLE, ("rows",), 0.0, "N1"),
)

_KEYFRAMES = (
    Field("keyframe_epochs", WHOLE, ("keyframes",), 0.0, "last epoch"),
    *(
        Field(
            f"keyframes_{name}", EITHER_FLOAT, ("keyframes", *of), -LARGEST_WEIGHT, LARGEST_WEIGHT
        )
        for name, of in (
            ("W1", ("N1", "N0")),
            ("b1", ("N1", "one")),
            ("W2", ("N2", "N1")),
            ("b2", ("N2", "one")),
        )
    ),
)

ABOUT = Field("about", BYTES, ("about",), 0.0, 255.0)
"""The description, as JSON."""

FIELDS = (
    *_METRICS,
    Field("error_term_quantiles", FLOATS, ("levels", "rows"), -ROUNDED, ROUNDED),
    *_SAMPLES,
    *_KEYFRAMES,
)
"""All the others, in the order in which they are checked."""

METRICS = tuple(field.name for field in _METRICS)
SAMPLES = tuple(field.name.removeprefix("data_") for field in _SAMPLES)
PARAMETERS = tuple(field.name.removeprefix("keyframes_") for field in _KEYFRAMES[1:])


def known_sizes(features: int, units: int, classes: int) -> Sizes:
    """The sizes that a description tells."""
    return {
        "N0": features,
        "N1": units,
        "N2": classes,
        "last class": classes - 1,
        "one": 1,
        "levels": len(QUANTILE_LEVELS),
    }


def check_forms(forms: Mapping[str, tuple[np.dtype[Any], tuple[int, ...]]], sizes: Sizes) -> None:
    """Check type and shape of every field; all sizes are known afterwards."""
    for field in FIELDS:
        field.check_form(*forms[field.name], sizes)
    sizes["last epoch"] = sizes["rows"] - 1
