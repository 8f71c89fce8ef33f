"""The player as a Streamlit component."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnviz.approximation.holding import Criterion
from nnviz.player.assets import chosen_courier, courier, lab_loader, lab_styles, loader, styles
from nnviz.player.wire import with_head
from nnviz.ui.controls.catalogue import CONTROLS
from nnviz.ui.controls.standing import criterion
from nnviz.ui.reported import Report, reported
from nnviz.ui.shown_epoch import settle, start
from nnviz.ui.state import PRESENTING, STOPPED

_component = st.components.v2.component(
    "nnviz_player",
    html="<div data-nnviz></div>",
    css=styles(),
    js=loader(),
    isolate_styles=False,  # in a shadow root Plotly's own styles would be missing
)

_courier = st.components.v2.component(
    "nnviz_progress",
    html="<div data-nnviz-progress hidden></div>",
    js=courier(),
    isolate_styles=False,  # the player looks for it
)


_chosen = st.components.v2.component(
    "nnviz_chosen",
    html="<div data-nnviz-chosen hidden></div>",
    js=chosen_courier(),
    isolate_styles=False,  # the player looks for it
)


_lab = st.components.v2.component(
    "nnviz_sample",
    html="<div data-nnviz-sample></div>",
    css=lab_styles(),
    js=lab_loader(),
    isolate_styles=False,  # as the player
)


FIRST_SLICE = 0.45
"""Seconds of training before a page is answered; a longer run grows on screen."""

MEASURED = 0.15
"""Seconds to wait for what is measured of progress at most, each time that the player asks: a move
of a control waits as long."""

SLICE = 0.5
"""Seconds of training at each later time that the player asks for more."""


def player(message: bytes, *, key: str) -> None:
    """Show a run.

    Parameters
    ----------
    message : bytes
        From `nnviz.player.messages.pictures.pack_pictures`.
    key : str
        The same in every script run, so that the player stays the same. Under it, the session
        state holds what the player told last (`nnviz.ui.reported`): the ``epoch`` settled on, the
        run of which it asks for ``more``, the one to ``stop`` or to ``resume``, the ``point`` to
        open, the ``cell`` of a matrix to look at, the ``threshold`` from which an approximation
        holds, and the epoch at which to ``check`` the gradient, or whose ``step`` to work out by
        hand.
    """
    _component(
        key=key,
        data=with_head(message, criterion(), *start(), is_presenting()),
        on_threshold_change=lambda: _move_threshold(key),
        on_check_change=lambda: None,
        on_epoch_change=lambda: _note_epoch(key),
        on_more_change=lambda: None,
        on_stop_change=lambda: _stop(key),
        on_resume_change=lambda: _resume(key),
        on_point_change=lambda: None,
        on_cell_change=lambda: None,
        on_step_change=lambda: None,
    )


def figure(message: bytes, *, key: str, epoch: int) -> None:
    """Show a figure in a text, where several may stand: it tells and asks for nothing.

    Parameters
    ----------
    message : bytes
        From `nnviz.player.messages.article`.
    key : str
        The same in every script run.
    epoch : int
        Where it opens.
    """
    _component(key=key, data=with_head(message, Criterion(), 1, epoch, is_presenting()))


def bring_progress(message: bytes, *, key: str) -> None:
    """Send the player what is measured of the run it shows, apart from the run's long message."""
    _courier(key=key, data=message)


def bring_sample(sample: dict[str, Any], *, key: str) -> None:
    """Send the player the chosen sample, at all keyframes, or that none is chosen.

    Parameters
    ----------
    sample : dict
        From `nnviz.player.messages.sample.chosen_message`.
    key : str
        The same in every script run.
    """
    _chosen(key=key, data=sample)


def lab(sample: dict[str, Any], *, key: str) -> None:
    """Show one sample, whose probabilities can be dragged.

    Parameters
    ----------
    sample : dict
        From `nnviz.player.messages.sample.sample_message`.
    key : str
        The same in every script run.
    """
    _lab(key=key, data=sample)


def is_presenting() -> bool:
    """Whether the visitor came by a link to the presenter view."""
    return PRESENTING in st.session_state


def _told(key: str, name: str) -> Report | None:
    """What the player under that key told last, if it is possible."""
    return reported(st.session_state.get(key), name)


def asked_point(run_id: str, key: str, points: int, last_epoch: int) -> tuple[int, int] | None:
    """Number and epoch of the point that the visitor wants to open, if this run has them."""
    asked = _told(key, "point")
    if asked is None or asked.run != run_id or asked.point >= points or asked.epoch > last_epoch:
        return None
    return asked.point, asked.epoch


def asked_sample(run_id: str, key: str, samples: int) -> int | None:
    """The training sample that the visitor chose just now, counted from 0; -1 for none.

    On screen, and so in what a click tells, samples are counted from 1; 0 is told when the chosen
    one is closed.
    """
    asked = _told(key, "point")
    if asked is None or asked.run != run_id or asked.point > samples:
        return None
    return asked.point - 1


def asked_cell(run_id: str, key: str) -> tuple[str, int, int] | None:
    """The cell that the visitor chose in a picture of a run: the picture's name, row, column.

    Whether there are such a picture, row and column is known where they are looked up.
    """
    asked = _told(key, "cell")
    if asked is None or asked.run.partition(" ")[0] != run_id:
        return None
    return asked.picture, asked.row, asked.column


def is_stopped(run_id: str) -> bool:
    """Whether the visitor stopped this run."""
    return bool(st.session_state.get(STOPPED) == run_id)


def asks_for_more(run_id: str, key: str) -> bool:
    """Whether the player asked for more of this run, and that is why the script runs."""
    asked = _told(key, "more")
    return asked is not None and asked.run == run_id


def asked_check(run_id: str, key: str, last_epoch: int) -> int | None:
    """The epoch at which the visitor wants the gradient checked, if this run has it."""
    return _asked_epoch("check", run_id, key, last_epoch)


def asked_step(run_id: str, key: str, last_epoch: int) -> int | None:
    """The epoch whose step the visitor wants worked out, if this run has it."""
    return _asked_epoch("step", run_id, key, last_epoch)


def _asked_epoch(name: str, run_id: str, key: str, last_epoch: int) -> int | None:
    asked = _told(key, name)
    if asked is None or asked.run != run_id or asked.epoch > last_epoch:
        return None
    return asked.epoch


def seconds_to_train(run_id: str, key: str) -> float:
    """How long to train a run in this script run: not at all if the visitor stopped it."""
    if is_stopped(run_id):
        return 0.0
    return SLICE if asks_for_more(run_id, key) else FIRST_SLICE


def _note_epoch(key: str) -> None:
    if told := _told(key, "epoch"):
        settle(told.epoch, told.end)


def _move_threshold(key: str) -> None:
    """Move the control to where the visitor dragged the line in the picture."""
    if told := _told(key, "threshold"):
        control = CONTROLS["threshold"]
        st.session_state["threshold"] = min(max(told.threshold, control.low), control.high)


def _stop(key: str) -> None:
    if told := _told(key, "stop"):
        st.session_state[STOPPED] = told.run


def _resume(key: str) -> None:
    told = _told(key, "resume")
    if told and is_stopped(told.run):
        del st.session_state[STOPPED]
