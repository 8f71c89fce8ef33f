"""Addresses that a visitor may come by: valid, nearly valid, and hostile."""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import quote, urlencode

from nnviz.checks import value_text
from nnviz.ui.address import LINKS
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.varied import VARIED
from nnviz.ui.presets import LINKED

PAGES = ("", "approximation", "step", "explore", "compare", "data", "learn")

WRONG = (
    "", " ", "0", "-0", "-1", "+7", "1e2", "1e400", "-1e-400", "1_0", "20.7", "0x10", "nan", "inf",
    "-inf", "infinity", "none", "None", "null", "true", "١٢", "²", "½", "3\N{NO-BREAK SPACE}",
    "9" * 40, "9" * 5_000, "0." + "3" * 60, "\0", "3\0", "\n", "3\n", "a;b", "%", "%zz", "<a>",
    "https://a.example.invalid", "www.example.invalid", "me@a.example.invalid", ":smile:", "🦜",
    "e\u0301", "\ud7ff\ufffd", "spiral", "own", "digits", "edited", "chosen", "../..", "{}", "$x$",
)  # fmt: skip
"""What hardly any control may be."""

KEYS = (
    "", " ", "x", "Seed", "seed ", "embed", "embed_options", "preset[]", "__class__", "$$ID-0-seed",
    "own_data", "train", "at\0", "www.example.invalid", "me@a.example.invalid", "🦜", "a" * 300,
)  # fmt: skip

BROKEN = ("%", "%z", "%00", "%ff%fe", "%ed%a0%80", "&&&", "=", "==&=", "?", "#", ";", "seed", "+")
"""What is no pair of a name and a value; bytes that are no UTF-8."""


def right(rng: random.Random, key: str) -> str:
    """Something that a control may be."""
    control = {**CONTROLS, **LINKS}[key]
    if control.options is not None:
        return value_text(rng.choice(list(control.options)))
    if key in ("epoch", "at"):
        return f"{rng.randrange(200)}"
    if key in ("sample", "feature"):
        return f"{rng.choice((0, 1, 2, 7, 50, 100_000))}"
    steps = round((control.high - control.low) / control.step)
    value = control.low + rng.randrange(steps + 1) * control.step
    return value_text(round(value, 9))


def pairs(rng: random.Random, count: int, wrong: float) -> list[tuple[str, str]]:
    """Names and values, a share of them wrong."""
    found = []
    for _ in range(count):
        key = rng.choice(KEYS) if rng.random() < wrong / 3 else rng.choice([*CONTROLS, *LINKS])
        known = key in CONTROLS or key in LINKS
        bad = not known or rng.random() < wrong
        found.append((key, rng.choice(WRONG) if bad else right(rng, key)))
    return found


def valid(rng: random.Random) -> str:
    """Settings, each once and allowed."""
    return urlencode(dict(pairs(rng, rng.randrange(1, 9), wrong=0)))


def nearly(rng: random.Random) -> str:
    """Settings, one or the other of which is wrong, or is there twice."""
    told = pairs(rng, rng.randrange(1, 9), wrong=0.3)
    if rng.random() < 0.3:
        told += told[: rng.randrange(1, 4)]
    return urlencode(told)


def preset(rng: random.Random) -> str:
    """A preset, and what is said beside it."""
    told = [("preset", rng.choice([*LINKED, *LINKED, "nonsense"]))]
    told += pairs(rng, rng.randrange(4), wrong=0.2)
    rng.shuffle(told)
    return urlencode(told)


def grid(rng: random.Random) -> str:
    """A grid of the Explore page, with values that are its own or another's."""
    told = [(axis, rng.choice(list(VARIED))) for axis in ("across", "down", "third")]
    for varied in rng.sample(list(VARIED.values()), rng.randrange(4)):
        chosen = rng.sample(varied.values, rng.randrange(len(varied.values) + 1))
        told += [(varied.key, value_text(value)) for value in chosen] or [(varied.key, "")]
        if rng.random() < 0.2:
            told.append((varied.key, rng.choice(WRONG)))
    told += pairs(rng, rng.randrange(3), wrong=0.1)
    return urlencode(told)


def link(rng: random.Random) -> str:
    """What only a link says, where it has been followed, or has nothing to open."""
    told = rng.sample(["open=chosen", "start=edited", "present=1", "epoch=5", "epoch=0"], 2)
    return "&".join([*told, valid(rng)][: rng.randrange(1, 4)])


def broken(rng: random.Random) -> str:
    """What cannot be read as names and values, or only in part."""
    parts = [rng.choice(BROKEN) for _ in range(rng.randrange(1, 4))]
    parts += [f"{rng.choice(list(CONTROLS))}={rng.choice(BROKEN)}"]
    rng.shuffle(parts)
    return "&".join([*parts, valid(rng)])


def large(rng: random.Random) -> str:
    """Thousands of parameters, or a value of 100 kB."""
    key = rng.choice([*CONTROLS, "preset", "x"])
    return rng.choice(
        (
            lambda: "&".join(f"x{n}=1" for n in range(rng.choice((90, 1_100, 5_000)))),
            lambda: "&".join([f"{key}=1"] * rng.choice((50, 950, 20_000))),
            lambda: f"{key}={quote(rng.choice(WRONG)) * 3_000}"[:100_000],
            lambda: f"{'k' * 100_000}=1",
        )
    )()


KINDS: tuple[tuple[int, Callable[[random.Random], str]], ...] = (
    (4, valid),
    (8, nearly),
    (4, preset),
    (4, grid),
    (2, link),
    (3, broken),
    (1, large),
)
"""How often, and what."""


def address(rng: random.Random) -> str:
    """An address below the app's: a page, and what is asked of it."""
    (kind,) = rng.choices([kind for _, kind in KINDS], [often for often, _ in KINDS])
    page = "explore" if kind is grid and rng.random() < 0.8 else rng.choice(PAGES)
    return f"{page}?{kind(rng)}"
