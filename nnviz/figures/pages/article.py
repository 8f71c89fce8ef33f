"""The pictures that stand in the article of the Learn page: few, and none that opens something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nnviz.approximation.course import longest, output_course
from nnviz.figures.curves import learning_curves
from nnviz.figures.decision import decision_map
from nnviz.figures.frames import frames_of
from nnviz.figures.leak import leak
from nnviz.figures.losses import losses
from nnviz.figures.metrics import last_of_axis, metrics_of
from nnviz.figures.over_epochs import on_ribbon
from nnviz.figures.picture import Picture
from nnviz.figures.term_and_angle import term_and_angle
from nnviz.runs.recording import Recording


def learning(run: Recording) -> list[Picture]:
    """A run on data in the plane: what it has learnt, and how well."""
    return _plain(decision_map(frames_of(run)), learning_curves(run, metrics_of(run)))


def term(run: Recording) -> list[Picture]:
    """E shrinks along a run, and what of the gradient it is a part of."""
    return _plain(term_and_angle(metrics_of(run)))


def leaking(runs: Mapping[str, Recording]) -> list[Picture]:
    """What leaks without E, and what becomes of the run, beside the runs by the other rules."""
    outputs = {rule: output_course(run) for rule, run in runs.items()}
    end = last_of_axis(longest(runs))
    return _plain(leak(runs, outputs, end), losses(runs, end))


def _plain(*pictures: Picture) -> list[Picture]:
    return [replace(on_ribbon(picture), opens="") for picture in pictures]
