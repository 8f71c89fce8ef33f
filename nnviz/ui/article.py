"""The article of the Learn page: read from its file, with colours and notes put in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nnviz.figures.claim import COLOUR
from nnviz.figures.style import PAGES, RULE_COLOURS, as_text
from nnviz.ui.slips import notes_beside

FILE = Path(__file__).parent / "content" / "learn.md"

COLOURS = {
    "exact": RULE_COLOURS["exact"],
    "without": RULE_COLOURS["drop_error_term"],
    "difference": RULE_COLOURS["difference"],
    "centred": RULE_COLOURS["centred"],
}
"""What the file has as ``\\exact{…}``, and so on: a part of an equation in its rule's colour."""

EQUATION = re.compile(r"^\$\$\n(?:(?!\$\$).)*?\\tag\{(\d+)\}.*?^\$\$$", re.DOTALL | re.MULTILINE)

FIGURE = re.compile(r"\n*^\[\[(\w+)\]\]$\n*", re.MULTILINE)
"""The place of what is not text, by its name."""


@dataclass(frozen=True)
class Article:
    """The article, in Markdown.

    Attributes
    ----------
    answer : str
        Four sentences that stand before everything.
    lead : str
        What they rest on.
    sections : dict of str to str
        The text of each, by its heading.
    """

    answer: str
    lead: str
    sections: dict[str, str]


@cache
def article() -> Article:
    """Read the article."""
    first, *parts = _with_notes(_coloured(FILE.read_text(encoding="utf-8"))).split("\n## ")
    answer, _, lead = first.strip().partition("\n\n")
    found = (part.split("\n", 1) for part in parts)
    return Article(answer, lead, {heading.strip(): text.strip() for heading, text in found})


def parts_of(text: str) -> list[tuple[str, str]]:
    r"""A text cut where something else stands in it.

    Returns
    -------
    list of (str, str)
        Each a piece of the text, and the name of what stands after it; the last has none.

    Examples
    --------
    >>> parts_of("Before.\n\n[[leak]]\n\nAfter.")
    [('Before.', 'leak'), ('After.', '')]
    """
    pieces = FIGURE.split(text)
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def _coloured(text: str) -> str:
    for name, colour in COLOURS.items():
        text = text.replace(f"\\{name}{{", f"\\textcolor{{{colour}}}{{")
    return re.sub(r"\\E(?![a-z])", lambda _: f"\\textcolor{{{COLOUR}}}{{E}}", text)


def _with_notes(text: str) -> str:
    """The text with the notes of each equation after it, as a block of their own."""

    def noted(equation: re.Match[str]) -> str:
        notes = notes_beside(int(equation[1]))
        return "\n\n> ".join([equation[0], "\n>\n> ".join(notes)]) if notes else equation[0]

    return EQUATION.sub(noted, text)


def colour_styles() -> str:
    """CSS by which the colours of the article are readable on the page of either theme.

    KaTeX writes them into the elements, for one theme alone. As a browser gives them back, they
    are written ``rgb(…)``.
    """
    rules = []
    for colour in dict.fromkeys((*COLOURS.values(), COLOUR)):
        rgb = ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        light, dark = (as_text(colour, theme) for theme in PAGES)
        rules.append(
            f'.st-key-article [style*="rgb({rgb})"] '
            f"{{ color: light-dark({light}, {dark}) !important; }}"
        )
    return "\n".join(rules)
