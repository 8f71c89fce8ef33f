"""The catalogue: every control of the pages, by its name in the address."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from nnviz.approximation.holding import Criterion
from nnviz.approximation.progress import HORIZONS
from nnviz.by_hand.worked import EQUATIONS, STAGES
from nnviz.data.samples import MOST_CLASSES
from nnviz.figures.run_grid import OUTCOMES
from nnviz.figures.tiles import PICTURES
from nnviz.runs.spec import SETTINGS
from nnviz.ui.controls.control import Control
from nnviz.ui.controls.varied import LEARNING_RATES, VARIED

NOTHING_ELSE = "nothing else"
"""What *And* says of a grid over two settings, and *Down* of one over one."""

VALUES = "values"
"""What *Picture* says where no networks are shown, but what came of them."""

SCALES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
EPOCHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
TARGETS = (None, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 1.0)

SEEDS_SHOWN = 9999
"""The highest seed that the page offers: one that can be read and remembered."""


def _setting(name: str, label: str, help_: str, **offered: Any) -> Control:
    """The control of a setting; `offered` is said where the page offers less than is allowed."""
    return Control.of(SETTINGS[name], label, help_, **offered)


CONTROLS: dict[str, Control] = {
    "dataset": _setting(
        "dataset",
        "Data set",
        "Toy sets in the plane, and real ones from scikit-learn. With two classes A − Y (16) is "
        "only a rescaling of each sample's exact ∂L/∂Z². **own**: what you bring on the Data page.",
    ),
    "samples": _setting(
        "samples", "Samples", "How many, training and test.", low=30, high=2000, step=10
    ),
    "classes": _setting("classes", "Classes", "How many classes a toy set has."),
    "noise": _setting("noise", "Noise", "Blurs a toy set; 1 is a fifth of its radius.", step=0.05),
    "test_share": _setting(
        "test_share", "Test share", "Samples held out from training, to test on.", step=0.05
    ),
    "gradient": _setting(
        "gradient",
        "Gradient rule",
        "∂L/∂Z² of a sample, with D = A² − Y and E = Σ A²D.  \n"
        "**exact** (14): A²∘D − A²·E  \n**drop_error_term**, without E (15): A²∘D  \n"
        "**difference**, A − Y (16): D  \n"
        "**centred**, without E, centred (ours, not the source's): A²∘D − E/K, of K classes",
    ),
    "learning_rate": _setting(
        "learning_rate",
        "Learning rate α",
        "A step is α times the gradient, Eqs. (28)–(29).",
        options=LEARNING_RATES,
    ),
    "hidden_units": _setting(
        "hidden_units", "Hidden units", "N₁, ReLU units in the hidden layer.", high=128
    ),
    "epochs": _setting(
        "epochs", "Epochs", "Updates, each on all training samples.", options=EPOCHS
    ),
    "target_accuracy": _setting(
        "target_accuracy",
        "Stop at accuracy",
        "Ends the run at the first epoch with this accuracy on the training samples.",
        options=TARGETS,
    ),
    "init_scale": _setting(
        "init_scale",
        "Initial scale",
        "Factor on the starting weights, which are uniform on [−½, ½), Eqs. (26)–(27).",
        options=SCALES,
    ),
    "seed": _setting("seed", "Weights seed", "Which starting weights are drawn.", high=SEEDS_SHOWN),
    "data_seed": _setting(
        "data_seed",
        "Data seed",
        "Which samples are drawn, and which are held out.",
        high=SEEDS_SHOWN,
    ),
    "step_length": _setting(
        "step_length",
        "Compare at",
        "For every sample A − Y (16) is at least twice as long as exact (14), and for the network "
        "usually, too: at one learning rate it also takes longer steps. **matched** gives every "
        "rule steps as long as those of (14).",
    ),
    "threshold": Control(
        "Holds from ρ",
        Criterion.threshold,
        "An approximation counts as holding where its next steps, each as long as that of exact "
        "(14), lower the loss by at least this multiple of what those of (14) do. For a single "
        f"step ρ is about the cosine of the angle: {Criterion.threshold} is "
        f"{Criterion().degrees:.0f}°.",
        low=0.5,
        high=1,
        step=0.05,
    ),
    "horizon": Control(
        "Over … steps",
        str(Criterion.horizon),
        "The horizon H over which progress is compared. The angle between two gradients speaks of "
        "the first step alone.",
        options=tuple(map(str, HORIZONS)),
    ),
    "triple": Control(
        "Classes of the triangle",
        "0 1 2",
        "Which three of the classes, by number from 0; their outputs are scaled to sum to 1, so "
        "that E has no place in the triangle.",
        options=tuple(" ".join(map(str, three)) for three in combinations(range(MOST_CLASSES), 3)),
    ),
    "across": Control(
        "Across", "learning rate", "Varies from left to right.", options=tuple(VARIED)
    ),
    "down": Control(
        "Down",
        "hidden units",
        "Varies from bottom to top. Of one setting alone the wall is a film: one large picture.",
        options=(*VARIED, NOTHING_ELSE),
    ),
    "third": Control(
        "And",
        NOTHING_ELSE,
        "One heat map for each of its values.",
        options=(NOTHING_ELSE, *VARIED),
    ),
    "picture": Control(
        "Picture",
        PICTURES[0],
        "What every place shows: the decision map, or for each class what it is taken for; W¹ and "
        "b¹; the loss, or the mean size of E, over the epochs; or the number as a heat map, with "
        "its spread over the seeds.",
        options=(*PICTURES, VALUES),
    ),
    "outcome": Control(
        "Number",
        "test accuracy",
        "What is said of every place: at the epoch shown, of its first seed. *Best* are the places "
        "with the best mean over their seeds at the end.",
        options=tuple(OUTCOMES),
    ),
    "seeds": Control("Seeds", 3, "Runs per place, each with its own weights.", low=1, high=10),
    **{
        varied.key: Control(
            f"Values of {name}", varied.first, "", options=varied.values, several=True
        )
        for name, varied in VARIED.items()
    },
    "stage": Control(
        "Stage", STAGES[0], "The parts of a step, in the source's order.", options=STAGES
    ),
    "equation": Control(
        "Equation",
        EQUATIONS[STAGES[0]][0],
        "One of the stage's.",
        options=tuple(equation for stage in STAGES for equation in EQUATIONS[stage]),
    ),
    "at": Control(
        "Epoch", 0, "The step from this epoch to the next.", high=SETTINGS["epochs"].most
    ),
    "sample": Control("Sample m", 0, "A training sample.", high=100_000),
    "unit": Control("Hidden unit j", 0, "Counted from 1.", high=SETTINGS["hidden_units"].most - 1),
    "output": Control("Class k", 0, "Counted from 1.", high=MOST_CLASSES - 1),
    "feature": Control("Input i", 0, "Counted from 1.", high=100_000),
}
"""Every control by its key, in the order of the page."""

COUNTED = ("sample", "unit", "output", "feature")
"""Controls that count from 1 on screen, and from 0 in the address and in the session."""

FOLLOWING = ("at", "sample", "unit")
"""Controls that stand where the run suggests, until the visitor moves them."""

TOY_ONLY = ("samples", "classes", "noise")

MORE = (
    *TOY_ONLY,
    *("test_share", "epochs", "target_accuracy", "init_scale", "data_seed"),
    *("threshold", "horizon"),
)
"""Controls that stand behind *More*."""


def default_values() -> dict[str, Any]:
    """What every control says at first, by its key."""
    return {key: control.default for key, control in CONTROLS.items()}
