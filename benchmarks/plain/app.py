"""The same run and the same six figures, by Streamlit's own charts: what nnviz is measured against.

As one would write it with care: the run and its numbers are cached, the figures of an epoch are in
a fragment, every chart has a key. `benchmarks.interaction` starts it.
"""

from __future__ import annotations

import copy
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from nnviz.figures.frames import frames_of
from nnviz.figures.metrics import metrics_of
from nnviz.figures.moving import UNDEFINED, Update
from nnviz.figures.pages.train import train_pictures
from nnviz.figures.picture import Picture
from nnviz.runs.recording import train
from nnviz.ui.controls.translation import default_spec
from nnviz.ui.shared.runs import data_of

RATES = [round(0.5 + 0.01 * step, 2) for step in range(51)]


@st.cache_resource
def pictures(learning_rate: float) -> tuple[list[Picture], list[int]]:
    """Train, and make the pictures and the epochs of their frames."""
    default = default_spec()
    run = train(replace(default.config, learning_rate=learning_rate), data_of(default))
    return train_pictures(run, metrics_of(run))[:6], frames_of(run).epochs.tolist()


def meant(update: Update, keyframe: int) -> Any:
    """The numbers of an update at a keyframe, as the player has them."""
    codes = update.values[min(keyframe, len(update.values) - 1)]
    if update.by_choice:
        codes = codes[0]
    if update.lookup:
        return [update.lookup[code] for code in codes]
    numbers = codes * update.scale + update.offset
    return np.where(codes == UNDEFINED, np.nan, numbers) if codes.dtype == np.uint8 else numbers


def figure_at(picture: Picture, keyframe: int, epoch: int) -> go.Figure:
    """A picture's figure at a keyframe; it says the epoch to whoever measures."""
    data = copy.deepcopy(picture.figure["data"])
    for update in picture.updates:
        values = meant(update, keyframe)
        for place, trace in enumerate(update.traces):
            *path, last = update.attribute.split(".")
            target = data[trace]
            for name in path:
                target = target[name]
            target[last] = values if len(update.traces) == 1 else values[place]
    return go.Figure(data, {**picture.figure["layout"], "height": 260, "meta": epoch})


@st.fragment
def charts(learning_rate: float) -> None:
    """Draw a slider for the epoch, and the figures at it."""
    shown, epochs = pictures(learning_rate)
    epoch = st.slider("Epoch", 0, epochs[-1], epochs[-1])
    keyframe = int(np.searchsorted(epochs, epoch, side="right")) - 1
    columns = st.columns(3)
    for place, picture in enumerate(shown):
        columns[place % 3].plotly_chart(
            figure_at(picture, keyframe, epoch), key=picture.name, theme=None
        )


st.set_page_config(layout="wide")
charts(st.sidebar.select_slider("Learning rate α", RATES, 0.5))
