"""The Train page as it would be without a player: six `st.plotly_chart`, and a slider in Python."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from nnviz.config import Config
from nnviz.datasets import load_dataset
from nnviz.figures.metrics import metrics_of
from nnviz.figures.train_page import train_pictures
from nnviz.recording import Recording, train

SHOWN = 6


@st.cache_resource
def recorded(rate: float) -> Recording:
    """The default run, trained once for each learning rate."""
    return train(Config(learning_rate=rate), load_dataset("spiral"))


rate = st.select_slider("Learning rate", [n / 100 for n in range(10, 100)], value=0.5)
run = recorded(rate)
at = st.slider("Epoch", 0, run.last_epoch, run.last_epoch)
kept = tuple(keyframe for keyframe in run.keyframes if keyframe.epoch <= at)
shown = replace(run, keyframes=kept)
columns = st.columns(3)
for number, picture in enumerate(train_pictures(shown, metrics_of(run))[:SHOWN]):
    figure = go.Figure(picture.figure).update_layout(height=260)
    columns[number % 3].plotly_chart(figure, key=picture.name)
