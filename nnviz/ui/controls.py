"""The controls of a run: what each may be, how the address says it, and where it stands."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import streamlit as st

from nnviz.approximation.holding import Criterion
from nnviz.by_hand.worked import STAGES
from nnviz.checks import Choice, WholeNumber, value_text
from nnviz.data.datasets import OPTIONS_TAKEN, OWN
from nnviz.data.samples import MOST_CLASSES, Samples
from nnviz.figures.plane_of_runs import OUTCOMES
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.runs.config import Config
from nnviz.runs.spec import RunSpec
from nnviz.ui.control import Control
from nnviz.ui.refusing import refuse_here
from nnviz.ui.state import ADDRESS_COMPLAINTS, MORE_OPEN, OPENED_PRESET
from nnviz.ui.varied import VARIED

NO_TARGET = "off"
NONE = "nothing else"

_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
LEARNING_RATES = (*(float(f"{m * 10.0**e:.2g}") for e in range(-3, 2) for m in _ROUND), 100.0)
SCALES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
EPOCHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
TARGETS = (NO_TARGET, "0.8", "0.85", "0.9", "0.95", "0.97", "0.98", "0.99", "1")


CONTROLS: dict[str, Control] = {
    "dataset": Control(
        "Data set",
        "spiral",
        "Toy sets in the plane, of 2 to 6 classes, and real ones from scikit-learn. With two "
        "classes A − Y (16) is only a rescaling of each sample's exact ∂L/∂Z². **own**: what you "
        "bring on the Data page.",
        options=tuple(OPTIONS_TAKEN),
    ),
    "samples": Control("Samples", 300, "How many, training and test.", None, 30, 2000, 10),
    "classes": Control("Classes", 3, "How many classes a toy set has.", None, 2, 6),
    "noise": Control(
        "Noise", 0.3, "Blurs a toy set; 1 is a fifth of its radius.", None, 0, 2, 0.05
    ),
    "test_share": Control(
        "Test share", 0.25, "Samples held out from training, to test on.", None, 0, 0.5, 0.05
    ),
    "gradient": Control(
        "Gradient rule",
        "difference",
        "∂L/∂Z² of a sample, with D = A² − Y and E = Σ A²D.  \n"
        "**exact** (14): A²∘D − A²·E  \n**drop_error_term**, without E (15): A²∘D  \n"
        "**difference**, A − Y (16): D  \n"
        "**centred**, without E, centred (ours, not the source's): A²∘D − E/K, of K classes",
        options=tuple(GRADIENT_RULES),
    ),
    "learning_rate": Control(
        "Learning rate α", 0.5, "A step is α times the gradient, Eqs. (28)–(29).", LEARNING_RATES
    ),
    "hidden_units": Control(
        "Hidden units", 16, "N₁, ReLU units in the hidden layer.", None, 1, 128
    ),
    "epochs": Control("Epochs", 1000, "Updates, each on all training samples.", EPOCHS),
    "target_accuracy": Control(
        "Stop at accuracy",
        NO_TARGET,
        "Ends the run at the first epoch with this accuracy on the training samples.",
        TARGETS,
    ),
    "init_scale": Control(
        "Initial scale",
        1.0,
        "Factor on the starting weights, which are uniform on [−½, ½), Eqs. (26)–(27).",
        SCALES,
    ),
    "seed": Control("Weights seed", 0, "Which starting weights are drawn.", None, 0, 9999),
    "data_seed": Control(
        "Data seed", 0, "Which samples are drawn, and which are held out.", None, 0, 9999
    ),
    "step_length": Control(
        "Compare at",
        "learning_rate",
        "For every sample A − Y (16) is at least twice as long as exact (14), and for the network "
        "usually, too: at one learning rate it also takes longer steps. **matched** gives every "
        "rule steps as long as those of (14).",
        ("learning_rate", "matched"),
    ),
    "threshold": Control(
        "Holds from ρ",
        0.9,
        "An approximation counts as holding where its next steps, each as long as that of exact "
        "(14), lower the loss at least so many times as much as those of (14). For a single step "
        "ρ is about the cosine of the angle: 0.9 is 26°.",
        None,
        0.5,
        1,
        0.05,
    ),
    "horizon": Control(
        "Over … steps",
        "50",
        "The horizon H over which progress is compared. The angle between two gradients speaks of "
        "the first step alone.",
        ("1", "10", "50", "200"),
    ),
    "triple": Control(
        "Classes of the triangle",
        "0 1 2",
        "Which three of the classes, by number from 0; their outputs are scaled to sum to 1, so "
        "that E has no place in the triangle.",
        tuple(" ".join(map(str, three)) for three in combinations(range(MOST_CLASSES), 3)),
    ),
    "across": Control("Across", "learning rate", "Varies from left to right.", tuple(VARIED)),
    "down": Control("Down", "hidden units", "Varies from bottom to top.", tuple(VARIED)),
    "third": Control("And", NONE, "One heat map for each of its values.", (NONE, *VARIED)),
    "outcome": Control("Shown", "final loss", "What the colours mean.", tuple(OUTCOMES)),
    "seeds": Control("Seeds", 3, "Runs at each place, with weights of their own.", None, 1, 10),
    **{
        varied.key: Control(f"Values of {name}", varied.first, "", varied.values, several=True)
        for name, varied in VARIED.items()
    },
    "stage": Control("Stage", STAGES[0], "The parts of a step, in the source's order.", STAGES),
    "at": Control("Epoch", 0, "The step from this epoch to the next.", None, 0, 1_000_000),
    "sample": Control("Sample m", 0, "A training sample, counted from 0.", None, 0, 100_000),
    "unit": Control("Hidden unit j", 0, "Counted from 0.", None, 0, 4095),
    "output": Control("Class k", 0, "Counted from 0.", None, 0, 99),
    "feature": Control("Input i", 0, "Counted from 0.", None, 0, 100_000),
}
"""Every control by its key, in the order of the page."""

FOLLOWING = ("at", "unit")
"""Controls that stand where the run suggests, until the visitor moves them."""

TOY_ONLY = ("samples", "classes", "noise")

MORE = (
    *TOY_ONLY,
    *("test_share", "epochs", "target_accuracy", "init_scale", "data_seed"),
    *("threshold", "horizon"),
)
"""Controls that stand behind *More*."""


def controls(own: Samples | None) -> RunSpec:
    """Draw the controls in the sidebar; the run that they ask for, on `own` data if so chosen."""
    with st.sidebar:
        values: dict[str, Any] = {"dataset": selectbox("dataset")}
        values["gradient"] = selectbox("gradient")
        values["learning_rate"] = _select_slider("learning_rate", st)
        left, right = st.columns(2, vertical_alignment="bottom")
        values["hidden_units"] = slider("hidden_units", left)
        values["seed"] = number("seed", right)
        left.button("Defaults", on_click=_reset, width="stretch", help="All controls as at first.")
        right.button("New weights", on_click=_new_seed, width="stretch", help="Draw another seed.")
        with st.expander("More", expanded=_more_is_open()):
            values |= _more(values["dataset"])
    return spec_of(values, own)


def _more(dataset: str) -> dict[str, Any]:
    """Draw what is moved more rarely."""
    real = not set(TOY_ONLY) <= set(OPTIONS_TAKEN[dataset])
    values: dict[str, Any] = {}
    left, right = st.columns(2)
    values["samples"] = slider("samples", left, disabled=real)
    values["classes"] = slider("classes", right, disabled=real)
    values["noise"] = slider("noise", left, disabled=real)
    values["test_share"] = slider("test_share", right)
    values["epochs"] = _select_slider("epochs", left)
    values["target_accuracy"] = _select_slider("target_accuracy", right)
    values["init_scale"] = _select_slider("init_scale", left)
    values["data_seed"] = number("data_seed", right)
    slider("threshold", left)
    selectbox("horizon", right)
    return values


def _more_is_open() -> bool:
    """Whether to open what is moved more rarely: once something there is not as at first."""
    moved = (
        key in st.query_params
        or st.session_state.get(key, CONTROLS[key].default) != CONTROLS[key].default
        for key in MORE
    )
    if any(moved):
        st.session_state[MORE_OPEN] = True
    return MORE_OPEN in st.session_state


def criterion() -> Criterion:
    """When an approximation counts as holding, as the controls say."""
    threshold, horizon = (
        st.session_state.get(key, CONTROLS[key].default) for key in ("threshold", "horizon")
    )
    return Criterion(round(threshold, 9), int(horizon))


def default_spec() -> RunSpec:
    """The run that the page opens with."""
    return spec_of(default_values())


def default_values() -> dict[str, Any]:
    """What every control says at first, by its key."""
    return {key: control.default for key, control in CONTROLS.items()}


def spec_of(values: Mapping[str, Any], own: Samples | None = None) -> RunSpec:
    """The run that the controls' values, by their keys, ask for; on `own` data if they say so."""
    dataset, target = values["dataset"], values["target_accuracy"]
    of_data = {**values, "seed": values["data_seed"]}
    return RunSpec(
        own=own if dataset == OWN else None,
        dataset=dataset,
        options=tuple((name, of_data[name]) for name in OPTIONS_TAKEN[dataset]),
        config=Config(
            hidden_units=values["hidden_units"],
            learning_rate=values["learning_rate"],
            gradient=values["gradient"],
            seed=values["seed"],
            epochs=values["epochs"],
            target_accuracy=None if target == NO_TARGET else float(target),
            init_scale=values["init_scale"],
        ),
    )


def values_of(spec: RunSpec) -> dict[str, Any]:
    """What the controls say when they ask for this run: the way back from `settings_of`."""
    options = dict(spec.options)
    target = spec.config.target_accuracy
    of_config = {k: v for k, v in asdict(spec.config).items() if k in CONTROLS}
    return {
        **of_config,
        **options,
        "dataset": spec.dataset,
        "seed": spec.config.seed,
        "data_seed": options["seed"],
        "target_accuracy": NO_TARGET if target is None else f"{target:g}",
    }


def markdown_text(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    # Of www.name, a@name and https://name it would make links, and of -> an arrow, escaped or not:
    # between their characters stands what joins words, and is not seen.
    apart = re.sub(r"(?i)(?<=www)(?=\.)|(?<=@)|(?<=:)(?=//)|(?<=[<>=~-])(?=[>=-])", "\u2060", text)
    escaped = re.sub(r"[\\`*_{}\[\]()<>#+!|~$:&-]", r"\\\g<0>", apart)
    return re.sub(r"(?m)^( *[0-9]+)\.", r"\1\\.", escaped)  # no list


def _new_seed() -> None:
    st.session_state["seed"] = random.randrange(int(CONTROLS["seed"].high) + 1)


def _reset() -> None:
    set_controls({})
    st.session_state[ADDRESS_COMPLAINTS] = []
    st.session_state.pop(OPENED_PRESET, None)


def set_controls(values: Mapping[str, Any]) -> None:
    """Put every control where it is wanted, or back to its default, before it is drawn."""
    move_controls({**default_values(), **values})
    for key in FOLLOWING:
        if key not in values:
            del st.session_state[key]


def move_controls(values: Mapping[str, Any]) -> None:
    """Put some controls where they are wanted, before they are drawn; the others stay."""
    for key, value in values.items():
        st.session_state[key] = value


def selectbox(
    key: str,
    place: Any = st,
    options: Sequence[str] | None = None,
) -> str:
    """Draw a control as a list to choose from: all its options, or only some."""
    control = CONTROLS[key]
    options = options or control.options
    assert options is not None
    refuse_here(key, Choice(options))
    chosen: str = place.selectbox(
        control.label,
        options,
        index=options.index(control.default),
        key=key,
        help=control.help,
        bind="query-params",
    )
    return chosen


def multiselect(key: str, place: Any = st) -> list[Any]:
    """Draw a control as a list of which several can be chosen; those that are, in order."""
    control = CONTROLS[key]
    assert control.options is not None
    chosen: list[Any] = place.multiselect(
        control.label,
        control.options,
        control.default,
        format_func=value_text,
        key=key,
        bind="query-params",
    )
    return sorted(chosen, key=control.options.index)


def _select_slider(key: str, place: Any) -> Any:
    control = CONTROLS[key]
    return place.select_slider(
        control.label,
        control.options,
        value=control.default,
        format_func=value_text,
        key=key,
        help=control.help,
        bind="query-params",
    )


def slider(key: str, place: Any, disabled: bool = False) -> Any:
    """Draw a control as a slider over numbers."""
    control = CONTROLS[key]
    kind = int if control.whole else float
    value = place.slider(
        control.label,
        min_value=kind(control.low),
        max_value=kind(control.high),
        value=control.default,
        step=kind(control.step),
        key=key,
        help=control.help,
        disabled=disabled,
        bind="query-params",
    )
    return value if control.whole else round(value, 9)  # a browser adds steps up


def number(key: str, place: Any = st, most: int | None = None) -> int:
    """Draw a control as a whole number, up to the most that is possible now."""
    control = CONTROLS[key]
    high = int(control.high if most is None else most)
    refuse_here(key, WholeNumber(int(control.low), high))
    if st.session_state.get(key, 0) > high:
        st.session_state[key] = high  # of a run or data with more
    return int(
        place.number_input(
            control.label,
            min_value=int(control.low),
            max_value=high,
            value=min(control.default, high),
            key=key,
            help=control.help,
            bind="query-params",
        )
    )


def segments(key: str, place: Any = st) -> str:
    """Draw a control as a row of buttons."""
    control = CONTROLS[key]
    chosen: str = place.segmented_control(
        control.label,
        control.options,
        default=control.default,
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
    )
    return chosen
