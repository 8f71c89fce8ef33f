"""What a tour is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PICTURES = {
    "train": (
        *("ribbon", "sentence", "why", "claim"),
        *("decision", "images", "confusion", "curves", "W1", "W2", "A1", "diagram"),
    ),
    "approximation": (
        *("ribbon", "sentence", "progress", "angles", "weights", "losses", "entropy", "distance"),
        *("density", "worst", "triangle", "interval", "input", "leak", "arrays", "lengths"),
    ),
    "step": (
        *("equations", "sample", "X", "Y", "D", "W1", "W2", "Z1", "Z2", "A1", "A2", "G", "P"),
        *("exact", "drop_error_term", "difference", "centred", "dW1", "dW2"),
    ),
    "explore": ("wall", "beside"),
    "compare": ("all training", "all test", "all E"),
    "data": (),
    "learn": (),
}
"""What a step can point at, by the page that it is on."""

PLAYED = ("train", "approximation", "explore", "compare")
"""Pages with a scrubber: there a reveal can go to another epoch."""


@dataclass(frozen=True)
class Question:
    """What to predict before something is shown.

    Attributes
    ----------
    ask : str
        The question.
    answers : tuple of str
        Two or three.
    reveal : str
        What is the case; said after an answer, whichever it was.
    then : int or None
        Epoch to go to at the reveal.
    """

    ask: str
    answers: tuple[str, ...]
    reveal: str
    then: int | None = None


@dataclass(frozen=True)
class TourStep:
    """A place on a page, and the one thing to look at there.

    Attributes
    ----------
    title, look : str
        What it is about, and what to look at.
    page : str
        Its name in the address.
    pictures : tuple of str
        At most two, of `PICTURES`: what is ringed, and what a presenter shows.
    values : mapping
        Of the controls that are not at their defaults, by their keys.
    epoch : int
        Where the run opens.
    question : Question or None
        Before the reveal.
    preset : str or None
        Its name, where the step opens one.
    """

    title: str
    look: str
    page: str
    pictures: tuple[str, ...]
    values: Mapping[str, Any]
    epoch: int
    question: Question | None = None
    preset: str | None = None


@dataclass(frozen=True)
class Tour:
    """The steps, in their order, and what the whole is called."""

    title: str
    steps: tuple[TourStep, ...]
