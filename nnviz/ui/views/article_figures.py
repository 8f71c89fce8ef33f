"""The figures in the article of the Learn page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from nnviz.approximation.holding import Criterion
from nnviz.by_hand.worth import busiest_epoch
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.paper.network import forward
from nnviz.player.messages.article import leak_figure, learning_figure, term_figure
from nnviz.player.messages.sample import sample_message
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec
from nnviz.ui.component import figure, lab
from nnviz.ui.controls.translation import default_spec
from nnviz.ui.presets import PRESETS
from nnviz.ui.shared.approximation import ApproximationView
from nnviz.ui.shared.runs import RUNS
from nnviz.ui.shared.turns import TURNS
from nnviz.ui.state import FIGURE_LEAK, FIGURE_LEARNING, FIGURE_SAMPLE, FIGURE_TERM

SECONDS = 20.0
"""To train a figure's run at most; each takes a fraction of one."""

SAMPLE = 4
"""The sample whose triangle is shown, from 0: that of the presets on the Step page."""


def draw_figure(name: str) -> None:
    """Draw one of `FIGURES`."""
    with st.container(key=f"figure-{name}"):
        FIGURES[name]()


def _learning() -> None:
    spec = default_spec()
    figure(_packed(spec, FIGURE_LEARNING, learning_figure), key=FIGURE_LEARNING, epoch=8)


def _term() -> None:
    spec = default_spec()
    figure(_packed(spec, FIGURE_TERM, term_figure), key=FIGURE_TERM, epoch=1000)


def _leak() -> None:
    preset = PRESETS["leak"]
    view = ApproximationView(preset.spec, preset.step_length, Criterion())
    of_rules = [view.of_rule(rule) for rule in GRADIENT_RULES]
    runs = dict(zip(GRADIENT_RULES, RUNS.recordings(of_rules, SECONDS), strict=True))
    pack = _in_turn(partial(leak_figure, runs, preset.spec.run_id))
    reached = tuple(run.last_epoch for run in runs.values())
    packed = RUNS.beside(preset.spec, FIGURE_LEAK, reached, pack)
    figure(packed, key=FIGURE_LEAK, epoch=preset.epoch)


def _sample() -> None:
    spec = default_spec()
    run = RUNS.recording(spec, SECONDS)
    data, epoch = run.dataset, busiest_epoch(run)
    parameters = next(k.parameters for k in run.keyframes if k.epoch == epoch)
    A2 = forward(parameters, data.X[:, SAMPLE : SAMPLE + 1]).A2[:, 0]
    sample_id = f"{spec.run_id} {epoch} {SAMPLE}"
    sample = sample_message(A2, data.y[SAMPLE], data.class_names, sample_id)
    lab(sample, key=FIGURE_SAMPLE)


def _packed(spec: RunSpec, name: str, pack: Callable[[Recording, str], bytes]) -> bytes:
    """A figure of one run, packed once for all visitors."""
    run = RUNS.recording(spec, SECONDS)
    return RUNS.beside(spec, name, run.last_epoch, _in_turn(partial(pack, run, spec.run_id)))


def _in_turn(pack: Callable[[], bytes]) -> Callable[[], bytes]:
    def packed() -> bytes:
        with TURNS.turn():
            return pack()

    return packed


FIGURES: dict[str, Callable[[], None]] = {
    "learning": _learning,
    "sample": _sample,
    "term": _term,
    "leak": _leak,
}
"""What the article's file has as ``[[name]]``, but for the tour."""
