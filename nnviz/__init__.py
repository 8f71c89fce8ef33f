"""nnviz: watch one network learn, and see what the usual softmax approximation leaves out.

The core needs NumPy alone (and scikit-learn for the real data sets)::

    from nnviz import Config, load_dataset, train

    run = train(Config(hidden_units=16, learning_rate=0.5), load_dataset("spiral"))
    print(run.loss[-1], run.error_term_rms[-1])
"""

__version__ = "0.1.0"

from nnviz.checks import SettingError
from nnviz.data.datasets import DATASETS, Dataset, DatasetError, load_dataset
from nnviz.paper.error_term import error_term, error_term_bounds
from nnviz.paper.gradients import GRADIENT_RULES, Gradients, descend, gradients, output_gradient
from nnviz.paper.network import (
    Activations,
    Parameters,
    accuracy,
    cross_entropy,
    forward,
    initialize,
    loss,
)
from nnviz.runs.config import Config
from nnviz.runs.recording import Keyframe, Recorder, Recording, parameters_at, train
from nnviz.runs.spec import RunSpec
from nnviz.runs.storage import RecordingFileError, load_recording, save_recording
from nnviz.runs.training import Trainer

__all__ = [
    "DATASETS",
    "GRADIENT_RULES",
    "Activations",
    "Config",
    "Dataset",
    "DatasetError",
    "Gradients",
    "Keyframe",
    "Parameters",
    "Recorder",
    "Recording",
    "RecordingFileError",
    "RunSpec",
    "SettingError",
    "Trainer",
    "accuracy",
    "cross_entropy",
    "descend",
    "error_term",
    "error_term_bounds",
    "forward",
    "gradients",
    "initialize",
    "load_dataset",
    "load_recording",
    "loss",
    "output_gradient",
    "parameters_at",
    "save_recording",
    "train",
]
