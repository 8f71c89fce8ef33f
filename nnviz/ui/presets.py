"""Presets: runs, and epochs in them, that show what is true of the approximation.

What each text says is computed anew, from the run that it opens, in ``tests/test_presets.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnviz.by_hand.worked import STAGES
from nnviz.runs.spec import RunSpec
from nnviz.ui.controls.catalogue import default_values
from nnviz.ui.controls.translation import spec_of


@dataclass(frozen=True)
class Preset:
    """A link to a page, a run and an epoch, and what is to be seen there.

    Attributes
    ----------
    title : str
        Starts with the number of the finding that it shows.
    text : str
        Two or three sentences, in Markdown.
    values : mapping
        Of the controls that are not at their defaults, by their keys.
    epoch : int
        Where the run opens.
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
    def spec(self) -> RunSpec:
        """The run."""
        return spec_of(self.all_values)

    @property
    def step_length(self) -> str:
        """As the control says it."""
        return str(self.all_values["step_length"])

    @property
    def all_values(self) -> dict[str, Any]:
        """Of every control."""
        return {**default_values(), **self.values}


PRESETS: dict[str, Preset] = {
    "bounds": Preset(
        "1 · E is bounded",
        "With three classes E stays between −1/6 and 1, whatever the weights. These start ten "
        "times as large as usual: at epoch 0 the network is certain and mostly wrong, the "
        "largest E is 1.00 and the mean |E| is 0.66. On the way to their class, a few samples "
        "come close to the smallest value.",
        {"init_scale": 10.0},
        0,
        ("triangle", "worst", "distance"),
    ),
    "zero": Preset(
        "2 · E = 0 does not mean trained",
        "With weights near zero every output is uniform, and there E vanishes too: at epoch 0 "
        "the mean |E| is 0.0012, with an accuracy of 33 %. In the triangle all samples start "
        "in the middle, on the line E = 0.",
        {"init_scale": 0.01},
        0,
        ("triangle", "density", "losses"),
    ),
    "mean": Preset(
        "2 · A mean of 0 hides E of both signs",
        "At epoch 31 of this run the mean of E is 0.0011, and its root mean square is 0.19: the "
        "positive ones, all of samples predicted wrong, cancel the negative ones. Judged by its "
        "mean, the error term would be gone. Nor does E < 0 mean learnt: of the 164 samples with "
        "E < 0, 12 are predicted wrong.",
        {"init_scale": 2.0, "gradient": "exact"},
        31,
        ("density", "worst", "distance"),
    ),
    "relative": Preset(
        "3 · E vanishes, but the gradient vanishes faster",
        "The neglected term A·E does vanish: its root mean square falls from 0.11 to 0.0067. "
        "But what (14) leaves of the gradient falls faster: the neglected term is 0.42 times "
        "as large at the start and 5.2 times at the end, and the gradient without E (15), at 19° "
        "to the exact one at the start, is at 63° at the end; the progress ρ of its next 50 steps "
        "falls from 1.00 to 0.45. How fast this shows depends on the data: on moons the neglected "
        "term stays the smaller one for all 5,000 epochs.",
        {"dataset": "blobs", "gradient": "exact", "learning_rate": 1.0, "epochs": 5000},
        5000,
        ("lengths", "progress", "density"),
    ),
    "leak": Preset(
        "4 · Without E (15) it leaks, and collapses",
        "By exact (14) and A − Y (16), ∂L/∂Z² sums to zero over the classes of a sample; without "
        "E (15) it sums to E: a push on all logits together, which softmax cannot see and the "
        "weights have to bear. Here (15) learns more than 90 % and then collapses to chance. So "
        "it does with 20 of 20 weight seeds within 5,000 epochs, 19 of them after more than "
        "90 %; (14), (16) and ours, without E but centred, with none.",
        {
            "dataset": "xor",
            "gradient": "drop_error_term",
            "learning_rate": 1.0,
            "seed": 3,
            "epochs": 2000,
        },
        700,
        ("leak", "losses", "progress"),
    ),
    "another-loss": Preset(
        "5 · A − Y (16) descends another loss",
        "A − Y (16) is the exact gradient of the cross-entropy, which its run lowers from "
        "keyframe to keyframe, from 4.78 to 0.18. Exact (14) lowers the loss (11) at every "
        "epoch, and the cross-entropy rises meanwhile between 60 keyframes. Training by (16) "
        "works because it is a gradient, however large E is.",
        {
            "dataset": "circles",
            "learning_rate": 0.1,
            "init_scale": 3.0,
            "seed": 1,
            "epochs": 500,
        },
        500,
        ("entropy", "losses", "distance"),
    ),
    "natural": Preset(
        "6 · A − Y (16) is the natural gradient, sample by sample",
        "A − Y (16) is exact (14) with the softmax's slope divided out: for each sample it is the "
        "natural gradient of the squared error. So it goes downhill on the squared error, too: at "
        "every keyframe of this run each sample's (16) is less than 25° away from its (14), and at "
        "least twice as long. The gradients of the whole network are 63° apart at the end.",
        {"seed": 1},
        1000,
        ("angles", "weights", "entropy"),
    ),
    "two-classes": Preset(
        "6 · Two classes: every sample is only rescaled",
        "With two classes exact (14) is 2·A₁A₂ times A − Y (16): the angle of each sample's "
        "∂L/∂Z² is 0°. The gradients of the whole network are 76° apart at the end of this run "
        "all the same, since (14) and (16) weigh the samples differently.",
        {"dataset": "moons", "classes": 2, "gradient": "exact"},
        1000,
        ("angles", "weights", "interval"),
    ),
    "weights": Preset(
        "7 · It is the weights, not the directions",
        "The network's A − Y (16) ends 73° away from exact (14); with every sample as long as by "
        "(14), 13° are left. Train this network with the directions of (14) and the lengths of "
        "(16): it has 92 % of the advantage of (16) in log loss after 1,000 epochs. The other way "
        "round it has 7 %. Over 22 runs on five data sets, the medians are 95 % and 3 %.",
        {"learning_rate": 0.3},
        1000,
        ("angles", "weights", "losses"),
    ),
    "three-classes": Preset(
        "7 · Three classes: nearly parallel, late, but not together",
        "With three classes the two directions of a sample differ at first (the median by 7.4°); "
        "at the end they agree to within 4° (the median to below 0.1°). The gradients of the "
        "whole network do not: they are 75° apart, and (16) is 21 times as long as (14). It is "
        "a matter of weight: with every sample's (16) made as short as its (14), 4.5° are left.",
        {"noise": 0.1, "learning_rate": 1.0, "hidden_units": 32, "epochs": 5000},
        5000,
        ("angles", "weights", "lengths"),
    ),
    "certain": Preset(
        "8 · Certain and wrong: exact (14) stalls",
        "Weights ten times the usual make the network certain and wrong, where exact (14) all but "
        "vanishes: A − Y (16) is 81 times as long at epoch 0. After 1,000 epochs (14) is at 33 %, "
        "(16) at 100 %. With 20 weight seeds (14) comes to more than 90 % with 2, (16) in 20.",
        {"dataset": "blobs", "init_scale": 10.0, "learning_rate": 0.1},
        0,
        ("weights", "losses", "triangle"),
    ),
    "certain-matched": Preset(
        "8 · The same, with steps as short as (14)'s",
        "Every step is now only as long as the one that exact (14) would take from the same "
        "weights, so that the network's directions are compared. A − Y (16) still comes to 100 % "
        "here, and to more than 90 % with 14 of 20 weight seeds; the other 6 do not get there "
        "in 1,000 such steps.",
        {"dataset": "blobs", "init_scale": 10.0, "learning_rate": 0.1, "step_length": "matched"},
        1000,
        ("losses", "lengths", "distance"),
    ),
    "step-length": Preset(
        "9 · At one α, A − Y (16) takes longer steps",
        "At one α, A − Y (16) starts with steps 3.6 times as long as those of exact (14), and "
        "ends at a loss of 0.052, against 0.120. Is that a better direction, or only a longer way?",
        {"learning_rate": 0.1},
        1000,
        ("lengths", "losses", "progress"),
    ),
    "step-length-matched": Preset(
        "9 · At matched step length",
        "With steps as long as those of exact (14), A − Y (16) ends at a loss of 0.097, against "
        "0.120; it was 0.052 at one α. How much of its advantage was length depends on when you "
        "look: with 20 weight seeds 65 to 92 % of it at epoch 1,000, 17 to 47 % at 2,000, and "
        "2 to 30 % at 5,000.",
        {"learning_rate": 0.1, "step_length": "matched"},
        1000,
        ("losses", "lengths", "progress"),
    ),
    "own-rate": Preset(
        "9 · Each at its own best α",
        "On moons at α = 0.5, A − Y (16) ends at a third of the loss of exact (14): 0.020, against "
        "0.061. But each rule has a best α of its own. Of the seven in this grid, (14) ends lowest "
        "with 10, at 0.0165, and (16) with 1, at 0.0174 (means of 3 weight seeds): all of the gap "
        "at one α was α itself.",
        {
            "dataset": "moons",
            "down": "gradient rule",
            "try_learning_rate": (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
            "try_gradient": ("exact", "difference"),
            "outcome": "final loss",
        },
        1000,
        page="explore",
    ),
    "progress": Preset(
        "10 · Progress, not angle",
        "At epoch 99 of this run A − Y (16) points 71° away from exact (14): by the angle it would "
        "not be worth much. Yet its next 50 steps, each as long as (14)'s, lower the loss more: "
        "ρ = 1.71. Without E (15), at 94°, has ρ = 0.43, and from epoch 146 on its 50 steps "
        "raise the loss. An angle speaks of one step, ρ of what comes of many.",
        {"learning_rate": 1.0},
        99,
        ("progress", "angles", "losses"),
    ),
    "mended": Preset(
        "11 · Mend the leak: without E, centred (ours)",
        "*Ours, and not the source's*: (15) less its mean over the classes sums to zero again. On "
        "the run that (15) ruins it ends above 85 %, and no column sum of [W² b²] moves; with 20 "
        "weight seeds, within 5,000 epochs, it never collapses; (15) always does. It cures "
        "stability, not direction: over 50 steps it holds until epoch 12, and late hardly ever. "
        "With two classes it is half of (16).",
        {
            "dataset": "xor",
            "gradient": "centred",
            "learning_rate": 1.0,
            "seed": 3,
            "epochs": 2000,
        },
        2000,
        ("leak", "losses", "progress"),
    ),
}
"""By number as the findings of the Learn page, some of which have two."""


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


def preset_of(now: Mapping[str, Any], page: str, opened: str | None) -> str | None:
    """Name of the preset that the controls of a page show, if they show one.

    Parameters
    ----------
    now : mapping
        What they say, by their keys.
    page : str
        Its name in the address.
    opened : str or None
        The preset that the visitor opened last: it is meant where several have these values.
    """
    there = [n for n, p in PRESETS.items() if p.page == page and not moved(p, now)]
    return opened if opened in there else next(iter(there), None)


def moved(preset: Preset, now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What of a preset's controls is not where it put them: where that was, and where it is."""
    wanted = {key: preset.all_values[key] for key in now}
    return {key: (wanted[key], now[key]) for key in now if now[key] != wanted[key]}
