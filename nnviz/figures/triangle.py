"""The probability triangle: where in output space E is large, and how the samples pass there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.agreement import ratio
from nnviz.approximation.pointwise import SHOWN, pointwise
from nnviz.figures.frames import Frames
from nnviz.figures.moving import Moving, animated, in_bytes
from nnviz.figures.picture import Picture, evenly, numbered, reduced
from nnviz.figures.style import (
    CLASS_COLOURS,
    NEUTRAL,
    axis,
    colour_axis,
    layout,
    plotly_text,
    plotly_texts,
)
from nnviz.paper.error_term import error_term_bounds
from nnviz.paper.network import Array

Triple = tuple[int, int, int]

GRID = 60
MOST_SAMPLES = 100
"""Of each class."""

TRAIL = 12
"""Keyframes that a sample's path reaches back."""

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 3**0.5 / 2]])
"""Where the certain outputs of three classes lie."""


def to_plane(A2: Array) -> Array:
    """Points ``[2×M]`` of probabilities ``[3×M]``: centres of mass of the corners."""
    return CORNERS.T @ A2


def from_plane(points: Array) -> Array:
    """Probabilities ``[3×M]`` of points ``[2×M]``; negative outside the triangle."""
    ones = np.ones((1, points.shape[1]))
    return np.linalg.solve(np.vstack([CORNERS.T, np.ones((1, 3))]), np.vstack([points, ones]))


def probability_triangle(frames: Frames, triple: Triple = (0, 1, 2)) -> Picture:
    """Outputs of the samples of three classes, turned so that the true class is on the left.

    The triangle is the same for every true class, turned: the samples are turned instead.

    Parameters
    ----------
    frames : Frames
        Of the run that is shown.
    triple : three different class numbers
        Of more classes, only these are looked at: their outputs, scaled so that they sum to 1. E
        and the angles depend on all outputs as they are, and are not drawn then.
    """
    data = frames.run.dataset
    all_shown = len(data.class_names) == len(triple)
    shown = SHOWN if all_shown else SHOWN[:1]
    names = [data.class_names[label] for label in triple]
    corners = _corner_names(plotly_texts(names))
    behind = _behind() if all_shown else [_outline()]
    drawn = [np.flatnonzero(data.y == label) for label in triple]
    counts = [members.size for members in drawn]
    drawn = [members[evenly(members.size, MOST_SAMPLES)] for members in drawn]
    paths = _paths(frames, triple, drawn)
    of_corners = _by_class(np.arange(12).reshape(4, 3), len(shown))
    lines, points = [], []
    for at, (label, members, (x, y)) in enumerate(zip(triple, drawn, paths, strict=True)):
        visible = _visible(2, partial(_is_of, at), len(shown))
        of_line, of_points = visible.parts()
        lines.append(
            dict(
                type="scatter",
                x=Moving(x, trail=TRAIL),
                y=Moving(y, trail=TRAIL),
                mode="lines",
                line={"color": CLASS_COLOURS[label], "width": 1},
                opacity=0.45,
                hoverinfo="skip",
                visible=of_line,
            )
        )
        points.append(
            dict(
                type="scatter",
                x=Moving(x),
                y=Moving(y),
                mode="markers",
                marker={
                    "size": 5,
                    "color": CLASS_COLOURS[label],
                    "line": {"width": 0.5, "color": "white"},
                },
                customdata=numbered(members),
                hovertemplate="sample %{customdata}, class "
                f"{plotly_text(data.class_names[label])}<extra></extra>",
                cliponaxis=False,
                visible=of_points,
            )
        )
    figure, updates = animated(
        [
            *behind,
            _fixed(
                np.array([[0.0, 1.0, 0.5], [-0.02, -0.02, 0.89]]),
                mode="text",
                textposition=["bottom right", "bottom left", "top center"],
                text=Moving(of_corners, lookup=corners, by_choice=True),
                hoverinfo="skip",
                cliponaxis=False,
            ),
            *lines,
            *points,
        ],
        layout(
            uirevision="triangle",
            margin={"l": 16, "r": 16, "t": 18, "b": 26},
            xaxis=axis(visible=False, range=[-0.04, 1.04], constrain="domain"),
            yaxis=axis(visible=False, range=[-0.1, 0.97], scaleanchor="x", constrain="domain"),
            **colour_axis("coloraxis", -1, 1),
        ),
    )
    said = "A² of each sample and its path, its true class turned to the left"
    return Picture(
        name="triangle",
        title="Outputs",
        how_to_read=f"{said}; line: E = 0."
        if all_shown
        else f"{said}. Three classes, scaled to sum to 1: E has no place here.",
        alt="Triangle of output probabilities with the samples as points"
        + (", E as background." if all_shown else "."),
        figure=figure,
        updates=updates,
        choices=(*([shown] if all_shown else []), ("all", *names)),
        colour_axis="coloraxis" if all_shown else None,
        note=reduced([(sum(members.size for members in drawn), sum(counts), "samples")]),
        opens="A click chooses the sample.",
    )


def zero_line() -> Array:
    """Points ``[2×points]`` where E of the left corner's class is 0; NaN outside the triangle.

    E = ΣA² - A_y = |A - e_y/2|² - 1/4 vanishes on a sphere; it cuts the plane ΣA = 1 in a circle
    around the point where E is smallest, of radius √(1/6), which is √(1/12) in the drawing.
    """
    turn = np.linspace(0, 2 * np.pi, 181)
    centre = to_plane(np.array([[2 / 3], [1 / 6], [1 / 6]]))
    points = centre + np.sqrt(1 / 12) * np.vstack([np.cos(turn), np.sin(turn)])
    return np.where((from_plane(points) >= 0).all(axis=0), points, np.nan).astype(np.float32)


def _behind() -> list[dict[str, Any]]:
    """Traces behind the samples of all three classes: `SHOWN`, and E's zero line and extremes."""
    x, y, background = _background()
    low, _ = error_term_bounds(3)
    least = to_plane(np.array([[2 / 3], [1 / 6], [1 / 6]]))[:, 0]
    of_line, of_extremes = _visible(2, lambda shown, _: shown == 0, len(SHOWN)).parts()
    return [
        dict(
            type="heatmap",
            x=x,
            y=y,
            z=in_bytes(_by_choice(background), -1, 1, by_choice=True),
            coloraxis="coloraxis",
            zsmooth="fast",
            hovertemplate="%{z:.3f}<extra></extra>",
        ),
        _line(zero_line(), visible=of_line),
        _fixed(
            np.stack([CORNERS[1], CORNERS[2], least]).T,
            mode="markers",
            marker={"symbol": "diamond", "size": 9, "color": NEUTRAL},
            text=["largest E, 1", "largest E, 1", f"smallest E, {low:.3f}"],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
            visible=of_extremes,
        ),
    ]


def _outline() -> dict[str, Any]:
    """The triangle alone."""
    return _line(CORNERS[[0, 1, 2, 0]].T)


def _background() -> tuple[Array, Array, Array]:
    """Coordinates ``[GRID]``, and all of `SHOWN` there ``[3×GRID×GRID]``; NaN outside."""
    x, y = np.linspace(0, 1, GRID), np.linspace(0, CORNERS[2, 1], GRID)
    A2 = from_plane(np.vstack([np.tile(x, GRID), np.repeat(y, GRID)]))
    of_class = np.zeros_like(A2)
    of_class[0] = 1.0
    inside = (A2 >= -1e-9).all(axis=0)
    A2[A2 < 1e-9] = 0.0  # on an edge, not beside it by rounding
    found = np.where(inside, pointwise(A2, of_class), np.nan)
    return x, y, found.reshape(len(SHOWN), GRID, GRID).astype(np.float32)


def _paths(
    frames: Frames, triple: Triple, drawn: list[NDArray[np.intp]]
) -> list[NDArray[np.float32]]:
    """Coordinates ``[2×F×samples]`` of the samples of each class, turned."""
    columns = np.concatenate(drawn)
    A2 = np.stack(
        [p.A2[list(triple)] for p in frames.activations(frames.run.dataset.X[:, columns])]
    )
    A2 = ratio(A2, A2.sum(axis=1, keepdims=True))
    ends = np.cumsum([members.size for members in drawn])[:-1]
    turned = (np.roll(part, -at, axis=1) for at, part in enumerate(np.split(A2, ends, axis=2)))
    return [np.einsum("kc,fkm->cfm", CORNERS, part).astype(np.float32) for part in turned]


def _corner_names(names: list[str]) -> tuple[str, ...]:
    """The three corners' names when all samples are shown, and for each class alone."""
    turned = [names[at:] + names[:at] for at in range(3)]
    of_class = [name for first, *others in turned for name in (f"true: {first}", *others)]
    return ("true class", "a wrong class", "the other", *of_class)


def _by_choice(of_shown: Array) -> Array:
    """The same whatever the class, ``[1×12×…]``."""
    return np.repeat(of_shown, 4, axis=0)[None]


def _by_class(of_class: NDArray[np.intp], shown: int) -> NDArray[np.uint8]:
    """The same whichever of so many is shown, ``[1×4·shown×…]``."""
    return np.tile(of_class, (shown, 1))[None].astype(np.uint8)


def _visible(traces: int, rule: Callable[[int, int], bool], shown: int) -> Moving:
    """Show so many traces for some choices of what is shown, and of which class (0 for all)."""
    flags = [[rule(what, of)] * traces for what in range(shown) for of in range(4)]
    return Moving(np.array([flags], np.uint8), lookup=(False, True), by_choice=True)


def _is_of(at: int, _: int, of: int) -> bool:
    """Whether the samples of a class are shown: when all are, or they alone."""
    return of in (0, at + 1)


def _line(points: Array, **attributes: Any) -> dict[str, Any]:
    look = {"color": NEUTRAL, "width": 1.5}
    return _fixed(points, mode="lines", line=look, hoverinfo="skip", **attributes)


def _fixed(points: Array, **attributes: Any) -> dict[str, Any]:
    return dict(type="scatter", x=points[0], y=points[1], **attributes)
