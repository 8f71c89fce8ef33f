"""What the player shows as one HTML file, which needs no server and no network."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import numpy as np

from nnviz.approximation.holding import Criterion
from nnviz.checks import value_text
from nnviz.figures.pages.explore import explore_pictures
from nnviz.figures.run_grid import OUTCOMES, RunGrid
from nnviz.figures.tiles import Tiles
from nnviz.paper.gradients import RULE_NAMES
from nnviz.player.assets import PLOTLY_JS, STATIC, styles
from nnviz.player.measuring import Measuring, Turn, at_once
from nnviz.player.messages.still import still_message
from nnviz.player.messages.train import train_message
from nnviz.player.messages.wall import Shown, wall_message
from nnviz.player.wire import with_head
from nnviz.runs.recording import Recording

_IMPORT = re.compile(r'(?m)^import (\{[^}]*\}) from "\./([\w.]+)";')

_COLOURS = """
:root { --st-text-color: #31333f; --st-background-color: #ffffff;
  --st-secondary-background-color: #f3f4f1; --st-primary-color: #c83349;
  --st-blue-background-color: #ebf4ff; --st-blue-text-color: #0e4aa8;
  --st-red-background-color: #ffecec; --st-red-text-color: #a3182b;
  --st-font: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --st-text-color: #fafafa;
  --st-background-color: #161616; --st-secondary-background-color: #26272a;
  --st-blue-background-color: #172b45; --st-blue-text-color: #9cc7ff;
  --st-red-background-color: #45171d; --st-red-text-color: #ffb3bb; } }
body { background: var(--st-background-color); color: var(--st-text-color);
  font-family: var(--st-font); margin: 1rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.2rem; margin-bottom: 0.3rem; }
h1 + p { font-size: 0.85rem; margin: 0 0 0.6rem; opacity: 0.75; }
h1 + p:empty { display: none; }
"""

DEFAULT = Criterion()

ANY_TIME = 60.0
"""Seconds to measure a run's progress: more than it ever takes."""

_OPENING = (
    "Opening … If this message stays, the file is incomplete, or the browser blocks its script."
)

_START = """
const { failure, Player, unpack, unpackHead, unpackMessage } =
  Object.assign({}, ...Object.values(modules));
const bytesOf = (name) =>
  Uint8Array.from(atob(document.getElementById(name).textContent), (one) => one.charCodeAt(0));
const place = document.getElementById("player");
try {
  const none = () => undefined;
  const host = { epoch: none, more: none, stop: none, resume: null, point: null, check: null,
    threshold: none, intro: false };
  const player = new Player(place, window.Plotly, host);
  const bytes = bytesOf("run");
  const measured = bytesOf("progress");
  player.receive(unpackMessage(bytes), unpackHead(bytes));
  if (measured.length) player.receiveProgress(unpack(measured));
} catch (error) {
  place.classList.add("nnviz");
  place.replaceChildren(failure(`The file is incomplete: ${error}`, () => location.reload()));
}
"""


def offline_run(run: Recording, criterion: Criterion = DEFAULT, turn: Turn = at_once) -> str:
    """Make a page of a run, a growing one as far as it has come.

    Parameters
    ----------
    run : Recording
        The run.
    criterion : Criterion
        When an approximation holds.
    turn : callable
        What is computed within, where computing takes turns.
    """
    config = run.config
    if run.status == "running":
        run = replace(run, status="stopped")
    title = (
        f"nnviz: {run.dataset.name}, {config.hidden_units} hidden units, "
        f"{RULE_NAMES[config.gradient]}, learning rate {config.learning_rate:g}, seed {config.seed}"
    )
    data = run.dataset
    samples = f"{data.y.size:,} training and {data.y_test.size:,} test samples"
    about = f"{samples}; {_in_words(asdict(config))}"
    measuring = Measuring(run)
    measuring.go_on(run, ANY_TIME, turn)
    with turn():
        packed = train_message(run, "offline")
    return offline_page(title, packed, about, measuring.packed("offline", True), criterion)


def offline_sweep(
    grid: RunGrid,
    wall: tuple[Tiles, Shown] | None = None,
    criterion: Criterion = DEFAULT,
) -> str:
    """A sweep as a page: the wall, every outcome that there is over the grid, and the runs.

    Parameters
    ----------
    grid : RunGrid
        The runs.
    wall : (mapping of int to Tile, Shown) or None
        Of the wall, if there is to be one.
    criterion : Criterion
        When an approximation holds.
    """
    over = " and ".join(name for name in grid.names if name)
    first = grid.specs[0]
    title = f"nnviz: {first.dataset} over {over}, {len(grid.outcomes)} runs of {len(grid.specs)}"
    everything = list(grid.outcomes)
    shown = [one for one in OUTCOMES if np.isfinite(grid.found(one, everything)).any()]
    pictures = explore_pictures(grid, shown or list(OUTCOMES)[:1])
    said = [{**dict(spec.options), **asdict(spec.config)} for spec in grid.specs]
    same = {
        name: value
        for name, value in said[0].items()
        if all(other[name] == value for other in said)
    }
    packed = still_message(pictures, "offline", "offline")
    if wall is not None:
        packed = wall_message(grid, *wall, "offline", "offline", pictures)
    return offline_page(title, packed, _in_words(same), criterion=criterion)


def _in_words(settings: Mapping[str, Any]) -> str:
    said = {name.replace("_", " "): v for name, v in settings.items() if v is not None}
    return ", ".join(f"{name} {value_text(value)}" for name, value in said.items())


def offline_page(
    title: str,
    packed: bytes,
    about: str = "",
    progress: bytes = b"",
    criterion: Criterion = DEFAULT,
) -> str:
    """Pack a message, the player and Plotly.js into one page.

    Parameters
    ----------
    title : str
        Text, whatever is in it.
    packed : bytes
        From one of `nnviz.player.messages`.
    about : str
        Text below the title.
    progress : bytes
        What is measured of a run's progress, if it is one.
    criterion : Criterion
        When an approximation holds.
    """
    title, about = html.escape(title), html.escape(about)
    sent, measured = (
        base64.b64encode(part).decode() for part in (with_head(packed, criterion), progress)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_COLOURS}{styles()}</style>\n</head>\n<body>\n"
        f'<h1>{title}</h1>\n<p>{about}</p>\n<div id="player"><p>{_OPENING}</p></div>\n'
        f'<script type="text/plain" id="run">{sent}</script>\n'
        f'<script type="text/plain" id="progress">{measured}</script>\n'
        f"<script>{_inline(PLOTLY_JS.read_text(encoding='utf-8'))}</script>\n"
        f'<script type="module">{_inline(_player())}{_START}</script>\n</body>\n</html>\n'
    )


@cache
def _player() -> str:
    """The player's modules in one script, each with its names to itself."""
    modules = dict.fromkeys(_needed("player.js"))  # each once
    return "const modules = {};\n" + "".join(map(_module, modules))


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _needed(name: str) -> Iterator[str]:
    """Names of a module and all that it imports, each after those that it imports itself."""
    for _, other in _IMPORT.findall(_text(name)):
        yield from _needed(other)
    yield name


def _module(name: str) -> str:
    """A module as a block that takes what it imports from `modules`, and puts its exports there."""
    text = _IMPORT.sub(r'const \1 = modules["\2"];', _text(name))
    names = re.findall(r"(?m)^export (?:async )?(?:class|const|function) (\w+)", text)
    text = re.sub(r"(?m)^export ", "", text)
    return f'{{\n{text}modules["{name}"] = {{ {", ".join(names)} }};\n}}\n'


def _inline(script: str) -> str:
    """A script that does not end the element that it stands in."""
    return script.replace("</script", "<\\/script")
