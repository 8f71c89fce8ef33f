"""Every matrix of the Step page is asserted by what it draws."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
import slow_reference as slow
from drawn import by_name, drawn, heatmap_of
from picture_runs import ARRAYS, RULE_LABELS, run_of

from nnviz.by_hand.step import make_step
from nnviz.by_hand.worked import STAGES, Place
from nnviz.figures.pages.step import step_pictures
from nnviz.figures.picture import Picture

AT = Place(sample=3, unit=2, output=1, feature=0)
RATE = 0.7
CASES = ("two classes", "own table", "many units")

TITLES = {
    "X": "A⁰ = X",
    "W1": "W¹ | b¹",
    "Z1": "Z¹",
    "A1": "A¹",
    "W2": "W² | b²",
    "Z2": "Z²",
    "A2": "A²",
    "Y": "Y",
    "D": "D = A² − Y",
    **{rule: f"G {label}" for rule, label in RULE_LABELS.items()},
    "G": "G",
    "P": "P, Eq. (24)",
    "dW1": "dW¹ | db¹",
    "dW2": "dW² | db²",
    **{f"{w} {when}": f"{title} {when}" for w, title in (("W1", "W¹ | b¹"), ("W2", "W² | b²"))
       for when in ("before", "after")},
}  # fmt: skip
"""All matrices, by name."""

PICTURES = {
    "forward": ("X", "W1", "Z1", "A1", "W2", "Z2", "A2"),
    "loss": ("A2", "Y", "D"),
    "output gradient": ("A2", "Y", *RULE_LABELS),
    "back-propagation": ("G", "A1", "dW2", "P", "X", "dW1"),
    "update": ("W1 before", "dW1", "W1 after", "W2 before", "dW2", "W2 after"),
}
"""The pictures that each stage makes, in their places."""

USED = {
    ("forward", "X"): (None, 3), ("forward", "W1"): (2, None), ("forward", "Z1"): (2, 3),
    ("forward", "A1"): (None, 3), ("forward", "W2"): (1, None), ("forward", "Z2"): (1, 3),
    ("forward", "A2"): (None, 3),
    ("loss", "A2"): (None, 3), ("loss", "Y"): (None, 3), ("loss", "D"): (None, 3),
    ("output gradient", "A2"): (None, 3), ("output gradient", "Y"): (None, 3),
    **{("output gradient", rule): (1, 3) for rule in RULE_LABELS},
    ("back-propagation", "G"): (1, None), ("back-propagation", "A1"): (2, None),
    ("back-propagation", "dW2"): (1, 2), ("back-propagation", "P"): (2, None),
    ("back-propagation", "X"): (0, None), ("back-propagation", "dW1"): (2, 0),
    **{("update", name): (2, 0) for name in ("W1 before", "dW1", "W1 after")},
    **{("update", name): (1, 2) for name in ("W2 before", "dW2", "W2 after")},
}  # fmt: skip
"""Row and column that the equations of the stage use at `AT`; None for all."""


@functools.cache
def matrices(case: str) -> dict[str, Any]:
    """All of them for the case's first step, by loops over samples."""
    run = run_of(case)
    p, X, Y = run.keyframes[0].parameters, run.dataset.X, run.dataset.Y
    before = (p.W1, p.b1, p.W2, p.b2)
    passes = [slow.forward(*before, x) for x in X.T]
    Z1, A1, Z2, A2 = (np.array(of).T for of in zip(*passes, strict=True))
    outputs = list(zip(A2.T, Y.T, strict=True))
    G = {
        rule: np.array([slow.output_gradient(a, y, rule) for a, y in outputs]).T
        for rule in RULE_LABELS
    }
    rule = run.config.gradient
    step = dict(zip(ARRAYS, slow.gradients(*before, X, Y, rule), strict=True))
    after = {name: getattr(p, name) - RATE * step[name] for name in ARRAYS}
    W1, W2 = np.hstack([p.W1, p.b1]), np.hstack([p.W2, p.b2])
    return {
        **G,
        **dict(X=X, W1=W1, Z1=Z1, A1=A1, W2=W2, Z2=Z2, A2=A2, Y=Y),
        "D": A2 - Y,
        "G": G[rule],
        "P": p.W2.T @ G[rule] * (Z1 > 0),
        "dW1": np.hstack([step["W1"], step["b1"]]),
        "dW2": np.hstack([step["W2"], step["b2"]]),
        "W1 before": W1,
        "W2 before": W2,
        "W1 after": np.hstack([after["W1"], after["b1"]]),
        "W2 after": np.hstack([after["W2"], after["b2"]]),
    }


@functools.cache
def pictures_of(case: str, stage: str) -> dict[str, Picture]:
    run = run_of(case)
    start, data = run.keyframes[0].parameters, run.dataset
    step = make_step(start, data.X, data.Y, run.config.gradient, RATE)
    return by_name(step_pictures(step, AT, stage))


def test_every_matrix_of_every_stage_is_in_the_table_and_asserted() -> None:
    assert tuple(PICTURES) == STAGES
    for stage in STAGES:
        assert tuple(pictures_of("own table", stage)) == PICTURES[stage]
        assert set(PICTURES[stage]) <= TITLES.keys(), "a picture without an assertion"
    assert USED.keys() == {(stage, name) for stage in STAGES for name in PICTURES[stage]}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_matrix_is_that_of_the_step(case: str, stage: str) -> None:
    limits: dict[str, Any] = {}
    for name, picture in pictures_of(case, stage).items():
        whole = matrices(case)[name]
        assert picture.title == TITLES[name]
        figure = drawn(picture)
        heatmap = heatmap_of(figure)
        # Counted from 1 on screen.
        rows, columns = ([number - 1 for number in heatmap[side]] for side in "yx")
        assert len(rows) == min(40, whole.shape[0])
        assert len(columns) == min(24, whole.shape[1])
        np.testing.assert_allclose(
            heatmap["z"], whole[np.ix_(rows, columns)], atol=1e-6 * np.abs(whole).max()
        )
        row, column = USED[stage, name]
        (box,) = figure["layout"]["shapes"]
        inside = [y for y in rows if box["y0"] < y + 1 < box["y1"]]
        assert inside == (rows if row is None else [row])
        inside = [x for x in columns if box["x0"] < x + 1 < box["x1"]]
        assert inside == (columns if column is None else [column])
        used = whole[slice(None) if row is None else [row]]
        used = used[:, slice(None) if column is None else [column]].ravel()
        assert f"in use: {used[0]:.4g}" in picture.alt
        assert f"[{whole.shape[0]}×{whole.shape[1]}]" in picture.how_to_read
        assert figure["layout"]["yaxis"]["autorange"] == "reversed", "the first row is on top"
        scale = figure["layout"]["coloraxis"]
        assert scale["cmin"] == -scale["cmax"]
        like = {"A2": "outputs", "Y": "outputs", "D": "outputs"}.get(name, name.split(" ")[0])
        like = "G" if name in RULE_LABELS else like
        limits.setdefault(like, []).append((scale["cmax"], np.abs(whole).max()))
    for of_kind in limits.values():
        shown, largest = zip(*of_kind, strict=True)
        np.testing.assert_allclose(shown, max(largest), err_msg="one colour, one number")


def test_what_is_used_is_drawn_wherever_it_is() -> None:
    """Of a large matrix a part is drawn: that with the component looked at."""
    run = run_of("many units")
    p, data = run.keyframes[-1].parameters, run.dataset
    step = make_step(p, data.X, data.Y, "exact", RATE)
    at = Place(sample=data.y.size - 1, unit=60, output=0, feature=29)
    pictures = by_name(step_pictures(step, at, "forward"))
    for name, row, column in (("Z1", 60, data.y.size - 1), ("W1", 60, None), ("X", None, 426)):
        heatmap = heatmap_of(pictures[name].figure)
        assert row is None or row + 1 in list(heatmap["y"])
        assert column is None or column + 1 in list(heatmap["x"])
        assert pictures[name].note.startswith("Drawn: ")
