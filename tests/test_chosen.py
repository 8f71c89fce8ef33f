"""The chosen sample: what is sent of it, and where its number stands."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_page import visit

from nnviz.data.datasets import load_dataset
from nnviz.paper.network import forward
from nnviz.player.messages.sample import MOST_INPUTS, chosen_message
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.ui.state import CHOSEN_SAMPLE

RUN = train(Config(epochs=60), load_dataset("spiral"))


def test_probabilities_are_those_of_the_core_to_the_last_bit() -> None:
    told = json.loads(json.dumps(chosen_message(RUN, "run", 41)))
    assert told["run"] == "run"
    assert told["number"] == 42
    assert told["epochs"] == [keyframe.epoch for keyframe in RUN.keyframes]
    for keyframe, A2 in zip(RUN.keyframes, told["A2"], strict=True):
        wanted = forward(keyframe.parameters, RUN.dataset.X[:, 41:42]).A2[:, 0]
        assert np.array_equal(A2, wanted)
    assert told["sample"]["label"] == RUN.dataset.y[41]
    assert told["inputs"] == [
        [name, x] for name, x in zip(RUN.dataset.feature_names, RUN.dataset.X[:, 41], strict=True)
    ]
    assert told["image"] is None


def test_none_and_one_too_many_are_said() -> None:
    assert chosen_message(RUN, "run", None) == {"run": "run", "number": 0}
    assert chosen_message(RUN, "run", RUN.dataset.y.size - 1)["A2"]
    told = chosen_message(RUN, "run", RUN.dataset.y.size)
    assert told["number"] == RUN.dataset.y.size + 1
    assert "225 training samples here, and no sample 226" in told["wrong"]


def test_an_image_is_sent_as_bytes_and_of_many_inputs_the_first() -> None:
    digits = train(Config(epochs=1), load_dataset("digits"))
    rows, columns, grey = chosen_message(digits, "run", 3)["image"]
    data = digits.dataset
    assert (rows, columns) == data.image_shape
    low, high = data.X.min(), data.X.max()
    assert np.array(grey) / 255 * (high - low) + low == pytest.approx(data.X[:, 3], abs=0.02)
    cancer = train(Config(epochs=1), load_dataset("breast_cancer"))
    told = chosen_message(cancer, "run", 3)
    assert len(told["inputs"]) == 30 <= MOST_INPUTS
    assert told["left_out"] == 0


def test_the_address_chooses_and_a_wrong_one_is_answered_in_words() -> None:
    page = visit(epochs="50", sample="41")
    assert not page.exception
    assert page.session_state[CHOSEN_SAMPLE] == page.session_state["sample"] == 41
    assert page.query_params["sample"] == "41"
    page = visit(epochs="50", sample="-1")
    assert "sample must be" in page.sidebar.warning[0].value
    assert CHOSEN_SAMPLE not in page.session_state
    page = visit(epochs="50")
    assert CHOSEN_SAMPLE not in page.session_state
    assert "sample" not in page.query_params
    # Another data set keeps the choice, and another run, too.
    page = visit(epochs="50", sample="41")
    page.sidebar.selectbox(key="dataset").set_value("moons").run()
    assert page.session_state[CHOSEN_SAMPLE] == 41
    assert page.query_params["sample"] == "41"
