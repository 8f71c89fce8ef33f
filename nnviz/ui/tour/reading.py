"""A tour's file, read as untrusted input: what is wrong with it is said by line and field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nnviz.checks import SettingError, WholeNumber, value_text
from nnviz.data.datasets import DatasetError
from nnviz.ui.controls.catalogue import CONTROLS, default_values
from nnviz.ui.controls.control import Control
from nnviz.ui.controls.translation import spec_of
from nnviz.ui.presets import LINKED, Preset
from nnviz.ui.shared.runs import data_of
from nnviz.ui.tour.steps import PICTURES, PLAYED, Question, Tour, TourStep

MOST_BYTES = 100_000
MOST_STEPS = 40
MOST_TEXT, MOST_ANSWER, MOST_TITLE = 600, 80, 80
"""Characters of what is said, of an answer, and of a title."""

FIELDS = (
    *("title", "look", "page", "preset", "pictures", "epoch", "settings"),
    *("ask", "answers", "reveal", "then"),
)

HEADER, ENTRY = re.compile(r"\s*\[+\s*([\w.]+)\s*\]+"), re.compile(r'\s*"?(\w+)"?\s*=')


class TourError(ValueError):
    """A file is not a tour; the message names the line, the field and what is allowed."""


def read_tour(path: Path) -> Tour:
    """Read a tour from a TOML file.

    Parameters
    ----------
    path : Path
        Of the file; ``nnviz/ui/content/tour.toml`` is one, and says what it may hold.

    Returns
    -------
    Tour
        With every page, picture and setting known.

    Raises
    ------
    TourError
        Where the file cannot be read, or says what no tour can.

    Examples
    --------
    >>> from nnviz.ui.tour.following import BUILT_IN
    >>> read_tour(BUILT_IN).steps[0].page
    'train'
    """
    try:
        with path.open("rb") as file:
            packed = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TourError(f"{path.name} cannot be read: {error.strerror}") from None
    if len(packed) > MOST_BYTES:
        raise TourError(f"{path.name} has more than {MOST_BYTES:,} bytes")
    try:
        text = packed.decode("utf-8")
        said = tomllib.loads(text)
    except UnicodeDecodeError:
        raise TourError(f"{path.name} is no text in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TourError(f"{path.name}: {error or 'nested too deep'}") from None
    return _Reader(path.name, _lines(text)).tour(said)


def _lines(text: str) -> dict[tuple[int, str], int]:
    """Line of every field: by the number of its step, from 1 (0 before any), and its name."""
    found: dict[tuple[int, str], int] = {}
    step, within = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        quotes = [mark for mark in ('"""', "'''") if line.count(mark) % 2]
        if within:
            within = "" if within in quotes else within
            continue
        within = quotes[0] if quotes else ""
        if header := HEADER.match(line):
            step += header[1] == "step"
            found.setdefault((step, header[1].rpartition(".")[2]), number)
        elif entry := ENTRY.match(line):
            found.setdefault((step, entry[1]), number)
    return found


def _meant(control: Control, value: Any) -> Any:
    """What a control stands at where an address says so."""
    if control.options is not None:
        return next(one for one in control.options if value_text(one) == value_text(value))
    return int(value) if control.whole else float(value)


class _Reader:
    """Checks what a file says, and names the place of what is wrong."""

    def __init__(self, name: str, lines: Mapping[tuple[int, str], int]) -> None:
        self._name = name
        self._lines = lines
        self._step = 0

    def _wrong(self, field: str, said: str) -> TourError:
        line = self._lines.get((self._step, field)) or self._lines.get((self._step, "step"))
        where = f"{self._name}, line {line}" if line else self._name
        step = f"step {self._step}, " if self._step else ""
        return TourError(f"{where}: {step}{field}: {said}")

    def tour(self, said: Mapping[str, Any]) -> Tour:
        """The whole file."""
        self._known(said, ("title", "step"))
        steps = said.get("step")
        if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
            raise self._wrong("step", f"there must be 1 to {MOST_STEPS} of them, as [[step]]")
        return Tour(
            self._text(said, "title", MOST_TITLE, "A tour"),
            tuple(self.step(number, step) for number, step in enumerate(steps, 1)),
        )

    def step(self, number: int, said: Any) -> TourStep:
        """One step."""
        self._step = number
        if not isinstance(said, dict):
            raise self._wrong("step", "must be a table, [[step]]")
        self._known(said, FIELDS)
        preset = self._preset(said)
        page = preset.page if preset else self._one_of("page", said.get("page"), tuple(PICTURES))
        settings = self._settings(said.get("settings", {}))
        values = {**(preset.values if preset else {}), **settings}
        epochs = {**default_values(), **values}["epochs"]
        start = said.get("epoch", preset.epoch if preset else 0)
        epoch = self._epoch("epoch", start, epochs)
        if page == "step":
            values["at"] = epoch
        self._fits(values)
        return TourStep(
            title=self._text(said, "title", MOST_TITLE, preset.title if preset else None),
            look=self._text(said, "look", MOST_TEXT),
            page=page,
            pictures=self._pictures(page, said.get("pictures", [])),
            values=values,
            epoch=epoch,
            question=self._question(said, page, epochs),
            preset=said.get("preset"),
        )

    def _known(self, said: Mapping[str, Any], fields: Collection[str]) -> None:
        for field in said:
            if field not in fields:
                raise self._wrong(field, f"is not known; there are {', '.join(fields)}")

    def _text(
        self, said: Mapping[str, Any], field: str, most: int, otherwise: str | None = None
    ) -> str:
        value = said.get(field, otherwise)
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
            raise self._wrong(field, f"must be a text of 1 to {most} characters")
        return " ".join(value.split())

    def _one_of(self, field: str, value: Any, options: Collection[str]) -> str:
        if isinstance(value, str) and value in options:
            return value
        shown = value_text(value) if isinstance(value, (str, int, float)) else "missing or a list"
        raise self._wrong(field, f"{shown[:40]} is not one of {', '.join(options)}")

    def _preset(self, said: Mapping[str, Any]) -> Preset | None:
        if "preset" not in said:
            return None
        if "page" in said:
            raise self._wrong("page", "is the preset's, where there is one")
        return LINKED[self._one_of("preset", said["preset"], tuple(LINKED))]

    def _pictures(self, page: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > 2:
            raise self._wrong("pictures", "must be a list of at most two names")
        return tuple(self._one_of("pictures", name, PICTURES[page]) for name in value)

    def _epoch(self, field: str, value: Any, most: int) -> int:
        try:
            return WholeNumber(0, most).check(field, value)
        except SettingError as error:
            raise self._wrong(field, f"{error} (the run's epochs)") from None

    def _settings(self, said: Any) -> dict[str, Any]:
        if not isinstance(said, dict):
            raise self._wrong("settings", "must be a table, [step.settings]")
        return {key: self._setting(key, value) for key, value in said.items()}

    def _setting(self, key: str, value: Any) -> Any:
        control = CONTROLS.get(key)
        if control is None or key == "at":
            raise self._wrong(key, "is not a setting; they are those of an address")
        several = value if control.several and isinstance(value, list) else [value]
        if not all(isinstance(one, (str, int, float)) for one in several):
            raise self._wrong(key, "must be a number or a text, as in an address")
        try:
            for one in several:
                control.check(key, value_text(one))
        except SettingError as error:
            raise self._wrong(key, str(error)) from None
        read = tuple(_meant(control, one) for one in several)
        return read if control.several else read[0]

    def _fits(self, values: Mapping[str, Any]) -> None:
        """Whether the data that a step is about can be had, and have what it points at."""
        spec = spec_of({**default_values(), **values})
        if spec.lacks_data:
            raise self._wrong("dataset", "a visitor's own data are in no file")
        try:
            data = data_of(spec)
        except DatasetError as error:
            raise self._wrong("settings", str(error)) from None
        there = {
            "sample": data.y.size,
            "unit": spec.config.hidden_units,
            "output": len(data.class_names),
            "feature": len(data.feature_names),
        }
        for key, most in there.items():
            if values.get(key, 0) >= most:
                raise self._wrong(
                    key, f"{values[key]} is beyond the data: it is counted from 0 to {most - 1:,}"
                )

    def _question(self, said: Mapping[str, Any], page: str, epochs: int) -> Question | None:
        if "ask" not in said:
            for field in ("answers", "reveal", "then"):
                if field in said:
                    raise self._wrong(field, "needs a question, ask")
            return None
        answers = said.get("answers")
        if not isinstance(answers, list) or not 2 <= len(answers) <= 3:
            raise self._wrong("answers", "must be a list of two or three")
        then = said.get("then")
        if then is not None and page not in PLAYED:
            raise self._wrong("then", f"the {page.title()} page has no scrubber")
        return Question(
            self._text(said, "ask", MOST_TEXT),
            tuple(self._text({"answers": one}, "answers", MOST_ANSWER) for one in answers),
            self._text(said, "reveal", MOST_TEXT),
            None if then is None else self._epoch("then", then, epochs),
        )
