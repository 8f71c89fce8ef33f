"""Numerals: what number a text means, where one mark may be a decimal point or group thousands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

LARGEST = 1e100
"""Numbers end here, so that squares of their sums do not overflow."""

MARKS = {".": "point", ",": "comma"}
"""What may stand before decimals; the other one may then stand between thousands."""

MISSING = frozenset({"", "?", "-", "–", "—", "−", "na", "n/a", "nan", "null", "none", "#n/a"})
"""Cells that say that there is no value, in any case."""

MINUS = dict.fromkeys(map(ord, "−–﹣－"), "-")
"""Signs that are written for a minus."""

_SHAPE = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>[€$£¥]?) ?"
    r"(?P<digits>[0-9.,](?:[0-9.,'’ ]*[0-9.,])?)"
    r"(?P<exponent>[eE][+-]?[0-9]{1,9})? ?(?P<after>[€$£¥%‰]?)",
    re.ASCII,
)


_SIMPLE = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]+))?", re.ASCII)
"""Nearly all numbers, which are read at once for the sake of speed."""

_LONG = 60
"""Characters from which on a simple number may be too large, or too small to be held."""

_LONGEST = 1_000
"""Characters of a number at most."""

_SIGNS = re.compile(rf"[0-9.,'’ eE+€$£¥%‰{''.join(map(chr, MINUS))}-]+")
"""All that numbers are written with: words are told from them by that, for the sake of speed."""


def _patterns(mark: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    plain = rf"[0-9]+(?:[{mark}][0-9]*)?|[{mark}][0-9]+"
    grouped = rf"[1-9][0-9]{{0,2}}([{other}'’ ])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:[{mark}][0-9]*)?"
    return re.compile(plain), re.compile(grouped)


_PATTERNS = {".": _patterns(".", ","), ",": _patterns(",", ".")}

_AS_PYTHON = {
    mark: str.maketrans({**dict.fromkeys(".,'’ €$£¥%‰", ""), mark: "."}) | MINUS for mark in MARKS
}
"""How a number becomes what Python writes, by the decimal mark."""

_FORM = str.maketrans("12345678", "99999999")
"""Digits that make no difference to what is a number, and how it is written."""


@dataclass(frozen=True)
class Numeral:
    """A text that is a number.

    Attributes
    ----------
    written : dict of str to str
        The number as Python writes it, by the decimal mark, for each with which the text is one:
        ``1.5`` with a point alone, ``1.200`` with a point (1.200) and with a comma (1200), ``7``
        with both.
    text : str
        The sign, digits and marks as they stand there.
    unit : str
        A percent or currency sign; empty if there is none.
    """

    written: dict[str, str]
    text: str
    unit: str

    @property
    def meant(self) -> dict[str, float]:
        """The numbers themselves, by the decimal mark."""
        return {mark: float(number) for mark, number in self.written.items()}

    @property
    def doubtful(self) -> bool:
        """Whether it may be two numbers."""
        return len(self.written) == 2 and self.written["."] != self.written[","]

    def exact(self, mark: str) -> Decimal:
        """The number to its last digit, which may be more than a float holds."""
        return Decimal(self.written[mark])


def numeral(cell: str) -> Numeral | None:
    """What number a text means; None if it is none that can be computed with.

    Dates, times, hexadecimal numbers, ``inf``, ``1D5``, ``5-`` and ``(5)`` are none. Thousands are
    grouped by threes all along, and not after a zero, or it is none: ``0.125`` has decimals.
    """
    if len(cell) > _LONGEST:
        return None
    cell = cell.strip()
    if _SIGNS.fullmatch(cell) is None:
        return None
    simple = _SIMPLE.fullmatch(cell) if len(cell) < _LONG else None
    if simple is not None and (simple[1] or simple[2]):
        return Numeral(_simply_written(cell, *simple.groups()), cell, "")
    found = _SHAPE.fullmatch(cell if cell.isascii() else cell.translate(MINUS))
    if found is None or (found["before"] and found["after"]):
        return None
    digits, exponent = found["digits"], found["exponent"] or ""
    written = {}
    for mark, (plain, grouped) in _PATTERNS.items():
        if plain.fullmatch(digits) or (grouped.fullmatch(digits) and not exponent):
            kept = digits.translate(_AS_PYTHON[mark])
            value = float(found["sign"] + kept + exponent)
            # What is too small to be held would silently be 0.
            if abs(value) < LARGEST and (value != 0 or not kept.strip("0.")):
                written[mark] = found["sign"] + kept + exponent
    unit = found["before"] or found["after"]
    return Numeral(written, found["sign"] + digits + exponent, unit) if written else None


def _simply_written(cell: str, whole: str, decimals: str | None) -> dict[str, str]:
    """As `Numeral.written` for digits with a point at most."""
    if decimals is None:
        return {".": cell, ",": cell}
    if len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        return {".": cell, ",": cell.replace(".", "")}
    return {".": cell}


@dataclass(frozen=True)
class Alike:
    """Numbers that are written alike: with the same marks and unit, as 3.25 and 6.71 are.

    Attributes
    ----------
    form : Numeral
        One that stands for all of them: it is in doubt, or 0, if they are.
    cells : list of str
        As they stand there.
    """

    form: Numeral
    cells: list[str]

    def numbers(self, mark: str) -> list[float]:
        """What they are with a decimal mark with which they are numbers."""
        return [*map(float, "\n".join(self.cells).translate(_AS_PYTHON[mark]).split("\n"))]


def numerals(cells: Collection[str]) -> list[Alike]:
    """Those of different cells, each of one line, that are numbers: far faster than one by one."""
    forms: dict[str, list[str]] = {}
    if cells:
        for cell, form in zip(cells, "\n".join(cells).translate(_FORM).split("\n"), strict=True):
            forms.setdefault(form, []).append(cell)
    found: list[Alike] = []
    for form, alike in forms.items():
        if one := numeral(form):
            found.append(Alike(one, alike))
        elif len(form) >= _LONG or "e" in form or "E" in form:  # a smaller one may be held
            found += [Alike(one, [cell]) for cell in alike if (one := numeral(cell))]
    return found


def is_number(cell: str) -> bool:
    """Whether a text is a number, with a decimal point or with a decimal comma."""
    return numeral(cell) is not None


def any_number(rows: Iterable[Sequence[str]]) -> bool:
    """Whether any cell of these rows is a number; equal cells are looked at once."""
    words: set[str] = set()
    for row in rows:
        new = set(row).difference(words)
        if any(map(is_number, new)):
            return True
        words |= new
    return False
