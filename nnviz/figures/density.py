"""The distribution of E over the samples, epoch by epoch."""

from __future__ import annotations

import numpy as np

from nnviz.figures.frames import Frames
from nnviz.figures.picture import Picture
from nnviz.figures.style import axis, colour_axis, layout, plot
from nnviz.paper.error_term import error_term_bounds

BINS = 60


def error_density(frames: Frames, end: int) -> Picture:
    """Heat map: column a keyframe, row a bin of E, colour the share of samples in it."""
    data = frames.run.dataset
    low, high = error_term_bounds(len(data.class_names))
    edges = np.linspace(low, high, BINS + 1)
    counts = [np.histogram(np.clip(E, low, high), edges)[0] for E in frames.E]
    shares = np.stack(counts, axis=1) / data.y.size
    epochs = frames.epochs.astype(float)
    between = (epochs[1:] + epochs[:-1]) / 2
    # By the square root, so that a few samples in a bin are seen beside the many near zero.
    return Picture(
        name="density",
        title="E of all samples",
        how_to_read="Column: an epoch. The stronger the colour, the more samples have that E "
        "(square root of their share).",
        alt="Heat map of the distribution of E over the epochs.",
        figure=plot(
            [
                dict(
                    type="heatmap",
                    x=[0.0, *between.tolist(), float(epochs[-1])],
                    y=edges,
                    z=np.sqrt(shares).astype(np.float32),
                    customdata=shares.astype(np.float32),
                    coloraxis="coloraxis2",
                    hovertemplate="E about %{y:.2f}: %{customdata:.1%} of the samples"
                    "<extra></extra>",
                )
            ],
            layout(
                uirevision=f"density {end} {low}",
                xaxis=axis("epoch", range=[0, end], showgrid=False),
                yaxis=axis("E", range=[low, high], showgrid=False),
                **colour_axis("coloraxis2", 0, 1),
            ),
        ),
        cursor=True,
        colour_axis="coloraxis2",
    )
