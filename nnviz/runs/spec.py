"""RunSpec: everything that decides a run."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnviz.checks import Setting
from nnviz.data.datasets import DATASET, OPTIONS, OWN, Dataset, check_options, load_dataset
from nnviz.data.samples import Samples
from nnviz.paper.network import Parameters
from nnviz.runs.config import CONFIG_SETTINGS, Config
from nnviz.runs.recording import Recorder

Options = tuple[tuple[str, Any], ...]

SETTINGS: dict[str, Setting] = {"dataset": DATASET, **OPTIONS, **CONFIG_SETTINGS}
"""All that a `RunSpec` can be told by a text: a control, an address, the command line."""


def short_name(said: str) -> str:
    """A digest of a text, to be sent and compared in its stead."""
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class StartingParameters:
    """Parameters to start a run from, as something that can be compared.

    They may be megabytes, and runs are looked up at every move: so what is hashed, compared and
    said of them is their digest, made once.

    Attributes
    ----------
    said : str
        Where they come from, in words.
    shapes : tuple of tuple of int
        Of W1, b1, W2, b2.
    numbers : bytes
        All of them, in that order, in float64.
    """

    said: str
    shapes: tuple[tuple[int, ...], ...]
    numbers: bytes

    @classmethod
    def of(cls, parameters: Parameters, said: str) -> StartingParameters:
        """Keep parameters."""
        arrays = [np.asarray(a, np.float64) for a in vars(parameters).values()]
        return cls(said, tuple(a.shape for a in arrays), b"".join(a.tobytes() for a in arrays))

    @cached_property
    def digest(self) -> str:
        """A short name of the numbers."""
        return hashlib.sha256(repr(self.shapes).encode() + self.numbers).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StartingParameters):
            return False
        return (self.said, self.digest) == (other.said, other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"StartingParameters({self.said!r}, {self.digest})"

    @property
    def parameters(self) -> Parameters:
        """The parameters kept."""
        flat = np.frombuffer(self.numbers)
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1]
        parts = np.split(flat, ends)
        return Parameters(*(p.reshape(s) for p, s in zip(parts, self.shapes, strict=True)))


@dataclass(frozen=True)
class RunSpec:
    """A run as it is asked for: the data, the training, and where it starts.

    Two specs are equal if they give the same run.

    Attributes
    ----------
    dataset : str
        Name of the data set, or `nnviz.data.datasets.OWN`.
    options : tuple of (str, value)
        Those of `nnviz.data.datasets.load_dataset`; those left out are filled in.
    config : Config
        The network and its training.
    own : Samples or None
        The data, if they are a visitor's own.
    start : StartingParameters or None
        Where training starts, if not from the parameters that the configuration draws.

    Raises
    ------
    SettingError
        Naming an option that the data set does not take, or its value and what is allowed.

    Examples
    --------
    >>> spec = RunSpec("spiral", (("samples", 90),), Config(epochs=20))
    >>> recorder = spec.recorder()
    >>> recorder.run()
    >>> recorder.recording().last_epoch
    20
    """

    dataset: str
    options: Options
    config: Config
    own: Samples | None = None
    start: StartingParameters | None = None

    def __post_init__(self) -> None:
        checked = check_options(self.dataset, dict(self.options))
        object.__setattr__(self, "options", tuple(sorted(checked.items())))

    @property
    def lacks_data(self) -> bool:
        """Whether it is a visitor's own data that are asked for, and there are none."""
        return self.dataset == OWN and self.own is None

    @property
    def run_id(self) -> str:
        """A short name of the run, the same for equal specs."""
        return short_name(repr(self))

    def load(self) -> Dataset:
        """Load the data, raising `DatasetError` if they cannot be trained on."""
        if self.own is not None:
            return self.own.dataset(**dict(self.options))
        return load_dataset(self.dataset, **dict(self.options))

    def recorder(self, data: Dataset | None = None, every_epoch: bool = True) -> Recorder:
        """Begin the run.

        Parameters
        ----------
        data : Dataset or None
            The data, if they are loaded already.
        every_epoch : bool
            As of `nnviz.runs.recording.Recorder`.
        """
        start = self.start.parameters if self.start else None
        return Recorder(self.config, data or self.load(), start, every_epoch)
