"""Pictures of a sweep: an outcome over two settings, the loss curves, all runs at once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.checks import value_text
from nnviz.figures.picture import Mark, Picture, Toggle
from nnviz.figures.style import (
    CLASS_COLOURS,
    RULE_COLOURS,
    axis,
    colour_axis,
    inks,
    layout,
    plot,
)
from nnviz.network import Array
from nnviz.sweep import HOLDS_WITHIN, TARGET, Cell, Outcome

OUTCOMES = {
    "final loss": "loss",
    "test accuracy": "test_accuracy",
    "training accuracy": "accuracy",
    "epochs to target": "epochs_to_target",
    "dead units": "dead_units",
    "mean |E|": "mean_abs_error_term",
    "epochs (16) holds": "holds_until",
}
"""What can be shown of a run: its name, and that in `nnviz.sweep.Outcome`."""

LEGIBLE, ROOMY = 12, 6
"""Columns of a heat map in which numbers can be read, and their spread, too."""

RUNS_SEEN = ("final loss", "training accuracy", "test accuracy", "mean |E|", "dead units")
"""Outcomes among the axes of all runs."""

Place = tuple[int, int, int]
"""Column, row and layer."""


@dataclass(frozen=True)
class Plane:
    """A grid over up to three settings, with what came of its runs so far.

    Attributes
    ----------
    cells : sequence of Cell
        All runs; their seeds count fastest, then the layers, the rows, the columns.
    names : (str, str, str)
        Of the settings: across, down, and in layers. Empty where there is none.
    values : (tuple of str, tuple of str, tuple of str)
        Theirs; one empty text where there is no setting.
    outcomes : mapping of int to Outcome
        By the cell's number.
    """

    cells: Sequence[Cell]
    names: tuple[str, str, str]
    values: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    outcomes: Mapping[int, Outcome]

    @classmethod
    def of(
        cls,
        axes: Mapping[str, Sequence[Any]],
        cells: Sequence[Cell],
        outcomes: Mapping[int, Outcome],
    ) -> Plane:
        """Arrange what `nnviz.sweep.grid` made of one to three axes, by the names to show."""
        missing = 3 - len(axes)
        names = [*axes, *([""] * missing)]
        values = [*(tuple(map(value_text, v)) for v in axes.values()), *([("",)] * missing)]
        return cls(
            cells=cells,
            names=(names[0], names[1], names[2]),
            values=(values[0], values[1], values[2]),
            outcomes=outcomes,
        )

    @property
    def sides(self) -> Place:
        """How many columns, rows and layers there are."""
        across, down, layers = self.values
        return len(across), len(down), len(layers)

    def places(self) -> Iterator[tuple[Place, range]]:
        """Every place, with the numbers of its cells."""
        seeds = len(self.cells) // math.prod(self.sides)
        every = itertools.product(*map(range, self.sides))
        for n, (column, row, layer) in enumerate(every):
            yield (column, row, layer), range(n * seeds, (n + 1) * seeds)

    def found(self, shown: str, numbers: Sequence[int]) -> Array:
        """One of `OUTCOMES` of the runs that have finished; NaN where a run has none."""
        values = [
            getattr(self.outcomes[number], OUTCOMES[shown])
            for number in numbers
            if number in self.outcomes
        ]
        return np.array([np.nan if value is None else float(value) for value in values])


def explore_pictures(plane: Plane, shown: Sequence[str], opens: bool = True) -> list[Picture]:
    """All pictures of a sweep.

    Parameters
    ----------
    plane : Plane
    shown : sequence of str
        Of `OUTCOMES`: those to draw heat maps of, one for each layer.
    opens : bool
        Whether a click can open a run.
    """
    maps = [
        replace(picture, name=f"heat {number}")
        for number, picture in enumerate(
            picture for one in shown for picture in _heat_maps(plane, one, opens)
        )
    ]
    return [*maps, _curves(plane, opens), _parallel(plane)] if plane.outcomes else maps


def _heat_maps(plane: Plane, shown: str, opens: bool) -> list[Picture]:
    columns, rows, layers = plane.sides
    means = np.full((layers, rows, columns), np.nan)
    for (column, row, layer), numbers in plane.places():
        values = plane.found(shown, numbers)
        if np.isfinite(values).any():
            means[layer, row, column] = np.nanmean(values)
    known = means[np.isfinite(means)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    limits = (low, high if high > low else low + 1.0)
    return [_heat_map(plane, shown, n, means[n], limits, opens) for n in range(layers)]


def _heat_map(
    plane: Plane, shown: str, layer: int, mean: Array, limits: tuple[float, float], opens: bool
) -> Picture:
    rows, columns = mean.shape
    text = np.full(mean.shape, "–", dtype=object)
    hover = np.full(mean.shape, "not trained yet", dtype=object)
    first = np.zeros(mean.shape, np.uint16)
    for (column, row, at), numbers in plane.places():
        if at == layer:
            first[row, column] = numbers[0]
            values = plane.found(shown, numbers)
            text[row, column], hover[row, column] = _said(values, short=columns > ROOMY)
    here = f", {plane.names[2]} {plane.values[2][layer]}" if plane.names[2] else ""
    heat_map = dict(
        type="heatmap",
        z=mean.astype(np.float32),
        x=list(range(columns)),
        y=list(range(rows)),
        customdata=first,
        hovertext=hover.tolist(),
        hovertemplate="%{hovertext}<extra></extra>",
        coloraxis="coloraxis2",
        xgap=2,
        ygap=2,
    )
    clicks = "A click opens the first seed's run. " if opens else ""
    return Picture(
        name="heat",
        title=f"{shown[0].upper()}{shown[1:]}{here}",
        how_to_read=f"Mean over the seeds, and their range. {clicks}–: not trained yet.",
        note=_explained(plane, shown),
        alt=_in_words(plane, f"{shown}{here}", mean),
        figure=plot(
            [heat_map, *([_numbers(text, mean, limits)] if columns <= LEGIBLE else [])],
            layout(
                uirevision=f"heat {plane.names} {columns} {rows}",
                margin={"l": 36 + 6 * max(map(len, plane.values[1])), "r": 12, "t": 6, "b": 40},
                xaxis=_steps(plane.names[0], plane.values[0]),
                yaxis=_steps(plane.names[1], plane.values[1]),
                dragmode=False,
                **colour_axis("coloraxis2", *limits),
            ),
        ),
        scale="coloraxis2",
        opens_samples=opens,
    )


def _said(values: Array, short: bool) -> tuple[str, str]:
    """What stands at a place, and what is said on hovering over it."""
    there = values[np.isfinite(values)]
    seeds = "one seed" if values.size == 1 else f"{values.size} seeds"
    if not values.size:
        return "–", "not trained yet"
    if not there.size:
        return "never", f"{seeds}, none with a value"
    spread = f"{there.min():.2g}–{there.max():.2g}"
    below = "" if short or values.size == 1 else f"<br>{spread}"
    hover = f"{seeds}, {there.size} with a value: mean {there.mean():.4g}, {spread}"
    return f"<b>{there.mean():.3g}</b>{below}", hover


def _numbers(text: NDArray[Any], mean: Array, limits: tuple[float, float]) -> dict[str, Any]:
    """The numbers on a heat map, each in the ink that is read best there.

    Plotly's own are grey or white, and hardly read on middle green.
    """
    rows, columns = np.indices(mean.shape).reshape(2, -1)
    low, high = limits
    # Where there is no colour, the page's background is: the scale's low end.
    at = np.nan_to_num((mean.ravel() - low) / (high - low))
    return dict(
        type="scatter",
        x=columns.tolist(),
        y=rows.tolist(),
        text=text.ravel().tolist(),
        mode="text",
        textfont={"size": 10},
        hoverinfo="skip",
        meta={"ink": inks(at)},
    )


def _steps(name: str, values: Sequence[str]) -> dict[str, Any]:
    """An axis with one place for each value."""
    count = len(values)
    return axis(
        name,
        tickvals=list(range(count)),
        ticktext=list(values),
        range=[-0.5, count - 0.5],
        showgrid=False,
    )


def _explained(plane: Plane, shown: str) -> str:
    """What an outcome is, where its name does not say it."""
    target = plane.cells[0].config.target_accuracy or TARGET
    said = {
        "epochs to target": f"First epoch with {target:.3g} of the training samples right.",
        "epochs (16) holds": f"The last up to which (16) is within {HOLDS_WITHIN:g}° of (14).",
        "dead units": "Hidden units that are 0 for every training sample at the end.",
        "mean |E|": "At the end, over the training samples.",
    }
    return said.get(shown, "")


def _in_words(plane: Plane, shown: str, mean: Array) -> str:
    if not np.isfinite(mean).any():
        return f"Heat map of {shown}, still empty."
    places = {}
    for word, find in (("lowest", np.nanargmin), ("highest", np.nanargmax)):
        row, column = np.unravel_index(find(mean), mean.shape)
        sides = zip(plane.names[:2], (plane.values[0][column], plane.values[1][row]), strict=True)
        at = ", ".join(f"{name} {value}" for name, value in sides if name)
        places[word] = f"{word} {mean[row, column]:.3g} at {at}"
    return f"Heat map of {shown}: {places['lowest']}; {places['highest']}."


def _curves(plane: Plane, opens: bool) -> Picture:
    """Loss curves of all seeds, a small chart a place of the grid."""
    columns, rows, _ = plane.sides
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    points = [point for run in plane.outcomes.values() for point in run.curve]
    last, top = (max(values) for values in zip(*points, strict=True))
    least = min((loss for _, loss in points if loss > 0), default=top)
    colours = _layer_colours(plane)
    for (column, row, layer), numbers in plane.places():
        number = row * columns + column + 1
        suffix = "" if number == 1 else str(number)
        traces.append(
            dict(
                type="scatter",
                **_joined(plane, numbers),
                xaxis=f"x{suffix}",
                yaxis=f"y{suffix}",
                mode="lines",
                line={"width": 1.5, "color": colours[column, row, layer]},
                opacity=0.8,
                hovertemplate="loss %{y:.3g} at epoch %{x}<extra></extra>",
            )
        )
        if layer:
            continue
        outer = {"ticks": "", "fixedrange": True, "showticklabels": False}
        axes[f"xaxis{suffix}"] = axis(
            plane.values[0][column] if row == 0 else None,
            domain=_part(column, columns),
            anchor=f"y{suffix}",
            range=[0, last],
            **outer,
        )
        axes[f"yaxis{suffix}"] = axis(
            plane.values[1][row] if column == 0 else None,
            domain=_part(row, rows),
            anchor=f"x{suffix}",
            range=[0, top],
            **outer,
        )
    heights = [key for key in axes if key.startswith("yaxis")]
    log = [float(np.log10(least)), float(np.log10(top))]
    clicks = " A click opens the run." if opens else ""
    return Picture(
        name="curves",
        title="Loss curves",
        how_to_read=f"A chart a place of the grid, a line a seed: loss from 0 to {top:.2g} over "
        f"{last:,} epochs.{clicks}",
        alt="Small line charts of the loss, one for each place of the grid.",
        legend=tuple(
            Mark(value, colours[0, 0, layer], "line")
            for layer, value in enumerate(plane.values[2])
            if plane.names[2]
        ),
        toggles=(
            Toggle(
                "log y",
                off={
                    f"{key}.{name}": value
                    for key in heights
                    for name, value in (("type", "linear"), ("range", [0, top]))
                },
                on={
                    f"{key}.{name}": value
                    for key in heights
                    for name, value in (("type", "log"), ("range", log))
                },
            ),
        ),
        figure=plot(
            traces,
            layout(
                uirevision=f"curves {columns} {rows}",
                margin={"l": 40, "r": 8, "t": 6, "b": 34},
                **axes,
            ),
        ),
        opens_samples=opens,
    )


def _layer_colours(plane: Plane) -> dict[Place, str]:
    """The colour of each place's curves: that of its gradient rule, unless layers are to be told.

    Layers of another setting have colours of their own.
    """
    of_rule = not plane.names[2] or plane.values[2][0] in RULE_COLOURS
    return {
        place: RULE_COLOURS[plane.cells[numbers[0]].config.gradient]
        if of_rule
        else CLASS_COLOURS[place[2] % len(CLASS_COLOURS)]
        for place, numbers in plane.places()
    }


def _joined(plane: Plane, numbers: Sequence[int]) -> dict[str, Any]:
    """The loss curves of some runs as one line with gaps; each point knows its run."""
    there = [number for number in numbers if number in plane.outcomes]
    x: list[float] = []
    y: list[float] = []
    run: list[int] = []
    for number in there:
        curve = plane.outcomes[number].curve
        x += [*(float(epoch) for epoch, _ in curve), np.nan]
        y += [*(loss for _, loss in curve), np.nan]
        run += [number] * (len(curve) + 1)
    return {
        "x": np.array(x, np.float32),
        "y": np.array(y, np.float32),
        "customdata": np.array(run, np.uint16),
    }


def _part(number: int, count: int) -> list[float]:
    """The share of the picture that one of some charts in a row takes."""
    return [(number + 0.04) / count, (number + 0.96) / count]


def _parallel(plane: Plane) -> Picture:
    """Every run as a line through its settings and outcomes."""
    runs = [(place, n) for place, numbers in plane.places() for n in numbers if n in plane.outcomes]
    numbers = [number for _, number in runs]
    dimensions: list[dict[str, Any]] = [
        {
            "label": name,
            "values": [place[side] for place, _ in runs],
            "tickvals": list(range(len(values))),
            "ticktext": list(values),
            "range": [0, max(len(values) - 1, 1)],
        }
        for side, (name, values) in enumerate(zip(plane.names, plane.values, strict=True))
        if name
    ]
    for shown in RUNS_SEEN:
        found = plane.found(shown, numbers)
        if np.isfinite(found).any():
            dimensions.append({"label": shown, "values": np.nan_to_num(found).tolist()})
    return Picture(
        name="parallel",
        title="All runs",
        how_to_read="A line is a run, coloured by training accuracy. Drag along an axis to keep "
        "the runs that pass there.",
        alt="Parallel coordinates of every run's settings and outcomes.",
        figure=plot(
            [
                {
                    "type": "parcoords",
                    "dimensions": dimensions,
                    "line": {
                        "color": plane.found("training accuracy", numbers).tolist(),
                        "coloraxis": "coloraxis2",
                    },
                    "labelfont": {"size": 11},
                    "tickfont": {"size": 10},
                    "rangefont": {"size": 10},
                }
            ],
            layout(
                uirevision=f"parallel {plane.names}",
                margin={"l": 60, "r": 40, "t": 40, "b": 20},
                **colour_axis("coloraxis2", 0, 1),
            ),
        ),
        scale="coloraxis2",
    )
