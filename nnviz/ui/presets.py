"""Presets: runs, and epochs in them, that show what is true of the approximation.

What each text says is computed anew, from the run that it opens, in ``tests/test_presets.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.ui.controls import default_values, settings_of
from nnviz.ui.runs import Settings
from nnviz.worked import STAGES


@dataclass(frozen=True)
class Preset:
    """A link to a page, a run and an epoch, and what is to be seen there.

    Attributes
    ----------
    title : str
    text : str
        Two or three sentences, in Markdown.
    values : mapping
        Of the controls that are not at their defaults, by their keys.
    epoch : int
    first : tuple of str
        Names of the pictures that show it.
    page : str
        Its name in the address.
    """

    title: str
    text: str
    values: Mapping[str, Any]
    epoch: int
    first: tuple[str, ...] = ()
    page: str = "approximation"

    @property
    def settings(self) -> Settings:
        """The run."""
        return settings_of(self._all_values)

    @property
    def step_length(self) -> str:
        """As the control says it."""
        return str(self._all_values["step_length"])

    @property
    def _all_values(self) -> dict[str, Any]:
        return {**default_values(), **self.values}


PRESETS: dict[str, Preset] = {
    "bounds": Preset(
        "1 · E is bounded",
        "With three classes E stays between −1/6 and 1, whatever the weights. These start ten "
        "times as large as usual: at epoch 0 the network is certain and mostly wrong, the "
        "largest E is 1.00 and the mean |E| is 0.66. On their way to the true class the "
        "samples come close to the smallest value.",
        {"init_scale": 10.0},
        0,
        ("triangle", "worst", "distance"),
    ),
    "zero": Preset(
        "2 · E = 0 does not mean trained",
        "With weights near zero every output is uniform, and there E vanishes too: at epoch 0 "
        "the mean |E| is 0.0012, with an accuracy of 33 %. In the triangle all samples start "
        "on the line E = 0, in the middle.",
        {"init_scale": 0.01},
        0,
        ("triangle", "density", "losses"),
    ),
    "mean": Preset(
        "2 · A mean of 0 hides E of both signs",
        "At epoch 31 of this run the mean of E is 0.0011, and its root mean square is 0.19: the "
        "positive ones, of samples not yet learnt, cancel the negative ones of the others. "
        "Judged by its mean, the error term would be gone.",
        {"init_scale": 2.0, "gradient": "exact"},
        31,
        ("density", "worst", "distance"),
    ),
    "relative": Preset(
        "3 · E vanishes, the relative error does not",
        "The neglected term A·E does vanish: its root mean square falls from 0.11 to 0.0067. "
        "But what (14) leaves of the gradient falls faster: the neglected term is 0.42 times "
        "as large at the start and 5.2 times at the end, where the gradient by (15) is off by "
        "26 times the exact one.",
        {"dataset": "blobs", "gradient": "exact", "learning_rate": 1.0, "epochs": 5000},
        5000,
        ("lengths", "errors", "distance", "density"),
    ),
    "leak": Preset(
        "4 · (15) leaks, and collapses",
        "By (14) and (16) ∂L/∂Z² sums to zero over the classes of a sample; by (15) it sums "
        "to E, and pushes all logits together, which softmax cannot see. Here (15) learns "
        "more than 90 % and then collapses to chance. So it does with 20 of 20 weights seeds "
        "within 5,000 epochs, 19 of them after more than 90 %; (14) and (16) with none.",
        {
            "dataset": "xor",
            "gradient": "drop_error_term",
            "learning_rate": 1.0,
            "seed": 3,
            "epochs": 2000,
        },
        700,
        ("leak", "losses", "angles"),
    ),
    "another-loss": Preset(
        "5 · (16) descends another loss",
        "(16) is the exact gradient of the cross-entropy, which its run lowers from keyframe "
        "to keyframe, from 4.78 to 0.18. (14) lowers the loss (11) at every epoch, and the "
        "cross-entropy rises meanwhile between 60 keyframes. (16) works at 93° to (14), and "
        "with a mean |E| of 0.32 on that run: not because E is small.",
        {
            "dataset": "circles",
            "gradient": "exact",
            "learning_rate": 0.1,
            "init_scale": 3.0,
            "seed": 1,
            "epochs": 500,
        },
        500,
        ("entropy", "angles", "distance"),
    ),
    "two-classes": Preset(
        "6 · Two classes: every sample is parallel",
        "For two classes (14) is 2·A₁A₂ times (16), for every sample: the angle of each is "
        "0°. The gradients of the whole network are 76° apart at the end all the same, since "
        "(16) weighs the samples differently.",
        {"dataset": "moons", "classes": 2, "gradient": "exact"},
        1000,
        ("samples", "interval", "angles"),
    ),
    "three-classes": Preset(
        "6 · Three: parallel again, late, but not together",
        "With three classes the directions differ at first (the median sample by 5.8°), and "
        "turn parallel as the samples are learnt (below 0.1°). The gradients of the whole "
        "network do not: they are 75° apart at the end, and (16) is 21 times as long.",
        {"noise": 0.1, "learning_rate": 1.0, "hidden_units": 32, "epochs": 5000},
        5000,
        ("samples", "angles", "lengths"),
    ),
    "certain": Preset(
        "7 · Certain and wrong: (14) stalls",
        "Weights ten times the usual make the network certain and wrong, where (14) all but "
        "vanishes: (16) is 81 times as long at epoch 0. After 1,000 epochs (14) is at 33 %, "
        "(16) at 100 %. With 20 weights seeds (14) comes to more than 90 % in 2, (16) in 20.",
        {"dataset": "blobs", "init_scale": 10.0, "learning_rate": 0.1},
        0,
        ("losses", "worst", "triangle"),
    ),
    "certain-matched": Preset(
        "7 · The same, with steps as short as (14)'s",
        "Every step is now only as long as the one (14) would take from the same weights, so "
        "that directions are compared. (16) still comes to 100 % here, and to more than 90 % "
        "with 14 of 20 weights seeds; the other 6 stall for want of length.",
        {"dataset": "blobs", "init_scale": 10.0, "learning_rate": 0.1, "step_length": "matched"},
        1000,
        ("losses", "lengths", "distance"),
    ),
    "step-length": Preset(
        "8 · At one α, (16) takes longer steps",
        "At one α, (16) starts with steps 3.6 times as long as those of (14), and ends at a "
        "loss of 0.052 beside 0.120. Is that a better direction, or only a longer way?",
        {"learning_rate": 0.1},
        1000,
        ("lengths", "losses", "angles"),
    ),
    "step-length-matched": Preset(
        "8 · At matched step length",
        "With steps as long as (14)'s, (16) ends at a loss of 0.097 beside 0.120; it was "
        "0.052 at one α. With 20 weights seeds between 65 and 92 % of its advantage goes: "
        "most of it was the length of the steps.",
        {"learning_rate": 0.1, "step_length": "matched"},
        1000,
        ("losses", "lengths", "angles"),
    ),
}


PLACES: dict[str, Preset] = {
    "untrained": Preset("Train, before the first epoch", "", {}, 0, page="train"),
    "trained": Preset("Train, after the last epoch", "", {}, 1000, page="train"),
    **{
        stage.replace(" ", "-"): Preset(
            f"Step, {stage}", "", {"stage": stage, "at": 100, "sample": 4}, 100, page="step"
        )
        for stage in STAGES
    },
}
"""Links to the other pages, which the Learn page gives."""

LINKED = {**PRESETS, **PLACES}
"""All that an address can name."""


def preset_of(settings: Settings, step_length: str) -> str | None:
    """Name of the preset that opens these settings, if one does."""
    wanted = (settings, step_length)
    return next((n for n, p in PRESETS.items() if (p.settings, p.step_length) == wanted), None)
