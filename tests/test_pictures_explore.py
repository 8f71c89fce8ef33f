"""Every picture of the Explore page is asserted by what it draws."""

from __future__ import annotations

import functools
import math
import re
from typing import Any

import numpy as np
import pytest
from drawn import axis_title, heatmap_of, ticks
from picture_runs import (
    degrees,
    error_terms,
    gradient,
    hidden,
    outputs,
    share_right,
    squared_error,
    vector,
)

from nnviz.figures.pages.explore import explore_pictures
from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import OUTCOMES, RunGrid
from nnviz.figures.style import CLASS_COLOURS, RULE_COLOURS
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, train
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.grid import grid, outcome

BASE = RunSpec("blobs", (("samples", 60), ("test_share", 0.4)), Config(epochs=30, hidden_units=3))
AXES: dict[str, dict[str, list[Any]]] = {
    "one setting": {"hidden_units": [2, 5]},
    "two settings": {"learning_rate": [0.1, 2.0, 8.0], "gradient": ["exact", "difference"]},
    "layers of rules": {
        "learning_rate": [0.1, 2.0],
        "init_scale": [0.5, 4.0],
        "gradient": ["drop_error_term", "centred"],
    },
    "layers of units": {
        "gradient": ["exact", "difference"],
        "learning_rate": [0.5, 1.0],
        "hidden_units": [2, 4, 6],
    },
}
LEFT_OUT = (1, 2, 3)
"""Runs that are not trained yet: of one place a half, of the next all."""

SEEDS = 2
NAMES = {"learning_rate": "learning rate α", "gradient": "gradient rule"}
SAID = {
    "exact": "exact (14)",
    "difference": "A − Y (16)",
    "drop_error_term": "without E (15)",
    "centred": "centred (ours)",
}


@functools.cache
def runs_of(case: str) -> tuple[list[RunSpec], dict[int, Recording]]:
    specs = grid(BASE, AXES[case], SEEDS)
    return specs, {
        n: train(spec.config, spec.load()) for n, spec in enumerate(specs) if n not in LEFT_OUT
    }


@functools.cache
def grid_of(case: str) -> RunGrid:
    specs, runs = runs_of(case)
    named = {NAMES.get(name, name): values for name, values in AXES[case].items()}
    return RunGrid.of(named, specs, {n: outcome(run) for n, run in runs.items()})


@functools.cache
def pictures_of(case: str, shown: str = "final loss") -> list[Picture]:
    return explore_pictures(grid_of(case), [shown])


def found(run: Recording, shown: str) -> float:
    """An outcome of a run, from its parameters."""
    p, data = run.keyframes[-1].parameters, run.dataset
    if shown == "epochs to target":
        reached = [k.epoch for k in run.keyframes
                   if share_right(k.parameters, data.X, data.y) >= 0.95]  # fmt: skip
        return min(reached, default=math.nan)
    if "angle" in shown:
        rule = "difference" if "(16)" in shown else "drop_error_term"
        of_both = (vector(gradient(p, data.X, data.Y, one)) for one in (rule, "exact"))
        return float(degrees(*of_both))
    return {
        "final loss": squared_error(p, data.X, data.Y),
        "test accuracy": share_right(p, data.X_test, data.y_test),
        "training accuracy": share_right(p, data.X, data.y),
        "dead units": float((hidden(p, data.X).max(axis=1) <= 0).sum()),
        "mean |E|": float(np.abs(error_terms(outputs(p, data.X), data.Y)).mean()),
    }[shown]


def in_words(value: Any) -> str:
    """A setting's value as it is said."""
    return SAID.get(value, value) if isinstance(value, str) else f"{value:g}"


def settings_at(case: str, column: int, row: int, layer: int) -> dict[str, Any]:
    return {name: values[at] for (name, values), at in
            zip(AXES[case].items(), (column, row, layer), strict=False)}  # fmt: skip


def specs_at(case: str, column: int, row: int, layer: int) -> list[int]:
    wanted = settings_at(case, column, row, layer)

    def is_there(spec: RunSpec) -> bool:
        return all(getattr(spec.config, name) == value for name, value in wanted.items())

    return [n for n, spec in enumerate(runs_of(case)[0]) if is_there(spec)]


def places(case: str) -> list[tuple[int, int, int]]:
    sides = [len(values) for values in AXES[case].values()] + [1, 1]
    return [(c, r, k) for c in range(sides[0]) for r in range(sides[1]) for k in range(sides[2])]


@pytest.mark.parametrize("case", AXES)
def test_every_picture_of_the_page_is_in_the_table_and_asserted(case: str) -> None:
    layers = max(layer for _, _, layer in places(case)) + 1
    names = [*(f"heat {layer}" for layer in range(layers)), "curves", "parallel"]
    assert [picture.name for picture in pictures_of(case)] == names
    measured = {"A − Y (16) holds, share", "without E (15) holds, share"}
    assert set(OUTCOMES) == {*SHOWN, *measured}, "an outcome without an assertion"


SHOWN = (
    "final loss",
    "test accuracy",
    "training accuracy",
    "epochs to target",
    "dead units",
    "mean |E|",
    "A − Y (16), final angle",
    "without E (15), final angle",
)
"""Outcomes found here again; the shares in which a rule holds are in `test_sweep`."""


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("case", AXES)
def test_a_heat_map_is_the_mean_over_the_seeds_with_their_range(case: str, shown: str) -> None:
    _, runs = runs_of(case)
    means = []
    for column, row, layer in places(case):
        picture = pictures_of(case, shown)[layer]
        heat, numbers = heatmap_of(picture.figure), picture.figure["data"][1]
        here = specs_at(case, column, row, layer)
        values = [found(runs[n], shown) for n in here if n in runs]
        known = [value for value in values if math.isfinite(value)]
        assert heat["customdata"][row, column] == here[0], "a click would open another run"
        (text,) = (t for x, y, t in zip(numbers["x"], numbers["y"], numbers["text"], strict=True)
                   if (x, y) == (column, row))  # fmt: skip
        hover = heat["hovertext"][row][column]
        said = ticks(picture.figure, "xaxis")[column]
        value = settings_at(case, column, row, layer)[next(iter(AXES[case]))]
        assert said == in_words(value)
        if not known:
            assert math.isnan(heat["z"][row, column])
            assert text == ("never" if len(values) == SEEDS else "–")
            assert hover.startswith("0 of 2 seeds")
            assert ("not trained yet" in hover) == (len(values) < SEEDS)
            continue
        mean = float(np.mean(known))
        means.append(mean)
        logarithmic = shown in ("final loss", "mean |E|")
        z = math.log10(mean) if logarithmic else mean
        assert heat["z"][row, column] == pytest.approx(z, rel=1e-5, abs=1e-6)
        in_degrees = "angle" in shown
        assert text.startswith(f"<b>{mean:.1f}°</b>" if in_degrees else f"<b>{mean:.3g}</b>")
        assert (f" {len(known)}/2" in text) == (len(known) < SEEDS)
        assert f"over {len(known)} of 2 seeds" in hover
        ends = re.search(r": ([\d.,e-]+?)°?(?:–([\d.,e-]+)°?)?$", hover)
        assert ends
        for end, value in zip(ends.groups(), (min(known), max(known)), strict=True):
            if end is not None:
                assert float(end.replace(",", "")) == pytest.approx(value, rel=0.06, abs=1e-6)
        short = ".1f" if in_degrees else ".2g"
        assert (ends[2] is None) == (f"{min(known):{short}}" == f"{max(known):{short}}")
    for picture in pictures_of(case, shown)[:-2]:
        scale = picture.figure["layout"]["coloraxis2"]
        limits = [math.log10(end) if logarithmic else end for end in (min(means), max(means))]
        if max(means) == min(means):  # from a tenth of it, or from nothing
            low = limits[0] - 1 if logarithmic else 0
            assert (scale["cmin"], scale["cmax"]) == pytest.approx((low, limits[0] or 1), abs=1e-5)
            continue
        assert scale["cmin"] == pytest.approx(limits[0], abs=1e-5)
        assert scale["cmax"] == pytest.approx(limits[1], abs=1e-5)
        if logarithmic:  # what is said at its ends is no logarithm
            texts = [float(end) for end in scale["colorbar"]["ticktext"]]
            assert texts == pytest.approx([min(means), max(means)], rel=0.06)
    alts = [picture.alt for picture in pictures_of(case, shown)[:-2]]
    for word, end in (("lowest", min(means)), ("highest", max(means))):
        value = f"{end:.1f}°" if "angle" in shown else f"{end:.3g}"
        assert any(f"{word} {value} at" in alt for alt in alts)


@pytest.mark.parametrize("case", AXES)
def test_loss_curves_stand_at_their_place_in_their_colour(case: str) -> None:
    _, runs = runs_of(case)
    picture = pictures_of(case)[-2]
    layout = picture.figure["layout"]
    columns = len(next(iter(AXES[case].values())))
    rows = max(row for _, row, _ in places(case)) + 1
    layered = len(AXES[case]) > 2
    of_rules = not layered or list(AXES[case])[2] == "gradient"
    seen: set[int] = set()
    highest = max(np.nanmax(trace["y"], initial=0.0) for trace in picture.figure["data"])
    for trace in picture.figure["data"]:
        x, y = (layout[trace[f"{w}axis"].replace(w, f"{w}axis", 1)]["domain"] for w in "xy")
        column, row = (int((of[0] + of[1]) / 2 * n) for of, n in ((x, columns), (y, rows)))
        layers = range(len(list(AXES[case].values())[2]) if layered else 1)
        mine = set(trace["customdata"].tolist())
        if not mine:
            assert any(set(specs_at(case, column, row, k)) <= set(LEFT_OUT) for k in layers)
            continue
        (layer,) = (k for k in layers if mine <= set(specs_at(case, column, row, k)))
        seen |= mine
        for n in sorted(mine):
            run = runs[n]
            points = (trace["customdata"] == n) & np.isfinite(trace["x"])
            kept = {k.epoch: k.parameters for k in run.keyframes}
            epochs = trace["x"][points].astype(int).tolist()
            assert (epochs[0], epochs[-1]) == (0, run.last_epoch)
            for epoch, loss in zip(epochs, trace["y"][points], strict=True):
                if epoch in kept:
                    expected = squared_error(kept[epoch], run.dataset.X, run.dataset.Y)
                    assert loss == pytest.approx(expected, abs=1e-6)
            rule = run.config.gradient
            wanted = RULE_COLOURS[rule] if of_rules else CLASS_COLOURS[layer]
            assert trace["line"]["color"] == wanted
        titles = (axis_title(picture.figure, trace, which) for which in "xy")
        across, down, *_ = [*AXES[case].values(), [""]]
        for said, values, at, is_edge in zip(
            titles, (across, down), (column, row), (row == 0, column == 0), strict=True
        ):
            assert said == (in_words(values[at]) if is_edge else "")
        ranges = [layout[trace[f"{w}axis"].replace(w, f"{w}axis", 1)]["range"] for w in "xy"]
        assert ranges[0] == [0, 30]
        assert ranges[1] == pytest.approx([0, highest], rel=1e-5)
        if layered:
            value = settings_at(case, column, row, layer)[list(AXES[case])[2]]
            assert trace["name"] == in_words(value)
    assert seen == set(runs)


@pytest.mark.parametrize("case", AXES)
def test_a_line_of_all_runs_goes_through_its_settings_and_outcomes(case: str) -> None:
    specs, runs = runs_of(case)
    (trace,) = pictures_of(case)[-1].figure["data"]
    axes = {of["label"]: of for of in trace["dimensions"]}
    settings = [NAMES.get(name, name) for name in AXES[case]]
    outcomes = ["final loss", "training accuracy", "test accuracy", "mean |E|", "dead units"]
    assert list(axes) == [*settings, *outcomes]
    lines = list(zip(*(of["values"] for of in trace["dimensions"]), strict=True))
    expected = []
    for n, run in runs.items():
        at = [values.index(getattr(specs[n].config, name)) for name, values in AXES[case].items()]
        expected.append((*at, *(found(run, shown) for shown in outcomes)))
    np.testing.assert_allclose(sorted(lines), sorted(expected), atol=1e-6)
    accuracy = len(settings) + outcomes.index("training accuracy")
    np.testing.assert_allclose(trace["line"]["color"], [line[accuracy] for line in lines])
    for name, values in AXES[case].items():
        of = axes[NAMES.get(name, name)]
        words = dict(zip(of["tickvals"], of["ticktext"], strict=True))
        assert [words[i] for i in range(len(values))] == [in_words(value) for value in values]
