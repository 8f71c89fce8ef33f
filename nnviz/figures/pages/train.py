"""The pictures of the Train page, in their places."""

from __future__ import annotations

from dataclasses import replace

from nnviz.figures.claim import claim
from nnviz.figures.confusion import confusion_matrix
from nnviz.figures.curves import learning_curves
from nnviz.figures.decision import decision_map
from nnviz.figures.diagram import network_diagram
from nnviz.figures.frames import Frames, frames_of
from nnviz.figures.hidden import hidden_activations
from nnviz.figures.images import images_with_answers
from nnviz.figures.metrics import Metrics
from nnviz.figures.picture import Picture
from nnviz.figures.weights import first_layer, second_layer
from nnviz.runs.recording import Recording


def train_pictures(run: Recording, metrics: Metrics) -> list[Picture]:
    """Make every picture of a run: the two large ones, then the small ones."""
    frames = frames_of(run)
    main, *others = _of_the_data(frames)
    small = [
        learning_curves(run, metrics),
        first_layer(frames),
        second_layer(frames),
        hidden_activations(frames),
        network_diagram(frames),
        *others,
    ]
    return [
        replace(main, place="map"),
        claim(frames, metrics),
        *(replace(picture, place="small") for picture in small),
    ]


def _of_the_data(frames: Frames) -> list[Picture]:
    """What the network makes of the data: the most telling picture first."""
    data = frames.run.dataset
    if len(data.feature_names) == 2:
        return [decision_map(frames)]
    if data.image_shape is not None:
        return [images_with_answers(frames), confusion_matrix(frames)]
    return [confusion_matrix(frames)]
