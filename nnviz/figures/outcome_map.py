"""An outcome of a sweep over two settings: a heat map for each value of a third."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.holding import Criterion
from nnviz.approximation.milestones import MOST_MATCHED, USUAL
from nnviz.figures.picture import Picture
from nnviz.figures.run_grid import (
    ANGLE,
    ANGLE_WITHOUT_E,
    HOLDS,
    HOLDS_WITHOUT_E,
    SHARES,
    Place,
    RunGrid,
)
from nnviz.figures.style import axis, colour_axis, inks, layout, plot
from nnviz.paper.network import Array
from nnviz.sweeps.grid import TARGET

LEGIBLE = 12
"""Columns of a heat map in which numbers can be read; the player sees whether there is room for
their spread, too."""


LOGARITHMIC = ("final loss", "mean |E|")
"""Outcomes whose colours are even in their logarithm: between the runs of a grid they differ by
factors."""


def outcome_maps(grid: RunGrid, shown: str) -> list[Picture]:
    """Heat maps of one of `nnviz.figures.run_grid.OUTCOMES`, all in the same colours."""
    columns, rows, layers = grid.sides
    means = np.full((layers, rows, columns), np.nan)
    for (column, row, layer), numbers in grid.places():
        values = grid.found(shown, numbers)
        if np.isfinite(values).any():
            means[layer, row, column] = np.nanmean(values)
    colours = _colours(shown, means)
    known = colours[np.isfinite(colours)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if high == low and shown in LOGARITHMIC:  # of one value: from a tenth of it
        low = high - 1
    elif high == low:  # from nothing
        low, high = min(low, 0.0), max(low, 0.0) or 1.0
    limits = (low, high)
    return [_heat_map(grid, shown, n, means[n], colours[n], limits) for n in range(layers)]


def _colours(shown: str, means: Array) -> Array:
    """What the colours stand for: the outcome, or its logarithm."""
    if shown not in LOGARITHMIC or not (means > 0).any():
        return means
    least = means[means > 0].min()  # 0 has no logarithm; it is as dark as the least
    return np.log10(np.where(means > 0, means, np.where(np.isnan(means), np.nan, least)))


def _heat_map(
    grid: RunGrid,
    shown: str,
    layer: int,
    mean: Array,
    colours: Array,
    limits: tuple[float, float],
) -> Picture:
    rows, columns = mean.shape
    text, hover = np.empty(mean.shape, object), np.empty(mean.shape, object)
    first = np.empty(mean.shape, np.uint32)
    for (column, row, at), numbers in grid.places():
        if at == layer:
            first[row, column] = numbers[0]
            values = grid.found(shown, numbers)
            text[row, column], hover[row, column] = said_of(values, len(numbers), shown)
    here = f", {grid.names[2]} {grid.values[2][layer]}" if grid.names[2] else ""
    heat_map = dict(
        type="heatmap",
        z=colours.astype(np.float32),
        x=list(range(columns)),
        y=list(range(rows)),
        customdata=first,
        hovertext=hover.tolist(),
        hovertemplate="%{hovertext}<extra></extra>",
        coloraxis="coloraxis2",
        xgap=2,
        ygap=2,
    )
    return Picture(
        name="heat",
        title=f"{shown[0].upper()}{shown[1:]}{here}",
        how_to_read="Mean and range over the seeds. 2/3: only two of three have a value. "
        "–: not trained yet.",
        note=" ".join(filter(None, (_explained(grid, shown), _diverged(grid)))),
        alt=_in_words(grid, shown, here, layer, mean),
        figure=plot(
            [heat_map, *([_numbers(text, colours, limits)] if columns <= LEGIBLE else [])],
            layout(
                uirevision=f"heat {grid.names} {columns} {rows}",
                margin={"l": 36 + 6 * max(map(len, grid.values[1])), "r": 12, "t": 6, "b": 40},
                xaxis=_steps(grid.names[0], grid.values[0]),
                yaxis=_steps(grid.names[1], grid.values[1]),
                dragmode=False,
                **_scale(shown, limits),
            ),
        ),
        colour_axis="coloraxis2",
        opens="A click opens the first seed's run.",
    )


def _scale(shown: str, limits: tuple[float, float]) -> dict[str, Any]:
    """The colour axis; of logarithms, it says what they are of."""
    scale = colour_axis("coloraxis2", *limits)
    if shown in LOGARITHMIC:
        ends = [f"{10**end:.2g}" for end in limits]
        scale["coloraxis2"]["colorbar"] = {"tickvals": list(limits), "ticktext": ends}
    return scale


def said_of(values: Array, seeds: int, shown: str) -> tuple[str, str]:
    """What stands at a place of so many seeds, and what is said on hovering over it."""
    there = values[np.isfinite(values)]
    waiting, without = seeds - values.size, values.size - there.size
    missing = "".join(
        f", {count} {why}"
        for count, why in ((without, "without a value"), (waiting, "not trained yet"))
        if count
    )
    of = "one seed" if there.size == seeds == 1 else f"{there.size} of {seeds} seeds"
    if not there.size:
        no_value = "n/a" if shown in SHARES else "never"
        return ("–" if waiting else no_value), f"{of}{missing}"
    low, high = _short(there.min(), shown), _short(there.max(), shown)
    spread = low if low == high else f"{low}–{high}"
    below = "" if low == high else f"<br>{spread}"
    share = f" {there.size}/{seeds}" if missing else ""
    mean = there.mean()
    hover = f"mean {_digits(mean, 4, shown)} over {of}{missing}: {spread}"
    return f"<b>{_digits(mean, 3, shown)}</b>{share}{below}", hover


def best_in_words(grid: RunGrid, shown: str) -> str:
    """Which places are best by one of the outcomes, and how good; empty where none is."""
    best = grid.best(shown)
    if not best:
        return ""
    side = grid.names.index("gradient rule") if "gradient rule" in grid.names else None
    of_rules: dict[str, list[Place]] = {}
    for place in best:
        rule = "" if side is None else grid.values[side][place[side]]
        of_rules.setdefault(rule, []).append(place)
    parts = []
    for rule, (first, *others) in of_rules.items():
        where = grid.said(first)
        where = where.replace(f", {rule}", "").replace(f"{rule}, ", "") if rule else where
        many = f" and {len(others)} more" if others else ""
        parts.append(f"{rule} {_digits(best[first], 3, shown)} at {where}{many}".strip())
    each = "" if side is None else " of each rule"
    return f"Best mean {shown}{each}: {'; '.join(parts)}."


def _short(value: float, shown: str) -> str:
    """A number to two digits, a whole one to all of its own."""
    whole = value == round(value) and shown not in (*SHARES, ANGLE, ANGLE_WITHOUT_E)
    return f"{value:,.0f}" if whole else _digits(value, 2, shown)


def _digits(value: float, digits: int, shown: str) -> str:
    """A number to so many digits, a share of a run in whole percents, an angle in degrees."""
    if shown in (ANGLE, ANGLE_WITHOUT_E):
        return f"{value:.1f}°"
    return f"{100 * value:.0f} %" if shown in SHARES else f"{value:.{digits}g}"


def _numbers(text: NDArray[Any], colours: Array, limits: tuple[float, float]) -> dict[str, Any]:
    """The numbers on a heat map, each in the ink that is read best there.

    Plotly's own are grey or white, and hardly read on middle green.
    """
    rows, columns = np.indices(colours.shape).reshape(2, -1)
    low, high = limits
    # Where there is no colour, the page's background is: the scale's low end.
    at = np.nan_to_num((colours.ravel() - low) / (high - low))
    return dict(
        type="scatter",
        x=columns.tolist(),
        y=rows.tolist(),
        text=text.ravel().tolist(),
        mode="text",
        textfont={"size": 10},
        hoverinfo="skip",
        meta={"ink": inks(at), "columns": colours.shape[1]},
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


def _explained(grid: RunGrid, shown: str) -> str:
    """What an outcome is, where its name does not say it."""
    target = grid.specs[0].config.target_accuracy or TARGET
    said = {
        "epochs to target": f"First epoch with {target:.3g} of the training samples right.",
        ANGLE: "Degrees between the whole gradients by A − Y (16) and by exact (14), at the end.",
        ANGLE_WITHOUT_E: "Degrees between the whole gradients without E (15) and by exact (14), at "
        "the end.",
        HOLDS: _holding("by A − Y (16)", grid.criterion),
        HOLDS_WITHOUT_E: _holding("without E (15)", grid.criterion),
        "dead units": "Hidden units that are 0 for every training sample at the end.",
        "mean |E|": "At the end, over the training samples.",
    }
    return said.get(shown, "")


def _holding(rule: str, criterion: Criterion) -> str:
    if criterion.horizon > USUAL:
        return f"Of many runs it is measured over {USUAL} steps at most: choose fewer."
    steps = "1 step" if criterion.horizon == 1 else f"{criterion.horizon} steps"
    return (
        f"Share of the run in which {steps} {rule}, as long as those of exact "
        f"(14), make at least {criterion.threshold:g} times their progress; measured from at most "
        f"{MOST_MATCHED} epochs. n/a: (14) makes none, or the network is too large to be measured."
    )


def _diverged(grid: RunGrid) -> str:
    """How many runs diverged: what is said of them is of the last epoch before."""
    count = sum(found.status == "diverged" for found in grid.outcomes.values())
    if not count:
        return ""
    runs = f"{count:,} of {len(grid.outcomes):,} runs"
    return f"{runs} diverged; the last epoch before that counts."


def _in_words(grid: RunGrid, shown: str, here: str, layer: int, mean: Array) -> str:
    if not np.isfinite(mean).any():
        return f"Heat map of {shown}{here}, still empty."
    places = {}
    for word, find in (("lowest", np.nanargmin), ("highest", np.nanargmax)):
        row, column = (int(side) for side in np.unravel_index(find(mean), mean.shape))
        sides = zip(grid.names[:2], (grid.values[0][column], grid.values[1][row]), strict=True)
        at = ", ".join(f"{name} {value}" for name, value in sides if name)
        seeds = next(n for place, n in grid.places() if place == (column, row, layer))
        there = int(np.isfinite(grid.found(shown, seeds)).sum())
        over = "" if there == len(seeds) else f", over {there} of {len(seeds)} seeds"
        places[word] = f"{word} {_digits(mean[row, column], 3, shown)} at {at}{over}"
    return f"Heat map of {shown}{here}: {places['lowest']}; {places['highest']}."
