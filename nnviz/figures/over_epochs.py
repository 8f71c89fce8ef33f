"""Lines over the epochs of one or several runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.figures.moving import Moving, animated
from nnviz.figures.picture import Mark, Picture, Toggle
from nnviz.figures.style import NEUTRAL, axis, layout
from nnviz.paper.network import Array

NAMES = {
    "orientation": "h",
    "x": 0,
    "y": 1,
    "yanchor": "bottom",
    # A file has no font of the page's, and a name would be cut where it is wider than it was here.
    "font": {"family": "sans-serif"},
    "itemclick": False,
    "itemdoubleclick": False,
}
"""Where the names of lines stand: above the chart."""

MARGIN_FOR_NAMES = {"l": 44, "r": 84, "t": 8, "b": 34}
"""With room for names at the ends of lines."""

AT_EPOCH = "epoch %{customdata:,}, "
"""What a point of a line says first; the player gives it its epoch (`static/epochs.js`)."""


def line(
    x: NDArray[Any] | Moving,
    y: Array | Moving,
    colour: str,
    hover: str,
    on: str = "y",
    width: float = 2,
) -> dict[str, Any]:
    """A line, with gaps where it is undefined."""
    return dict(
        type="scatter",
        x=x,
        y=y,
        yaxis=on,
        mode="lines",
        line={"color": colour, "width": width},
        hovertemplate=f"{hover}<extra></extra>",
        showlegend=False,
    )


def named(trace: dict[str, Any], name: str) -> dict[str, Any]:
    """A line that is named above its chart, as it is drawn."""
    return trace | {"name": name, "showlegend": True}


def level_line(y: float, dash: str) -> dict[str, Any]:
    """A line from left to right."""
    look = {"color": NEUTRAL, "width": 1, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": look}


def log_x(end: int) -> Toggle:
    """A switch to epochs on a logarithmic axis."""
    return Toggle(
        "log x",
        off={"xaxis.type": "linear", "xaxis.range": [0, end]},
        on={"xaxis.type": "log", "xaxis.range": [0, float(np.log10(max(end, 2)))]},
    )


def readable(lines: Sequence[Array]) -> dict[str, Any]:
    """An axis that ends at four times what is usual, where one run's weights explode."""
    usual = 4 * max(float(np.median(np.abs(line))) for line in lines)
    low = min(0.0, *(float(line.min()) for line in lines))
    high = max(0.0, *(float(line.max()) for line in lines))
    if max(-low, high) <= 10 * usual:
        return {"rangemode": "tozero"}
    return {"range": [max(low, -usual), min(high, usual)]}


def over_epochs(
    *,
    name: str,
    title: str,
    how_to_read: str,
    alt: str,
    traces: list[dict[str, Any]],
    end: int,
    legend: tuple[Mark, ...] = (),
    choices: tuple[tuple[str, ...], ...] = (),
    note: str = "",
    place: str = "",
    **attributes: Any,
) -> Picture:
    """One chart over the epochs; ``attributes`` are those of its layout.

    Lines that are `named` are so by Plotly's own legend, which takes as many rows as it needs:
    this chart is not drawn anew at every epoch.
    """
    for key in attributes.keys() & {"yaxis", "yaxis2"}:  # or its 0 touches that of the epochs
        attributes[key] = {**attributes[key], "ticklabelstandoff": 3}
    if any(trace.get("showlegend") for trace in traces):
        attributes |= {"showlegend": True, "legend": NAMES}
    figure, updates = animated(
        traces,
        layout(
            uirevision=f"{name} {end}",
            xaxis=axis("epoch", range=[0, end], anchor="y"),
            **attributes,
        ),
    )
    return Picture(
        name=name,
        title=title,
        how_to_read=how_to_read,
        alt=alt,
        figure=figure,
        cursor=True,
        updates=updates,
        toggles=(log_x(end),),
        legend=legend,
        choices=choices,
        note=note,
        place=place,
    )


def two_rows(
    *,
    name: str,
    title: str,
    how_to_read: str,
    alt: str,
    traces: list[dict[str, Any]],
    lower: dict[str, Any],
    upper: dict[str, Any],
    end: int,
    legend: tuple[Mark, ...] = (),
) -> Picture:
    """Two charts over the same epochs; ``y`` is the lower, ``y2`` the upper."""
    return over_epochs(
        name=name,
        title=title,
        how_to_read=how_to_read,
        alt=alt,
        traces=traces,
        end=end,
        legend=legend,
        margin={"l": 52, "r": 16, "t": 6, "b": 34},
        yaxis={**lower, "domain": [0, 0.47]},
        yaxis2={**upper, "domain": [0.53, 1]},
        hovermode="x",
    )


def on_ribbon(picture: Picture) -> Picture:
    """A picture over epochs as the ribbon has them: that makes them logarithmic, or linear."""
    if not picture.cursor:
        return picture
    # Of all lines at an epoch, Plotly would say the epoch's logarithm.
    look = {**picture.figure["layout"], "hovermode": "closest"}
    return replace(picture, toggles=(), figure={**picture.figure, "layout": look})
