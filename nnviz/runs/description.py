"""Description: what a recording's file says in words and settings, as JSON."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import Any

from nnviz.checks import SettingError
from nnviz.data.samples import MOST_CLASSES, MOST_FEATURES, MOST_NAME_CHARACTERS
from nnviz.runs.config import CONFIG_SETTINGS, Config
from nnviz.runs.members import RecordingFileError
from nnviz.runs.recording import Recording

FORMAT = "nnviz recording 1"
"""Written into every file, and asked for when one is opened."""

STATUSES = ("running", "finished", "target", "stopped", "diverged")

MOST_ABOUT_BYTES = 200_000
"""Size of the JSON at most: 211 names take 160,000, if every character is written as two
``\\uXXXX``."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what no name has: controls, lone surrogates, ends of lines."""


@dataclass(frozen=True)
class Description:
    """What a file says of its run beside the numbers.

    Attributes
    ----------
    config : Config
        The settings that it was trained with.
    status : str
        One of `STATUSES`.
    name : str
        Of the data set.
    feature_names, class_names : tuple of str
        One for each feature, and for each class.
    image_shape : (int, int) or None
        Rows and columns when a sample is a picture.

    Raises
    ------
    RecordingFileError
    """

    config: Config
    status: str
    name: str
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise _wrong("status", self.status, f"one of {', '.join(STATUSES)}")
        if self.status == "target" and self.config.target_accuracy is None:
            raise _wrong("status", self.status, "another where there is no target_accuracy")
        _check_name("the data set's name", self.name)
        for what, names, least, most in (
            ("feature", self.feature_names, 1, MOST_FEATURES),
            ("class", self.class_names, 2, MOST_CLASSES),
        ):
            if not least <= len(names) <= most:
                raise _wrong(f"the number of {what} names", len(names), f"from {least} to {most}")
            for name in names:
                _check_name(f"a {what} name", name)
        if self.image_shape is not None:
            height, width = self.image_shape
            pixels = len(self.feature_names)
            if min(height, width) < 1 or height * width != pixels:
                allowed = f"two numbers that make {pixels} pixels"
                raise _wrong("image_shape", list(self.image_shape), allowed)

    @classmethod
    def of(cls, run: Recording) -> Description:
        """Describe a run."""
        data = run.dataset
        return cls(
            run.config,
            run.status,
            data.name,
            tuple(data.feature_names),
            tuple(data.class_names),
            data.image_shape,
        )

    def as_json(self) -> bytes:
        """Write it down."""
        dataset = {f.name: getattr(self, f.name) for f in fields(self)[2:]}
        said = {
            "format": FORMAT,
            "config": asdict(self.config),
            "status": self.status,
            "dataset": dataset,
        }
        return json.dumps(said).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Description:
        """Read what `as_json` has written, and nothing else."""
        try:
            said = json.loads(text.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise RecordingFileError(
                f"the description cannot be read: {str(error)[:200]}"
            ) from error
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise RecordingFileError(f"the file does not say that it is a {FORMAT!r}")
        _check_keys("the description", said, {"format", "config", "status", "dataset"})
        settings, dataset = said["config"], said["dataset"]
        _check_keys("dataset", dataset, {f.name for f in fields(cls)[2:]})
        # Settings of an older version may be fewer.
        known = set(CONFIG_SETTINGS)
        _check_keys("config", settings, known & set(settings) if _is_map(settings) else known)
        for name, value in settings.items():
            if not isinstance(value, (int, float, str, type(None))):
                raise _wrong(name, f"a {type(value).__name__}", "one value")
        try:
            config = Config(**settings)
        except SettingError as error:
            raise RecordingFileError(f"the description is not of a run: {error}") from error
        return cls(
            config=config,
            status=_text("status", said["status"]),
            name=_text("the data set's name", dataset["name"]),
            feature_names=_texts("feature_names", dataset["feature_names"]),
            class_names=_texts("class_names", dataset["class_names"]),
            image_shape=_sides(dataset["image_shape"]),
        )


def _wrong(what: str, value: object, allowed: str) -> RecordingFileError:
    return RecordingFileError(str(SettingError(what, value, allowed)))


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _check_keys(what: str, value: Any, keys: set[str]) -> None:
    if not _is_map(value):
        raise RecordingFileError(f"{what} must be an object with names")
    if value.keys() != keys:
        name = sorted(value.keys() ^ keys)[0]
        there = "is not known" if name in value else "is missing"
        raise RecordingFileError(f"{what}: {name[:MOST_NAME_CHARACTERS]!r} {there}")


def _check_name(what: str, name: str) -> None:
    if not 1 <= len(name) <= MOST_NAME_CHARACTERS:
        raise _wrong(what, name, f"of 1 to {MOST_NAME_CHARACTERS} characters")
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        raise _wrong(what, ascii(name), "text without invisible characters")


def _text(what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise RecordingFileError(f"{what} must be text")
    return value


def _texts(what: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise RecordingFileError(f"{what} must be a list of texts")
    return tuple(_text(f"each of {what}", value) for value in values)


def _sides(value: Any) -> tuple[int, int] | None:
    """Rows and columns of samples that are pictures."""
    if value is None:
        return None
    # True is an int, too.
    if not (isinstance(value, list) and [type(side) for side in value] == [int, int]):
        raise RecordingFileError("image_shape must be two whole numbers, or null")
    return value[0], value[1]
