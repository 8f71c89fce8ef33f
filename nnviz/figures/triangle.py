"""The probability triangle: where in output space E is large, and where the samples are."""

from __future__ import annotations

import numpy as np

from nnviz.error_term import error_term, error_term_bounds
from nnviz.figures.frames import Frames
from nnviz.figures.picture import Picture, Update
from nnviz.figures.style import CLASS_COLOURS, NEUTRAL, axis, colour_axis, layout, plot
from nnviz.network import Array

GRID = 60
MOST_SAMPLES = 300
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 3**0.5 / 2]])
"""Where the certain outputs of three classes lie."""


def to_plane(A2: Array) -> Array:
    """Points ``[2×M]`` of probabilities ``[3×M]``: centres of mass of the corners."""
    return CORNERS.T @ A2


def from_plane(points: Array) -> Array:
    """Probabilities ``[3×M]`` of points ``[2×M]``; negative outside the triangle."""
    ones = np.ones((1, points.shape[1]))
    return np.linalg.solve(np.vstack([CORNERS.T, np.ones((1, 3))]), np.vstack([points, ones]))


def probability_triangle(frames: Frames) -> Picture:
    """E of the first class over all outputs, and the outputs of that class's samples."""
    data = frames.run.dataset
    low, high = error_term_bounds(3)
    x = np.linspace(0, 1, GRID)
    y = np.linspace(0, CORNERS[2, 1], GRID)
    points = np.vstack([np.tile(x, GRID), np.repeat(y, GRID)])
    A2 = from_plane(points)
    inside = (A2 >= -1e-9).all(axis=0)
    of_class = np.zeros((3, points.shape[1]))
    of_class[0] = 1.0
    E = np.where(inside, error_term(A2, of_class), np.nan).reshape(GRID, GRID).astype(np.float32)

    # The triangle is the same for every true class, turned: turn the samples instead.
    turned = np.stack([np.roll(np.arange(3), -label) for label in range(3)])
    drawn = np.linspace(0, data.y.size - 1, min(data.y.size, MOST_SAMPLES)).round().astype(int)
    order = turned[data.y[drawn]].T
    paths = np.stack(
        [
            to_plane(np.take_along_axis(p.A2[:, drawn], order, axis=0))
            for p in frames.activations(data.X)
        ]
    ).astype(np.float32)
    least = to_plane(np.array([[2 / 3], [1 / 6], [1 / 6]]))[:, 0]
    extremes = [[CORNERS[1, 0], CORNERS[2, 0], least[0]], [CORNERS[1, 1], CORNERS[2, 1], least[1]]]
    zero = zero_line()
    figure = plot(
        [
            dict(
                type="heatmap",
                x=x,
                y=y,
                z=E,
                coloraxis="coloraxis",
                zsmooth="fast",
                hovertemplate="E = %{z:.3f}<extra></extra>",
            ),
            dict(
                type="scatter",
                x=zero[0],
                y=zero[1],
                mode="lines",
                line={"color": NEUTRAL, "width": 1.5},
                hoverinfo="skip",
            ),
            dict(
                type="scatter",
                x=extremes[0],
                y=extremes[1],
                mode="markers",
                marker={"symbol": "diamond", "size": 9, "color": NEUTRAL},
                text=["largest E, 1", "largest E, 1", f"smallest E, {low:.3f}"],
                hovertemplate="%{text}<extra></extra>",
                cliponaxis=False,
            ),
            dict(
                type="scatter",
                x=paths[-1, 0],
                y=paths[-1, 1],
                mode="markers",
                marker={
                    "size": 5,
                    "color": [CLASS_COLOURS[label] for label in data.y[drawn]],
                    "line": {"width": 0.5, "color": "white"},
                },
                customdata=[data.class_names[label] for label in data.y[drawn]],
                hovertemplate="a sample of class %{customdata}<extra></extra>",
                cliponaxis=False,
            ),
        ],
        layout(
            uirevision="triangle",
            margin={"l": 16, "r": 16, "t": 18, "b": 26},
            xaxis=axis(visible=False, range=[-0.04, 1.04], constrain="domain"),
            yaxis=axis(visible=False, range=[-0.03, 0.9], scaleanchor="x", constrain="domain"),
            annotations=[
                _label("true class", *CORNERS[0], yanchor="top", xanchor="left"),
                _label("a wrong class", *CORNERS[1], yanchor="top", xanchor="right"),
                _label("the other", *CORNERS[2], yanchor="bottom", xanchor="center"),
            ],
            **colour_axis("coloraxis", -high, high),
        ),
    )
    return Picture(
        name="triangle",
        title="Output space",
        how_to_read="Each sample's A², its true class turned to the left corner. Colour: E there; "
        "line: E = 0; diamonds: its extremes.",
        alt="Triangle of output probabilities with E as background and the samples as points.",
        figure=figure,
        updates=(Update("x", (3,), paths[:, 0]), Update("y", (3,), paths[:, 1])),
        scale="coloraxis",
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


def _label(text: str, x: float, y: float, **anchors: str) -> dict[str, object]:
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 11}, **anchors}
