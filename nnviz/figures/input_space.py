"""Where in input space the approximations fail, for data in the plane."""

from __future__ import annotations

import numpy as np

from nnviz.approximation.pointwise import SHOWN, pointwise
from nnviz.figures.frames import Frames
from nnviz.figures.moving import animated, in_bytes
from nnviz.figures.picture import Picture
from nnviz.figures.plane import plane_grid, plane_layout, sample_traces
from nnviz.figures.style import colour_axis
from nnviz.paper.error_term import error_term_bounds
from nnviz.paper.network import Array, forward

GRID = 36


def input_space(frames: Frames) -> Picture:
    """E, angle and relative error over the plane, of the class of the nearest sample."""
    data = frames.run.dataset
    x1, x2, plane = plane_grid(data, GRID)
    y = data.y[_nearest(plane, data.X)]
    Y = np.eye(len(data.class_names))[:, y]
    low, _ = error_term_bounds(len(data.class_names))
    # In float64: in float32 a sure output's exact gradient is 0, and all of this undefined.
    shades = np.stack(
        [pointwise(forward(keyframe.parameters, plane).A2, Y) for keyframe in frames.run.keyframes]
    ).reshape(-1, len(SHOWN), GRID, GRID)
    figure, updates = animated(
        [
            dict(
                type="heatmap",
                z=in_bytes(shades, -1, 1, by_choice=True),
                x=x1,
                y=x2,
                coloraxis="coloraxis",
                zsmooth="fast",
                hovertemplate="%{z:.2f}<extra></extra>",
            ),
            *sample_traces(data)[:1],
        ],
        plane_layout(data, x1, x2, "input", **colour_axis("coloraxis", -1, 1)),
    )
    return Picture(
        name="input",
        title="Inputs",
        how_to_read=f"Each point has the class of the nearest sample. E: −{-low:.2f} to 1; "
        "angle: 1 is 180°; relative error e as e/(1+e).",
        alt="Map of E, of the angle or of the relative error over the plane, with the samples.",
        figure=figure,
        updates=updates,
        choices=(SHOWN,),
        colour_axis="coloraxis",
        opens="A click chooses the sample.",
    )


def _nearest(points: Array, samples: Array) -> Array:
    """Number of the sample nearest to each point."""
    apart = np.square(points).sum(axis=0)[:, None] - 2 * points.T @ samples
    return np.argmin(apart + np.square(samples).sum(axis=0), axis=1)
